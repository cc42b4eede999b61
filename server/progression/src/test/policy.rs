//! Policies and plans: defaults, and what is refused, one message per field.

use super::story::{Story, needs, pain, plan, rung, track_id};
use crate::ladder::{EntryCriterion, TrackKind};
use crate::plan::{EntryConfirmation, PlanDefinition, Prerequisite, Requirement};
use crate::policy::{LayoffRow, LayoffTarget, Policy, PolicyEdits, TissueProfile};

fn paths(faults: &[crate::Fault]) -> Vec<&str> {
    faults.iter().map(|fault| fault.path.as_str()).collect()
}

#[test]
fn every_profile_is_sane_and_has_the_defaults_of_the_page() {
    for profile in TissueProfile::ALL {
        let policy = Policy::for_profile(profile);
        assert!(policy.validate().is_empty(), "{profile:?}");
        let successes = if profile == TissueProfile::BoneStress {
            3
        } else {
            2
        };
        assert_eq!(policy.successes_to_advance, successes);
        assert_eq!((policy.rest_days, policy.red_rest_days), (1, 2));
        assert_eq!(policy.max_advances_per_7_days, 2);
        assert_eq!(
            (policy.confidence_min, policy.require_confidence),
            (7, true)
        );
        assert_eq!(
            (
                policy.fear_max,
                policy.completion_min,
                policy.completion_max
            ),
            (69, 80, 110)
        );
        assert_eq!(
            (policy.morning_window_hours, policy.stiffness_amber_minutes),
            (48, 30)
        );
        assert_eq!((policy.deload_every_weeks, policy.deload_percent), (4, 60));
        assert_eq!(
            (policy.readiness_percent, policy.contexts_required),
            (70, 2)
        );
    }
}

#[test]
fn edits_replace_only_what_they_name() {
    let default = Policy::for_profile(TissueProfile::BoneStress);
    let edits = PolicyEdits {
        morning_amber_points: Some(1),
        rest_days: Some(2),
        ..Default::default()
    };
    let edited = default.clone().with(&edits);
    let expected = Policy {
        morning_amber_points: Some(1),
        rest_days: 2,
        ..default.clone()
    };
    assert_eq!(edited, expected);
    assert_eq!(default.clone().with(&PolicyEdits::default()), default);
    assert!(PolicyEdits::default().is_empty() && !edits.is_empty());
}

#[test]
fn validate_takes_each_limit_and_refuses_what_is_beyond_it() {
    type Set = fn(&mut Policy, u32);
    let cases: [(&str, Set, u32, u32); 15] = [
        ("amber_max", |p, v| p.amber_max = v, 2, 9),
        ("morning_red_points", |p, v| p.morning_red_points = v, 2, 10),
        (
            "successes_to_advance",
            |p, v| p.successes_to_advance = v,
            1,
            10,
        ),
        ("rest_days", |p, v| p.rest_days = v, 0, 6),
        ("red_rest_days", |p, v| p.red_rest_days = v, 0, 14),
        (
            "max_advances_per_7_days",
            |p, v| p.max_advances_per_7_days = v,
            1,
            7,
        ),
        ("confidence_min", |p, v| p.confidence_min = v, 0, 10),
        ("fear_max", |p, v| p.fear_max = v, 0, 100),
        ("completion_min", |p, v| p.completion_min = v, 1, 100),
        ("completion_max", |p, v| p.completion_max = v, 100, 1000),
        (
            "morning_window_hours",
            |p, v| p.morning_window_hours = v,
            12,
            168,
        ),
        (
            "stiffness_amber_minutes",
            |p, v| p.stiffness_amber_minutes = v,
            1,
            600,
        ),
        ("contexts_required", |p, v| p.contexts_required = v, 1, 10),
        ("deload_percent", |p, v| p.deload_percent = v, 1, 100),
        ("readiness_percent", |p, v| p.readiness_percent = v, 1, 100),
    ];
    for (name, set, min, max) in cases {
        let faults = |value| {
            let mut policy = Policy::for_profile(TissueProfile::Unspecified);
            set(&mut policy, value);
            policy.validate()
        };
        assert!(faults(min).is_empty() && faults(max).is_empty(), "{name}");
        assert_eq!(paths(&faults(max + 1)), [name]);
        if name == "amber_max" {
            assert_eq!(
                paths(&faults(1)),
                ["green_max"],
                "green may not be above amber"
            );
        } else if name == "morning_red_points" {
            assert_eq!(paths(&faults(1)), ["morning_amber_points"]);
        } else if let Some(below) = min.checked_sub(1) {
            assert_eq!(paths(&faults(below)), [name]);
        }
    }
    let weeks = |value| {
        let policy = Policy {
            deload_every_weeks: value,
            ..Policy::for_profile(TissueProfile::Mtss)
        };
        policy.validate().len()
    };
    assert_eq!([0, 1, 2, 52, 53].map(weeks), [0, 1, 0, 0, 1]);
}

#[test]
fn validate_reports_every_field_at_once() {
    let policy = Policy {
        green_max: 8,
        amber_max: 4,
        successes_to_advance: 0,
        layoff: Vec::new(),
        ..Policy::for_profile(TissueProfile::Unspecified)
    };
    let found = policy.validate();
    assert_eq!(
        paths(&found),
        ["green_max", "successes_to_advance", "layoff"]
    );
    assert_eq!(
        found[0].message,
        "is 8; it must not be above amber_max, which is 4"
    );
}

#[test]
fn a_layoff_table_must_be_monotone() {
    use LayoffTarget::{Bottom, DosePercent, Repeat};
    let faults = |rows: &[(u32, LayoffTarget, bool)]| {
        let layoff = rows.iter().map(|&(from_gap, target, ask)| LayoffRow {
            from_gap,
            target,
            ask,
        });
        let policy = Policy {
            layoff: layoff.collect(),
            ..Policy::for_profile(TissueProfile::Unspecified)
        };
        policy.validate().len()
    };
    assert_eq!(
        faults(&[
            (1, Repeat, false),
            (5, DosePercent(50), false),
            (9, Bottom, true)
        ]),
        0
    );
    assert_eq!(
        faults(&[(5, Repeat, false), (5, Bottom, true)]),
        1,
        "a gap twice"
    );
    assert_eq!(
        faults(&[(5, Repeat, false), (4, Bottom, true)]),
        1,
        "descending"
    );
    assert_eq!(
        faults(&[(1, DosePercent(50), false), (5, DosePercent(51), false)]),
        1
    );
    assert_eq!(faults(&[(1, Bottom, false), (5, DosePercent(1), false)]), 1);
    assert_eq!(
        faults(&[(1, Repeat, true), (5, Repeat, false)]),
        1,
        "stops asking"
    );
    assert_eq!(
        faults(&[(1, DosePercent(50), false), (5, DosePercent(50), true)]),
        0,
        "as light as before"
    );
    assert_eq!(faults(&[(0, Repeat, false)]), 1);
    assert_eq!(faults(&[(1, DosePercent(0), false)]), 1);
    assert_eq!(faults(&[(1, DosePercent(101), false)]), 1);
}

fn valid() -> PlanDefinition {
    plan(&[(TrackKind::Running, TissueProfile::Unspecified)])
}

#[test]
fn a_plan_within_its_limits_is_valid() {
    assert_eq!(valid().validate(), []);
}

#[test]
fn a_baseline_over_the_green_limit_needs_a_reason() {
    let mut plan = valid();
    plan.baseline.pain = pain(2);
    assert_eq!(plan.validate(), []);
    plan.baseline.pain = pain(3);
    assert_eq!(paths(&plan.validate()), ["baseline.pain"]);
    plan.baseline.over_limit_reason = Some("Long-standing, stable for a year".to_owned());
    assert_eq!(plan.validate(), []);
    plan.baseline.over_limit_reason = Some("  ".to_owned());
    assert_eq!(paths(&plan.validate()), ["baseline.over_limit_reason"]);
}

#[test]
fn an_unconfirmed_entry_criterion_needs_a_reason() {
    let mut plan = valid();
    let criterion = EntryCriterion {
        id: "walk".to_owned(),
        text: "Walks 30 min".to_owned(),
        proposal: false,
    };
    plan.tracks[0].ladder.entry_criteria = vec![criterion];
    assert_eq!(
        paths(&plan.validate()),
        ["tracks[0].entry"],
        "not mentioned"
    );
    let entry = |confirmed, reason: Option<&str>| EntryConfirmation {
        criterion: "walk".to_owned(),
        confirmed,
        reason: reason.map(str::to_owned),
    };
    plan.tracks[0].entry = vec![entry(true, None)];
    assert_eq!(plan.validate(), []);
    plan.tracks[0].entry = vec![entry(false, None)];
    assert_eq!(paths(&plan.validate()), ["tracks[0].entry[0].reason"]);
    plan.tracks[0].entry = vec![entry(false, Some("Swims instead"))];
    assert_eq!(plan.validate(), []);
    plan.tracks[0].entry = vec![entry(true, None), entry(true, None)];
    assert_eq!(paths(&plan.validate()), ["tracks[0].entry[1].criterion"]);
}

#[test]
fn one_running_track_at_a_time_unless_concurrent() {
    let kinds = [
        TrackKind::Running,
        TrackKind::Running,
        TrackKind::Running,
        TrackKind::Strength,
    ];
    let mut plan = plan(&kinds.map(|kind| (kind, TissueProfile::Unspecified)));
    assert_eq!(plan.validate(), []);
    plan.concurrent = false;
    let found = plan.validate();
    assert_eq!(
        paths(&found),
        ["tracks[1].prerequisites", "tracks[2].prerequisites"]
    );
    plan.tracks[1].prerequisites = vec![needs(0, Requirement::Done)];
    plan.tracks[2].prerequisites = vec![needs(0, Requirement::Done)];
    assert_eq!(
        paths(&plan.validate()),
        ["tracks[2].prerequisites"],
        "they open together"
    );
    plan.tracks[2].prerequisites = vec![needs(1, Requirement::Done)];
    assert_eq!(plan.validate(), []);
}

#[test]
fn prerequisites_must_exist_fit_and_not_go_in_circles() {
    let mut plan = plan(&[(TrackKind::Strength, TissueProfile::Unspecified); 2]);
    plan.tracks[0].prerequisites = vec![needs(7, Requirement::Done)];
    assert_eq!(
        paths(&plan.validate()),
        ["tracks[0].prerequisites[0].track"]
    );
    plan.tracks[0].prerequisites = vec![needs(1, Requirement::AtLeast(rung(6)))];
    assert_eq!(
        paths(&plan.validate()),
        ["tracks[0].prerequisites[0].requirement"]
    );
    plan.tracks[0].prerequisites = vec![needs(1, Requirement::AtLeast(rung(5)))];
    assert_eq!(plan.validate(), []);
    plan.concurrent = false;
    assert_eq!(
        paths(&plan.validate()),
        ["tracks[0].prerequisites[0].requirement"]
    );
    plan.tracks[0].prerequisites = vec![needs(1, Requirement::Done)];
    plan.tracks[1].prerequisites = vec![needs(0, Requirement::Done)];
    let found = plan.validate();
    assert_eq!(
        paths(&found),
        ["tracks[0].prerequisites", "tracks[1].prerequisites"]
    );
}

#[test]
fn a_plan_reports_all_its_faults_at_once_with_their_paths() {
    let mut plan = plan(&[(TrackKind::Strength, TissueProfile::Unspecified); 2]);
    plan.revision = 0;
    plan.tracks[0].start_rung = rung(6);
    plan.tracks[0].sessions_per_week = 8;
    plan.tracks[1].id = track_id(0);
    plan.tracks[1].policy.green_max = 9;
    plan.weekdays = vec![chrono::Weekday::Mon, chrono::Weekday::Mon];
    plan.anchors = vec![String::new()];
    let found = plan.validate();
    assert_eq!(
        paths(&found),
        [
            "revision",
            "tracks[0].start_rung",
            "tracks[0].sessions_per_week",
            "tracks[1].id",
            "tracks[1].policy.green_max",
            "weekdays",
            "anchors[0]"
        ]
    );
}

#[test]
fn a_plan_has_one_to_eight_tracks() {
    let tracks = |count| {
        plan(&vec![
            (TrackKind::Strength, TissueProfile::Unspecified);
            count
        ])
    };
    assert_eq!(paths(&tracks(0).validate()), ["tracks"]);
    assert_eq!(tracks(8).validate(), []);
    assert_eq!(paths(&tracks(9).validate()), ["tracks"]);
}

/// Judging it all would take minutes: seen so when the counts did not end the matter.
#[test]
fn of_a_plan_with_far_too_many_tracks_nothing_else_is_judged() {
    let mut plan = plan(&vec![
        (TrackKind::Running, TissueProfile::Unspecified);
        2000
    ]);
    for index in 0..plan.tracks.len() {
        plan.tracks[index].prerequisites = (0..8)
            .map(|step| Prerequisite {
                track: track_id((index + step) % 2000),
                requirement: Requirement::Done,
            })
            .collect();
    }
    assert_eq!(paths(&plan.validate()), ["tracks"]);
}

#[test]
fn a_plan_and_its_state_read_back_what_they_write() {
    let mut story = Story::running(2);
    story
        .counted(0)
        .session(2, |report| report.confidence = None)
        .red(5);
    let plan = serde_json::to_string(&story.plan).expect("writes");
    assert_eq!(
        serde_json::from_str::<PlanDefinition>(&plan).expect("reads"),
        story.plan
    );
    let state = serde_json::to_string(&story.state).expect("writes");
    let read: crate::PlanState = serde_json::from_str(&state).expect("reads");
    assert_eq!(read, story.state);
    let decisions = serde_json::to_string(&story.step).expect("writes");
    let read: Vec<crate::Decision> = serde_json::from_str(&decisions).expect("reads");
    assert_eq!(read, story.step);
}
