//! Invitations: kept without their code.

use chrono::{DateTime, Utc};
use rung_progression::{AthleteId, ClinicId, InvitationId, PersonId};
use uuid::Uuid;

use crate::{
    access::{Invite, Promise, Roles},
    error::{Error, Result},
    mutant::{off, sql},
    storage::{Conn, Tx, athlete, db::on},
};

/// An invitation that can still be accepted.
#[derive(Clone, Debug)]
pub(crate) struct Open {
    pub(crate) id: InvitationId,
    pub(crate) clinic: ClinicId,
    /// Lower case.
    pub(crate) email: String,
    pub(crate) roles: Roles,
    pub(crate) athlete: Option<AthleteId>,
    /// Nobody, when the operator founded the clinic.
    pub(crate) invited_by: Option<PersonId>,
    pub(crate) created_at: DateTime<Utc>,
    /// What a supporter is to see of that athlete.
    pub(crate) consent: Option<Promise>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    clinic_id: Uuid,
    email: String,
    roles: String,
    athlete_id: Option<Uuid>,
    invited_by: Option<Uuid>,
    created_at: DateTime<Utc>,
    consent_parts: Option<String>,
    consent_purpose: Option<String>,
    consent_until: Option<DateTime<Utc>>,
}

/// Stores an invitation.
pub(crate) async fn insert(tx: &mut Tx<'_>, invite: &Invite, now: DateTime<Utc>) -> Result<()> {
    const SQL: &str = "INSERT INTO invitation (id, clinic_id, code_hash, email, roles, athlete_id, \
                       invited_by, created_at, expires_at, consent_parts, consent_purpose, consent_until) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    // Erased since the permission was given: no address is stored for them any more.
    if let Some(athlete) = invite.athlete_id()
        && !athlete::lock(tx, invite.clinic(), athlete).await?
    {
        return Err(Error::NotFound("athlete"));
    }
    let promise = invite.promise();
    on!(&mut **tx, execute sqlx::query(SQL)
        .bind(invite.id().uuid())
        .bind(invite.clinic().uuid())
        .bind(invite.code_hash())
        .bind(invite.email())
        .bind(invite.roles().to_string())
        .bind(invite.athlete_id().map(AthleteId::uuid))
        .bind(invite.invited_by().map(PersonId::uuid))
        .bind(now)
        .bind(invite.expires_at())
        .bind(promise.map(|promise| promise.parts.to_string()))
        .bind(promise.map(|promise| promise.purpose.as_str()))
        .bind(promise.and_then(|promise| promise.until)))?;
    Ok(())
}

/// The invitation with this code, when it is neither used nor expired.
pub(crate) async fn find(
    conn: &mut Conn<'_>,
    code_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<Open>> {
    const SQL: &str = "SELECT i.id, i.clinic_id, i.email, i.roles, i.athlete_id, i.invited_by, i.created_at, \
                       i.consent_parts, i.consent_purpose, i.consent_until \
                       FROM invitation i JOIN clinic c ON c.id = i.clinic_id \
                       WHERE i.code_hash = $1 AND i.accepted_at IS NULL AND i.expires_at > $2 \
                       AND c.state = 'ACTIVE'";
    let query = sql(
        SQL,
        &[
            (off("invitation-once"), "i.accepted_at IS NULL AND ", ""),
            (off("invitation-expired"), "i.expires_at > $2", "$2 = $2"),
            (off("invitation-clinic"), " AND c.state = 'ACTIVE'", ""),
        ],
    );
    let row: Option<Row> =
        on!(conn, fetch_optional sqlx::query_as(query).bind(code_hash).bind(now))?;
    row.map(|row| {
        Ok(Open {
            id: row.id.into(),
            clinic: row.clinic_id.into(),
            email: row.email,
            roles: row.roles.parse()?,
            athlete: row.athlete_id.map(AthleteId::from),
            invited_by: row.invited_by.map(PersonId::from),
            created_at: row.created_at,
            consent: match row.consent_parts.zip(row.consent_purpose) {
                Some((parts, purpose)) => Some(Promise {
                    parts: parts.parse()?,
                    purpose,
                    until: row.consent_until,
                }),
                None => None,
            },
        })
    })
    .transpose()
}

/// Uses an invitation up; `false` when somebody was faster, or it has expired.
pub(crate) async fn accept(
    tx: &mut Tx<'_>,
    id: InvitationId,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<bool> {
    const SQL: &str = "UPDATE invitation SET accepted_at = $3, accepted_by = $2 \
                       WHERE id = $1 AND accepted_at IS NULL AND expires_at > $3";
    let query = sql(
        SQL,
        &[
            (off("invitation-once"), "accepted_at IS NULL AND ", ""),
            (off("invitation-expired"), " AND expires_at > $3", ""),
        ],
    );
    let accepted = on!(&mut **tx, execute sqlx::query(query)
        .bind(id.uuid())
        .bind(person.uuid())
        .bind(now))?;
    Ok(accepted == 1)
}

/// Ends the open invitations of a clinic that a person has written.
pub(crate) async fn end_written_by(
    tx: &mut Tx<'_>,
    clinic: ClinicId,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<()> {
    const SQL: &str = "UPDATE invitation SET expires_at = $3 WHERE clinic_id = $1 AND invited_by = $2 \
                       AND accepted_at IS NULL AND expires_at > $3";
    on!(&mut **tx, execute sqlx::query(SQL)
        .bind(clinic.uuid())
        .bind(person.uuid())
        .bind(now))?;
    Ok(())
}

/// Ends the open invitations of somebody to see parts of an athlete's record.
pub(crate) async fn end_to_support(
    tx: &mut Tx<'_>,
    clinic: ClinicId,
    athlete: AthleteId,
    supporter: PersonId,
    now: DateTime<Utc>,
) -> Result<()> {
    const SQL: &str = "UPDATE invitation SET expires_at = $4 WHERE clinic_id = $1 AND athlete_id = $2 \
                       AND email = (SELECT email FROM person WHERE id = $3) AND consent_parts IS NOT NULL \
                       AND accepted_at IS NULL AND expires_at > $4";
    on!(&mut **tx, execute sqlx::query(SQL)
        .bind(clinic.uuid())
        .bind(athlete.uuid())
        .bind(supporter.uuid())
        .bind(now))?;
    Ok(())
}
