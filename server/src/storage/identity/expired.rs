//! Rows that have run out, and that nobody will ask for again.

use chrono::{DateTime, TimeDelta, Utc};

use super::throttle;
use crate::{
    error::Result,
    storage::{Tx, db::on},
};

/// How long a session, a code or an invitation stays after its end: for whoever asks what became of it.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Deletes them.
pub(crate) async fn delete(tx: &mut Tx<'_>, now: DateTime<Utc>) -> Result<()> {
    const OVER: [&str; 4] = [
        "DELETE FROM refresh_token WHERE session_id IN \
            (SELECT id FROM auth_session WHERE expires_at < $1 OR revoked_at < $1)",
        "DELETE FROM auth_session WHERE expires_at < $1 OR revoked_at < $1",
        "DELETE FROM invitation WHERE expires_at < $1",
        "DELETE FROM reset_code WHERE expires_at < $1 OR closed_at < $1",
    ];
    const USED: &str = "DELETE FROM used_assertion WHERE expires_at < $1";
    for sql in OVER {
        on!(&mut **tx, execute sqlx::query(sql).bind(now - KEPT))?;
    }
    // Clocks of replicas lie apart: a day more costs nothing.
    let day_ago = now - TimeDelta::days(1);
    on!(&mut **tx, execute sqlx::query(USED).bind(day_ago))?;
    throttle::purge(tx, day_ago.timestamp_micros()).await?;
    Ok(())
}
