//! Judges what came back against a letter of the table.

use serde_json::Value;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use super::people;

/// What an answer has to say to be about the object that was asked for.
pub(super) enum Expect {
    /// All that stands at the path is this text, and something stands there.
    Is(&'static str, String),
    /// This text is among what stands at the path.
    Has(&'static str, String),
    /// What stands at the path contains this text.
    Holds(&'static str, String),
    /// The answer says this nowhere.
    Lacks(String),
    /// Something stands at the path.
    Some(&'static str),
    /// What stands at the first path is a link that ends with what stands at the second.
    Link(&'static str, &'static str),
    /// A token for this subject stands at the path.
    Token(&'static str, String),
    /// For the letter `e`: what would stand here if there were something to see.
    Empty(&'static str),
}

impl Expect {
    pub(super) fn is(path: &'static str, text: &str) -> Self {
        Self::Is(path, text.to_owned())
    }

    pub(super) fn has(path: &'static str, text: &str) -> Self {
        Self::Has(path, text.to_owned())
    }

    /// What is wrong with an answer; `empty` for the letter `e`.
    pub(super) fn fault(&self, answer: &Value, empty: bool) -> Option<String> {
        let texts = |path: &str| {
            let found = select(answer, path);
            found.iter().map(|v| plain(v)).collect::<Vec<_>>()
        };
        let wrong = match self {
            Self::Empty(path) => empty && !select(answer, path).is_empty(),
            Self::Lacks(text) => answer.to_string().contains(text.as_str()),
            // An empty answer is about nothing.
            _ if empty => false,
            Self::Is(path, text) => {
                let found = texts(path);
                found.is_empty() || found.iter().any(|found| found != text)
            }
            Self::Has(path, text) => !texts(path).contains(text),
            Self::Holds(path, text) => !texts(path)
                .iter()
                .any(|found| found.contains(text.as_str())),
            Self::Some(path) => texts(path)
                .iter()
                .all(|text| text.is_empty() || text == "[]"),
            Self::Link(link, code) => {
                let (links, codes) = (texts(link), texts(code));
                let pairs = links.iter().zip(&codes);
                let fits = |(link, code): (&String, &String)| {
                    !code.is_empty() && link.starts_with("http") && link.ends_with(code.as_str())
                };
                links.is_empty() || !pairs.into_iter().all(fits)
            }
            Self::Token(path, subject) => !texts(path).iter().any(|token| {
                people::claims(token).is_ok_and(|claims| claims["sub"] == subject.as_str())
            }),
        };
        wrong.then(|| match self {
            Self::Is(path, text) => format!("{path} is not all {text}: {:?}", texts(path)),
            Self::Has(path, text) | Self::Holds(path, text) => {
                format!("{text} is not at {path}: {:?}", texts(path))
            }
            Self::Lacks(text) => format!("tells {text}"),
            Self::Some(path) => format!("nothing at {path}"),
            Self::Link(link, code) => format!("{:?} does not lead to {code}", texts(link)),
            Self::Token(path, subject) => format!("no token of {subject} at {path}"),
            Self::Empty(path) => format!("there is something at {path}: {:?}", texts(path)),
        })
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// All values at a JSON pointer in which `*` stands for every element.
fn select<'a>(value: &'a Value, path: &str) -> Vec<&'a Value> {
    let mut found = vec![value];
    for step in path.split('/').skip(1) {
        found = found
            .into_iter()
            .flat_map(|value| match (value, step) {
                (Value::Array(items), "*") => items.iter().collect(),
                (value, step) => value
                    .pointer(&format!("/{step}"))
                    .into_iter()
                    .collect::<Vec<_>>(),
            })
            .collect();
    }
    found
}

/// A refusal as a caller sees it, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: Code,
    pub(crate) reason: String,
    pub(crate) message: String,
    /// Metadata and bad fields, as text.
    pub(crate) details: String,
}

impl From<&Status> for Refusal {
    fn from(status: &Status) -> Self {
        let details = status.get_error_details();
        let info = details.error_info();
        let mut metadata: Vec<_> = info.iter().flat_map(|info| &info.metadata).collect();
        metadata.sort();
        Self {
            code: status.code(),
            reason: info.map(|info| info.reason.clone()).unwrap_or_default(),
            message: status.message().to_owned(),
            details: format!("{metadata:?} {:?}", details.bad_request()),
        }
    }
}

/// Code and reason of a letter; `x` is the row's own.
pub(super) fn refusal(letter: char, secret: Option<&str>) -> Option<(Code, String)> {
    let (code, reason) = match letter {
        'u' => (Code::Unauthenticated, "TOKEN_INVALID"),
        'r' => (Code::PermissionDenied, "ROLE_REQUIRED"),
        's' => (Code::PermissionDenied, "SCOPE_REQUIRED"),
        'c' => (Code::PermissionDenied, "NOT_IN_CARE"),
        'n' => (Code::NotFound, "NOT_FOUND"),
        'i' => (Code::InvalidArgument, "INVALID_FIELDS"),
        'l' => (Code::FailedPrecondition, "CARE_TEAM_LEAD"),
        'x' => {
            let reason = secret.unwrap_or_default();
            let missing = ["INVITATION_INVALID", "RESET_CODE_INVALID"].contains(&reason);
            let code = if missing {
                Code::NotFound
            } else {
                Code::Unauthenticated
            };
            (code, reason)
        }
        _ => return None,
    };
    Some((code, reason.to_owned()))
}
