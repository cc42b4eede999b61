//! Whose turn it is when time alone acts: plans are found by an index, and none is looked at before it is due.

use chrono::{DateTime, TimeDelta, Utc};
use rung_progression::{AthleteId, ClinicId, PlanId};
use sqlx::types::Uuid;

use super::StoredPlan;
use crate::{
    access::PlanAccess,
    error::Result,
    storage::{Conn, Tx, db::on},
};

/// A plan that time may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Due {
    #[sqlx(try_from = "Uuid")]
    pub(crate) plan_id: PlanId,
    #[sqlx(try_from = "Uuid")]
    pub(crate) athlete_id: AthleteId,
    #[sqlx(rename = "due_at")]
    pub(crate) since: DateTime<Utc>,
}

/// Plans of a clinic that are due at `now`, the longest due first, after one of them. A record that is locked away is
/// left alone.
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    clinic: ClinicId,
    now: DateTime<Utc>,
    after: Option<Due>,
    limit: i64,
) -> Result<Vec<Due>> {
    const SQL: &str = "SELECT s.plan_id, s.athlete_id, s.due_at FROM plan_state s \
        WHERE s.clinic_id = $1 AND s.due_at IS NOT NULL AND s.due_at <= $2 AND (s.due_at, s.plan_id) > ($3, $4) \
        AND EXISTS (SELECT 1 FROM athlete a \
            WHERE a.clinic_id = s.clinic_id AND a.id = s.athlete_id AND a.erased_at IS NULL) \
        ORDER BY s.due_at, s.plan_id LIMIT $5";
    let (at, plan) = match after {
        Some(due) => (due.since, due.plan_id.uuid()),
        // Before every instant at which anything can be due.
        None => (DateTime::UNIX_EPOCH - TimeDelta::days(1), Uuid::nil()),
    };
    Ok(on!(conn, fetch_all sqlx::query_as::<_, Due>(SQL)
        .bind(clinic.uuid())
        .bind(now)
        .bind(at)
        .bind(plan)
        .bind(limit))?)
}

/// Notes when a locked plan, which time has not changed, is due again. Its state is stored beside it, for it may have
/// been made again.
pub(crate) async fn put_off(tx: &mut Tx<'_>, access: &PlanAccess, plan: &StoredPlan) -> Result<()> {
    const SQL: &str = "UPDATE plan_state SET due_at = $3, state = $4, status = $5 WHERE clinic_id = $1 AND plan_id = $2";
    on!(tx, execute sqlx::query(SQL)
        .bind(access.clinic().uuid())
        .bind(access.plan().uuid())
        .bind(plan.due_at)
        .bind(plan.state.encode())
        .bind(plan.status))?;
    Ok(())
}
