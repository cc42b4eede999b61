//! What is wrong with a ladder file, as compilers say it: `FILE:LINE: path: message`.

use std::path::Path;

use rung_progression::ladder::file::{LineFault, Reading};
use serde_json::{Value, json};

use crate::out::{Screen, Style, Tone, printable};
use crate::sheet::{Cell, For, Sheet};

/// The findings about files.
#[derive(Default)]
pub(crate) struct Findings(Vec<Finding>);

struct Finding {
    file: String,
    /// Whether it keeps the ladder from being stored.
    is_fault: bool,
    found: LineFault,
}

impl Findings {
    /// Adds what the reading of a file found.
    pub(crate) fn add(&mut self, file: &Path, reading: Result<Reading, Vec<LineFault>>) {
        let (is_fault, found) = match reading {
            Ok(reading) => (false, reading.warnings),
            Err(faults) => (true, faults),
        };
        let file = file.display().to_string();
        self.0.extend(found.into_iter().map(|found| Finding {
            file: file.clone(),
            is_fault,
            found,
        }));
    }

    /// How many keep a ladder from being stored.
    pub(crate) fn faults(&self) -> usize {
        self.0.iter().filter(|finding| finding.is_fault).count()
    }

    /// The files that have faults.
    pub(crate) fn faulty(&self) -> Vec<&str> {
        let faults = self.0.iter().filter(|finding| finding.is_fault);
        let mut files: Vec<&str> = faults.map(|finding| finding.file.as_str()).collect();
        files.dedup();
        files
    }
}

fn severity(is_fault: bool) -> &'static str {
    if is_fault { "error" } else { "warning" }
}

impl Screen for Findings {
    fn json(&self) -> crate::error::Result<Value> {
        let found = self.0.iter().map(|finding| {
            let f = &finding.found;
            json!({
                "severity": severity(finding.is_fault),
                "file": finding.file,
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
        for finding in &self.0 {
            let f = &finding.found;
            sheet.row(vec![
                Cell::text(severity(finding.is_fault)),
                Cell::text(&finding.file),
                Cell::text(f.line.to_string()),
                Cell::text(f.column.to_string()),
                Cell::text(&f.path),
                Cell::text(&f.message),
            ]);
        }
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let line = |finding: &Finding| {
            let f = &finding.found;
            let path = if f.path.is_empty() {
                String::new()
            } else {
                format!("{}: ", f.path)
            };
            let mark = if finding.is_fault {
                String::new()
            } else {
                style.paint(Tone::Warn, "warning: ")
            };
            format!(
                "{}:{}: {mark}{}",
                finding.file,
                f.line,
                printable(&format!("{path}{}", f.message))
            )
        };
        self.0.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    fn empty(&self) -> Option<&'static str> {
        self.0.is_empty().then_some("Nothing to mend.")
    }
}
