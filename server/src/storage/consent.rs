//! What athletes let their supporters see. Append-only: a change is the next version, and the newest one counts.

use chrono::{DateTime, Utc};
use rung_progression::{AthleteId, ClinicId, PersonId};
use sqlx::types::Uuid;

use super::{
    Conn, Tx, athlete,
    db::on,
    identity::{epoch, invitation},
};
use crate::{
    access::{AthleteAccess, Parts, SupporterAccess},
    error::{Error, Result},
    mutant::{anywhere, off, sql},
};

/// What is granted, and for how long.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) parts: Parts,
    /// Why, in the athlete's words.
    pub(crate) purpose: String,
    pub(crate) valid_from: DateTime<Utc>,
    /// `None`: until it is withdrawn.
    pub(crate) valid_until: Option<DateTime<Utc>>,
}

/// One version of a consent.
#[derive(Clone, Debug, sqlx::FromRow, serde::Serialize)]
pub(crate) struct Consent {
    pub(crate) id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub(crate) athlete_id: AthleteId,
    #[sqlx(try_from = "Uuid")]
    pub(crate) supporter_id: PersonId,
    pub(crate) version: i64,
    /// `GRANTED` or `WITHDRAWN`.
    pub(crate) state: String,
    /// A set of parts as text.
    pub(crate) parts: String,
    pub(crate) purpose: String,
    pub(crate) valid_from: DateTime<Utc>,
    pub(crate) valid_until: Option<DateTime<Utc>>,
    pub(crate) recorded_at: DateTime<Utc>,
    /// Of the athlete.
    #[serde(skip)]
    pub(crate) display_name: String,
    /// No version comes after it.
    #[serde(skip)]
    pub(crate) newest: bool,
}

impl Consent {
    pub(crate) fn is_withdrawn(&self) -> bool {
        self.state == "WITHDRAWN"
    }

    /// Whether it opens anything at `now`.
    pub(crate) fn in_force(&self, now: DateTime<Utc>) -> bool {
        self.newest
            && !self.is_withdrawn()
            && self.valid_from <= now
            && self.valid_until.is_none_or(|until| now < until)
    }
}

/// A consent that an invitation has promised.
#[derive(Clone, Debug)]
pub(crate) struct Begin {
    pub(crate) id: Uuid,
    /// When the athlete wrote the invitation.
    pub(crate) invited_at: DateTime<Utc>,
    pub(crate) grant: Grant,
}

/// Records a version, when a supporter accepts what the athlete has invited them to. What was decided since the
/// invitation was written is newer than its promise, and holds.
pub(crate) async fn begin(
    tx: &mut Tx<'_>,
    clinic: ClinicId,
    athlete: AthleteId,
    supporter: PersonId,
    begin: &Begin,
) -> Result<()> {
    if !athlete::lock(tx, clinic, athlete).await? {
        return Err(Error::InvitationInvalid);
    }
    let standing = newest(tx, clinic, athlete, supporter).await?;
    let superseded = standing.is_some_and(|standing| standing.recorded_at >= begin.invited_at);
    if superseded && !off("promise-superseded") {
        return Err(Error::InvitationInvalid);
    }
    let grant = &begin.grant;
    let by = relation_person(tx, clinic, athlete).await?;
    append(
        tx,
        clinic,
        athlete,
        supporter,
        begin.id,
        Some(grant),
        grant.valid_from,
        by,
    )
    .await
}

/// Records the next version: with a grant what is open from now on, without one that nothing is. Nobody whom the athlete
/// has never invited is granted anything.
pub(crate) async fn record(
    tx: &mut Tx<'_>,
    access: &AthleteAccess,
    supporter: PersonId,
    id: Uuid,
    grant: Option<&Grant>,
    at: DateTime<Utc>,
) -> Result<Consent> {
    let (clinic, athlete) = (access.clinic(), access.athlete());
    if grant.is_none() {
        // What the athlete has promised them and they have not accepted yet ends too; before the lock of the athlete, as
        // whoever accepts locks them.
        if !off("promise-withdrawn") {
            invitation::end_to_support(tx, clinic, athlete, supporter, at).await?;
        }
    }
    let locked = athlete::lock(tx, clinic, athlete).await?;
    let known = newest(tx, clinic, athlete, supporter).await?.is_some();
    if !locked || !known && !off("consent-stranger") {
        return Err(Error::NotFound("supporter"));
    }
    append(
        tx,
        clinic,
        athlete,
        supporter,
        id,
        grant,
        at,
        access.person(),
    )
    .await?;
    let recorded = newest(tx, clinic, athlete, supporter).await?;
    // What the supporter has open may be open no longer.
    epoch::bump(tx).await?;
    recorded.ok_or_else(|| Error::internal("a consent was recorded and is not there"))
}

#[expect(clippy::too_many_arguments, reason = "they are the columns")]
async fn append(
    tx: &mut Tx<'_>,
    clinic: ClinicId,
    athlete: AthleteId,
    supporter: PersonId,
    id: Uuid,
    grant: Option<&Grant>,
    at: DateTime<Utc>,
    by: PersonId,
) -> Result<()> {
    const SQL: &str = "INSERT INTO consent (clinic_id, athlete_id, supporter_id, version, id, state, parts, purpose, \
        valid_from, valid_until, recorded_at, recorded_by) \
        SELECT $1, $2, $3, COALESCE(MAX(version), 0) + 1, $4, CAST($5 AS TEXT), CAST($6 AS TEXT), CAST($7 AS TEXT), \
        $8, $9, $10, $11 FROM consent WHERE clinic_id = $1 AND athlete_id = $2 AND supporter_id = $3";
    let parts = grant.map(|grant| grant.parts.to_string());
    let purpose = grant.map(|grant| grant.purpose.as_str());
    on!(tx, execute sqlx::query(SQL)
        .bind(clinic.uuid())
        .bind(athlete.uuid())
        .bind(supporter.uuid())
        .bind(id)
        .bind(if grant.is_some() { "GRANTED" } else { "WITHDRAWN" })
        .bind(parts.as_deref().unwrap_or_default())
        .bind(purpose.unwrap_or_default())
        .bind(grant.map_or(at, |grant| grant.valid_from))
        .bind(grant.and_then(|grant| grant.valid_until))
        .bind(at)
        .bind(by.uuid()))?;
    Ok(())
}

/// Whose record it is: who accepts an invitation acts on the athlete's word.
async fn relation_person(
    tx: &mut Tx<'_>,
    clinic: ClinicId,
    athlete: AthleteId,
) -> Result<PersonId> {
    const SQL: &str = "SELECT person_id FROM athlete WHERE clinic_id = $1 AND id = $2";
    let person: Option<Uuid> = on!(tx, fetch_one sqlx::query_scalar(SQL)
        .bind(clinic.uuid())
        .bind(athlete.uuid()))?;
    person.map(PersonId::from).ok_or(Error::InvitationInvalid)
}

const COLUMNS_OF_ATHLETE: &str = "
    SELECT c.id, c.athlete_id, c.supporter_id, c.version, c.state, c.parts, c.purpose, c.valid_from, c.valid_until,
        c.recorded_at, a.display_name, NOT EXISTS (
            SELECT 1 FROM consent n WHERE n.clinic_id = c.clinic_id AND n.athlete_id = c.athlete_id
            AND n.supporter_id = c.supporter_id AND n.version > c.version
        ) AS newest
    FROM consent c JOIN athlete a ON a.clinic_id = c.clinic_id AND a.id = c.athlete_id
    WHERE c.clinic_id = $1 AND c.athlete_id = $2 AND a.erased_at IS NULL AND c.id < $3 ORDER BY c.id DESC LIMIT $4";

const COLUMNS_OF_SUPPORTER: &str = "
    SELECT c.id, c.athlete_id, c.supporter_id, c.version, c.state, c.parts, c.purpose, c.valid_from, c.valid_until,
        c.recorded_at, a.display_name, NOT EXISTS (
            SELECT 1 FROM consent n WHERE n.clinic_id = c.clinic_id AND n.athlete_id = c.athlete_id
            AND n.supporter_id = c.supporter_id AND n.version > c.version
        ) AS newest
    FROM consent c JOIN athlete a ON a.clinic_id = c.clinic_id AND a.id = c.athlete_id
    WHERE c.clinic_id = $1 AND c.supporter_id = $2 AND a.erased_at IS NULL AND c.id < $3 ORDER BY c.id DESC LIMIT $4";

const NEWEST: &str = "
    SELECT c.id, c.athlete_id, c.supporter_id, c.version, c.state, c.parts, c.purpose, c.valid_from, c.valid_until,
        c.recorded_at, a.display_name, c.version = c.version AS newest
    FROM consent c JOIN athlete a ON a.clinic_id = c.clinic_id AND a.id = c.athlete_id
    WHERE c.clinic_id = $1 AND c.athlete_id = $2 AND c.supporter_id = $3 ORDER BY c.version DESC LIMIT 1";

async fn newest(
    tx: &mut Tx<'_>,
    clinic: ClinicId,
    athlete: AthleteId,
    supporter: PersonId,
) -> Result<Option<Consent>> {
    Ok(on!(tx, fetch_optional sqlx::query_as::<_, Consent>(NEWEST)
        .bind(clinic.uuid())
        .bind(athlete.uuid())
        .bind(supporter.uuid()))?)
}

/// Consents of an athlete in all versions, the newest first, before `before`.
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Consent>> {
    Ok(
        on!(conn, fetch_all sqlx::query_as::<_, Consent>(sql(COLUMNS_OF_ATHLETE, &[anywhere(off("clinic-consents"))]))
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid())
        .bind(before.unwrap_or(Uuid::max()))
        .bind(limit))?,
    )
}

/// Consents that were given to the caller, in all versions, the newest first, before `before`.
pub(crate) async fn list_given(
    conn: &mut Conn<'_>,
    access: &SupporterAccess,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Consent>> {
    Ok(
        on!(conn, fetch_all sqlx::query_as::<_, Consent>(sql(COLUMNS_OF_SUPPORTER, &[anywhere(off("clinic-consents-given")), (off("consents-given-person"), "c.supporter_id = $2", "$2 = $2")]))
        .bind(access.clinic().uuid())
        .bind(access.person().uuid())
        .bind(before.unwrap_or(Uuid::max()))
        .bind(limit))?,
    )
}

#[cfg(test)]
#[path = "consent_test.rs"]
mod tests;
