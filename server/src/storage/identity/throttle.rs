//! Counters of attempts, one row each, for all replicas together.
//!
//! The generic cell rate algorithm needs one number: the instant at which the next attempt would arrive if all came
//! evenly. An attempt moves it by one interval, and is refused while it lies further ahead than the burst allows.

use crate::{
    error::Result,
    mutant::off,
    storage::{Tx, db::on},
};

/// How many attempts there may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    /// At once.
    pub(crate) burst: i64,
    /// Afterwards one in so many microseconds.
    pub(crate) interval: i64,
}

impl Limit {
    fn tolerance(self) -> i64 {
        self.interval * (self.burst - 1)
    }
}

/// Counts one attempt at `now` (microseconds since 1970). When there were too many, nothing is counted, and the answer
/// is how many microseconds to wait.
pub(crate) async fn take(
    tx: &mut Tx<'_>,
    key: &[u8],
    limit: Limit,
    now: i64,
) -> Result<Option<i64>> {
    // One statement: of attempts at the same moment, on whatever replica, each counts on the one before it.
    const TAKE: &str = "INSERT INTO throttle (key, arrives_at) VALUES ($1, $2 + $3) \
                        ON CONFLICT (key) DO UPDATE SET arrives_at = $3 + \
                        CASE WHEN throttle.arrives_at > $2 THEN throttle.arrives_at ELSE $2 END \
                        WHERE throttle.arrives_at <= $2 + $4";
    const READ: &str = "SELECT arrives_at FROM throttle WHERE key = $1";
    let taken = on!(&mut **tx, execute sqlx::query(TAKE)
        .bind(key)
        .bind(now)
        .bind(limit.interval)
        .bind(limit.tolerance()))?;
    if taken == 1 || off("throttle") {
        return Ok(None);
    }
    let arrives_at: Option<i64> =
        on!(&mut **tx, fetch_optional sqlx::query_scalar(READ).bind(key))?;
    let wait = arrives_at.map_or(limit.interval, |at| at - limit.tolerance() - now);
    Ok(Some(wait.max(1)))
}

/// Uncounts one attempt.
pub(crate) async fn give_back(tx: &mut Tx<'_>, key: &[u8], limit: Limit) -> Result<()> {
    const SQL: &str = "UPDATE throttle SET arrives_at = arrives_at - $2 WHERE key = $1";
    on!(&mut **tx, execute sqlx::query(SQL).bind(key).bind(limit.interval))?;
    Ok(())
}

/// Removes the counters that count nothing any more at `now` (microseconds since 1970); answers how many they were.
pub(crate) async fn purge(tx: &mut Tx<'_>, now: i64) -> Result<u64> {
    const SQL: &str = "DELETE FROM throttle WHERE arrives_at <= $1";
    Ok(on!(&mut **tx, execute sqlx::query(SQL).bind(now))?)
}

/// How many counters there are.
#[cfg(test)]
pub(crate) async fn count(conn: &mut crate::storage::Conn<'_>) -> Result<i64> {
    Ok(on!(conn, fetch_one sqlx::query_scalar("SELECT COUNT(*) FROM throttle"))?)
}

#[cfg(test)]
#[path = "throttle_test.rs"]
mod tests;
