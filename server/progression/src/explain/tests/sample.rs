//! Reasons with anything in them.

use super::CATALOGUES;
use crate::decision::{Ask, Outcome};
use crate::explain::value::kebab;
use crate::reason::{Evidence, Measure, Reason, ReasonCode, Value};
use crate::test::story::{date, instant, track_id};

/// What is observed of a measure, and what it is held against.
pub(super) fn sides(measure: Measure, number: i64) -> (Value, Value) {
    let code = measure.code();
    let named = |name: &'static str| Value::Code(name.into());
    match code {
        "SWELLING" => (named("INCREASED"), named("INCREASED")),
        "RED_FLAG" => (named("NEW_LIMP"), named("NEW_LIMP")),
        "GRADE" => (named("RED"), named("RED")),
        "PAUSE_CAUSE" => (named("RED_FLAG"), named("RED_FLAG")),
        "ITEM" => (named("SLEEP"), named("SLEEP")),
        "ACTIVITY" => (named("RUN"), named("RUN")),
        "ALTERED_GAIT" | "STEPPED_BACK" | "TRACK_DONE" | "APPROVAL_NEEDED" | "FEARED_OUTCOME" => {
            (Value::Flag(number > 0), Value::Flag(false))
        }
        "TRACK" => (track_id(1).into(), track_id(2).into()),
        "PHYSIO_REASON" => (Value::Text("Fever".into()), Value::Text("Fever".into())),
        "CORRECTED_EVENT" => (Value::Text("0190".into()), Value::Text("0191".into())),
        "SESSION_AT" => (instant(0, 10).into(), instant(1, 10).into()),
        _ if ["DATE", "SINCE", "FROM"]
            .iter()
            .any(|end| code.ends_with(end)) =>
        {
            (date(number).into(), date(number + 1).into())
        }
        _ => (Value::Number(number), Value::Number(number + 1)),
    }
}

pub(super) fn evidence(measure: Measure, number: i64) -> Evidence {
    let (observed, threshold) = sides(measure, number);
    Evidence {
        measure,
        observed: Some(observed),
        threshold: Some(threshold),
    }
}

/// The measures that the texts of a reason speak of.
pub(super) fn measures(code: ReasonCode) -> Vec<Measure> {
    let key = format!("reason-{}", kebab(code.code()));
    let mut names: Vec<String> = Vec::new();
    for (_, _, messages) in CATALOGUES.iter() {
        for name in messages.variables(&key) {
            match name {
                "seen" => names.extend(
                    messages
                        .keys()
                        .filter_map(|key| key.strip_prefix("clause-"))
                        .map(str::to_owned),
                ),
                "items" => names.push("item".to_owned()),
                "tier" => names.push("red-flag".to_owned()),
                "fits" => names.push("dose-percent".to_owned()),
                "rest-ends" => names.extend(["session-date".to_owned(), "session-at".to_owned()]),
                _ => names.push(name.trim_end_matches("-limit").to_owned()),
            }
        }
    }
    let spoken_of = |measure: &&Measure| names.contains(&kebab(measure.code()));
    Measure::ALL.iter().filter(spoken_of).copied().collect()
}

pub(super) fn reason(code: ReasonCode, outcome: Outcome, evidence: Vec<Evidence>) -> Reason {
    Reason {
        code,
        outcome,
        ask: None,
        evidence,
    }
}

/// A reason with everything that its texts speak of.
pub(super) fn full(code: ReasonCode) -> Reason {
    let evidence = measures(code)
        .into_iter()
        .map(|measure| evidence(measure, 2));
    reason(code, Outcome::Hold, evidence.collect())
}

/// A reason in every shape: each outcome, asking or not, with all that its texts speak of,
/// nothing, one thing missing, one thing alone, one side of it alone; with few and many.
pub(super) fn shapes(code: ReasonCode) -> Vec<Reason> {
    let measures = measures(code);
    let mut found = Vec::new();
    for number in [0, 1, 5] {
        let all: Vec<Evidence> = measures.iter().map(|m| evidence(*m, number)).collect();
        let mut sets = vec![all.clone(), Vec::new()];
        for (index, one) in all.iter().enumerate() {
            let without = |(at, other): (usize, &Evidence)| (at != index).then(|| other.clone());
            sets.push(all.iter().enumerate().filter_map(without).collect());
            let (mut seen, mut limit) = (one.clone(), one.clone());
            seen.threshold = None;
            limit.observed = None;
            sets.extend([vec![one.clone()], vec![seen], vec![limit]]);
        }
        sets.push(all.iter().chain(&all).cloned().collect());
        for outcome in [
            Outcome::Pause,
            Outcome::StepBack,
            Outcome::Hold,
            Outcome::Repeat,
            Outcome::Advance,
        ] {
            for ask in [None, Some(Ask { urgent: false })] {
                found.extend(sets.iter().map(|set| Reason {
                    ask,
                    ..reason(code, outcome, set.clone())
                }));
            }
        }
    }
    found
}
