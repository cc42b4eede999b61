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
}

/// The keys in use, newest first.
pub(crate) async fn list(conn: &mut Conn<'_>) -> Result<Vec<SealedKey>> {
    const SQL: &str = "SELECT kid, generation, sealed, public_key, created_at FROM signing_key \
                       WHERE retired_at IS NULL ORDER BY generation DESC";
    Ok(on!(conn, fetch_all sqlx::query_as::<_, SealedKey>(SQL))?)
}

/// Stores a key unless its generation has one: of servers that start at once one wins, and all read the same key.
pub(crate) async fn insert(tx: &mut Tx<'_>, key: &SealedKey) -> Result<()> {
    const SQL: &str = "INSERT INTO signing_key (kid, generation, sealed, public_key, created_at) \
                       VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    on!(&mut **tx, execute sqlx::query(SQL)
        .bind(&key.kid)
        .bind(key.generation)
        .bind(key.sealed.as_slice())
        .bind(key.public_key.as_slice())
        .bind(key.created_at))?;
    Ok(())
}
