//! Ladders as TOML files, with every fault on its line.
//!
//! ```
//! use rung_progression::ladder::file::{read, write};
//!
//! let ladder = read(r#"
//! key = "run-walk"            # a slug, the ladder's name over its versions
//! version = 1
//! title = "Run-walk"
//! summary = "From five minutes of running to ten, on flat ground."
//! profile = "JOINT"           # TENDON BONE_STRESS JOINT MTSS MUSCLE POST_OP_KNEE UNSPECIFIED
//! kind = "RUNNING"            # RUNNING STRENGTH EXPOSURE
//! unit = "RUNNING_SECONDS"    # RUNNING_SECONDS RUNNING_METRES REPETITIONS ORDINAL
//! sessions_per_week = 3
//! proposal = "The effort."     # optional: what the source does not say, in words
//!
//! [source]
//! citation = "Example Hospital, Return to running, 2024"
//! url = "https://example.org/return-to-running"      # optional
//!
//! [[entry_criteria]]          # any number
//! id = "brisk-walk"
//! text = "Walks 30 minutes briskly without pain"
//! proposal = true             # optional: the source does not ask for it
//!
//! [policy]                    # optional: any field of `Policy`
//! successes_to_advance = 2
//! layoff = [                  # optional: replaces the whole table
//!     { from_gap = 1 },                                   # stay, count anew
//!     { from_gap = 3, dose_percent = 65 },                # down to at most 65 % of the dose
//!     { from_gap = 30, dose_percent = 0, ask = true },    # the lowest rung; the physio looks
//! ]
//!
//! [[rungs]]                   # from the lowest up
//! title = "5 x 1 min"
//! dose = 300
//! instruction = "5 x (4 min walk, 1 min run)"
//!
//! [[rungs]]
//! title = "5 x 2 min"
//! dose = 600
//! instruction = "5 x (3 min walk, 2 min run)"
//! note = "Twice the running; the walks stay."    # optional from here on: why the dose falls, stays or jumps
//! effort = [3, 4]             # CR10, easy and hard end
//! terrain = "flat"
//! surface = "track or treadmill"
//! cues = ["light strike", "relaxed shoulders"]
//! rest_days = 1               # full days off after this rung, instead of the policy's
//! needs_approval = true       # a physio has to agree before this rung
//! prediction = "How much pain do you expect, 0 to 10?"    # answered in writing before the session
//! proposal = true             # the source does not have this rung
//! "#).expect("a valid ladder");
//!
//! assert_eq!(ladder.rungs.len(), 2);
//! assert_eq!(read(&write(&ladder)), Ok(ladder));
//!
//! let faults = read("key = \"run-walk\"\nversion = \"one\"").expect_err("not a ladder");
//! assert_eq!((faults[0].line, faults[0].path.as_str()), (1, "title"));
//! assert_eq!((faults.last().map(|fault| fault.line)), Some(2));
//! ```
//!
//! Where doses are REPETITIONS, a rung may say how they are divided; the dose is `count` ×
//! `repetitions`, of one side where each side is done:
//!
//! ```toml
//! dose = 24
//! sets = { count = 3, repetitions = 8, each_side = true, load = "body weight", tempo = "3-1-1" }
//! ```

mod shape;
mod table;
mod write;

use serde::{Deserialize, Serialize};
use toml::de::DeTable;

use self::table::Reader;
use super::{Ladder, lint};
use crate::fault::Fault;

/// A fault and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineFault {
    /// The line, from 1. For something missing: where its table begins.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// Where, as a path: `rungs[2].dose`; empty for a fault of syntax.
    pub path: String,
    /// What is wrong and what would be right, as a sentence.
    pub message: String,
}

/// A ladder and what is unusual in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The ladder; it is valid.
    pub ladder: Ladder,
    /// What to look at twice, in the order of lines.
    pub warnings: Vec<LineFault>,
}

/// Longer than any ladder with every text at its bound.
const LONGEST: usize = 1_000_000;

/// Reads a ladder, or says everything that is wrong with it in the order of lines.
pub fn read(text: &str) -> Result<Ladder, Vec<LineFault>> {
    read_with_warnings(text).map(|reading| reading.ladder)
}

/// Reads a ladder and lints it, or says everything that is wrong with it. Faults of
/// syntax come alone: what else would be found around them is guesswork.
pub fn read_with_warnings(text: &str) -> Result<Reading, Vec<LineFault>> {
    if text.len() > LONGEST {
        let message = format!("is longer than {LONGEST} bytes");
        return Err(vec![LineFault {
            line: 1,
            column: 1,
            path: String::new(),
            message,
        }]);
    }
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let faults = errors.iter().map(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            at(text, offset, String::new(), error.message().to_owned())
        });
        let mut faults = sorted(faults.collect());
        // What the parser stumbles over next on the same line is the same slip.
        faults.dedup_by_key(|fault| fault.line);
        return Err(faults);
    }
    let mut reader = Reader::new();
    let ladder = shape::ladder(&mut reader, document.get_ref());
    let known = reader.faults.clone();
    for fault in ladder.validate() {
        // A value that could not be read was reported; what a stand-in for it would
        // break says nothing.
        if !known
            .iter()
            .any(|(_, earlier)| related(&earlier.path, &fault.path))
        {
            let offset = reader.place(&fault.path);
            reader.faults.push((offset, fault));
        }
    }
    let located = |(offset, fault): (usize, Fault)| at(text, offset, fault.path, fault.message);
    if reader.faults.is_empty() {
        let warnings = lint::warnings(&ladder)
            .into_iter()
            .map(|fault| located((reader.place(&fault.path), fault)))
            .collect();
        Ok(Reading {
            ladder,
            warnings: sorted(warnings),
        })
    } else {
        Err(sorted(reader.faults.into_iter().map(located).collect()))
    }
}

/// Writes a ladder as a file that [`read`] reads as the same ladder.
pub fn write(ladder: &Ladder) -> String {
    document(ladder).to_string()
}

/// A ladder as the document that its file holds.
pub(super) fn document(ladder: &Ladder) -> toml_edit::DocumentMut {
    write::document(ladder)
}

/// Whether one path lies on or within the other.
fn related(one: &str, other: &str) -> bool {
    let within = |outer: &str, inner: &str| {
        inner
            .strip_prefix(outer)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || rest.starts_with('['))
    };
    within(one, other) || within(other, one)
}

fn at(text: &str, offset: usize, path: String, message: String) -> LineFault {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let lines = before.matches('\n').count();
    let columns = before.get(line_start..).unwrap_or_default().chars().count();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).saturating_add(1);
    LineFault {
        line: number(lines),
        column: number(columns),
        path,
        message,
    }
}

fn sorted(mut faults: Vec<LineFault>) -> Vec<LineFault> {
    faults.sort_by_key(|fault| (fault.line, fault.column));
    faults
}

#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod tests;
