//! Signed ends of a clinic's chain: who keeps one elsewhere can tell when what lies before it was rewritten.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::chain::{End, Hash};
use crate::{
    access::AuditAccess,
    error::Result,
    storage::{Conn, Tx, db::on},
};

/// The type of the signed statement.
pub(crate) const TYPE: &str = "rung-audit-head+jws";

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Statement {
    pub(crate) clinic_id: Uuid,
    pub(crate) seq: i64,
    /// 64 hexadecimal digits.
    pub(crate) hash: String,
    pub(crate) signed_at: DateTime<Utc>,
}

impl Statement {
    pub(crate) fn of(access: &AuditAccess, end: &End, at: DateTime<Utc>) -> Self {
        Self {
            clinic_id: access.clinic().uuid(),
            seq: end.seq,
            hash: end.hash.hex(),
            signed_at: at,
        }
    }
}

/// A signed end.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Head {
    pub(crate) seq: i64,
    hash: Vec<u8>,
    pub(crate) signed_at: DateTime<Utc>,
    pub(crate) kid: String,
    /// JWS in compact form.
    pub(crate) signature: String,
}

impl Head {
    pub(crate) fn new(end: &End, at: DateTime<Utc>, kid: String, signature: String) -> Self {
        Self {
            seq: end.seq,
            hash: end.hash.bytes().to_vec(),
            signed_at: at,
            kid,
            signature,
        }
    }

    pub(crate) fn hash(&self) -> Result<Hash> {
        Hash::from_stored(&self.hash)
    }
}

/// Stores a head; one that stands for the same end already counts.
pub(crate) async fn insert(tx: &mut Tx<'_>, access: &AuditAccess, head: &Head) -> Result<()> {
    const SQL: &str = "INSERT INTO audit_head (clinic_id, seq, hash, signed_at, kid, signature) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    on!(&mut **tx, execute sqlx::query(SQL)
        .bind(access.clinic().uuid())
        .bind(head.seq)
        .bind(head.hash.as_slice())
        .bind(head.signed_at)
        .bind(&head.kid)
        .bind(&head.signature))?;
    Ok(())
}

/// The newest head of the clinic.
pub(crate) async fn newest(conn: &mut Conn<'_>, access: &AuditAccess) -> Result<Option<Head>> {
    const SQL: &str = "SELECT seq, hash, signed_at, kid, signature FROM audit_head \
        WHERE clinic_id = $1 ORDER BY seq DESC LIMIT 1";
    Ok(on!(conn, fetch_optional sqlx::query_as::<_, Head>(SQL).bind(access.clinic().uuid()))?)
}

/// The heads of the links from `first` to `last`.
pub(super) async fn between(
    conn: &mut Conn<'_>,
    access: &AuditAccess,
    first: i64,
    last: i64,
) -> Result<Vec<Head>> {
    const SQL: &str = "SELECT seq, hash, signed_at, kid, signature FROM audit_head \
        WHERE clinic_id = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq";
    Ok(on!(conn, fetch_all sqlx::query_as::<_, Head>(SQL)
        .bind(access.clinic().uuid())
        .bind(first)
        .bind(last))?)
}
