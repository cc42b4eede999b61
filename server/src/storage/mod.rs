//! All SQL. One file per aggregate, one text for both databases.
//!
//! How do I add a query? A free function in the aggregate's file: it takes `&mut Conn` (or `&mut Tx` when it writes)
//! and the proof of permission it needs, names the clinic in its WHERE, and gets a test in `conformance`, which runs on
//! both databases.

pub(crate) mod athlete;
pub(crate) mod audit;
mod base64;
pub(crate) mod break_glass;
pub(crate) mod care_team;
pub(crate) mod check_in;
#[cfg(test)]
pub(crate) mod conformance;
pub(crate) mod consent;
pub(crate) mod db;
pub(crate) mod decision;
pub(crate) mod dialect;
pub(crate) mod erasure;
pub(crate) mod identity;
pub(crate) mod import;
pub(crate) mod ladder;
pub(crate) mod plan;
pub(crate) mod prediction;
pub(crate) mod relation;
pub(crate) mod request;
mod writer;

use chrono::{DateTime, Utc};
pub(crate) use db::{Conn, Db, Reader, Tx};
use uuid::Uuid;

use crate::error::{Error, Result};

/// Behind everything that is stored: where a list begins that has its newest row first.
fn end() -> Result<(DateTime<Utc>, Uuid)> {
    let at = DateTime::from_timestamp(253_402_300_799, 0);
    Ok((at.ok_or_else(|| Error::internal("year 9999"))?, Uuid::max()))
}

#[cfg(test)]
#[path = "stranger_test.rs"]
mod strangers;
#[cfg(test)]
#[path = "tenancy_test.rs"]
mod tenancy;
#[cfg(test)]
#[path = "wall_test.rs"]
mod walls;
