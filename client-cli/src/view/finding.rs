//! What is wrong with a ladder file, as compilers say it: `FILE:LINE: path: message`.

use std::path::Path;

use rung_progression::ladder::file::{LineFault, Reading};
use serde_json::{Value, json};

use crate::error::Result;
use crate::out::{Screen, Style, Tone, printable};
use crate::sheet::{Cell, For, Sheet};

/// The findings about one file.
pub(crate) struct Findings {
    file: String,
    /// Whether it is a fault, and what.
    found: Vec<(bool, LineFault)>,
}

impl Findings {
    /// What a reading found.
    pub(crate) fn of(file: &Path, reading: std::result::Result<Reading, Vec<LineFault>>) -> Self {
        let found = match reading {
            Ok(reading) => reading.warnings.into_iter().map(|w| (false, w)).collect(),
            Err(faults) => faults.into_iter().map(|f| (true, f)).collect(),
        };
        Self {
            file: file.display().to_string(),
            found,
        }
    }

    /// How many keep the ladder from being stored.
    pub(crate) fn faults(&self) -> usize {
        self.found.iter().filter(|(is_fault, _)| *is_fault).count()
    }
}

fn severity(is_fault: bool) -> &'static str {
    if is_fault { "error" } else { "warning" }
}

impl Screen for Findings {
    fn json(&self) -> Result<Value> {
        let found = self.found.iter().map(|(is_fault, f)| {
            json!({
                "severity": severity(*is_fault),
                "file": self.file,
                "line": f.line,
                "column": f.column,
                "field": f.path,
                "message": f.message,
            })
        });
        Ok(found.collect())
    }

    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("severity", For::All),
            ("file", For::All),
            ("line", For::All),
            ("column", For::Machine),
            ("field", For::All),
            ("message", For::All),
        ]);
        for (is_fault, f) in &self.found {
            sheet.row(vec![
                Cell::text(severity(*is_fault)),
                Cell::text(&self.file),
                Cell::text(f.line.to_string()),
                Cell::text(f.column.to_string()),
                Cell::text(&f.path),
                Cell::text(&f.message),
            ]);
        }
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let line = |(is_fault, f): &(bool, LineFault)| {
            let path = if f.path.is_empty() {
                String::new()
            } else {
                format!("{}: ", f.path)
            };
            let mark = if *is_fault {
                String::new()
            } else {
                style.paint(Tone::Warn, "warning: ")
            };
            format!(
                "{}:{}: {mark}{}",
                self.file,
                f.line,
                printable(&format!("{path}{}", f.message))
            )
        };
        self.found.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    fn empty(&self) -> Option<&'static str> {
        self.found.is_empty().then_some("Nothing to mend.")
    }
}
