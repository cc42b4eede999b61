//! Parts of sentences: values as words, and rules that say more than one thing.

use crate::decision::Outcome;
use crate::reason::{Evidence, Measure, Reason, Value};
use crate::red_flag::{RedFlag, Tier};

pub(super) fn find(reason: &Reason, measure: Measure) -> Option<&Evidence> {
    reason
        .evidence
        .iter()
        .find(|evidence| evidence.measure == measure)
}

pub(super) fn observed(reason: &Reason, measure: Measure) -> String {
    let value = find(reason, measure).and_then(|evidence| evidence.observed.as_ref());
    value.map_or_else(|| "unknown".to_owned(), shown)
}

pub(super) fn threshold(reason: &Reason, measure: Measure) -> String {
    let value = find(reason, measure).and_then(|evidence| evidence.threshold.as_ref());
    value.map_or_else(|| "unknown".to_owned(), shown)
}

pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Date(date) => date.format("%-d %B %Y").to_string(),
        Value::Instant(at) => at.format("%-d %B %H:%M UTC").to_string(),
        Value::Flag(true) => "yes".to_owned(),
        Value::Flag(false) => "no".to_owned(),
        Value::Code(text) => text.to_string(),
        Value::Text(text) => text.clone(),
        Value::Track(track) => track.to_string(),
    }
}

/// What a physio wrote, ending as a sentence does.
pub(super) fn said(reason: &Reason) -> String {
    let text = observed(reason, Measure::PhysioReason);
    let text = text.trim();
    if text.ends_with(['.', '!', '?']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// As `response`, as the beginning of a sentence.
pub(super) fn opening(reason: &Reason) -> String {
    let mut text = response(reason);
    if let Some(first) = text.get(..1).map(str::to_uppercase) {
        text.replace_range(..1, &first);
    }
    text
}

/// What was answered, with the limits: "pain during was 7 (up to 4 is fine)".
pub(super) fn response(reason: &Reason) -> String {
    let parts: Vec<String> = reason
        .evidence
        .iter()
        .filter_map(|evidence| {
            let seen = shown(evidence.observed.as_ref()?);
            let limit = shown(evidence.threshold.as_ref()?);
            Some(match evidence.measure {
                Measure::PainBefore => format!("pain before was {seen} (up to {limit} is fine)"),
                Measure::PainDuring => format!("pain during was {seen} (up to {limit} is fine)"),
                Measure::PainAfter => format!("pain after was {seen} (up to {limit} is fine)"),
                Measure::MorningPainOverBaseline => {
                    format!("pain was {seen} over the usual (below {limit} is fine)")
                }
                Measure::StiffnessOverBaseline => {
                    format!("stiffness was {seen} minutes over the usual (below {limit} is fine)")
                }
                Measure::AlteredGait => "the way of moving changed".to_owned(),
                Measure::Swelling => "there was more swelling".to_owned(),
                _ => return None,
            })
        })
        .collect();
    if parts.is_empty() {
        return "the response was more than hoped".to_owned();
    }
    parts.join(" and ")
}

pub(super) fn red_flag(reason: &Reason) -> String {
    let flags = reason
        .evidence
        .iter()
        .filter_map(|evidence| match &evidence.observed {
            Some(Value::Code(code)) => RedFlag::ALL.iter().find(|flag| flag.code() == code),
            _ => None,
        });
    let what = match flags.map(|flag| flag.tier()).min() {
        Some(Tier::Emergency) => "Call the emergency number now, or have somebody call it.",
        Some(Tier::SameDay) => "Please be seen by a doctor or your physio today.",
        Some(Tier::Within72Hours) | None => {
            "Please be seen by a doctor or your physio within three days."
        }
    };
    format!("You reported a sign that a clinician should look at before the next session. {what}")
}

pub(super) fn layoff(reason: &Reason) -> String {
    if find(reason, Measure::GapDays).is_none() {
        return "There was a break after this session, so it does not count.".to_owned();
    }
    let days = observed(reason, Measure::GapDays);
    let fits = find(reason, Measure::DosePercent).is_some_and(|evidence| {
        match (&evidence.observed, &evidence.threshold) {
            (Some(Value::Number(dose)), Some(Value::Number(limit))) => dose <= limit,
            _ => false,
        }
    });
    let what = match reason.outcome {
        Outcome::StepBack if fits => format!(
            "a rung of at most {} % of the last dose makes it easy to come back",
            threshold(reason, Measure::DosePercent)
        ),
        Outcome::StepBack => "the first rung makes it easy to come back".to_owned(),
        _ => "the same rung is counted anew".to_owned(),
    };
    let unit = if days == "1" { "day" } else { "days" };
    if find(reason, Measure::EventDate).is_some() {
        return format!(
            "There was a break. Counted to {}, when your physio's look fell due, it was {days} \
             {unit} more than the usual spacing, so {what}.",
            threshold(reason, Measure::EventDate)
        );
    }
    format!("There was a break, {days} {unit} more than the usual spacing, so {what}.")
}

pub(super) fn late(reason: &Reason) -> String {
    let of_a_session = find(reason, Measure::SessionAt).is_some();
    match (of_a_session, reason.outcome) {
        // A blocker of the session that waited when it came.
        (true, Outcome::Repeat) => "A session before this one was reported after it and asked for \
                                    rest, so this one does not count."
            .to_owned(),
        (true, _) => {
            "This session was reported after a later one; it is kept for the record.".to_owned()
        }
        (false, Outcome::Hold) => format!(
            "The session of {} was closed before this morning came, so this morning changes \
             nothing.",
            observed(reason, Measure::SessionDate)
        ),
        (false, _) => format!(
            "The session of {} was closed before this morning came; it does not count any more.",
            observed(reason, Measure::SessionDate)
        ),
    }
}

pub(super) fn dose(reason: &Reason, how: &str) -> String {
    let mut parts = Vec::new();
    if find(reason, Measure::Completion).is_some() {
        parts.push(format!(
            "{} % of the dose was done (the limit is {} %)",
            observed(reason, Measure::Completion),
            threshold(reason, Measure::Completion)
        ));
    }
    if find(reason, Measure::Rung).is_some() {
        parts.push(format!(
            "rung {} was done where rung {} was planned",
            observed(reason, Measure::Rung),
            threshold(reason, Measure::Rung)
        ));
    }
    format!("{how} than planned: {}", parts.join(" and "))
}

pub(super) fn weekly_cap(reason: &Reason) -> String {
    let mut parts = Vec::new();
    if find(reason, Measure::AdvancesIn7Days).is_some() {
        parts.push(format!(
            "there were {} steps up within 7 days, and {} are allowed",
            observed(reason, Measure::AdvancesIn7Days),
            threshold(reason, Measure::AdvancesIn7Days)
        ));
    }
    if find(reason, Measure::SessionDate).is_some() {
        parts.push(format!(
            "sessions lead up again from {} on",
            threshold(reason, Measure::SessionDate)
        ));
    }
    format!("What you did stays counted, but {}.", parts.join(" and "))
}

pub(super) fn counted(reason: &Reason) -> String {
    let count = find(reason, Measure::Counted).and_then(|evidence| evidence.observed.as_ref());
    if count == Some(&Value::Number(0)) {
        return match threshold(reason, Measure::Counted).as_str() {
            "1" => "One session that goes as hoped, its morning included, leads up from this rung."
                .to_owned(),
            many => {
                format!(
                    "{many} sessions that go as hoped, mornings included, lead up from this rung."
                )
            }
        };
    }
    let mut text = format!(
        "That went as hoped, and so did the morning: {} of {} on this rung",
        observed(reason, Measure::Counted),
        threshold(reason, Measure::Counted)
    );
    if find(reason, Measure::Contexts).is_some() {
        text.push_str(", in ");
        text.push_str(&observed(reason, Measure::Contexts));
        text.push_str(" of ");
        text.push_str(&threshold(reason, Measure::Contexts));
        text.push_str(" different settings");
    }
    text.push('.');
    text
}
