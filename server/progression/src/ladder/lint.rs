//! What is legal in a ladder but unusual enough to look at twice.
//!
//! Doses need not rise: a rung may hold the amount and change the terrain, and the
//! layoff rule takes the largest rung that fits. A fall is still worth a look.

use super::{DoseUnit, Ladder};
use crate::fault::{Fault, Faults};
use crate::policy::{Policy, TissueProfile};

/// A rung of more than this share of the one below is a large step.
const LARGE_STEP_PERCENT: u64 = 200;

/// Everything unusual, in the order of the ladder.
pub fn warnings(ladder: &Ladder) -> Vec<Fault> {
    let mut found = Faults::new();
    if ladder.source.url.is_none() {
        found.add("source", "has no url; readers cannot look it up");
    }
    if ladder.entry_criteria.is_empty() {
        found.add(
            "entry_criteria",
            "is empty; nothing has to hold before the first session",
        );
    }
    looser_policy(ladder, &mut found);
    if ladder.rungs.len() == 1 {
        found.add("rungs", "is a single one; there is nothing to climb");
    }
    for (index, rung) in ladder.rungs.iter().enumerate() {
        if rung.effort.is_none() {
            found.add(&format!("rungs[{index}].effort"), "is not given");
        }
        if ladder
            .rungs
            .iter()
            .take(index)
            .any(|lower| lower.title == rung.title)
        {
            found.add(
                &format!("rungs[{index}].title"),
                "is also the title of a lower rung",
            );
        }
    }
    doses(ladder, &mut found);
    found.list
}

fn doses(ladder: &Ladder, found: &mut Faults) {
    if ladder.unit == DoseUnit::Ordinal {
        return;
    }
    for (index, pair) in ladder.rungs.windows(2).enumerate() {
        let [lower, upper] = pair else { continue };
        let path = format!("rungs[{}].dose", index + 1);
        let (from, to) = (lower.dose, upper.dose);
        if to < from {
            found.add(&path, format!("falls from {from} to {to}"));
        }
        if u64::from(to.get()) * 100 > u64::from(from.get()) * LARGE_STEP_PERCENT {
            found.add(
                &path,
                format!("is more than twice the {from} of the rung below"),
            );
        }
    }
}

/// Limits on pain that are wider than the profile's defaults.
fn looser_policy(ladder: &Ladder, found: &mut Faults) {
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
}
