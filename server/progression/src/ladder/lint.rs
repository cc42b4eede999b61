//! What is legal in a ladder but unusual enough to look at twice.
//!
//! What the engine could not follow is a fault of [`Ladder::validate`]; what it can, but a
//! physio would ask about, is a warning here. A warning keeps nobody from publishing.

mod dose;

use super::{DoseUnit, Ladder, Rung, TrackKind};
use crate::fault::{Fault, Faults};
use crate::policy::{Policy, TissueProfile};

/// Everything unusual, in the order of the ladder.
pub fn warnings(ladder: &Ladder) -> Vec<Fault> {
    let mut found = Faults::new();
    source(ladder, &mut found);
    units(ladder, &mut found);
    frequency(ladder, &mut found);
    criteria(ladder, &mut found);
    policy(ladder, &mut found);
    if ladder.rungs.len() == 1 {
        found.add("rungs", "is a single one; there is nothing to climb");
    }
    for (index, upper) in ladder.rungs.iter().enumerate() {
        let mut part = Faults::new();
        let lower = ladder.rungs.get(..index).unwrap_or_default();
        rung(ladder, lower, upper, &mut part);
        found.under(&format!("rungs[{index}]"), part.list);
    }
    found.list
}

fn source(ladder: &Ladder, found: &mut Faults) {
    if ladder.proposal.is_some() {
        return;
    }
    found.check(
        ladder.source.url.is_some(),
        "source",
        "has no url; readers cannot look it up",
    );
    let marked = ladder.rungs.iter().any(|rung| rung.proposal)
        || ladder
            .entry_criteria
            .iter()
            .any(|criterion| criterion.proposal);
    found.check(
        !marked,
        "proposal",
        "is missing, but rungs or criteria are marked as proposals; say what is proposed",
    );
}

fn units(ladder: &Ladder, found: &mut Faults) {
    let running = matches!(
        ladder.unit,
        DoseUnit::RunningSeconds | DoseUnit::RunningMetres
    );
    found.check(
        !(running && ladder.kind == TrackKind::Strength),
        "unit",
        "counts running; a STRENGTH ladder counts REPETITIONS",
    );
}

/// More sessions than the rest between them lets into a week cannot be kept.
fn frequency(ladder: &Ladder, found: &mut Faults) {
    let own = ladder.resolved_policy().rest_days;
    let longest = ladder
        .rungs
        .iter()
        .map(|rung| rung.rest_days.unwrap_or(own))
        .max()
        .unwrap_or(own);
    let most = 7_u32.div_ceil(longest.saturating_add(1));
    found.check(
        ladder.sessions_per_week <= most,
        "sessions_per_week",
        format!(
            "is {}; with {longest} days of rest after a session at most {most} fit into a week",
            ladder.sessions_per_week
        ),
    );
}

fn criteria(ladder: &Ladder, found: &mut Faults) {
    if ladder.entry_criteria.is_empty() {
        found.add(
            "entry_criteria",
            "is empty; nothing has to hold before the first session",
        );
    }
    for (index, criterion) in ladder.entry_criteria.iter().enumerate() {
        let mut earlier = ladder.entry_criteria.iter().take(index);
        found.check(
            earlier.all(|other| other.text.trim() != criterion.text.trim()),
            &format!("entry_criteria[{index}].text"),
            "is also the text of an earlier criterion",
        );
    }
}

/// Limits that are wider than the profile's defaults, or of no effect.
fn policy(ladder: &Ladder, found: &mut Faults) {
    let usual = Policy::for_profile(ladder.profile);
    let own = ladder.resolved_policy();
    let limits = [
        ("policy.green_max", own.green_max, usual.green_max),
        ("policy.amber_max", own.amber_max, usual.amber_max),
        (
            "policy.morning_red_points",
            own.morning_red_points,
            usual.morning_red_points,
        ),
    ];
    for (path, own, usual) in limits {
        if own > usual {
            found.add(path, format!("is {own}; the profile's default is {usual}"));
        }
    }
    if ladder.profile == TissueProfile::BoneStress && own.rest_days == 0 {
        found.add("policy.rest_days", "is 0; bone is loaded on alternate days");
    }
    if ladder.kind != TrackKind::Exposure && ladder.policy.contexts_required.is_some() {
        found.add(
            "policy.contexts_required",
            "is given, but only an EXPOSURE ladder asks for contexts",
        );
    }
}

/// One rung; `lower` are those below it.
fn rung(ladder: &Ladder, lower: &[Rung], rung: &Rung, found: &mut Faults) {
    found.check(
        lower.iter().all(|other| other.title != rung.title),
        "title",
        "is also the title of a lower rung",
    );
    dose::size(ladder.unit, rung, found);
    match lower.last() {
        Some(below) if ladder.unit != DoseUnit::Ordinal => dose::step(below, rung, found),
        _ => {}
    }
    found.check(rung.effort.is_some(), "effort", "is not given");
    found.check(
        !rung.cues.is_empty(),
        "cues",
        "is empty; the athlete is asked which cues held",
    );
    found.check(
        !(rung.rest_days == Some(0) && ladder.profile == TissueProfile::BoneStress),
        "rest_days",
        "is 0; bone is loaded on alternate days",
    );
    found.check(
        !(rung.needs_approval && lower.is_empty()),
        "needs_approval",
        "is of no effect on the lowest rung; nobody goes up to it",
    );
    let counted = ladder.kind == TrackKind::Strength && ladder.unit == DoseUnit::Repetitions;
    found.check(
        !counted || rung.sets.is_some(),
        "sets",
        "is not given; the athlete has to know into how many sets the repetitions go",
    );
    found.check(
        ladder.kind != TrackKind::Exposure || rung.prediction.is_some(),
        "prediction",
        "is not given; what happens can only be held against what was expected",
    );
}

#[cfg(test)]
mod tests;
