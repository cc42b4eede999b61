//! What athletes expect of a session before it: append-only; the client's id is the key for ever. Which check-in answers a
//! prediction stands with the check-in.

use chrono::{DateTime, Utc};
use rung_progression::{Fear, PainScore, PersonId, PlanId, RungIndex, TrackId};
use serde::{Deserialize, Serialize};
use sqlx::types::Uuid;

use super::{Conn, Tx, db::on};
use crate::{
    access::{AthleteAccess, PlanAccess},
    error::Result,
    mutant::{anywhere, off, sql},
    storage::base64,
};

/// A prediction as it was accepted.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, Deserialize)]
pub(crate) struct StoredPrediction {
    pub(crate) id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub(crate) plan_id: PlanId,
    /// Of the plan, when it was recorded.
    #[sqlx(try_from = "i64")]
    pub(crate) revision: u32,
    #[sqlx(try_from = "Uuid")]
    pub(crate) track_id: TrackId,
    #[sqlx(try_from = "i64")]
    pub(crate) rung: RungIndex,
    /// SHA-256 of what the client sent.
    #[serde(with = "base64")]
    pub(crate) fingerprint: Vec<u8>,
    /// By the athlete's own clock.
    pub(crate) made_at: DateTime<Utc>,
    pub(crate) recorded_at: DateTime<Utc>,
    #[sqlx(try_from = "Uuid")]
    pub(crate) entered_by: PersonId,
    pub(crate) feared_outcome: String,
    /// 0–100 percent.
    #[sqlx(try_from = "i64")]
    pub(crate) likelihood: u32,
    #[sqlx(try_from = "i64")]
    pub(crate) expected_fear: Fear,
    #[sqlx(try_from = "i64")]
    pub(crate) expected_pain: PainScore,
    /// The check-in that answers it, as it was corrected last.
    #[serde(skip)]
    pub(crate) check_in_id: Option<Uuid>,
    /// When the session was that answers it.
    #[serde(skip)]
    pub(crate) performed_at: Option<DateTime<Utc>>,
}

impl StoredPrediction {
    /// Whether it was none: it was made after the session began that answers it.
    pub(crate) fn is_late(&self) -> bool {
        self.performed_at.is_some_and(|at| self.made_at > at)
    }
}

/// The columns of [`StoredPrediction`] and where they come from. A check-in that was corrected answers nothing any more.
macro_rules! select_prediction {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.plan_id, p.revision, p.track_id, p.rung, p.fingerprint, p.made_at, p.recorded_at, \
             p.entered_by, p.feared_outcome, p.likelihood, p.expected_fear, p.expected_pain, \
             c.id AS check_in_id, c.performed_at \
             FROM prediction p LEFT JOIN check_in c ON c.clinic_id = p.clinic_id AND c.athlete_id = p.athlete_id \
             AND c.prediction_id = p.id AND NOT EXISTS (SELECT 1 FROM check_in n WHERE n.clinic_id = c.clinic_id \
             AND n.athlete_id = c.athlete_id AND n.corrects_id = COALESCE(c.corrects_id, c.id) AND n.seq > c.seq) \
             WHERE p.clinic_id = $1 AND p.athlete_id = $2 ",
            $rest
        )
    };
}

/// Adds a row; the values stand in the order of the columns.
pub(super) const INSERT: &str = "INSERT INTO prediction (clinic_id, athlete_id, id, plan_id, revision, track_id, rung, \
    fingerprint, made_at, recorded_at, entered_by, feared_outcome, likelihood, expected_fear, expected_pain) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";

/// Stores a prediction under a locked plan.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    access: &PlanAccess,
    new: &StoredPrediction,
) -> Result<()> {
    on!(tx, execute sqlx::query(INSERT)
        .bind(access.clinic().uuid())
        .bind(access.athlete().athlete().uuid())
        .bind(new.id)
        .bind(access.plan().uuid())
        .bind(i64::from(new.revision))
        .bind(new.track_id.uuid())
        .bind(i64::from(new.rung))
        .bind(new.fingerprint.as_slice())
        .bind(new.made_at)
        .bind(new.recorded_at)
        .bind(new.entered_by.uuid())
        .bind(new.feared_outcome.as_str())
        .bind(i64::from(new.likelihood))
        .bind(i64::from(new.expected_fear))
        .bind(i64::from(new.expected_pain)))?;
    Ok(())
}

/// The prediction with this id, if the athlete has one.
pub(crate) async fn find(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
    id: Uuid,
) -> Result<Option<StoredPrediction>> {
    const SQL: &str = select_prediction!("AND p.id = $3");
    let query = sql(SQL, &[anywhere(off("clinic-prediction"))]);
    Ok(
        on!(conn, fetch_optional sqlx::query_as::<_, StoredPrediction>(query)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid())
        .bind(id))?,
    )
}

/// Predictions of an athlete, the newest recorded first, before `(recorded_at, id)`.
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<StoredPrediction>> {
    const SQL: &str = select_prediction!(
        "AND (p.recorded_at, p.id) < ($3, $4) \
         ORDER BY p.recorded_at DESC, p.id DESC LIMIT $5"
    );
    let (at, id) = match before {
        Some(before) => before,
        None => super::end()?,
    };
    let query = sql(SQL, &[anywhere(off("clinic-predictions"))]);
    Ok(
        on!(conn, fetch_all sqlx::query_as::<_, StoredPrediction>(query)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid())
        .bind(at)
        .bind(id)
        .bind(limit))?,
    )
}

/// Predictions of an athlete in the order in which they were recorded, after `(recorded_at, id)`.
pub(crate) async fn list_from(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<StoredPrediction>> {
    const SQL: &str = select_prediction!(
        "AND (p.recorded_at, p.id) > ($3, $4) \
         ORDER BY p.recorded_at, p.id LIMIT $5"
    );
    let (at, id) = after.unwrap_or_default();
    let query = sql(SQL, &[anywhere(off("clinic-predictions-from"))]);
    Ok(
        on!(conn, fetch_all sqlx::query_as::<_, StoredPrediction>(query)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid())
        .bind(at)
        .bind(id)
        .bind(limit))?,
    )
}

#[cfg(test)]
#[path = "prediction_test.rs"]
mod tests;
