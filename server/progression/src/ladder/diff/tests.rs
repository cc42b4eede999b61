use super::*;
use crate::ladder::{EntryCriterion, Rung, Sets, TrackKind};
use crate::policy::TissueProfile;
use crate::scale::Dose;
use crate::test::story::ladder;

fn before() -> Ladder {
    ladder(
        TrackKind::Running,
        TissueProfile::Joint,
        &[100, 200, 300, 400],
    )
}

fn change(field: &str, before: Option<&str>, after: Option<&str>) -> Change {
    Change {
        field: field.to_owned(),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
    }
}

fn after(edit: impl FnOnce(&mut Ladder)) -> Vec<Change> {
    let mut after = before();
    edit(&mut after);
    changes(&before(), &after)
}

fn titled(title: &str) -> Rung {
    Rung {
        title: title.to_owned(),
        ..before().rungs[0].clone()
    }
}

#[test]
fn a_ladder_does_not_differ_from_itself_nor_by_its_version() {
    assert_eq!(changes(&before(), &before()), []);
    assert_eq!(after(|ladder| ladder.version = 9), []);
}

#[test]
fn what_is_put_another_way_is_told_with_both_ways() {
    let found = after(|ladder| {
        ladder.title = "Other".to_owned();
        ladder.profile = TissueProfile::Tendon;
        ladder.policy.green_max = Some(1);
        ladder.source.url = Some("https://example.org".to_owned());
        ladder.rungs[2].dose = Dose::try_from(310_u32).expect("in range");
        ladder.rungs[2].needs_approval = true;
    });
    let expected = [
        change("title", Some("Test"), Some("Other")),
        change("profile", Some("JOINT"), Some("TENDON")),
        change("source.url", None, Some("https://example.org")),
        change("policy.green_max", None, Some("1")),
        change("rungs[2].dose", Some("300"), Some("310")),
        change("rungs[2].needs_approval", None, Some("true")),
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_is_taken_away_is_told() {
    let mut with = before();
    with.proposal = Some("The doses.".to_owned());
    with.rungs[1].sets = Some(Sets {
        count: 2,
        repetitions: 8,
        each_side: false,
        load: None,
        tempo: None,
    });
    let expected = [
        change("proposal", Some("The doses."), None),
        change("rungs[1].sets.count", Some("2"), None),
        change("rungs[1].sets.repetitions", Some("8"), None),
    ];
    assert_eq!(changes(&with, &before()), expected);
}

#[test]
fn a_rung_put_in_between_is_no_change_of_those_above() {
    let found = after(|ladder| ladder.rungs.insert(1, titled("Between")));
    let expected = [
        change("rungs[1].title", None, Some("Between")),
        change("rungs[1].dose", None, Some("100")),
        change("rungs[1].instruction", None, Some("Run easily")),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_rung_taken_out_is_told_where_it_stood() {
    let found = after(|ladder| drop(ladder.rungs.remove(2)));
    let fields: Vec<_> = found.iter().map(|change| change.field.as_str()).collect();
    assert_eq!(
        fields,
        ["rungs[2].title", "rungs[2].dose", "rungs[2].instruction"]
    );
    assert!(found.iter().all(|change| change.after.is_none()));
}

#[test]
fn a_rung_with_another_title_is_the_same_rung() {
    let found = after(|ladder| ladder.rungs[3].title = "The top".to_owned());
    assert_eq!(
        found,
        [change("rungs[3].title", Some("Rung 3"), Some("The top"))]
    );
}

#[test]
fn criteria_are_matched_by_their_ids() {
    let criterion = |id: &str, text: &str| EntryCriterion {
        id: id.to_owned(),
        text: text.to_owned(),
        proposal: false,
    };
    let mut old = before();
    old.entry_criteria = vec![criterion("walk", "Walks."), criterion("hop", "Hops.")];
    let mut new = before();
    new.entry_criteria = vec![
        criterion("agreed", "Agrees."),
        criterion("walk", "Walks a mile."),
        criterion("hop", "Hops."),
    ];
    let expected = [
        change("entry_criteria[0].id", None, Some("agreed")),
        change("entry_criteria[0].text", None, Some("Agrees.")),
        change(
            "entry_criteria[1].text",
            Some("Walks."),
            Some("Walks a mile."),
        ),
    ];
    assert_eq!(changes(&old, &new), expected);
}
