//! The one alert of a check-in.

use super::story::Story;
use crate::decision::{Decision, Outcome, alert};
use crate::reason::{Reason, ReasonCode};

/// A decision with these reasons, those marked asking.
fn decision(reasons: &[(ReasonCode, Outcome, Option<bool>)]) -> Decision {
    let mut decision = Story::new().step[0].clone();
    decision.reasons = reasons
        .iter()
        .map(|(code, outcome, asks)| {
            let reason = Reason::new(*code, *outcome).ask_if(asks.is_some());
            if *asks == Some(true) {
                reason.urgent()
            } else {
                reason
            }
        })
        .collect();
    decision
}

fn alerted(decisions: &[Decision]) -> Option<ReasonCode> {
    alert(decisions).map(|(_, reason)| reason.code)
}

#[test]
fn only_a_reason_that_asks_raises_an_alert() {
    let quiet = decision(&[(ReasonCode::PainRed, Outcome::StepBack, None)]);
    assert_eq!(alerted(&[]), None);
    assert_eq!(alerted(std::slice::from_ref(&quiet)), None);
    let asks = decision(&[(ReasonCode::LadderDone, Outcome::Repeat, Some(false))]);
    assert_eq!(alerted(&[quiet, asks]), Some(ReasonCode::LadderDone));
}

#[test]
fn urgent_comes_before_a_less_aggressive_outcome() {
    let pause = decision(&[(ReasonCode::RedAgain, Outcome::Pause, Some(false))]);
    let urgent = decision(&[(ReasonCode::Silent, Outcome::Repeat, Some(true))]);
    assert_eq!(alerted(&[pause, urgent]), Some(ReasonCode::Silent));
}

#[test]
fn the_less_aggressive_outcome_comes_before_the_order_of_codes() {
    let first_code = decision(&[(ReasonCode::BonePain, Outcome::StepBack, Some(false))]);
    let pause = decision(&[(ReasonCode::Overdone, Outcome::Pause, Some(false))]);
    assert_eq!(alerted(&[first_code, pause]), Some(ReasonCode::Overdone));
}

#[test]
fn the_order_of_codes_decides_between_equal_outcomes_of_any_decision() {
    let later = decision(&[(ReasonCode::AtBottom, Outcome::Pause, Some(false))]);
    let earlier = decision(&[
        (ReasonCode::RedAgain, Outcome::Pause, Some(false)),
        (ReasonCode::PainRed, Outcome::StepBack, None),
    ]);
    let found =
        alert(&[later, earlier.clone()]).map(|(decision, reason)| (decision.clone(), reason.code));
    assert_eq!(found, Some((earlier, ReasonCode::RedAgain)));
}
