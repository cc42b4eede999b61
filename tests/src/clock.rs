//! The ambient clock and ids of this crate, in one place.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The instant.
#[expect(
    clippy::disallowed_methods,
    reason = "stories run against a real server with a real clock"
)]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// A fresh id, as a client makes it.
#[expect(
    clippy::disallowed_methods,
    reason = "databases and check-ins of concurrent tests must not meet"
)]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}
