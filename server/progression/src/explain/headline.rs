//! A decision in a few words.

use crate::decision::{Decision, Outcome};
use crate::reason::ReasonCode;
use crate::scale::RungIndex;

/// A decision in a few words: "Go up to rung 4". A rung has one number everywhere, its
/// index from 0: two ways of counting would send somebody to the wrong rung.
pub fn headline(decision: &Decision) -> String {
    let rung = |rung: Option<RungIndex>| rung.map(RungIndex::get);
    let first = decision.reasons.first().map(|reason| reason.code);
    let has = |code| decision.reasons.iter().any(|reason| reason.code == code);
    if has(ReasonCode::LadderDone) {
        return "The top of this ladder is reached".to_owned();
    }
    if first == Some(ReasonCode::Unlocked) {
        return match rung(decision.to_rung) {
            Some(to) => format!("This track is open now: start on rung {to}"),
            None => "This track is open now".to_owned(),
        };
    }
    if first == Some(ReasonCode::Start) {
        return match decision.outcome {
            Outcome::Hold => "The plan has a start date".to_owned(),
            _ => "The plan is started".to_owned(),
        };
    }
    match (
        decision.outcome,
        rung(decision.from_rung),
        rung(decision.to_rung),
    ) {
        (Outcome::Pause, Some(from), Some(to)) if from != to => {
            format!("Pause on rung {to} and talk to your physio")
        }
        (Outcome::Pause, ..) => "Pause and talk to your physio".to_owned(),
        (Outcome::StepBack, _, Some(to)) => format!("Step back to rung {to}"),
        (Outcome::StepBack, ..) => "Step back".to_owned(),
        (Outcome::Hold, ..) if has(ReasonCode::AwaitMorning) => {
            "Well done; see how the morning is".to_owned()
        }
        (Outcome::Hold, _, Some(to)) => format!("Hold on rung {to}"),
        (Outcome::Hold, ..) => "Hold".to_owned(),
        (Outcome::Repeat, _, Some(to)) => format!("Stay on rung {to}"),
        (Outcome::Repeat, ..) => "Go on as before".to_owned(),
        (Outcome::Advance, _, Some(to)) => format!("Go up to rung {to}"),
        (Outcome::Advance, ..) => "Go up".to_owned(),
    }
}
