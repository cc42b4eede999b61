//! What can go wrong, told to a person or to a script, and the exit code it ends with.
//!
//! How do I add one? Say it with [`Failure::new`] where it happens; what the server says comes in through
//! [`crate::refusal`].

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::out::{Style, Tone, printable};

/// How the program ends; documented in `rung --help`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// It was done.
    Ok = 0,
    /// A fault of the program or of the server.
    Unexpected = 1,
    /// The command line, a file or a value is wrong.
    BadInput = 2,
    /// Nobody is signed in, or the sign-in does not hold any more.
    SignedOut = 3,
    /// The account may not do this.
    Denied = 4,
    /// There is no such thing.
    NotFound = 5,
    /// It does not fit what is stored.
    Conflict = 6,
    /// The server did not answer, or is too busy.
    Unreachable = 7,
}

/// Shown at the end of `rung --help`.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  unexpected fault of the program or of the server
  2  wrong usage, bad value or bad file
  3  not signed in
  4  not allowed
  5  not found
  6  conflict with what is stored
  7  server not reachable, or too busy";

/// One value that has to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadField {
    /// Path in the request, such as `check_in.session.pain_during`.
    pub(crate) path: String,
    /// The flag or argument it came from, such as `--pain-during`.
    pub(crate) flag: Option<String>,
    /// What is wrong with it.
    pub(crate) message: String,
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    /// How the program ends.
    pub(crate) exit: Exit,
    /// The gRPC code, or `CLIENT` when the server was not asked.
    pub(crate) code: String,
    /// `UPPER_SNAKE`, for scripts.
    pub(crate) reason: String,
    /// One sentence for people.
    pub(crate) message: String,
    /// The values that have to change.
    pub(crate) fields: Vec<BadField>,
    /// The variables of the message.
    pub(crate) metadata: BTreeMap<String, String>,
    /// What to do now, a sentence each.
    pub(crate) advice: Vec<String>,
}

/// Boxed: the happy way should not carry the weight of the other one.
pub(crate) type Result<T> = std::result::Result<T, Box<Failure>>;

impl Failure {
    /// A failure found by the client itself.
    pub(crate) fn new(exit: Exit, reason: &str, message: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            exit,
            code: "CLIENT".to_owned(),
            reason: reason.to_owned(),
            message: message.into(),
            fields: Vec::new(),
            metadata: BTreeMap::new(),
            advice: Vec::new(),
        })
    }

    /// A value, a file or a combination of flags that cannot be meant.
    pub(crate) fn bad_input(reason: &str, message: impl Into<String>) -> Box<Self> {
        Self::new(Exit::BadInput, reason, message)
    }

    /// A file that could not be read or written.
    pub(crate) fn file(path: &std::path::Path, error: &std::io::Error) -> Box<Self> {
        Self::bad_input("FILE", format!("{}: {}", path.display(), plain(error)))
    }

    /// Adds what to do now.
    #[must_use]
    pub(crate) fn advise(mut self: Box<Self>, advice: impl Into<String>) -> Box<Self> {
        self.advice.push(advice.into());
        self
    }

    /// For scripts: one object on stderr.
    pub(crate) fn to_json(&self) -> Value {
        let fields: Vec<Value> = self
            .fields
            .iter()
            .map(|f| match &f.flag {
                Some(flag) => json!({"field": f.path, "flag": flag, "message": f.message}),
                None => json!({"field": f.path, "message": f.message}),
            })
            .collect();
        json!({
            "code": self.code,
            "reason": self.reason,
            "message": self.message,
            "fields": fields,
            "metadata": self.metadata,
            "advice": self.advice,
            "exit_code": self.exit as u8,
        })
    }

    /// For people: the message, each bad value on its own line, then what to do.
    pub(crate) fn to_text(&self, style: &Style) -> String {
        let names: Vec<&str> = self
            .fields
            .iter()
            .map(|f| f.flag.as_deref().unwrap_or(&f.path))
            .collect();
        let width = names.iter().map(|n| n.chars().count()).max().unwrap_or(0);
        // A field that says the message once more adds nothing for a reader.
        let same = |text: &str| text.eq_ignore_ascii_case(self.message.trim_end_matches('.'));
        let fields = names
            .iter()
            .zip(&self.fields)
            .filter(|(_, field)| !same(&field.message))
            .map(|(name, field)| format!("  {name:width$}  {}", field.message));
        let lines: Vec<String> = std::iter::once(self.message.clone())
            .chain(fields)
            .chain(self.advice.iter().cloned())
            .map(|line| printable(&line))
            .collect();
        format!("{} {}", style.paint(Tone::Bad, "error:"), lines.join("\n"))
    }
}

/// An operating-system error without its number.
fn plain(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "may not be opened".to_owned(),
        std::io::ErrorKind::IsADirectory => "is a directory, not a file".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_every_exit_code() {
        for code in [
            Exit::Ok,
            Exit::Unexpected,
            Exit::BadInput,
            Exit::SignedOut,
            Exit::Denied,
            Exit::NotFound,
            Exit::Conflict,
            Exit::Unreachable,
        ] {
            assert!(
                EXIT_CODES.contains(&format!("\n  {}  ", code as u8)),
                "{code:?}"
            );
        }
    }
}
