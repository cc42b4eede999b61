//! Codes with which a member sets a new password, written by an admin of their clinic.

use chrono::{DateTime, Utc};
use rung_progression::{ClinicId, PersonId};
use uuid::Uuid;

use crate::{
    access::ClinicAccess,
    error::Result,
    mutant::{off, sql},
    storage::{Conn, Tx, db::on},
};

/// A code that can still be used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Open {
    /// Whose admin has written it, and who vouches.
    pub(crate) clinic: ClinicId,
    pub(crate) person: PersonId,
}

/// Stores a code; former ones of this clinic for the person stop working.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    access: &ClinicAccess,
    person: PersonId,
    hash: &[u8],
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    // Those of other clinics stay: nobody here is to know of them.
    const CLOSE: &str = "UPDATE reset_code SET closed_at = $3 \
                         WHERE clinic_id = $1 AND person_id = $2 AND closed_at IS NULL";
    const SQL: &str = "INSERT INTO reset_code \
                       (hash, clinic_id, person_id, created_by, created_at, expires_at) \
                       VALUES ($1, $2, $3, $4, $5, $6)";
    let close = sql(
        CLOSE,
        &[(off("reset-newest"), "closed_at IS NULL", "1 = 0")],
    );
    on!(&mut **tx, execute sqlx::query(close)
        .bind(access.clinic().uuid())
        .bind(person.uuid())
        .bind(now))?;
    on!(&mut **tx, execute sqlx::query(SQL)
        .bind(hash)
        .bind(access.clinic().uuid())
        .bind(person.uuid())
        .bind(access.person().uuid())
        .bind(now)
        .bind(expires_at))?;
    Ok(())
}

/// The code with this hash, when it is neither used nor expired, and the clinic still has the member.
pub(crate) async fn find(
    conn: &mut Conn<'_>,
    hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<Open>> {
    const SQL: &str = "SELECT r.clinic_id, r.person_id FROM reset_code r \
                       JOIN clinic c ON c.id = r.clinic_id \
                       JOIN membership m ON m.clinic_id = r.clinic_id AND m.person_id = r.person_id \
                       WHERE r.hash = $1 AND r.closed_at IS NULL AND r.expires_at > $2 \
                       AND c.state = 'ACTIVE' AND m.state = 'ACTIVE'";
    let query = sql(
        SQL,
        &[
            (off("reset-once"), " AND r.closed_at IS NULL", ""),
            (off("reset-expired"), "r.expires_at > $2", "$2 = $2"),
            (off("reset-clinic"), " AND c.state = 'ACTIVE'", ""),
            (off("reset-member"), " AND m.state = 'ACTIVE'", ""),
        ],
    );
    let found: Option<(Uuid, Uuid)> =
        on!(conn, fetch_optional sqlx::query_as(query).bind(hash).bind(now))?;
    Ok(found.map(|(clinic, person)| Open {
        clinic: clinic.into(),
        person: person.into(),
    }))
}

/// Uses a code up; `false` when somebody was faster, or it has expired.
pub(crate) async fn spend(tx: &mut Tx<'_>, hash: &[u8], now: DateTime<Utc>) -> Result<bool> {
    const SQL: &str = "UPDATE reset_code SET closed_at = $2 \
                       WHERE hash = $1 AND closed_at IS NULL AND expires_at > $2";
    let query = sql(
        SQL,
        &[
            (off("reset-once"), " AND closed_at IS NULL", ""),
            (off("reset-expired"), " AND expires_at > $2", ""),
        ],
    );
    Ok(on!(&mut **tx, execute sqlx::query(query).bind(hash).bind(now))? == 1)
}

/// Closes every code for a person: the password was set by other means.
pub(crate) async fn close_all(tx: &mut Tx<'_>, person: PersonId, now: DateTime<Utc>) -> Result<()> {
    const SQL: &str =
        "UPDATE reset_code SET closed_at = $2 WHERE person_id = $1 AND closed_at IS NULL";
    on!(&mut **tx, execute sqlx::query(SQL).bind(person.uuid()).bind(now))?;
    Ok(())
}

/// Closes every code of a clinic that a person has written.
pub(crate) async fn close_written_by(
    tx: &mut Tx<'_>,
    clinic: ClinicId,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<()> {
    const SQL: &str = "UPDATE reset_code SET closed_at = $3 \
                       WHERE clinic_id = $1 AND created_by = $2 AND closed_at IS NULL";
    on!(&mut **tx, execute sqlx::query(SQL)
        .bind(clinic.uuid())
        .bind(person.uuid())
        .bind(now))?;
    Ok(())
}
