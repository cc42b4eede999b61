//! The words for the enums of the contract.

use rung_proto::v1;

use crate::out::Tone;

/// An outcome as people read it, and what it means.
pub(crate) fn outcome(outcome: v1::Outcome) -> (&'static str, Tone) {
    match outcome {
        v1::Outcome::Unspecified => ("–", Tone::Plain),
        v1::Outcome::Pause => ("PAUSE", Tone::Bad),
        v1::Outcome::StepBack => ("STEP BACK", Tone::Warn),
        v1::Outcome::Hold => ("HOLD", Tone::Warn),
        v1::Outcome::Repeat => ("REPEAT", Tone::Plain),
        v1::Outcome::Advance => ("ADVANCE", Tone::Good),
    }
}

/// A plan's state as people read it, and what it means.
pub(crate) fn plan_state(state: v1::PlanState) -> (&'static str, Tone) {
    match state {
        v1::PlanState::Unspecified => ("no plan", Tone::Quiet),
        v1::PlanState::Draft => ("draft", Tone::Quiet),
        v1::PlanState::Active => ("active", Tone::Plain),
        v1::PlanState::Paused => ("paused", Tone::Bad),
    }
}

/// A name of the contract without its prefix, for programs; empty when unspecified.
pub(crate) fn bare(name: &str, prefix: &str) -> String {
    let bare = name.trim_start_matches(prefix).trim_start_matches('_');
    if bare == "UNSPECIFIED" {
        String::new()
    } else {
        bare.to_owned()
    }
}

/// `CHEST_PAIN` as `chest pain`.
pub(crate) fn plain(code: &str) -> String {
    code.to_lowercase().replace('_', " ")
}

/// Roles by their names, `ADMIN, PHYSIO`.
pub(crate) fn roles(roles: &[i32]) -> String {
    let names = roles
        .iter()
        .filter_map(|role| v1::Role::try_from(*role).ok())
        .map(|role| bare(role.as_str_name(), "ROLE"));
    names.collect::<Vec<_>>().join(", ")
}

/// Scopes by their names, `CHECKINS`.
pub(crate) fn scopes(scopes: &[i32]) -> String {
    let names = scopes
        .iter()
        .filter_map(|scope| v1::Scope::try_from(*scope).ok())
        .map(|scope| bare(scope.as_str_name(), "SCOPE"));
    names.collect::<Vec<_>>().join(", ")
}

/// Parts of a record by their names, `CHECK_INS, NOTES`.
pub(crate) fn parts(parts: &[i32]) -> String {
    let names = parts
        .iter()
        .filter_map(|part| v1::ConsentPart::try_from(*part).ok())
        .map(|part| bare(part.as_str_name(), "CONSENT_PART"));
    names.collect::<Vec<_>>().join(", ")
}

/// A dose with its unit: `480 s of running (8 min)`.
pub(crate) fn dose(amount: i64, unit: v1::DoseUnit) -> String {
    match unit {
        v1::DoseUnit::RunningSeconds if amount >= 60 => {
            format!("{amount} s of running ({})", crate::time::duration(amount))
        }
        v1::DoseUnit::RunningSeconds => format!("{amount} s of running"),
        v1::DoseUnit::RunningMetres => format!("{amount} m of running"),
        v1::DoseUnit::Repetitions => format!("{amount} repetitions"),
        v1::DoseUnit::Ordinal => format!("level {amount}"),
        v1::DoseUnit::Unspecified => amount.to_string(),
    }
}

/// `rung 2 of 9: Run 3 min`.
pub(crate) fn rung(index: i32, top: Option<i32>, title: &str) -> String {
    let mut text = format!("rung {index}");
    if let Some(top) = top {
        text.push_str(&format!(" of {top}"));
    }
    if !title.is_empty() {
        text.push_str(&format!(": {title}"));
    }
    text
}

/// Whether the physiotherapist has to look, in a sentence; empty if not.
pub(crate) fn ask(ask: v1::Ask) -> &'static str {
    match ask {
        v1::Ask::Unspecified | v1::Ask::None => "",
        v1::Ask::Review => "The physiotherapist is asked to look.",
        v1::Ask::Urgent => "The physiotherapist is asked to look now.",
    }
}
