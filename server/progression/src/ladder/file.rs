//! Ladders as TOML files, with every fault on its line.

use serde::{Deserialize, Serialize};

use super::Ladder;

/// A fault and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineFault {
    /// The line, from 1.
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
    /// What to look at twice.
    pub warnings: Vec<LineFault>,
}

/// Reads a ladder, or says everything that is wrong with it.
pub fn read(text: &str) -> Result<Ladder, Vec<LineFault>> {
    read_with_warnings(text).map(|reading| reading.ladder)
}

/// Reads a ladder and lints it, or says everything that is wrong with it.
pub fn read_with_warnings(text: &str) -> Result<Reading, Vec<LineFault>> {
    let fault = |message: String| {
        vec![LineFault {
            line: 1,
            column: 1,
            path: String::new(),
            message,
        }]
    };
    let ladder: Ladder = toml::from_str(text).map_err(|error| fault(error.to_string()))?;
    match ladder.validate().first() {
        Some(first) => Err(fault(format!("{}: {}", first.path, first.message))),
        None => Ok(Reading {
            ladder,
            warnings: Vec::new(),
        }),
    }
}
