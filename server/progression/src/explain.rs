//! Reasons and decisions in words, for whoever reads them: the athlete, plain and
//! kind; the physio, with the rule, its numbers and the evidence it rests on.
//!
//! Every text of the engine that a person reads is a message of the Fluent catalogue
//! in `explain/catalogue/`, one folder a language and one file a reader. A [`Voice`]
//! says them.
//!
//! How do I add one? A reason: its message `reason-…` in every `athlete.ftl` and in
//! `en/physio.ftl`, and its rows in `row.rs`. A measure: one line in `en/physio.ftl`,
//! and where it belongs into a sentence, its variable there. A language: a folder with
//! `word.ftl` and `athlete.ftl`, and a variant of [`Language`]. The tests say what is
//! missing.

mod catalogue;
mod decimal;
mod headline;
mod language;
mod row;
mod seen;
mod source;
mod value;
mod voice;
mod walk;

pub use self::language::Language;
pub use self::row::{EvidenceRow, rows, rows_on};
pub use self::source::{Mark, Source};
pub use self::voice::{Reader, Voice};

#[cfg(test)]
mod tests;
