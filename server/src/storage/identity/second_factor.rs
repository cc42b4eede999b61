//! Second factors, sealed, and the recovery codes that stand in for them, hashed.

use chrono::{DateTime, Utc};
use rung_progression::PersonId;

use crate::{
    error::Result,
    mutant::{off, sql},
    storage::{Conn, Tx, db::on},
};

/// A person's authenticator.
#[derive(Clone, sqlx::FromRow)]
pub(crate) struct Factor {
    /// The secret under the key-encryption key.
    pub(crate) sealed: Vec<u8>,
    /// Until then it is an offer and counts for nothing.
    pub(crate) confirmed_at: Option<DateTime<Utc>>,
    /// The newest reset of the password that stood before it was confirmed, if there had been one.
    pub(crate) reset_at: Option<DateTime<Utc>>,
}

/// The person's authenticator, or the offer of one.
pub(crate) async fn find(conn: &mut Conn<'_>, person: PersonId) -> Result<Option<Factor>> {
    const SQL: &str =
        "SELECT sealed, confirmed_at, reset_at FROM second_factor WHERE person_id = $1";
    Ok(on!(conn, fetch_optional sqlx::query_as(SQL).bind(person.uuid()))?)
}

/// Offers a secret in place of a former offer; `false` when there is a confirmed one.
pub(crate) async fn offer(
    tx: &mut Tx<'_>,
    person: PersonId,
    sealed: &[u8],
    now: DateTime<Utc>,
) -> Result<bool> {
    const SQL: &str = "INSERT INTO second_factor (person_id, sealed, created_at, last_step) \
                       VALUES ($1, $2, $3, 0) \
                       ON CONFLICT (person_id) DO UPDATE \
                       SET sealed = excluded.sealed, created_at = excluded.created_at \
                       WHERE second_factor.confirmed_at IS NULL";
    let query = sql(
        SQL,
        &[(
            off("factor-replaced"),
            "second_factor.confirmed_at IS NULL",
            "1 = 1",
        )],
    );
    let offered = on!(&mut **tx, execute sqlx::query(query)
        .bind(person.uuid())
        .bind(sealed)
        .bind(now))?;
    Ok(offered == 1)
}

/// Lets the offered secret count from now on, the code of `step` being spent; `false` when it is no longer the one on
/// offer.
pub(crate) async fn confirm(
    tx: &mut Tx<'_>,
    person: PersonId,
    sealed: &[u8],
    step: i64,
    now: DateTime<Utc>,
) -> Result<bool> {
    const SQL: &str = "UPDATE second_factor SET confirmed_at = $4, last_step = $3, \
                       reset_at = (SELECT c.reset_at FROM credential c WHERE c.person_id = $1) \
                       WHERE person_id = $1 AND sealed = $2 AND confirmed_at IS NULL";
    let confirmed = on!(&mut **tx, execute sqlx::query(SQL)
        .bind(person.uuid())
        .bind(sealed)
        .bind(step)
        .bind(now))?;
    Ok(confirmed == 1)
}

/// Spends the code of a step, and those of all steps before it; `false` when it was spent already.
pub(crate) async fn spend_step(
    tx: &mut Tx<'_>,
    person: PersonId,
    sealed: &[u8],
    step: i64,
) -> Result<bool> {
    // The row is the lock: of uses at the same moment, on whatever replica, one moves it.
    const SQL: &str = "UPDATE second_factor SET last_step = $3 WHERE person_id = $1 \
                       AND sealed = $2 AND confirmed_at IS NOT NULL AND last_step < $3";
    let query = sql(SQL, &[(off("totp-once"), " AND last_step < $3", "")]);
    let spent = on!(&mut **tx, execute sqlx::query(query)
        .bind(person.uuid())
        .bind(sealed)
        .bind(step))?;
    Ok(spent == 1)
}

/// Stores the hash of a recovery code.
pub(crate) async fn insert_recovery(tx: &mut Tx<'_>, person: PersonId, hash: &[u8]) -> Result<()> {
    const SQL: &str = "INSERT INTO recovery_code (hash, person_id) VALUES ($1, $2)";
    on!(&mut **tx, execute sqlx::query(SQL).bind(hash).bind(person.uuid()))?;
    Ok(())
}

/// Spends a recovery code; `false` when there is none, or it was spent already.
pub(crate) async fn spend_recovery(
    tx: &mut Tx<'_>,
    person: PersonId,
    hash: &[u8],
    now: DateTime<Utc>,
) -> Result<bool> {
    const SQL: &str = "UPDATE recovery_code SET used_at = $3 \
                       WHERE hash = $2 AND person_id = $1 AND used_at IS NULL";
    let query = sql(SQL, &[(off("recovery-once"), " AND used_at IS NULL", "")]);
    let spent = on!(&mut **tx, execute sqlx::query(query)
        .bind(person.uuid())
        .bind(hash)
        .bind(now))?;
    Ok(spent == 1)
}

/// How many recovery codes are left.
pub(crate) async fn recovery_left(conn: &mut Conn<'_>, person: PersonId) -> Result<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM recovery_code WHERE person_id = $1 AND used_at IS NULL";
    Ok(on!(conn, fetch_one sqlx::query_scalar(SQL).bind(person.uuid()))?)
}

/// Takes the second factor and its recovery codes away; `false` when there was none.
pub(crate) async fn remove(tx: &mut Tx<'_>, person: PersonId) -> Result<bool> {
    const CODES: &str = "DELETE FROM recovery_code WHERE person_id = $1";
    const FACTOR: &str = "DELETE FROM second_factor WHERE person_id = $1";
    on!(&mut **tx, execute sqlx::query(CODES).bind(person.uuid()))?;
    let removed = on!(&mut **tx, execute sqlx::query(FACTOR).bind(person.uuid()))?;
    Ok(removed == 1)
}
