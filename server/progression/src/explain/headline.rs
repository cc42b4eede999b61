//! Which headline a decision has.

use fluent_bundle::FluentValue;

use super::value::named;
use crate::decision::{Decision, Outcome};
use crate::reason::ReasonCode;

/// The message of a decision's headline.
pub(super) fn key(decision: &Decision) -> &'static str {
    let first = decision.reasons.first().map(|reason| reason.code);
    let has = |code| decision.reasons.iter().any(|reason| reason.code == code);
    match decision.outcome {
        _ if has(ReasonCode::RedFlag) => "headline-red-flag",
        _ if has(ReasonCode::LadderDone) => "headline-ladder-done",
        _ if first == Some(ReasonCode::Unlocked) => "headline-unlocked",
        _ if first == Some(ReasonCode::Start) => "headline-start",
        Outcome::Pause => "headline-pause",
        Outcome::StepBack => "headline-step-back",
        Outcome::Hold if has(ReasonCode::Illness) => "headline-illness",
        Outcome::Hold if has(ReasonCode::AwaitMorning) => "headline-await-morning",
        Outcome::Hold => "headline-hold",
        Outcome::Repeat if decision.track.is_none() && has(ReasonCode::ReadinessLow) => {
            "headline-readiness-low"
        }
        Outcome::Repeat => "headline-repeat",
        Outcome::Advance => "headline-advance",
    }
}

/// The variable of a headline.
pub(super) fn value(decision: &Decision, name: &str) -> Option<FluentValue<'static>> {
    match name {
        // A pause that leaves the rung names none: nothing is to be done there.
        "to" if decision.outcome == Outcome::Pause && decision.from_rung == decision.to_rung => {
            None
        }
        "to" => decision.to_rung.map(|rung| rung.get().into()),
        "from" => decision.from_rung.map(|rung| rung.get().into()),
        "outcome" => Some(decision.outcome.code().into()),
        "ask" => decision
            .ask
            .map(|ask| if ask.urgent { "URGENT" } else { "REVIEW" }.into()),
        _ => decision
            .reasons
            .iter()
            .find_map(|reason| named(reason, name)),
    }
}
