//! The server's signing keys, sealed.

use chrono::{DateTime, Utc};

use crate::{
    error::Result,
    storage::{Conn, Tx, db::on},
};

/// A signing key as it is stored.
#[derive(Clone, sqlx::FromRow)]
pub(crate) struct SealedKey {
    pub(crate) kid: String,
    /// 1 for the first key, one more for each that follows.
    pub(crate) generation: i64,
    /// Nonce, then the private key under the key-encryption key.
    pub(crate) sealed: Vec<u8>,
    pub(crate) public_key: Vec<u8>,
    pub(crate) created_at: DateTime<Utc>,
    /// It signs from here on; a key of an earlier version does from the start.
    pub(crate) active_from: Option<DateTime<Utc>>,
    /// What it signed counts for nothing from here on.
    pub(crate) retired_at: Option<DateTime<Utc>>,
}

impl SealedKey {
    /// Whether it is to sign.
    pub(crate) fn signs(&self, now: DateTime<Utc>) -> bool {
        self.retired_at.is_none_or(|at| at > now) && self.active_from.is_none_or(|at| at <= now)
    }
}

/// All keys, retired ones too, newest first.
pub(crate) async fn list(conn: &mut Conn<'_>) -> Result<Vec<SealedKey>> {
    const SQL: &str = "SELECT kid, generation, sealed, public_key, created_at, active_from, retired_at \
                       FROM signing_key ORDER BY generation DESC";
    Ok(on!(conn, fetch_all sqlx::query_as::<_, SealedKey>(SQL))?)
}

/// Stores a key unless its generation has one: of servers that start at once one wins, and all read the same key.
pub(crate) async fn insert(tx: &mut Tx<'_>, key: &SealedKey) -> Result<()> {
    const SQL: &str = "INSERT INTO signing_key (kid, generation, sealed, public_key, created_at, active_from) \
                       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    on!(&mut **tx, execute sqlx::query(SQL)
        .bind(&key.kid)
        .bind(key.generation)
        .bind(key.sealed.as_slice())
        .bind(key.public_key.as_slice())
        .bind(key.created_at)
        .bind(key.active_from))?;
    Ok(())
}

/// Ends a key at `at`, unless it ends before; `false` when there is no such key.
pub(crate) async fn retire(tx: &mut Tx<'_>, kid: &str, at: DateTime<Utc>) -> Result<bool> {
    const SQL: &str = "UPDATE signing_key \
                       SET retired_at = CASE WHEN retired_at < $2 THEN retired_at ELSE $2 END WHERE kid = $1";
    Ok(on!(&mut **tx, execute sqlx::query(SQL).bind(kid).bind(at))? == 1)
}

/// Ends at `at` every key before this generation that does not end sooner.
pub(crate) async fn retire_before(
    tx: &mut Tx<'_>,
    generation: i64,
    at: DateTime<Utc>,
) -> Result<()> {
    const SQL: &str = "UPDATE signing_key SET retired_at = $2 \
                       WHERE generation < $1 AND (retired_at IS NULL OR retired_at > $2)";
    on!(&mut **tx, execute sqlx::query(SQL).bind(generation).bind(at))?;
    Ok(())
}
