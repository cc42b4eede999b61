//! Somebody speaks: to one reader, in one language.

use chrono::{NaiveDateTime, Timelike};
use fluent_bundle::FluentValue;

use super::catalogue::Catalogue;
use super::language::Language;
use super::row::{EvidenceRow, rows};
use super::source::Source;
use super::value::{kebab, named, on, two_digits};
use super::{headline, seen};
use crate::decision::{Ask, Decision};
use crate::id::TrackId;
use crate::reason::Reason;
use crate::state::NotBefore;

/// For whom a text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reader {
    /// Plain and kind.
    #[default]
    Athlete,
    /// The rule, its numbers and the evidence it rests on.
    Physio,
}

impl Reader {
    /// Every reader.
    pub const ALL: [Self; 2] = [Self::Athlete, Self::Physio];
}

/// Says decisions and reasons in words. The default speaks English to athletes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Voice<'a> {
    pub(super) reader: Reader,
    language: Language,
    pub(super) tracks: &'a [(TrackId, &'a str)],
}

impl<'a> Voice<'a> {
    /// Speaks to this reader; in English where the language has no texts for them.
    pub const fn new(reader: Reader, language: Language) -> Self {
        Self {
            reader,
            language: language.spoken_to(reader),
            tracks: &[],
        }
    }

    /// Calls tracks by these names. Others have none for an athlete, and their id for a
    /// physio.
    #[must_use]
    pub const fn naming(self, tracks: &'a [(TrackId, &'a str)]) -> Self {
        Self { tracks, ..self }
    }

    /// For whom it speaks.
    pub const fn reader(&self) -> Reader {
        self.reader
    }

    /// The language it does speak.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// A decision in a few words, without a full stop.
    pub fn headline(&self, decision: &Decision) -> String {
        let key = headline::key(decision);
        let told = self.say(key, |name| headline::value(decision, name));
        told.unwrap_or_else(|| decision.outcome.code().to_owned())
    }

    /// A reason: for an athlete one sentence, sometimes two; for a physio the rule, what
    /// was observed and what the rule rests on.
    pub fn sentence(&self, reason: &Reason) -> String {
        let key = format!("reason-{}", kebab(reason.code.code()));
        let told = self.say(&key, |name| self.of_reason(reason, name));
        let rule = told.unwrap_or_else(|| reason.code.code().to_owned());
        self.framed("line", &rule, reason).unwrap_or(rule)
    }

    /// A reason in a list: for a physio its code and what was observed; athletes read the
    /// same sentence everywhere.
    pub fn brief(&self, reason: &Reason) -> String {
        let told = self.framed("brief", "", reason);
        told.unwrap_or_else(|| self.sentence(reason))
    }

    /// What keeps a step up from being approved, a sentence: see
    /// [`bars_to_approval`](crate::plan::PlanDefinition::bars_to_approval). English, for
    /// physios: nobody else approves.
    pub fn bar(reason: &Reason) -> String {
        let key = format!("bar-{}", kebab(reason.code.code()));
        let physio = Self::new(Reader::Physio, Language::English);
        let told = physio.say(&key, |name| physio.of_reason(reason, name));
        told.unwrap_or_else(|| physio.brief(reason))
    }

    fn framed(&self, frame: &str, rule: &str, reason: &Reason) -> Option<String> {
        self.say(frame, |name| match name {
            "rule" => Some(rule.to_owned().into()),
            "evidence" => seen::measures(self, reason).map(Into::into),
            "rows" => Some(self.cited(rows(reason.code)).into()),
            _ => named(reason, name),
        })
    }

    /// From when on the next session fits, a sentence. `local` is the instant of it on the
    /// athlete's clock.
    pub fn next_session(&self, bar: NotBefore, local: NaiveDateTime) -> String {
        // The later of the two binds.
        let by_hour = local.date() >= bar.date;
        let date = if by_hour { local.date() } else { bar.date };
        let told = self.say("next-session", |name| match name {
            "hour" if by_hour => Some(two_digits(local.hour())),
            "minute" if by_hour => Some(two_digits(local.minute())),
            _ => on(date, name),
        });
        told.unwrap_or_default()
    }

    /// That the physio is asked to look, a sentence.
    pub fn asked(&self, ask: Ask) -> String {
        let urgency = if ask.urgent { "URGENT" } else { "REVIEW" };
        let told = self.say("asked", |name| (name == "ask").then(|| urgency.into()));
        told.unwrap_or_default()
    }

    /// What a row of the evidence is called. English, for physios: athletes read none.
    pub fn title(row: EvidenceRow) -> String {
        physio(&format!("row-{}", kebab(row.code())))
    }

    /// What a row of the evidence says. English, for physios: athletes read none.
    pub fn claim(row: EvidenceRow) -> String {
        physio(&format!("row-{}.claim", kebab(row.code())))
    }

    /// Where a source is found. English, for physios: athletes read none.
    pub fn citation(source: Source) -> String {
        match source.reference() {
            Some(reference) => reference.to_owned(),
            None => physio("source-proposal"),
        }
    }

    fn cited(&self, rows: &[EvidenceRow]) -> String {
        let told = rows.iter().filter_map(|row| {
            let marks: Vec<String> = row.sources().iter().map(|source| source.mark()).collect();
            self.say("row", |name| match name {
                "title" => Some(Self::title(*row).into()),
                "marks" => Some(marks.join(", ").into()),
                _ => None,
            })
        });
        told.collect::<Vec<_>>().join("; ")
    }

    pub(super) fn say(
        &self,
        key: &str,
        fill: impl Fn(&str) -> Option<FluentValue<'static>>,
    ) -> Option<String> {
        Catalogue::of(self.reader, self.language).say(key, fill)
    }
}

/// A message without variables of the physio's texts.
fn physio(key: &str) -> String {
    let catalogue = Catalogue::of(Reader::Physio, Language::English);
    catalogue.say(key, |_| None).unwrap_or_default()
}
