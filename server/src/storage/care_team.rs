//! Who cares for an athlete.

use chrono::{DateTime, Utc};
use rung_progression::{AthleteId, ClinicId, PersonId};
use sqlx::types::Uuid;

use super::{Conn, Tx, athlete, db::on, identity::epoch};
use crate::{
    access::{AthleteAccess, AthleteAccountAccess},
    error::{Error, Result},
    mutant::{anywhere, off, sql},
};

/// A place on a care team.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, serde::Serialize)]
pub(crate) struct CareTeamMember {
    #[sqlx(try_from = "Uuid")]
    pub(crate) person_id: PersonId,
    pub(crate) lead: bool,
    pub(crate) added_at: DateTime<Utc>,
}

/// The care team: the lead first, then by when they joined.
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
) -> Result<Vec<CareTeamMember>> {
    of(conn, access.clinic(), access.athlete()).await
}

async fn of(
    conn: &mut Conn<'_>,
    clinic: ClinicId,
    athlete: AthleteId,
) -> Result<Vec<CareTeamMember>> {
    const SQL: &str = "SELECT person_id, lead, added_at FROM care_team \
        WHERE clinic_id = $1 AND athlete_id = $2 ORDER BY lead DESC, added_at, person_id";
    let query = sql(SQL, &[anywhere(off("clinic-care-team"))]);
    Ok(
        on!(conn, fetch_all sqlx::query_as::<_, CareTeamMember>(query)
        .bind(clinic.uuid())
        .bind(athlete.uuid()))?,
    )
}

/// Puts a person on the care team; somebody who is on it stays as they are.
pub(crate) async fn add(
    tx: &mut Tx<'_>,
    access: &AthleteAccountAccess,
    person: PersonId,
    at: DateTime<Utc>,
) -> Result<Vec<CareTeamMember>> {
    lock(tx, access).await?;
    if put(tx, access, person, at).await? {
        touch(tx, access).await?;
    }
    of(tx, access.clinic(), access.athlete()).await
}

/// Takes a person off the care team; what they have open ends.
pub(crate) async fn remove(
    tx: &mut Tx<'_>,
    access: &AthleteAccountAccess,
    person: PersonId,
) -> Result<Vec<CareTeamMember>> {
    const SQL: &str =
        "DELETE FROM care_team WHERE clinic_id = $1 AND athlete_id = $2 AND person_id = $3";
    lock(tx, access).await?;
    let team = of(tx, access.clinic(), access.athlete()).await?;
    let place = team.iter().find(|member| member.person_id == person);
    if place.ok_or(Error::NotFound("care team member"))?.lead {
        return Err(Error::CareTeamLead);
    }
    on!(tx, execute sqlx::query(SQL)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid())
        .bind(person.uuid()))?;
    touch(tx, access).await?;
    let team = of(tx, access.clinic(), access.athlete()).await?;
    epoch::bump(tx).await?;
    Ok(team)
}

/// Makes a person the lead; they join the team when they are not on it, and the former lead stays.
pub(crate) async fn transfer_lead(
    tx: &mut Tx<'_>,
    access: &AthleteAccountAccess,
    person: PersonId,
    at: DateTime<Utc>,
) -> Result<Vec<CareTeamMember>> {
    // Nobody leads for a moment: the index lets one lead at a time.
    const UNSET: &str =
        "UPDATE care_team SET lead = $3 WHERE clinic_id = $1 AND athlete_id = $2 AND lead";
    const SET: &str = "UPDATE care_team SET lead = $4 \
        WHERE clinic_id = $1 AND athlete_id = $2 AND person_id = $3";
    lock(tx, access).await?;
    let (clinic, athlete) = (access.clinic().uuid(), access.athlete().uuid());
    on!(tx, execute sqlx::query(UNSET).bind(clinic).bind(athlete).bind(false))?;
    put(tx, access, person, at).await?;
    on!(tx, execute sqlx::query(SET).bind(clinic).bind(athlete).bind(person.uuid()).bind(true))?;
    touch(tx, access).await?;
    of(tx, access.clinic(), access.athlete()).await
}

async fn lock(tx: &mut Tx<'_>, access: &AthleteAccountAccess) -> Result<()> {
    let locked = athlete::lock(tx, access.clinic(), access.athlete()).await?;
    locked.then_some(()).ok_or(Error::NotFound("athlete"))
}

/// `false` when the person was on the team already.
async fn put(
    tx: &mut Tx<'_>,
    access: &AthleteAccountAccess,
    person: PersonId,
    at: DateTime<Utc>,
) -> Result<bool> {
    const SQL: &str = "INSERT INTO care_team (clinic_id, athlete_id, person_id, lead, added_at) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    let added = on!(tx, execute sqlx::query(SQL)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid())
        .bind(person.uuid())
        .bind(false)
        .bind(at))?;
    Ok(added == 1)
}

/// The team is part of what a reader of the athlete saw.
async fn touch(tx: &mut Tx<'_>, access: &AthleteAccountAccess) -> Result<()> {
    const SQL: &str = "UPDATE athlete SET etag = etag + 1 WHERE clinic_id = $1 AND id = $2";
    on!(tx, execute sqlx::query(SQL)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid()))?;
    Ok(())
}

#[cfg(test)]
#[path = "care_team_test.rs"]
mod tests;
