//! What the server refuses, as a [`Failure`]: message, fields as flags, and what to do about each reason.

use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::error::{BadField, Exit, Failure};
use crate::flag::{self, Flags};

/// Turns a status into a failure; `flags` are those of the command that asked.
pub(crate) fn from_status(status: &Status, flags: Flags) -> Box<Failure> {
    let details = status.get_error_details();
    let mut failure = Failure::new(exit(status.code()), "", sentence(status.message()));
    name(status.code()).clone_into(&mut failure.code);
    failure.reason.clone_from(&failure.code);
    if let Some(info) = details.error_info() {
        failure.reason.clone_from(&info.reason);
        failure.metadata = info.metadata.clone().into_iter().collect();
    }
    let violations = details
        .bad_request()
        .map(|b| b.field_violations.as_slice())
        .unwrap_or_default()
        .iter()
        .map(|v| (&v.field, &v.description));
    let preconditions = details
        .precondition_failure()
        .map(|p| p.violations.as_slice())
        .unwrap_or_default()
        .iter()
        .map(|v| (&v.subject, &v.description));
    for (path, message) in violations.chain(preconditions) {
        failure.fields.push(BadField {
            flag: flag::for_path(flags, path),
            path: path.clone(),
            message: message.clone(),
        });
    }
    failure.advice = advice(&failure.reason)
        .map(str::to_owned)
        .into_iter()
        .collect();
    if failure.reason == "CLINIC_REQUIRED" {
        for (key, value) in &failure.metadata {
            failure.advice.push(format!("  {key}: {value}"));
        }
    }
    if let Some(wait) = details.retry_info().and_then(|r| r.retry_delay) {
        failure.advice = vec![format!("Try again in {} s.", wait.as_secs().max(1))];
    }
    failure
}

fn exit(code: Code) -> Exit {
    match code {
        Code::Ok => Exit::Ok,
        Code::InvalidArgument | Code::OutOfRange => Exit::BadInput,
        Code::Unauthenticated => Exit::SignedOut,
        Code::PermissionDenied => Exit::Denied,
        Code::NotFound => Exit::NotFound,
        Code::Aborted | Code::AlreadyExists | Code::FailedPrecondition => Exit::Conflict,
        Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled | Code::ResourceExhausted => {
            Exit::Unreachable
        }
        Code::Internal | Code::Unknown | Code::Unimplemented | Code::DataLoss => Exit::Unexpected,
    }
}

fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

/// What to do about a reason of `ErrorReason`, where its message does not say it already.
fn advice(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "TOKEN_INVALID" | "REFRESH_TOKEN_INVALID" => "Sign in again with `rung login`.",
        "CLINIC_REQUIRED" => "Say which one with --clinic ID:",
        "ROLE_REQUIRED" => "`rung whoami` shows the roles you have.",
        "NOT_IN_CARE" => {
            "A physiotherapist on the care team can add you: rung athletes share ATHLETE PERSON_ID"
        }
        "REQUEST_ID_REUSED" => "Leave out --request-id for a new request.",
        "CHECK_IN_ID_REUSED" => "Leave out --id for a new check-in.",
        "ETAG_STALE" => "Look at it again (rung plan show), then decide again.",
        "ENTRY_NOT_MET" => {
            "Confirm criteria with --confirm or --confirm-all, go on without one with --waive ID=REASON, \
             and give a reason for baseline pain over the limit with --baseline-reason."
        }
        "LADDER_NOT_PUBLISHED" => "Publish it first: rung ladders publish FILE",
        "STORAGE_UNAVAILABLE" => "Nothing was changed. Try again in a moment.",
        _ => return None,
    })
}

/// The server's messages are clauses; people get a sentence.
fn sentence(message: &str) -> String {
    let mut chars = message.trim_end_matches('.').chars();
    match chars.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), chars.as_str()),
        None => "The server gave no reason.".to_owned(),
    }
}

#[cfg(test)]
#[path = "refusal_test.rs"]
mod tests;
