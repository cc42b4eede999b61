//! Answers to repeat: one row per `request_id` of a person in a clinic.

use chrono::{DateTime, Utc};
use rung_progression::{AthleteId, ClinicId, PersonId};
use uuid::Uuid;

use super::{Conn, Tx, db::on};
use crate::error::Result;
use crate::mutant::{anywhere, off, sql};

/// Who asks for what, for the first time or again.
#[derive(Clone)]
pub(crate) struct Claim {
    pub(crate) clinic: ClinicId,
    pub(crate) person: PersonId,
    pub(crate) request_id: Uuid,
    /// SHA-256 of the request.
    pub(crate) fingerprint: Vec<u8>,
    pub(crate) at: DateTime<Utc>,
}

/// What the first call was answered.
#[derive(sqlx::FromRow)]
pub(crate) struct Stored {
    pub(crate) fingerprint: Vec<u8>,
    pub(crate) response: Vec<u8>,
    /// Whom the answer tells about: it goes when they are erased.
    pub(crate) athlete_id: Option<Uuid>,
}

/// Takes the `request_id`, or says what it was answered with. A second call at the same moment waits here until the
/// first one has committed.
pub(crate) async fn claim(tx: &mut Tx<'_>, claim: &Claim) -> Result<Option<Stored>> {
    const TAKE: &str = "INSERT INTO request (clinic_id, person_id, request_id, fingerprint, response, created_at) \
                        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    const READ: &str = "SELECT fingerprint, response, athlete_id FROM request \
                        WHERE clinic_id = $1 AND person_id = $2 AND request_id = $3";
    let taken = on!(tx, execute sqlx::query(TAKE)
        .bind(claim.clinic.uuid())
        .bind(claim.person.uuid())
        .bind(claim.request_id)
        .bind(claim.fingerprint.as_slice())
        .bind([].as_slice() as &[u8])
        .bind(claim.at))?;
    if taken == 1 {
        return Ok(None);
    }
    let stored = on!(tx, fetch_one sqlx::query_as::<_, Stored>(READ)
        .bind(claim.clinic.uuid())
        .bind(claim.person.uuid())
        .bind(claim.request_id))?;
    Ok(Some(stored))
}

/// Remembers the answer of a taken `request_id`, and whom it tells about.
pub(crate) async fn answer(
    tx: &mut Tx<'_>,
    claim: &Claim,
    response: &[u8],
    about: Option<AthleteId>,
) -> Result<()> {
    const ANSWER: &str = "UPDATE request SET response = $4, athlete_id = $5 \
                          WHERE clinic_id = $1 AND person_id = $2 AND request_id = $3";
    on!(tx, execute sqlx::query(ANSWER)
        .bind(claim.clinic.uuid())
        .bind(claim.person.uuid())
        .bind(claim.request_id)
        .bind(response)
        .bind(about.map(AthleteId::uuid)))?;
    Ok(())
}

/// What a `request_id` was answered with, without taking it.
pub(crate) async fn find(
    conn: &mut Conn<'_>,
    clinic: ClinicId,
    person: PersonId,
    request_id: Uuid,
) -> Result<Option<Stored>> {
    const SQL: &str = "SELECT fingerprint, response, athlete_id FROM request \
                       WHERE clinic_id = $1 AND person_id = $2 AND request_id = $3";
    let query = sql(
        SQL,
        &[
            anywhere(off("clinic-request")),
            (off("request-person"), "person_id = $2", "$2 = $2"),
        ],
    );
    Ok(on!(conn, fetch_optional sqlx::query_as::<_, Stored>(query)
        .bind(clinic.uuid())
        .bind(person.uuid())
        .bind(request_id))?)
}

/// Forgets the answers from before an instant.
pub(crate) async fn forget(tx: &mut Tx<'_>, clinic: ClinicId, before: DateTime<Utc>) -> Result<()> {
    const SQL: &str = "DELETE FROM request WHERE clinic_id = $1 AND created_at < $2";
    on!(tx, execute sqlx::query(SQL).bind(clinic.uuid()).bind(before))?;
    Ok(())
}

#[cfg(test)]
#[path = "request_test.rs"]
mod tests;
