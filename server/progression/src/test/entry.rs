//! What a plan is not started without, unless a physio says why.

use super::story::{Story, needs, pain, plan, rung};
use crate::ladder::{EntryCriterion, TrackKind};
use crate::plan::{EntryConfirmation, PlanDefinition, Requirement};
use crate::policy::TissueProfile;

fn paths(faults: Vec<crate::Fault>) -> Vec<String> {
    faults.into_iter().map(|fault| fault.path).collect()
}

/// A plan whose second track asks for two criteria.
fn asking() -> PlanDefinition {
    let mut plan = plan(&[(TrackKind::Strength, TissueProfile::Unspecified); 2]);
    plan.tracks[1].ladder.entry_criteria = ["walk", "hop"]
        .map(|id| EntryCriterion {
            id: id.to_owned(),
            text: "Without pain".to_owned(),
            proposal: false,
        })
        .to_vec();
    plan
}

fn answer(criterion: &str, confirmed: bool, reason: Option<&str>) -> EntryConfirmation {
    EntryConfirmation {
        criterion: criterion.to_owned(),
        confirmed,
        reason: reason.map(str::to_owned),
    }
}

#[test]
fn what_a_reason_may_still_overrule_is_told_by_itself() {
    let mut plan = asking();
    let gaps = |plan: &PlanDefinition| paths(plan.entry_gaps());
    assert_eq!(
        gaps(&plan),
        ["tracks[1].entry"; 2],
        "nothing is said of either"
    );
    plan.tracks[1].entry = vec![answer("walk", true, None), answer("hop", false, None)];
    assert_eq!(gaps(&plan), ["tracks[1].entry[1].reason"]);
    plan.tracks[1].entry[1] = answer("hop", false, Some("Sees no need"));
    assert_eq!(gaps(&plan), [] as [&str; 0]);
    // Pain over the green limit before the first session.
    plan.baseline.pain = pain(2);
    assert_eq!(gaps(&plan), [] as [&str; 0]);
    plan.baseline.pain = pain(3);
    assert_eq!(gaps(&plan), ["baseline.pain"]);
    plan.baseline.over_limit_reason = Some("As it has been for years".to_owned());
    assert_eq!(gaps(&plan), [] as [&str; 0]);
    // What no reason overrules is not among them, though the plan is not valid.
    plan.tracks[0].sessions_per_week = 8;
    assert_eq!(gaps(&plan), [] as [&str; 0]);
    assert_eq!(paths(plan.validate()), ["tracks[0].sessions_per_week"]);
}

#[test]
fn waiting_for_a_rung_is_not_waiting_for_the_end() {
    // Two running tracks of a plan that is not concurrent; the second waits for a rung of
    // the first alone, so that both would be in progress.
    let mut plan = plan(&[(TrackKind::Running, TissueProfile::Unspecified); 2]);
    plan.concurrent = false;
    plan.tracks[1].prerequisites = vec![needs(0, Requirement::Done)];
    assert_eq!(paths(plan.validate()), [] as [&str; 0]);
    plan.tracks[1].prerequisites = vec![needs(0, Requirement::AtLeast(rung(5)))];
    assert_eq!(
        paths(plan.validate()),
        [
            "tracks[1].prerequisites[0].requirement",
            "tracks[1].prerequisites"
        ]
    );
}

#[test]
fn an_id_is_the_value_it_was_made_of() {
    let story = Story::new();
    let id = story.plan.tracks[0].id;
    assert_eq!(crate::TrackId::from(id.uuid()), id);
}
