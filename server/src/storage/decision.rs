//! Decisions: append-only, with their inputs, rule, thresholds and versions inside.

use chrono::{DateTime, Utc};
use rung_progression::{DecisionId, Record, plan::Change};
use sqlx::types::{Json, Uuid};

use super::{Conn, Tx, db::on};
use crate::{
    access::{DecisionAccess, PlanAccess},
    error::{Error, Result},
    mutant::{anywhere, off, sql},
};

/// One decision as it was taken.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct StoredDecision {
    #[sqlx(try_from = "Uuid")]
    pub(crate) id: DecisionId,
    /// The check-in it answers; none for a physiotherapist's act.
    pub(crate) check_in_id: Option<Uuid>,
    #[sqlx(rename = "decision")]
    pub(crate) record: Json<Record>,
    pub(crate) decided_at: DateTime<Utc>,
    /// Of an amendment: all that it changed.
    pub(crate) changes: Option<Json<Vec<Change>>>,
}

/// The columns of [`StoredDecision`] and where they come from.
macro_rules! select_decision {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.check_in_id, d.decision, d.decided_at, r.changes FROM decision d \
             LEFT JOIN plan_revision r ON r.clinic_id = d.clinic_id AND r.plan_id = d.plan_id AND r.seq = d.seq \
             WHERE d.clinic_id = $1 AND d.plan_id = $2 ",
            $rest
        )
    };
}

/// Stores a decision of a locked plan.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    access: &PlanAccess,
    new: &StoredDecision,
) -> Result<()> {
    const SQL: &str = "INSERT INTO decision \
        (clinic_id, plan_id, seq, ordinal, id, athlete_id, check_in_id, decision, decided_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let seq = i64::try_from(new.record.decision.seq).map_err(Error::internal)?;
    on!(tx, execute sqlx::query(SQL)
        .bind(access.clinic().uuid())
        .bind(access.plan().uuid())
        .bind(seq)
        .bind(i64::from(new.record.decision.ordinal))
        .bind(new.id.uuid())
        .bind(access.athlete().athlete().uuid())
        .bind(new.check_in_id)
        .bind(Json(&*new.record))
        .bind(new.decided_at))?;
    Ok(())
}

/// One decision.
pub(crate) async fn get(conn: &mut Conn<'_>, access: &DecisionAccess) -> Result<StoredDecision> {
    const SQL: &str = select_decision!("AND d.id = $3");
    let query = sql(SQL, &[anywhere(off("clinic-decision-read"))]);
    on!(conn, fetch_optional sqlx::query_as::<_, StoredDecision>(query)
        .bind(access.plan().clinic().uuid())
        .bind(access.plan().plan().uuid())
        .bind(access.decision().uuid()))?
    .ok_or(Error::NotFound("decision"))
}

/// Decisions of one event of a plan, in the order in which they were taken.
pub(crate) async fn of_event(
    conn: &mut Conn<'_>,
    access: &PlanAccess,
    seq: i64,
) -> Result<Vec<StoredDecision>> {
    const SQL: &str = select_decision!("AND d.seq = $3 ORDER BY d.ordinal");
    let query = sql(SQL, &[anywhere(off("clinic-decisions-of-event"))]);
    Ok(
        on!(conn, fetch_all sqlx::query_as::<_, StoredDecision>(query)
        .bind(access.clinic().uuid())
        .bind(access.plan().uuid())
        .bind(seq))?,
    )
}

/// Decisions of the latest event that had any.
pub(crate) async fn latest(
    conn: &mut Conn<'_>,
    access: &PlanAccess,
) -> Result<Vec<StoredDecision>> {
    const SQL: &str = select_decision!(
        "AND d.seq = (SELECT MAX(seq) FROM decision WHERE clinic_id = $1 AND plan_id = $2) ORDER BY d.ordinal"
    );
    let query = sql(SQL, &[anywhere(off("clinic-decisions-latest"))]);
    Ok(
        on!(conn, fetch_all sqlx::query_as::<_, StoredDecision>(query)
        .bind(access.clinic().uuid())
        .bind(access.plan().uuid()))?,
    )
}

/// Decisions of a plan, the newest first, before `(seq, ordinal)`.
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    access: &PlanAccess,
    before: Option<(i64, i64)>,
    limit: i64,
) -> Result<Vec<StoredDecision>> {
    const SQL: &str = select_decision!(
        "AND (d.seq, d.ordinal) < ($3, $4) ORDER BY d.seq DESC, d.ordinal DESC LIMIT $5"
    );
    let (seq, ordinal) = before.unwrap_or((i64::MAX, i64::MAX));
    let query = sql(SQL, &[anywhere(off("clinic-decisions"))]);
    Ok(
        on!(conn, fetch_all sqlx::query_as::<_, StoredDecision>(query)
        .bind(access.clinic().uuid())
        .bind(access.plan().uuid())
        .bind(seq)
        .bind(ordinal)
        .bind(limit))?,
    )
}

/// Decisions of a plan in the order in which they were taken, after `(seq, ordinal)`.
pub(crate) async fn list_from(
    conn: &mut Conn<'_>,
    access: &PlanAccess,
    (seq, ordinal): (i64, i64),
    limit: i64,
) -> Result<Vec<StoredDecision>> {
    const SQL: &str =
        select_decision!("AND (d.seq, d.ordinal) > ($3, $4) ORDER BY d.seq, d.ordinal LIMIT $5");
    let query = sql(SQL, &[anywhere(off("clinic-decisions-from"))]);
    Ok(
        on!(conn, fetch_all sqlx::query_as::<_, StoredDecision>(query)
        .bind(access.clinic().uuid())
        .bind(access.plan().uuid())
        .bind(seq)
        .bind(ordinal)
        .bind(limit))?,
    )
}
