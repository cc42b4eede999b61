//! Parsing a request: every raw proto field becomes a domain type here, once, and all bad ones are reported together.
//!
//! A function that reads a field answers `None` after it has noted a fault, so that the parser reads on to the next field;
//! [`Fields::finish`] then has either the whole value or all the faults.

mod value;

use std::fmt::Display;

use rung_progression::Fault;

use crate::error::{Error, Result, Violation};

/// The most a page may hold, and what it holds when nothing is said.
const PAGE_MAX: i32 = 200;
const PAGE_DEFAULT: i64 = 50;

/// The faults of one request so far.
#[derive(Default)]
pub(crate) struct Fields {
    prefix: String,
    violations: Vec<Violation>,
}

impl Fields {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A collector whose paths start with `prefix`: `Fields::under("check_in")` notes `check_in.id`.
    pub(crate) fn under(prefix: &str) -> Self {
        Self {
            prefix: format!("{prefix}."),
            violations: vec![],
        }
    }

    /// Reads a part of the message; its paths stand below `path`.
    pub(crate) fn part<T>(&mut self, path: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.prefix.clone();
        self.prefix = format!("{outer}{path}.");
        let value = read(self);
        self.prefix = outer;
        value
    }

    /// Notes a fault.
    pub(crate) fn fault(&mut self, path: &str, message: impl Into<String>) {
        self.violations
            .push(Violation::new(format!("{}{path}", self.prefix), message));
    }

    /// Takes over what the domain found wrong with the whole, its paths below the current one. A field that was noted
    /// already had a stand-in there: what is said of that is left out.
    pub(crate) fn faults(&mut self, faults: Vec<Fault>) {
        for fault in faults {
            let path = format!("{}{}", self.prefix, fault.path);
            let noted = |v: &Violation| {
                path.strip_prefix(&v.field)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            };
            if !self.violations.iter().any(noted) {
                self.violations.push(Violation::new(path, fault.message));
            }
        }
    }

    /// A list that is not longer than anybody needs. Nothing is made of one that is: the work would grow with it.
    pub(crate) fn at_most<'a, T>(&mut self, path: &str, list: &'a [T], most: usize) -> &'a [T] {
        if list.len() > most {
            self.fault(
                path,
                format!("has {} entries; at most {most} are allowed", list.len()),
            );
            return &[];
        }
        list
    }

    /// Whether the part that is being read was noted as a whole: then its fields need not be noted too.
    pub(crate) fn is_noted(&self) -> bool {
        let part = self.prefix.trim_end_matches('.');
        self.violations.iter().any(|v| v.field == part)
    }

    /// How much was noted so far: whoever reads a part sees whether something of it was.
    pub(crate) fn noted(&self) -> usize {
        self.violations.len()
    }

    /// Whether nothing was noted so far.
    pub(crate) fn is_clean(&self) -> bool {
        self.violations.is_empty()
    }

    /// The value, or a noted fault.
    pub(crate) fn check<T, E: Display>(&mut self, path: &str, value: Result<T, E>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(e) => {
                self.fault(path, e.to_string());
                None
            }
        }
    }

    /// A field that has to be there.
    pub(crate) fn required<T>(&mut self, path: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.fault(path, "is missing");
        }
        value
    }

    /// How many entries a page shall hold.
    pub(crate) fn page_size(&mut self, size: i32) -> Option<i64> {
        match size {
            0 => Some(PAGE_DEFAULT),
            1..=PAGE_MAX => Some(i64::from(size)),
            _ => {
                self.fault(
                    "page_size",
                    format!("is {size}; it must be between 1 and {PAGE_MAX}, or 0"),
                );
                None
            }
        }
    }

    /// Where a page begins. A token that is not of this query is told alone, or beside the other faults.
    pub(crate) fn page<T, K>(
        self,
        rest: Option<T>,
        token: Result<Option<K>>,
    ) -> Result<(T, Option<K>)> {
        let mut f = self;
        match token {
            Ok(after) => Ok((f.finish(rest)?, after)),
            Err(e) if f.is_clean() => Err(e),
            Err(e) => {
                f.fault("page_token", e.to_string());
                f.finish(None)
            }
        }
    }

    /// The value, or every fault that was noted.
    pub(crate) fn finish<T>(self, value: Option<T>) -> Result<T> {
        if !self.violations.is_empty() {
            return Err(Error::InvalidFields(self.violations));
        }
        value.ok_or_else(|| Error::internal("a field was dropped without a fault"))
    }
}

#[cfg(test)]
#[path = "field/field_test.rs"]
mod tests;
