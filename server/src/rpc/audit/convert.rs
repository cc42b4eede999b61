//! Audit rows as messages.

use rung_proto::v1;

use crate::{access::Roles, error::Result, storage::audit::Row};

/// A set of roles as the row has it; service accounts and the operator have none.
pub(in crate::rpc) fn roles(text: &str) -> Result<Roles> {
    if text.is_empty() {
        return Ok(Roles::default());
    }
    text.parse()
}

pub(in crate::rpc) fn effect(row: &Row) -> v1::Effect {
    match row.effect.as_str() {
        "READ" => v1::Effect::Read,
        "WRITE" => v1::Effect::Write,
        _ => v1::Effect::Unspecified,
    }
}

pub(in crate::rpc) fn outcome(row: &Row) -> v1::AccessOutcome {
    match row.outcome.as_str() {
        "ALLOWED" => v1::AccessOutcome::Allowed,
        "DENIED" => v1::AccessOutcome::Denied,
        "FAILED" => v1::AccessOutcome::Failed,
        _ => v1::AccessOutcome::Unspecified,
    }
}
