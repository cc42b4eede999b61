//! How answers look: one file a resource, each a [`crate::out::Screen`].

pub(crate) mod access_log;
pub(crate) mod account;
pub(crate) mod amendment;
pub(crate) mod athlete;
pub(crate) mod audit;
pub(crate) mod care_team;
pub(crate) mod caseload;
pub(crate) mod chain;
pub(crate) mod check_in;
pub(crate) mod clinic;
pub(crate) mod comparison;
pub(crate) mod consent;
pub(crate) mod decision;
pub(crate) mod done;
pub(crate) mod erasure;
pub(crate) mod explanation;
pub(crate) mod finding;
pub(crate) mod glass;
pub(crate) mod goal;
pub(crate) mod invitation;
pub(crate) mod ladder;
pub(crate) mod ladder_change;
pub(crate) mod layout;
pub(crate) mod member;
pub(crate) mod membership;
pub(crate) mod plan;
pub(crate) mod prediction;
pub(crate) mod red_flag;
pub(crate) mod schedule;
pub(crate) mod service_account;
pub(crate) mod session;
pub(crate) mod simulation;
pub(crate) mod today;
pub(crate) mod totp;
pub(crate) mod verified;
pub(crate) mod who_am_i;
pub(crate) mod word;

use prost::{Message, Name};
use serde_json::Value;

use crate::error::{Exit, Failure, Result};

/// A message of the contract as JSON.
pub(crate) fn json<M: Message + Name>(message: &M) -> Result<Value> {
    rung_proto::to_json(message).map_err(|e| Failure::new(Exit::Unexpected, "JSON", e.to_string()))
}

/// A list of messages as a JSON array, `[]` when there are none.
pub(crate) fn json_list<M: Message + Name>(messages: &[M]) -> Result<Value> {
    messages
        .iter()
        .map(json)
        .collect::<Result<Vec<Value>>>()
        .map(Value::Array)
}

#[cfg(test)]
mod test;
