//! Glass that was broken: emergencies in which somebody read a record outside their care.

use chrono::{DateTime, Utc};
use rung_progression::{BreakGlassId, ClinicId};
use sqlx::types::Uuid;

use super::{Conn, Tx, athlete, db::on, identity::membership};
use crate::{
    access::{AthleteAccess, ClinicAccess, GlassAccess},
    error::{Error, Result},
    mutant::{anywhere, off, sql},
};

/// One breaking of glass.
#[derive(Clone, Debug, sqlx::FromRow, serde::Serialize)]
pub(crate) struct BreakGlass {
    pub(crate) id: Uuid,
    pub(crate) athlete_id: Uuid,
    pub(crate) person_id: Uuid,
    pub(crate) reason: String,
    pub(crate) at: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) acknowledged_at: Option<DateTime<Utc>>,
    pub(crate) acknowledged_by: Option<Uuid>,
}

/// Opens the record to the caller until `expires_at`.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    access: &GlassAccess,
    reason: &str,
    at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    const SQL: &str = "INSERT INTO break_glass (clinic_id, id, athlete_id, person_id, reason, at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    // Erased since the permission was given: nothing is written about them any more.
    if !athlete::lock(tx, access.clinic(), access.athlete()).await? {
        return Err(Error::NotFound("athlete"));
    }
    on!(tx, execute sqlx::query(SQL)
        .bind(access.clinic().uuid())
        .bind(access.glass().uuid())
        .bind(access.athlete().uuid())
        .bind(access.person().uuid())
        .bind(reason)
        .bind(at)
        .bind(expires_at))?;
    Ok(())
}

/// Those of the clinic, the newest first, before `before`; what is locked away is not shown.
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    access: &ClinicAccess,
    unseen: bool,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<BreakGlass>> {
    const SQL: &str = "SELECT id, athlete_id, person_id, reason, at, expires_at, acknowledged_at, acknowledged_by \
        FROM break_glass g WHERE clinic_id = $1 AND id < $2 AND (acknowledged_at IS NULL OR NOT $3) \
        AND EXISTS (SELECT 1 FROM athlete a \
            WHERE a.clinic_id = g.clinic_id AND a.id = g.athlete_id AND a.erased_at IS NULL) \
        ORDER BY id DESC LIMIT $4";
    let query = sql(SQL, &[anywhere(off("clinic-glasses"))]);
    Ok(on!(conn, fetch_all sqlx::query_as::<_, BreakGlass>(query)
        .bind(access.clinic().uuid())
        .bind(before.unwrap_or(Uuid::max()))
        .bind(unseen)
        .bind(limit))?)
}

/// How many no admin has looked at.
pub(crate) async fn unseen(conn: &mut Conn<'_>, clinic: ClinicId) -> Result<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM break_glass g WHERE clinic_id = $1 AND acknowledged_at IS NULL \
        AND EXISTS (SELECT 1 FROM athlete a \
            WHERE a.clinic_id = g.clinic_id AND a.id = g.athlete_id AND a.erased_at IS NULL)";
    let query = sql(SQL, &[anywhere(off("clinic-glasses-unseen"))]);
    Ok(on!(conn, fetch_one sqlx::query_scalar(query).bind(clinic.uuid()))?)
}

/// Says that the caller has looked at it; the first to say so stays. `None` when there is no such thing. Nobody waves
/// their own through while somebody else could look.
pub(crate) async fn acknowledge(
    tx: &mut Tx<'_>,
    access: &ClinicAccess,
    id: BreakGlassId,
    at: DateTime<Utc>,
) -> Result<Option<BreakGlass>> {
    const WHOSE: &str = "SELECT person_id FROM break_glass WHERE clinic_id = $1 AND id = $2";
    const SET: &str = "UPDATE break_glass SET acknowledged_at = $3, acknowledged_by = $4 \
        WHERE clinic_id = $1 AND id = $2 AND acknowledged_at IS NULL AND EXISTS (SELECT 1 FROM athlete a \
            WHERE a.clinic_id = break_glass.clinic_id AND a.id = break_glass.athlete_id AND a.erased_at IS NULL)";
    const GET: &str = "SELECT id, athlete_id, person_id, reason, at, expires_at, acknowledged_at, acknowledged_by \
        FROM break_glass g WHERE clinic_id = $1 AND id = $2 AND EXISTS (SELECT 1 FROM athlete a \
            WHERE a.clinic_id = g.clinic_id AND a.id = g.athlete_id AND a.erased_at IS NULL)";
    let own: Option<Uuid> = on!(tx, fetch_optional sqlx::query_scalar(WHOSE)
        .bind(access.clinic().uuid())
        .bind(id.uuid()))?;
    if own == Some(access.person().uuid())
        && !off("glass-acknowledged")
        && membership::has_other_admin(tx, access.clinic(), access.person()).await?
    {
        return Err(Error::RoleRequired);
    }
    let (set, get) = (
        sql(SET, &[anywhere(off("clinic-glass-acknowledged"))]),
        sql(GET, &[anywhere(off("clinic-glass-acknowledged"))]),
    );
    on!(tx, execute sqlx::query(set)
        .bind(access.clinic().uuid())
        .bind(id.uuid())
        .bind(at)
        .bind(access.person().uuid()))?;
    Ok(on!(tx, fetch_optional sqlx::query_as::<_, BreakGlass>(get)
        .bind(access.clinic().uuid())
        .bind(id.uuid()))?)
}

/// Those that concerned the athlete, the newest first, before `before`.
pub(crate) async fn of_athlete(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<BreakGlass>> {
    const SQL: &str = "SELECT id, athlete_id, person_id, reason, at, expires_at, acknowledged_at, acknowledged_by \
        FROM break_glass WHERE clinic_id = $1 AND athlete_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4";
    Ok(on!(conn, fetch_all sqlx::query_as::<_, BreakGlass>(SQL)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid())
        .bind(before.unwrap_or(Uuid::max()))
        .bind(limit))?)
}

/// The reason of one that concerned the athlete.
pub(crate) async fn reason(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
    id: Uuid,
) -> Result<Option<String>> {
    const SQL: &str =
        "SELECT reason FROM break_glass WHERE clinic_id = $1 AND athlete_id = $2 AND id = $3";
    let query = sql(SQL, &[anywhere(off("clinic-glass-reason"))]);
    Ok(on!(conn, fetch_optional sqlx::query_scalar(query)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid())
        .bind(id))?)
}

#[cfg(test)]
#[path = "break_glass_test.rs"]
mod tests;
