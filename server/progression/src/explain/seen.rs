//! What was observed, as parts of a text, and what follows from it for the words.

use chrono::{DateTime, NaiveDate, Utc};

use super::value::{kebab, named};
use super::voice::Voice;
use crate::reason::{Evidence, Measure, Reason, Value};
use crate::red_flag::{RedFlag, Tier};

/// What was answered or done, each with its limit: "pain during was 7 (the limit is 4)".
/// Of the measures that have a clause.
pub(super) fn clauses(voice: &Voice<'_>, reason: &Reason) -> Option<String> {
    let clauses = reason.evidence.iter().filter_map(|evidence| {
        let observed = voice.value(evidence.measure, evidence.observed.as_ref()?)?;
        let limit = voice.value(evidence.measure, evidence.threshold.as_ref()?)?;
        let key = format!("clause-{}", kebab(evidence.measure.code()));
        voice.say(&key, |name| match name {
            "value" => Some(observed.clone()),
            "limit" => Some(limit.clone()),
            _ => named(reason, name),
        })
    });
    voice.list(clauses.filter(|clause| !clause.is_empty()).collect())
}

/// The wellness items that a reason names: "sleep and mood".
pub(super) fn items(voice: &Voice<'_>, reason: &Reason) -> Option<String> {
    let items = codes(reason).filter_map(|code| {
        let key = format!("item-{}", kebab(code));
        voice.say(&key, |_| None)
    });
    voice.list(items.collect())
}

/// Everything that was measured, each with its limit: "confidence 6 of 10
/// (confidence_min 7)".
pub(super) fn measures(voice: &Voice<'_>, reason: &Reason) -> Option<String> {
    let told: Vec<String> = reason
        .evidence
        .iter()
        .filter_map(|evidence| measure(voice, evidence))
        .collect();
    (!told.is_empty()).then(|| told.join("; "))
}

fn measure(voice: &Voice<'_>, evidence: &Evidence) -> Option<String> {
    let key = format!("measure-{}", kebab(evidence.measure.code()));
    let value = |value: &Option<Value>| voice.value(evidence.measure, value.as_ref()?);
    let observed =
        value(&evidence.observed).or_else(|| voice.say("unanswered", |_| None).map(Into::into));
    let measured = voice.say(&key, |name| match name {
        "value" => observed.clone(),
        _ => None,
    })?;
    let Some(limit) = value(&evidence.threshold) else {
        return Some(measured);
    };
    let filled = |name: &str| (name == "limit").then(|| limit.clone());
    let limit = voice
        .say(&format!("{key}.limit"), filled)
        .or_else(|| voice.say("limit", filled))?;
    voice.say("with-limit", |name| match name {
        "measured" => Some(measured.clone().into()),
        "limit" => Some(limit.clone().into()),
        _ => None,
    })
}

/// How soon the most urgent of the red flags is to be looked at.
pub(super) fn tier(reason: &Reason) -> Option<&'static str> {
    let flags: Vec<RedFlag> = codes(reason)
        .filter_map(|code| RedFlag::ALL.iter().find(|flag| flag.code() == code))
        .copied()
        .collect();
    // Both are said to call for help now; of what alone is not said to everybody.
    if flags.contains(&RedFlag::SelfHarm) {
        return Some("SELF_HARM");
    }
    flags
        .iter()
        .map(|flag| flag.tier())
        .min()
        .map(|tier| match tier {
            Tier::Emergency => "EMERGENCY",
            Tier::SameDay => "SAME_DAY",
            Tier::Within72Hours => "WITHIN_72_HOURS",
        })
}

/// Whether a layoff found a rung within the dose of its row.
pub(super) fn fits(reason: &Reason) -> Option<&'static str> {
    let evidence = find(reason, Measure::DosePercent)?;
    match (&evidence.observed, &evidence.threshold) {
        (Some(Value::Number(dose)), Some(Value::Number(limit))) if dose <= limit => Some("yes"),
        _ => Some("no"),
    }
}

/// What rest ends by: its date, or its instant where that lies on the date or later, or
/// the date was reached already.
pub(super) fn rest_ends(reason: &Reason) -> Option<&'static str> {
    let dates = find(reason, Measure::SessionDate).and_then(dates);
    let instant = find(reason, Measure::SessionAt).and_then(first_instant);
    let by_hour = match (dates, instant) {
        (None, None) => return None,
        (None, Some(_)) => true,
        (Some(_), None) => false,
        (Some((seen, first)), Some(at)) => seen >= first || at.date_naive() >= first,
    };
    Some(if by_hour { "AT_HOUR" } else { "ON_DATE" })
}

fn dates(evidence: &Evidence) -> Option<(NaiveDate, NaiveDate)> {
    match (&evidence.observed, &evidence.threshold) {
        (Some(Value::Date(seen)), Some(Value::Date(first))) => Some((*seen, *first)),
        _ => None,
    }
}

fn first_instant(evidence: &Evidence) -> Option<DateTime<Utc>> {
    match evidence.threshold {
        Some(Value::Instant(at)) => Some(at),
        _ => None,
    }
}

fn find(reason: &Reason, measure: Measure) -> Option<&Evidence> {
    let mut evidence = reason.evidence.iter();
    evidence.find(|evidence| evidence.measure == measure)
}

/// The codes among what was observed.
fn codes(reason: &Reason) -> impl Iterator<Item = &str> {
    reason.evidence.iter().filter_map(|evidence| {
        let code: &str = match &evidence.observed {
            Some(Value::Code(code)) => code,
            _ => return None,
        };
        Some(code)
    })
}
