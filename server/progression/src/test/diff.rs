//! What an amendment changes, as it is told.

use super::story::{plan, rung, track_id};
use crate::ladder::{EntryCriterion, TrackKind};
use crate::plan::{
    BodySite, Change, CopingKind, CopingTool, EntryConfirmation, MicroGoal, PlanDefinition,
    Prerequisite, Requirement, Side, Site,
};
use crate::policy::TissueProfile;
use crate::reason::Value;

/// Two running tracks, the second one after the first; "Flat" and "Hills".
fn two() -> PlanDefinition {
    let mut plan = plan(&[(TrackKind::Running, TissueProfile::Tendon); 2]);
    for (track, title) in plan.tracks.iter_mut().zip(["Flat", "Hills"]) {
        title.clone_into(&mut track.ladder.title);
    }
    plan.tracks[1].prerequisites = vec![Prerequisite {
        track: track_id(0),
        requirement: Requirement::Done,
    }];
    plan
}

fn id(number: u128) -> String {
    uuid::Uuid::from_u128(number).to_string()
}

/// Every change of `edit`, as `path: before -> after`.
fn told(edit: impl Fn(&mut PlanDefinition)) -> Vec<String> {
    let before = two();
    let mut after = before.clone();
    after.revision += 1;
    edit(&mut after);
    before.changes(&after).iter().map(line).collect()
}

fn line(change: &Change) -> String {
    let word = |value: &Option<Value>| match value {
        None => "nothing".to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Flag(flag)) => flag.to_string(),
        Some(Value::Text(text)) => format!("{text:?}"),
        Some(Value::Track(track)) => format!("track {}", track.uuid().as_u128()),
        other => format!("{other:?}"),
    };
    let (before, after) = (word(&change.before), word(&change.after));
    format!("{}: {before} -> {after}", change.path)
}

#[test]
fn another_number_alone_is_no_change() {
    assert_eq!(told(|_| {}), [""; 0]);
}

#[test]
fn a_limit_is_told_by_track_with_what_it_was() {
    let before = two();
    let mut after = before.clone();
    after.tracks[1].policy.green_max = 1;
    after.baseline.pain = super::story::pain(2);
    let changes = before.changes(&after);
    let lines: Vec<_> = changes.iter().map(line).collect();
    assert_eq!(
        lines,
        [
            "baseline.pain: 0 -> 2",
            "tracks[\"Hills\"].policy.green_max: 3 -> 1"
        ]
    );
    let tracks: Vec<_> = changes.iter().map(|change| change.track).collect();
    assert_eq!(tracks, [None, Some(track_id(1))]);
}

#[test]
fn a_newer_ladder_is_told_rung_by_rung() {
    let lines = told(|plan| {
        let ladder = &mut plan.tracks[0].ladder;
        ladder.version = 2;
        ladder.rungs[1].dose = super::story::dose(250);
        ladder.rungs[1].cues = vec!["Quiet feet".to_owned()];
        ladder.rungs[3].effort = None;
        let mut seventh = ladder.rungs[5].clone();
        seventh.title = "Rung 6".to_owned();
        ladder.rungs.push(seventh);
        plan.tracks[0].ladder_id = uuid::Uuid::from_u128(900).into();
    });
    let path = "tracks[\"Flat\"].ladder";
    let expected = [
        format!("{path}.rungs[1].cues: nothing -> \"Quiet feet\""),
        format!("{path}.rungs[1].dose: 200 -> 250"),
        format!("{path}.rungs[6].dose: nothing -> 600"),
        format!("{path}.rungs[6].instruction: nothing -> \"Run easily\""),
        format!("{path}.rungs[6].title: nothing -> \"Rung 6\""),
        format!("{path}.version: 1 -> 2"),
    ];
    assert_eq!(lines, expected);
    // The same ladder under another id is told all the same.
    let lines = told(|plan| plan.tracks[0].ladder_id = uuid::Uuid::from_u128(900).into());
    let line = format!("tracks[\"Flat\"].ladder_id: {:?} -> {:?}", id(200), id(900));
    assert_eq!(lines, [line]);
}

#[test]
fn a_track_comes_and_goes_by_name() {
    let lines = told(|plan| {
        plan.tracks.pop();
    });
    assert!(lines.contains(&"tracks[\"Hills\"].ladder.title: \"Hills\" -> nothing".to_owned()));
    assert!(
        lines.iter().all(|line| line.ends_with("-> nothing")),
        "{lines:#?}"
    );
    assert!(
        !lines.iter().any(|line| line.contains("rungs")),
        "{lines:#?}"
    );

    let lines = told(|plan| {
        let mut third = plan.tracks[1].clone();
        third.id = track_id(2);
        third.ladder.title = "Strides".to_owned();
        third.policy.green_max = third.policy.green_max.saturating_sub(1);
        third.entry = ["walk", "hop"]
            .map(|criterion| EntryConfirmation {
                criterion: criterion.to_owned(),
                confirmed: criterion == "walk",
                reason: (criterion == "hop").then(|| "Not yet".to_owned()),
            })
            .to_vec();
        plan.tracks.push(third);
    });
    let path = "tracks[\"Strides\"]";
    // Not one of the numbers and criteria that are as the ladder says.
    let expected = [
        format!("{path}.entry[\"hop\"].confirmed: nothing -> false"),
        format!("{path}.entry[\"hop\"].criterion: nothing -> \"hop\""),
        format!("{path}.entry[\"hop\"].reason: nothing -> \"Not yet\""),
        format!("{path}.id: nothing -> track 102"),
        format!("{path}.ladder.key: nothing -> \"test\""),
        format!("{path}.ladder.title: nothing -> \"Strides\""),
        format!("{path}.ladder.version: nothing -> 1"),
        format!("{path}.policy.green_max: nothing -> 2"),
        format!("{path}.prerequisites[0].requirement: nothing -> \"DONE\""),
        format!("{path}.prerequisites[0].track: nothing -> track 100"),
        format!("{path}.sessions_per_week: nothing -> 1"),
        format!("{path}.start_rung: nothing -> 2"),
    ];
    assert_eq!(lines, expected);
}

#[test]
fn a_prerequisite_of_another_form_is_told() {
    let lines = told(|plan| {
        plan.tracks[1].prerequisites[0].requirement = Requirement::AtLeast(rung(3));
    });
    let path = "tracks[\"Hills\"].prerequisites[0].requirement";
    let expected = [
        format!("{path}: \"DONE\" -> nothing"),
        format!("{path}.AT_LEAST: nothing -> 3"),
    ];
    assert_eq!(lines, expected);
}

#[test]
fn what_stands_beside_the_tracks_is_told_entry_by_entry() {
    let before = {
        let mut plan = two();
        plan.anchors = vec!["Shoes".to_owned(), "Calf raises".to_owned()];
        plan.coping_tools = vec![CopingTool {
            kind: CopingKind::Other,
            text: "Quiet feet".to_owned(),
        }];
        plan.sites = vec![Site {
            site: BodySite::Knee,
            side: Side::Left,
        }];
        plan
    };
    let mut after = before.clone();
    after.anchors = vec!["Calf raises".to_owned(), "Water".to_owned()];
    after.coping_tools[0].kind = CopingKind::CueWord;
    after.sites[0].side = Side::Both;
    let lines: Vec<_> = before.changes(&after).iter().map(line).collect();
    let expected = [
        "anchors: \"Shoes\" -> nothing",
        "anchors: nothing -> \"Water\"",
        "coping_tools[\"Quiet feet\"].kind: \"OTHER\" -> \"CUE_WORD\"",
        "sites[\"KNEE\"].side: \"LEFT\" -> \"BOTH\"",
    ];
    assert_eq!(lines, expected);
    after = before.clone();
    after.anchors.reverse();
    let lines: Vec<_> = before.changes(&after).iter().map(line).collect();
    assert_eq!(
        lines,
        ["anchors: \"Shoes; Calf raises\" -> \"Calf raises; Shoes\""]
    );
}

#[test]
fn entries_are_told_apart_by_their_ids_and_only_those_that_stay_can_change_places() {
    let goal = |number: u128, what: &str| MicroGoal {
        id: uuid::Uuid::from_u128(number).into(),
        what: what.to_owned(),
        target: None,
        by: None,
    };
    let criterion = |id: &str| EntryCriterion {
        id: id.to_owned(),
        text: "Without pain".to_owned(),
        proposal: false,
    };
    let confirmed = |criterion: &str| EntryConfirmation {
        criterion: criterion.to_owned(),
        confirmed: true,
        reason: None,
    };
    let before = {
        let mut plan = two();
        plan.micro_goals = vec![goal(1, "Hop"), goal(2, "Skip")];
        plan.tracks[0].ladder.entry_criteria = vec![criterion("walk"), criterion("hop")];
        plan.tracks[0].entry = vec![confirmed("walk"), confirmed("hop")];
        plan
    };
    let mut after = before.clone();
    after.micro_goals[0] = goal(3, "Jump");
    after.tracks[0].ladder.entry_criteria[0] = criterion("squat");
    after.tracks[0].entry[0] = confirmed("squat");
    let lines: Vec<_> = before.changes(&after).iter().map(line).collect();
    let track = "tracks[\"Flat\"]";
    let criteria = format!("{track}.ladder.entry_criteria");
    let expected = [
        format!("micro_goals[\"Jump\"].id: nothing -> {:?}", id(3)),
        "micro_goals[\"Jump\"].what: nothing -> \"Jump\"".to_owned(),
        format!("micro_goals[\"Hop\"].id: {:?} -> nothing", id(1)),
        "micro_goals[\"Hop\"].what: \"Hop\" -> nothing".to_owned(),
        format!("{track}.entry[\"squat\"].confirmed: nothing -> true"),
        format!("{track}.entry[\"squat\"].criterion: nothing -> \"squat\""),
        format!("{track}.entry[\"walk\"].confirmed: true -> nothing"),
        format!("{track}.entry[\"walk\"].criterion: \"walk\" -> nothing"),
        format!("{criteria}[\"squat\"].id: nothing -> \"squat\""),
        format!("{criteria}[\"squat\"].text: nothing -> \"Without pain\""),
        format!("{criteria}[\"walk\"].id: \"walk\" -> nothing"),
        format!("{criteria}[\"walk\"].text: \"Without pain\" -> nothing"),
    ];
    assert_eq!(lines, expected);
    after = before.clone();
    after.tracks[0].entry.reverse();
    let lines: Vec<_> = before.changes(&after).iter().map(line).collect();
    assert_eq!(
        lines,
        [format!("{track}.entry: \"walk; hop\" -> \"hop; walk\"")]
    );
}

#[test]
fn tracks_that_change_places_are_told() {
    let lines = told(|plan| plan.tracks.reverse());
    assert_eq!(lines, ["tracks: \"Flat; Hills\" -> \"Hills; Flat\""]);
}

/// Nothing of a definition can change unseen: each value that is written of one is
/// replaced, one after the other. Seen failing with `sites` left out of the walk.
#[test]
fn whatever_is_replaced_is_told() {
    let mut plan = two();
    plan.anchors = vec!["Shoes".to_owned()];
    plan.sites = vec![Site {
        site: BodySite::Knee,
        side: Side::Left,
    }];
    let whole = serde_json::to_value(&plan).expect("writes");
    let mut leaves = Vec::new();
    collect(&whole, String::new(), &mut leaves);
    assert!(leaves.len() > 130, "only {} values", leaves.len());
    let mut told = 0;
    for pointer in leaves {
        let mut other = whole.clone();
        let place = other.pointer_mut(&pointer).expect("a place");
        *place = match place {
            serde_json::Value::Bool(flag) => serde_json::json!(!*flag),
            serde_json::Value::Number(_) => serde_json::json!(9),
            _ => serde_json::json!("RIGHT"),
        };
        // What does not read as a plan is none.
        let Ok(other) = serde_json::from_value::<PlanDefinition>(other) else {
            continue;
        };
        told += 1;
        let same = other == plan || pointer == "/revision";
        assert_eq!(plan.changes(&other).is_empty(), same, "{pointer}");
    }
    assert!(told > 80, "only {told} were told");
}

fn collect(value: &serde_json::Value, path: String, into: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                collect(value, format!("{path}/{name}"), into);
            }
        }
        serde_json::Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                collect(value, format!("{path}/{index}"), into);
            }
        }
        _ => into.push(path),
    }
}
