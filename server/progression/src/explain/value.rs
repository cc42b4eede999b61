//! What the variables of the messages stand for.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use fluent_bundle::FluentValue;

use super::seen;
use super::voice::{Reader, Voice};
use crate::id::TrackId;
use crate::reason::{Evidence, Measure, Reason, Value};

impl Voice<'_> {
    /// The variable of a reason's message.
    pub(super) fn of_reason(&self, reason: &Reason, name: &str) -> Option<FluentValue<'static>> {
        match name {
            "seen" => seen::clauses(self, reason).map(Into::into),
            "items" => seen::items(self, reason).map(Into::into),
            _ => named(reason, name).or_else(|| self.measured(reason, name)),
        }
    }

    /// The variable of a measure: what was observed, or with `-limit` behind its name what
    /// it was held against. The first one, or the list of all.
    fn measured(&self, reason: &Reason, name: &str) -> Option<FluentValue<'static>> {
        let (name, limit) = match name.strip_suffix("-limit") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let side = |evidence: &Evidence| -> Option<FluentValue<'static>> {
            let value = if limit {
                &evidence.threshold
            } else {
                &evidence.observed
            };
            self.value(evidence.measure, value.as_ref()?)
        };
        let of_it = |evidence: &&Evidence| is_kebab(evidence.measure.code(), name);
        let mut values: Vec<_> = reason
            .evidence
            .iter()
            .filter(of_it)
            .filter_map(side)
            .collect();
        if values.len() < 2 {
            return values.pop();
        }
        let texts = values.iter().filter_map(|value| match value {
            FluentValue::String(text) => Some(text.to_string()),
            _ => None,
        });
        let texts: Vec<String> = texts.collect();
        if texts.len() < values.len() {
            return values.into_iter().next();
        }
        self.list(texts).map(Into::into)
    }

    /// An observed value or a limit.
    pub(super) fn value(&self, measure: Measure, value: &Value) -> Option<FluentValue<'static>> {
        match value {
            Value::Number(number) => Some((*number).into()),
            Value::Date(date) => self.date(*date).map(Into::into),
            Value::Instant(at) => self.instant(*at).map(Into::into),
            Value::Flag(true) => Some("yes".into()),
            Value::Flag(false) => Some("no".into()),
            Value::Code(code) => {
                let name: &str = code;
                Some(name.to_owned().into())
            }
            Value::Track(track) => self.track(*track).map(Into::into),
            Value::Text(text) if measure == Measure::PhysioReason => ended(text).map(Into::into),
            Value::Text(text) => Some(text.clone().into()),
        }
    }

    fn track(&self, id: TrackId) -> Option<String> {
        let known = self.tracks.iter().find(|(track, _)| *track == id);
        match (known, self.reader) {
            (Some((_, name)), _) => Some((*name).to_owned()),
            (None, Reader::Physio) => Some(id.to_string()),
            (None, Reader::Athlete) => None,
        }
    }

    fn date(&self, date: NaiveDate) -> Option<String> {
        self.say("date", |name| on(date, name))
    }

    fn instant(&self, at: DateTime<Utc>) -> Option<String> {
        self.say("instant", |name| match name {
            "hour" => Some(two_digits(at.hour())),
            "minute" => Some(two_digits(at.minute())),
            _ => on(at.date_naive(), name),
        })
    }

    /// The entries of a list as a part of a sentence.
    pub(super) fn list(&self, entries: Vec<String>) -> Option<String> {
        let last = entries.len().checked_sub(1)?;
        let mut entries = entries.into_iter().enumerate();
        let (_, first) = entries.next()?;
        Some(entries.fold(first, |so_far, (index, next)| {
            let key = if index == last {
                "list-last"
            } else {
                "list-more"
            };
            let joined = self.say(key, |name| match name {
                "first" => Some(so_far.clone().into()),
                "second" => Some(next.clone().into()),
                _ => None,
            });
            joined.unwrap_or_default()
        }))
    }
}

/// What every reason has.
pub(super) fn named(reason: &Reason, name: &str) -> Option<FluentValue<'static>> {
    let text = match name {
        "code" => Some(reason.code.code()),
        "outcome" => Some(reason.outcome.code()),
        "ask" => reason
            .ask
            .map(|ask| if ask.urgent { "URGENT" } else { "REVIEW" }),
        "tier" => seen::tier(reason),
        "fits" => seen::fits(reason),
        "rest-ends" => seen::rest_ends(reason),
        _ => None,
    };
    text.map(Into::into)
}

pub(super) fn two_digits(number: u32) -> FluentValue<'static> {
    format!("{number:02}").into()
}

/// A variable of a date.
pub(super) fn on(date: NaiveDate, name: &str) -> Option<FluentValue<'static>> {
    match name {
        "day" => Some(date.day().into()),
        "month" => Some(date.month().into()),
        "year" => Some(date.year().into()),
        _ => None,
    }
}

/// What a physio wrote, ending as a sentence does.
fn ended(text: &str) -> Option<String> {
    let text = text.trim();
    match text.chars().next_back()? {
        '.' | '!' | '?' => Some(text.to_owned()),
        _ => Some(format!("{text}.")),
    }
}

/// A name as the catalogue spells it: `PAIN_RED` is `pain-red`.
pub(super) fn kebab(code: &str) -> String {
    code.to_ascii_lowercase().replace('_', "-")
}

/// Whether [`kebab`] of the code is this name.
fn is_kebab(code: &str, name: &str) -> bool {
    let spelled = code.bytes().map(|byte| match byte {
        b'_' => b'-',
        other => other.to_ascii_lowercase(),
    });
    spelled.eq(name.bytes())
}
