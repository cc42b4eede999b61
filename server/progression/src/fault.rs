//! What is wrong with something a human wrote, one message per field.

use serde::{Deserialize, Serialize};

/// One thing to put right. All faults of an input are reported together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Where, as a path: `tracks[1].policy.green_max`.
    pub path: String,
    /// What is wrong and what would be right, as a sentence.
    pub message: String,
}

/// Collects faults under a path.
pub(crate) struct Faults {
    prefix: String,
    pub(crate) list: Vec<Fault>,
}

impl Faults {
    pub(crate) fn new() -> Self {
        Self {
            prefix: String::new(),
            list: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, path: &str, message: impl Into<String>) {
        self.list.push(Fault {
            path: join(&self.prefix, path),
            message: message.into(),
        });
    }

    pub(crate) fn check(&mut self, holds: bool, path: &str, message: impl Into<String>) {
        if !holds {
            self.add(path, message);
        }
    }

    /// Takes over the faults of a part, put under `path`.
    pub(crate) fn under(&mut self, path: &str, part: Vec<Fault>) {
        for fault in part {
            self.list.push(Fault {
                path: join(&join(&self.prefix, path), &fault.path),
                message: fault.message,
            });
        }
    }

    /// A text that must say something and stay within a bound of characters.
    pub(crate) fn text(&mut self, path: &str, text: &str, max: usize) {
        self.check(!text.trim().is_empty(), path, "must not be empty");
        self.optional_text(path, text, max);
    }

    pub(crate) fn optional_text(&mut self, path: &str, text: &str, max: usize) {
        let length = text.chars().count();
        self.check(
            length <= max,
            path,
            format!("has {length} characters; at most {max} are allowed"),
        );
        self.check(
            !text
                .chars()
                .any(|c| c.is_control() && c != '\n' && c != '\t'),
            path,
            "must not hold control characters",
        );
    }

    pub(crate) fn count(&mut self, path: &str, count: usize, min: usize, max: usize) {
        self.check(
            (min..=max).contains(&count),
            path,
            format!("has {count} entries; {min} to {max} are allowed"),
        );
    }

    pub(crate) fn within(&mut self, path: &str, value: u32, min: u32, max: u32) {
        self.check(
            (min..=max).contains(&value),
            path,
            format!("must be between {min} and {max}"),
        );
    }
}

fn join(prefix: &str, path: &str) -> String {
    match (prefix.is_empty(), path.is_empty()) {
        (true, _) => path.to_owned(),
        (_, true) => prefix.to_owned(),
        _ => format!("{prefix}.{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_and_tabs_are_text_and_other_control_characters_are_not() {
        for (text, faults) in [("a\nb\tc", 0), ("a\u{7}b", 1), ("a\rb", 1)] {
            let mut found = Faults::new();
            found.optional_text("note", text, 10);
            assert_eq!(found.list.len(), faults, "{text:?}");
        }
    }

    #[test]
    fn a_fault_of_a_whole_part_stands_at_the_path_of_the_part() {
        let whole = Fault {
            path: String::new(),
            message: "is wrong".to_owned(),
        };
        let mut found = Faults::new();
        found.under("policy", vec![whole]);
        assert_eq!(found.list[0].path, "policy");
    }
}
