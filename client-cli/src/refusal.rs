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

/// What to do about a reason of the contract. A reason that the contract gains has to be told here, or nothing builds.
fn advice(reason: &str) -> Option<&'static str> {
    use rung_proto::v1::ErrorReason as Reason;
    let name = format!("ERROR_REASON_{reason}");
    Some(match Reason::from_str_name(&name)? {
        Reason::Unspecified => return None,
        Reason::InvalidFields => "`--help` says what each value may be.",
        Reason::PageTokenInvalid => "Run the command again; it starts from the first page.",
        Reason::TokenInvalid | Reason::RefreshTokenInvalid => "Sign in again with `rung login`.",
        Reason::CredentialsInvalid => {
            "Who joins and has no account yet gives a name: --name NAME. Who has forgotten the password gets a code from an \
             admin of the clinic: rung password reset CODE --server URL"
        }
        Reason::ClinicRequired => "Say which one with --clinic ID:",
        Reason::InvitationInvalid => "Ask whoever invited you for a new invitation.",
        Reason::NoRule | Reason::Internal => {
            "It is a fault of the server. Its operator finds the cause in its log."
        }
        Reason::RoleRequired => "`rung whoami` shows the roles you have.",
        Reason::NotInCare => {
            "Somebody on the care team, or an admin, can add you: rung athletes care add ATHLETE PERSON. In an emergency: \
             rung athletes break-glass ATHLETE --reason TEXT"
        }
        Reason::NotFound => {
            "Is the name or id right, and is it of the clinic that `rung whoami` shows?"
        }
        Reason::RequestIdReused => "Leave out --request-id for a new request.",
        Reason::CheckInIdReused => "Leave out --id for a new check-in.",
        Reason::PredictionIdReused => "Leave out --id for a new prediction.",
        Reason::AlreadyExists => "Use what is there, or choose another name.",
        Reason::EtagStale => {
            "Look at it again, then decide again; without --etag the present state is taken."
        }
        Reason::LadderNotPublished => {
            "Publish it first: rung ladders publish FILE, or rung ladders publish --draft LADDER"
        }
        Reason::LadderArchived => "`rung ladders list` shows what is offered.",
        Reason::LadderPublished | Reason::LadderBuiltIn => {
            "Make a copy that you can change: rung ladders clone LADDER --key KEY. The next version of a ladder of the \
             clinic comes from its file: rung ladders publish FILE"
        }
        Reason::EntryNotMet => {
            "Confirm criteria with --confirm or --confirm-all, go on without one with --waive ID=REASON, \
             and give a reason for baseline pain over the limit with --baseline-reason."
        }
        Reason::PlanAlreadyOpen => "`rung plan show ATHLETE` shows the open one.",
        Reason::NoPlan => {
            "A physiotherapist prescribes one: rung plan prescribe ATHLETE --ladder LADDER …"
        }
        Reason::PlanState => "`rung plan show` says what state it is in.",
        Reason::AdvanceBarred => {
            "What stands above has to end first, or not to hold any more. Past it: rung plan move PLAN --rung N --reason TEXT"
        }
        Reason::Overloaded | Reason::TooManyAttempts => "Try again later.",
        Reason::StorageUnavailable | Reason::DeadlineExceeded | Reason::AuditUnavailable => {
            "Try again in a moment."
        }
        Reason::MessageMalformed => {
            "Send less at once, or bring client and server to the same version."
        }
        Reason::SecondFactorRequired => "Set one up: rung totp enroll",
        Reason::SecondFactorInvalid => {
            "Take the next code that the authenticator shows, or a recovery code; a code works once. Is the clock of the \
             telephone right?"
        }
        Reason::SecondFactorState => "`rung whoami` shows whether the account has one.",
        Reason::AssertionInvalid => {
            "Are id, key, issuer and the clock of this machine right? An admin sees the account with: rung service-accounts \
             list"
        }
        Reason::ScopeRequired => {
            "A service account with more scopes is made by an admin of the clinic."
        }
        Reason::LastAdmin => {
            "Make somebody else an admin first: rung members update PERSON --roles admin"
        }
        Reason::CareTeamLead => {
            "Make somebody else the lead first: rung athletes care lead ATHLETE PERSON"
        }
        Reason::ResetCodeInvalid => {
            "Ask an admin of the clinic for a new code: rung members reset PERSON"
        }
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
