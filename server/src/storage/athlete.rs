//! Athletes.

use chrono::{DateTime, Utc};
use rung_progression::{AthleteId, ClinicId, PersonId};
use sqlx::types::Uuid;

use super::{Conn, Tx, db::on};
use crate::{
    access::{AthleteAccess, CareAccess, ClinicAccess},
    error::{Error, Result},
    mutant::{anywhere, off, sql},
};

/// One athlete.
#[derive(Debug, Clone, sqlx::FromRow, serde::Serialize)]
pub(crate) struct Athlete {
    #[sqlx(try_from = "Uuid")]
    pub(crate) id: AthleteId,
    pub(crate) etag: i64,
    pub(crate) display_name: String,
    /// IANA name.
    pub(crate) time_zone: String,
    /// The athlete's own account, once they have one.
    pub(crate) person_id: Option<Uuid>,
    pub(crate) created_at: DateTime<Utc>,
    #[sqlx(try_from = "Uuid")]
    pub(crate) created_by: PersonId,
}

impl Athlete {
    /// The zone the athlete lives in.
    pub(crate) fn zone(&self) -> Result<chrono_tz::Tz> {
        self.time_zone.parse().map_err(Error::internal)
    }
}

/// Stores an athlete and makes the caller the lead of the care team.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    access: &ClinicAccess,
    id: AthleteId,
    display_name: &str,
    time_zone: &str,
    at: DateTime<Utc>,
) -> Result<Athlete> {
    const ATHLETE: &str = "INSERT INTO athlete \
        (clinic_id, id, etag, display_name, time_zone, person_id, created_at, created_by) \
        VALUES ($1, $2, 1, $3, $4, NULL, $5, $6) \
        RETURNING id, etag, display_name, time_zone, person_id, created_at, created_by";
    const LEAD: &str = "INSERT INTO care_team (clinic_id, athlete_id, person_id, lead, added_at) \
        VALUES ($1, $2, $3, $4, $5)";
    let athlete = on!(tx, fetch_one sqlx::query_as::<_, Athlete>(ATHLETE)
        .bind(access.clinic().uuid())
        .bind(id.uuid())
        .bind(display_name)
        .bind(time_zone)
        .bind(at)
        .bind(access.person().uuid()))?;
    on!(tx, execute sqlx::query(LEAD)
        .bind(access.clinic().uuid())
        .bind(id.uuid())
        .bind(access.person().uuid())
        .bind(true)
        .bind(at))?;
    Ok(athlete)
}

/// One athlete.
pub(crate) async fn get(conn: &mut Conn<'_>, access: &AthleteAccess) -> Result<Athlete> {
    const SQL: &str = "SELECT id, etag, display_name, time_zone, person_id, created_at, created_by \
        FROM athlete WHERE clinic_id = $1 AND id = $2";
    let query = sql(SQL, &[anywhere(off("clinic-athlete-read"))]);
    on!(conn, fetch_optional sqlx::query_as::<_, Athlete>(query)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid()))?
    .ok_or(Error::NotFound("athlete"))
}

/// Athletes in the caller's care by name, after `(name, id)`.
pub(crate) async fn list_in_care(
    conn: &mut Conn<'_>,
    access: &CareAccess,
    after: Option<(String, Uuid)>,
    limit: i64,
) -> Result<Vec<Athlete>> {
    const SQL: &str = "SELECT a.id, a.etag, a.display_name, a.time_zone, a.person_id, a.created_at, a.created_by \
        FROM athlete a \
        WHERE a.clinic_id = $1 AND (a.display_name, a.id) > ($3, $4) AND a.erased_at IS NULL \
        AND ($6 OR EXISTS (SELECT 1 FROM care_team c \
            WHERE c.clinic_id = a.clinic_id AND c.athlete_id = a.id AND c.person_id = $2)) \
        ORDER BY a.display_name, a.id LIMIT $5";
    // No name is empty, so the empty one stands before all.
    let (name, id) = after.unwrap_or_default();
    let query = sql(
        SQL,
        &[
            anywhere(off("clinic-athletes")),
            (off("care-list-person"), " AND c.person_id = $2", ""),
            (off("care-list-erased"), " AND a.erased_at IS NULL", ""),
        ],
    );
    Ok(on!(conn, fetch_all sqlx::query_as::<_, Athlete>(query)
        .bind(access.clinic().uuid())
        .bind(access.person().uuid())
        .bind(name.as_str())
        .bind(id)
        .bind(limit)
        .bind(access.shared()))?)
}

/// Takes the lock of everything that is decided about who has to do with an athlete; `false` when there is none.
pub(in crate::storage) async fn lock(
    tx: &mut Tx<'_>,
    clinic: ClinicId,
    athlete: AthleteId,
) -> Result<bool> {
    const SQL: &str =
        "UPDATE athlete SET etag = etag WHERE clinic_id = $1 AND id = $2 AND erased_at IS NULL";
    let query = sql(
        SQL,
        &[
            anywhere(off("clinic-athlete-lock")),
            (off("erased-lock"), " AND erased_at IS NULL", ""),
        ],
    );
    let locked = on!(tx, execute sqlx::query(query)
        .bind(clinic.uuid())
        .bind(athlete.uuid()))?;
    Ok(locked == 1)
}

#[cfg(test)]
#[path = "athlete_test.rs"]
mod tests;
