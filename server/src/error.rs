//! Every failure there is, and its one way out as a gRPC status.
//!
//! How do I add one? Add the reason to `proto/rung/v1/error.proto`, a variant here, and its line in [`Error::shape`]:
//! the compiler asks for nothing else.

use std::{collections::HashMap, time::Duration};

use chrono::NaiveDate;
use rung_proto::v1::ErrorReason;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, PreconditionViolation, StatusExt};

/// Domain of every `google.rpc.ErrorInfo`.
const DOMAIN: &str = "rung.dev";

/// One bad field: its proto path and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) field: String,
    pub(crate) message: String,
}

impl Violation {
    pub(crate) fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

/// What keeps a step up from being taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bar {
    /// Reason code of the rule.
    pub(crate) code: &'static str,
    /// One sentence.
    pub(crate) text: String,
    /// The first date without it, where time alone ends it.
    pub(crate) until: Option<NaiveDate>,
}

impl Bar {
    fn sentence(&self) -> String {
        match self.until {
            Some(until) => format!("{} Until {until}.", self.text),
            None => self.text.clone(),
        }
    }
}

/// What can go wrong; the reason of each says in the contract what the caller can do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("some fields are missing or out of range")]
    InvalidFields(Vec<Violation>),
    #[error("the page token was not made for this query; start again without it")]
    PageToken,
    #[error("sign in: the access token is missing, malformed, expired or from elsewhere")]
    TokenInvalid,
    #[error("e-mail address and password do not belong together")]
    CredentialsInvalid,
    #[error("sign in again: the refresh token is unknown, used, expired or revoked")]
    RefreshTokenInvalid,
    #[error("the account has several clinics; name one of them")]
    ClinicRequired { clinics: Vec<(String, String)> },
    #[error("the invitation is unknown, used or expired; ask for a new one")]
    InvitationInvalid,
    #[error("this method has no access rule and is closed")]
    NoRule,
    #[error("none of your roles may do this")]
    RoleRequired,
    #[error("you are not on this athlete's care team")]
    NotInCare,
    #[error("{0} not found")]
    NotFound(&'static str),
    #[error("this request_id was used for another request; use a new one")]
    RequestIdReused,
    #[error(
        "a check-in with this id and another content is stored; send a correction as a new one"
    )]
    CheckInIdReused,
    #[error("a prediction with this id and another body is stored")]
    PredictionIdReused,
    #[error("the clinic has {what} already")]
    AlreadyExists { what: String },
    #[error("somebody changed it since you read it; read it again")]
    EtagStale { current: String },
    #[error("the ladder is a draft; publish it first")]
    LadderNotPublished { field: String },
    #[error("the ladder is archived; choose a version that is offered")]
    LadderArchived { field: String },
    #[error("a published ladder never changes; make its next version, or clone it")]
    LadderPublished,
    #[error("the ladder is of the built-in library; clone it under a key of your own")]
    LadderBuiltIn,
    #[error("the athlete does not meet the entry criteria and no reason is given")]
    EntryNotMet(Vec<Violation>),
    #[error("the athlete has another open plan")]
    PlanAlreadyOpen,
    #[error("the athlete has no plan yet")]
    NoPlan,
    #[error("the plan is {state}; {hint}")]
    PlanState {
        state: &'static str,
        hint: &'static str,
    },
    #[error("the step up cannot be taken now")]
    AdvanceBarred(Vec<Bar>),
    #[error("too many at once; try again in a moment")]
    Overloaded { retry_after: Duration },
    #[error("the database did not answer; send it again under the same id")]
    Database(#[from] sqlx::Error),
    #[error("the call took longer than it may; send it again under the same id")]
    Deadline,
    #[error("the message is too large, or is none of this method")]
    Malformed,
    #[error("too many failed attempts; wait before the next one")]
    TooManyAttempts { retry_after: Duration },
    #[error("the clinic asks your role for a second factor; enrol one")]
    SecondFactorRequired,
    #[error("the code is wrong, too old or used; sign in again if it keeps failing")]
    SecondFactorInvalid,
    #[error("the account has {state}")]
    SecondFactorState { state: &'static str },
    #[error(
        "the assertion is malformed, expired, used before, or not signed by a key of the service account"
    )]
    AssertionInvalid,
    #[error("the service account lacks the scope for this")]
    ScopeRequired,
    #[error("the clinic would be left without an active admin; make somebody else admin first")]
    LastAdmin,
    #[error("the lead of a care team cannot be taken off it; transfer the lead first")]
    CareTeamLead,
    #[error("the reset code is unknown, used or expired; ask the admin for a new one")]
    ResetCodeInvalid,
    #[error(
        "the audit row could not be written, so nothing is answered; send it again under the same id"
    )]
    AuditUnavailable,
    #[error("internal error")]
    Internal(String),
}

/// What a failure looks like from outside.
struct Shape {
    code: Code,
    reason: ErrorReason,
    metadata: Vec<(String, String)>,
    violations: Vec<Violation>,
}

impl Error {
    /// A fault of ours, told to the log and not to the caller.
    pub(crate) fn internal(what: impl std::fmt::Display) -> Self {
        Self::Internal(what.to_string())
    }

    /// One bad field.
    pub(crate) fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::InvalidFields(vec![Violation::new(field, message)])
    }

    /// Whether the database asks for the same transaction again (serialization failure, deadlock).
    pub(crate) fn is_retryable(&self) -> bool {
        let Self::Database(sqlx::Error::Database(e)) = self else {
            return false;
        };
        matches!(e.code().as_deref(), Some("40001" | "40P01"))
    }

    /// Whether somebody guessed, and guessed wrong: what the throttle counts.
    pub(crate) fn is_wrong_guess(&self) -> bool {
        matches!(
            self,
            Self::CredentialsInvalid
                | Self::InvitationInvalid
                | Self::ResetCodeInvalid
                | Self::SecondFactorInvalid
                | Self::AssertionInvalid
        )
    }

    /// The code, as callers get it.
    pub(crate) fn code(&self) -> Code {
        self.shape().code
    }

    /// The machine-readable reason, as callers get it.
    pub(crate) fn reason(&self) -> &'static str {
        let name = self.shape().reason.as_str_name();
        name.strip_prefix("ERROR_REASON_").unwrap_or(name)
    }

    /// What the log may know of a fault of ours; nothing for a fault of the caller's.
    pub(crate) fn cause(&self) -> Option<String> {
        match self {
            Self::Database(cause) => Some(told(cause)),
            Self::Internal(cause) => Some(cause.clone()),
            _ => None,
        }
    }

    /// This failure as that of one field.
    fn at(&self, field: &str) -> Vec<Violation> {
        vec![Violation::new(field, self.to_string())]
    }

    fn shape(&self) -> Shape {
        use ErrorReason as R;
        let plain = |code, reason| Shape {
            code,
            reason,
            metadata: vec![],
            violations: vec![],
        };
        match self {
            Self::InvalidFields(violations) => Shape {
                violations: violations.clone(),
                ..plain(Code::InvalidArgument, R::InvalidFields)
            },
            Self::PageToken => Shape {
                violations: self.at("page_token"),
                ..plain(Code::InvalidArgument, R::PageTokenInvalid)
            },
            Self::TokenInvalid => plain(Code::Unauthenticated, R::TokenInvalid),
            Self::CredentialsInvalid => plain(Code::Unauthenticated, R::CredentialsInvalid),
            Self::RefreshTokenInvalid => plain(Code::Unauthenticated, R::RefreshTokenInvalid),
            Self::ClinicRequired { clinics } => Shape {
                metadata: clinics.clone(),
                ..plain(Code::FailedPrecondition, R::ClinicRequired)
            },
            Self::InvitationInvalid => plain(Code::NotFound, R::InvitationInvalid),
            Self::NoRule => plain(Code::PermissionDenied, R::NoRule),
            Self::RoleRequired => plain(Code::PermissionDenied, R::RoleRequired),
            Self::NotInCare => plain(Code::PermissionDenied, R::NotInCare),
            Self::NotFound(what) => Shape {
                metadata: vec![("resource".to_owned(), (*what).to_owned())],
                ..plain(Code::NotFound, R::NotFound)
            },
            Self::RequestIdReused => Shape {
                violations: self.at("request_id"),
                ..plain(Code::AlreadyExists, R::RequestIdReused)
            },
            Self::CheckInIdReused => Shape {
                violations: self.at("check_in.id"),
                ..plain(Code::AlreadyExists, R::CheckInIdReused)
            },
            Self::PredictionIdReused => Shape {
                violations: self.at("prediction.id"),
                ..plain(Code::AlreadyExists, R::PredictionIdReused)
            },
            Self::AlreadyExists { what } => Shape {
                metadata: vec![("what".to_owned(), what.clone())],
                ..plain(Code::AlreadyExists, R::AlreadyExists)
            },
            Self::EtagStale { current } => Shape {
                metadata: vec![("etag".to_owned(), current.clone())],
                violations: self.at("etag"),
                ..plain(Code::Aborted, R::EtagStale)
            },
            Self::LadderNotPublished { field } => Shape {
                violations: self.at(field),
                ..plain(Code::FailedPrecondition, R::LadderNotPublished)
            },
            Self::LadderArchived { field } => Shape {
                violations: self.at(field),
                ..plain(Code::FailedPrecondition, R::LadderArchived)
            },
            Self::LadderPublished => plain(Code::FailedPrecondition, R::LadderPublished),
            Self::LadderBuiltIn => plain(Code::FailedPrecondition, R::LadderBuiltIn),
            Self::EntryNotMet(violations) => Shape {
                violations: violations.clone(),
                ..plain(Code::FailedPrecondition, R::EntryNotMet)
            },
            Self::PlanAlreadyOpen => plain(Code::FailedPrecondition, R::PlanAlreadyOpen),
            Self::NoPlan => plain(Code::FailedPrecondition, R::NoPlan),
            Self::PlanState { state, hint } => Shape {
                metadata: vec![
                    ("state".to_owned(), (*state).to_owned()),
                    ("hint".to_owned(), (*hint).to_owned()),
                ],
                ..plain(Code::FailedPrecondition, R::PlanState)
            },
            Self::AdvanceBarred(bars) => Shape {
                metadata: bar_metadata(bars),
                ..plain(Code::FailedPrecondition, R::AdvanceBarred)
            },
            Self::Overloaded { .. } => plain(Code::ResourceExhausted, R::Overloaded),
            Self::Database(_) => plain(Code::Unavailable, R::StorageUnavailable),
            Self::Deadline => plain(Code::DeadlineExceeded, R::DeadlineExceeded),
            Self::Malformed => plain(Code::InvalidArgument, R::MessageMalformed),
            Self::TooManyAttempts { .. } => plain(Code::ResourceExhausted, R::TooManyAttempts),
            Self::SecondFactorRequired => plain(Code::PermissionDenied, R::SecondFactorRequired),
            Self::SecondFactorInvalid => plain(Code::Unauthenticated, R::SecondFactorInvalid),
            Self::SecondFactorState { state } => Shape {
                metadata: vec![("state".to_owned(), (*state).to_owned())],
                ..plain(Code::FailedPrecondition, R::SecondFactorState)
            },
            Self::AssertionInvalid => plain(Code::Unauthenticated, R::AssertionInvalid),
            Self::ScopeRequired => plain(Code::PermissionDenied, R::ScopeRequired),
            Self::LastAdmin => plain(Code::FailedPrecondition, R::LastAdmin),
            Self::CareTeamLead => plain(Code::FailedPrecondition, R::CareTeamLead),
            Self::ResetCodeInvalid => plain(Code::NotFound, R::ResetCodeInvalid),
            Self::AuditUnavailable => plain(Code::Unavailable, R::AuditUnavailable),
            Self::Internal(_) => plain(Code::Internal, R::Internal),
        }
    }
}

fn bar_metadata(bars: &[Bar]) -> Vec<(String, String)> {
    let codes: Vec<&str> = bars.iter().map(|bar| bar.code).collect();
    let ends = bars.iter().filter_map(|bar| {
        let until = bar.until?;
        Some((format!("until_{}", bar.code), until.to_string()))
    });
    let named = ("bars".to_owned(), codes.join(","));
    std::iter::once(named).chain(ends).collect()
}

/// Violations as they travel: in a trailer, of which clients take a few kilobytes and no more. One that is cut off would
/// cost the caller code and reason too.
fn bounded(violations: &[Violation]) -> Vec<FieldViolation> {
    const BYTES: usize = 4096;
    const TEXT: usize = 240;
    let short = |text: &str| match text.char_indices().nth(TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    };
    let mut told = Vec::new();
    let mut bytes = 0;
    for v in violations {
        let (field, message) = (short(&v.field), short(&v.message));
        bytes += field.len() + message.len() + 8;
        if bytes > BYTES {
            let more = violations.len() - told.len();
            told.push(FieldViolation::new(
                String::new(),
                format!("and {more} more"),
            ));
            break;
        }
        told.push(FieldViolation::new(field, message));
    }
    told
}

/// What the log may know of a database's failure. An error of decoding quotes what was stored, which may be a
/// measurement or a note: it is told by its column alone.
fn told(cause: &sqlx::Error) -> String {
    match cause {
        sqlx::Error::ColumnDecode { index, .. } => format!("column {index} does not decode"),
        sqlx::Error::Decode(_) | sqlx::Error::Encode(_) => {
            "a value does not decode or encode".to_owned()
        }
        other => other.to_string(),
    }
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        // Driver text and internal causes stop here: the log has them, the caller does not.
        match &error {
            Error::Database(cause) => tracing::error!(cause = told(cause), "database"),
            Error::Internal(cause) => tracing::error!(%cause, "internal"),
            _ => {}
        }
        let (shape, reason) = (error.shape(), error.reason());
        let metadata: HashMap<String, String> = shape.metadata.into_iter().collect();
        let mut details = ErrorDetails::with_error_info(reason, DOMAIN, metadata);
        if !shape.violations.is_empty() {
            details.set_bad_request(bounded(&shape.violations));
        }
        if let Error::AdvanceBarred(bars) = &error {
            let told = bars
                .iter()
                .map(|bar| PreconditionViolation::new(bar.code, "track_id", bar.sentence()));
            details.set_precondition_failure(told.collect::<Vec<_>>());
        }
        if let Error::Overloaded { retry_after } | Error::TooManyAttempts { retry_after } = &error {
            details.set_retry_info(Some(*retry_after));
        }
        Self::with_error_details(shape.code, error.to_string(), details)
    }
}

/// Short for `Result<T, Error>`.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

#[cfg(test)]
#[path = "error_test.rs"]
mod tests;
