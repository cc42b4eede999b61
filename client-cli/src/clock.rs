//! The one place where the client asks for the time, for a fresh id and for the zone of the machine.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

/// The present instant.
#[expect(
    clippy::disallowed_methods,
    reason = "the client's clock: everything else takes the instant as a value"
)]
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}

/// A fresh id, ordered by time: the name of a request or of a check-in.
#[expect(
    clippy::disallowed_methods,
    reason = "the client's source of ids: everything else takes the id as a value"
)]
pub(crate) fn fresh_id() -> Uuid {
    Uuid::now_v7()
}

/// The zone in which people at this machine read the clock: `TZ` when it names a zone, else the system's, else UTC.
pub(crate) fn local_zone() -> Tz {
    std::env::var("TZ")
        .ok()
        .and_then(|name| name.trim_start_matches(':').parse().ok())
        .or_else(|| iana_time_zone::get_timezone().ok()?.parse().ok())
        .unwrap_or(Tz::UTC)
}
