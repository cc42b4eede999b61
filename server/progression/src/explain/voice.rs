//! Somebody speaks: to one reader, in one language.

use fluent_bundle::FluentValue;

use super::catalogue::Catalogue;
use super::language::Language;
use super::row::{EvidenceRow, rows};
use super::source::Source;
use super::value::{kebab, named};
use super::{headline, seen};
use crate::decision::Decision;
use crate::id::TrackId;
use crate::reason::Reason;

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
        let framed = self.say("line", |name| match name {
            "rule" => Some(rule.as_str().to_owned().into()),
            "evidence" => seen::measures(self, reason).map(Into::into),
            "rows" => Some(self.cited(rows(reason.code)).into()),
            _ => named(reason, name),
        });
        framed.unwrap_or(rule)
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
