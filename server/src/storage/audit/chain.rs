//! The hash chain over the audit rows of a clinic. It stands beside the rows, which nobody touches again.
//!
//! Rows come in unchained, in the transaction of what they tell of; whoever links takes the lock of the chain's end
//! first. The order of links is that of linking: a row that was committed late is linked late, and none is left out.

use chrono::{DateTime, TimeDelta, Utc};
use rung_progression::ClinicId;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::Row;
use crate::{
    access::AuditAccess,
    error::{Error, Result},
    storage::{Conn, Tx, db::on},
};

/// Rows linked in one transaction, at most: on `SQLite` every other write waits meanwhile.
pub(crate) const BATCH: i64 = 500;
/// How much older than the newest linked row an unlinked one may be and still be found at every look. A call may take
/// seconds to commit, and clocks of replicas lie apart; [`Look::Everywhere`] finds what is older still.
const SLACK: TimeDelta = TimeDelta::minutes(15);

/// SHA-256 of the hash before it and a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hash([u8; 32]);

impl Hash {
    /// Where the chain of a clinic begins: no two chains share a beginning.
    pub(crate) fn beginning(clinic: ClinicId) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"rung audit chain 1");
        hash.update(clinic.uuid());
        Self(hash.finalize().into())
    }

    /// The hash of a row that follows this one.
    pub(crate) fn then(self, clinic: ClinicId, row: &Row) -> Self {
        let mut hash = Sha256::new();
        hash.update(self.0);
        canonical(clinic, row, &mut |bytes| hash.update(bytes));
        Self(hash.finalize().into())
    }

    pub(crate) fn from_stored(bytes: &[u8]) -> Result<Self> {
        let bytes = bytes.try_into();
        bytes
            .map(Self)
            .map_err(|_| Error::internal("a stored hash has not 32 bytes"))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// 64 hexadecimal digits.
    pub(crate) fn hex(self) -> String {
        let digit = |four: u8| char::from(b"0123456789abcdef"[usize::from(four & 15)]);
        let pairs = self.0.iter().flat_map(|byte| [byte >> 4, *byte]);
        pairs.map(digit).collect()
    }
}

/// A row as bytes, the same from both databases: each field as 0 when it is missing, else 1, its length in four bytes,
/// and itself; the instant as microseconds since 1970 in eight bytes. No two rows have the same bytes.
fn canonical(clinic: ClinicId, row: &Row, put: &mut impl FnMut(&[u8])) {
    let at = row.at.timestamp_micros().to_be_bytes();
    let clinic = clinic.uuid();
    let fields: [Option<&[u8]>; 16] = [
        Some(clinic.as_bytes()),
        Some(row.id.as_bytes()),
        Some(&at),
        Some(row.actor_kind.as_bytes()),
        row.actor_id.as_ref().map(|id| id.as_bytes().as_slice()),
        Some(row.roles.as_bytes()),
        Some(row.method.as_bytes()),
        Some(row.effect.as_bytes()),
        row.athlete_id.as_ref().map(|id| id.as_bytes().as_slice()),
        row.object_id.as_ref().map(|id| id.as_bytes().as_slice()),
        Some(row.outcome.as_bytes()),
        row.error_reason.as_ref().map(String::as_bytes),
        Some(row.purpose.as_bytes()),
        row.break_glass_id
            .as_ref()
            .map(|id| id.as_bytes().as_slice()),
        Some(row.call_id.as_bytes()),
        row.network.as_ref().map(String::as_bytes),
    ];
    for field in fields {
        let Some(bytes) = field else {
            put(&[0]);
            continue;
        };
        // No field is near 4 GiB; one that was would be cut in its length and not in its bytes.
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        put(&[1]);
        put(&length.to_be_bytes());
        put(bytes);
    }
}

/// The end of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct End {
    /// Place of the last link; 0 when there is none.
    pub(crate) seq: i64,
    pub(crate) hash: Hash,
    linked_until: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct EndRow {
    seq: i64,
    hash: Vec<u8>,
    linked_until: DateTime<Utc>,
}

impl EndRow {
    fn end(&self) -> Result<End> {
        Ok(End {
            seq: self.seq,
            hash: Hash::from_stored(&self.hash)?,
            linked_until: self.linked_until,
        })
    }
}

/// Where to look for rows that are not linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Among those that are not much older than the newest linked one.
    Lately,
    /// Among all.
    Everywhere,
}

impl Look {
    fn from(self, end: Option<&End>) -> DateTime<Utc> {
        match (self, end) {
            (Self::Lately, Some(end)) => end.linked_until - SLACK,
            _ => DateTime::UNIX_EPOCH,
        }
    }
}

/// The end of the clinic's chain; `None` before its first link.
pub(crate) async fn end(conn: &mut Conn<'_>, access: &AuditAccess) -> Result<Option<End>> {
    const SQL: &str = "SELECT seq, hash, linked_until FROM audit_chain WHERE clinic_id = $1";
    let row = on!(conn, fetch_optional sqlx::query_as::<_, EndRow>(SQL)
        .bind(access.clinic().uuid()))?;
    row.map(|row| row.end()).transpose()
}

/// Whether there are rows to link. It locks nothing.
pub(crate) async fn is_behind(
    conn: &mut Conn<'_>,
    access: &AuditAccess,
    look: Look,
) -> Result<bool> {
    let from = look.from(end(conn, access).await?.as_ref());
    Ok(!unlinked(conn, access, from, 1).await?.is_empty())
}

/// Links the next rows, [`BATCH`] of them at most, and says how many they were.
pub(crate) async fn link(tx: &mut Tx<'_>, access: &AuditAccess, look: Look) -> Result<i64> {
    const FOUND: &str = "INSERT INTO audit_chain (clinic_id, seq, hash, linked_until) VALUES ($1, 0, $2, $3) \
        ON CONFLICT DO NOTHING";
    // The lock: another server that links this chain waits here, and sees below what was linked meanwhile.
    const LOCK: &str =
        "UPDATE audit_chain SET seq = seq WHERE clinic_id = $1 RETURNING seq, hash, linked_until";
    const MOVE: &str =
        "UPDATE audit_chain SET seq = $2, hash = $3, linked_until = $4 WHERE clinic_id = $1";
    let clinic = access.clinic();
    on!(&mut **tx, execute sqlx::query(FOUND)
        .bind(clinic.uuid())
        .bind(Hash::beginning(clinic).bytes())
        .bind(DateTime::UNIX_EPOCH))?;
    let locked = on!(&mut **tx, fetch_one sqlx::query_as::<_, EndRow>(LOCK).bind(clinic.uuid()))?;
    let mut end = locked.end()?;
    let rows = unlinked(tx, access, look.from(Some(&end)), BATCH).await?;
    let mut links = Vec::with_capacity(rows.len());
    for row in &rows {
        end.seq += 1;
        end.hash = end.hash.then(clinic, row);
        end.linked_until = end.linked_until.max(row.at);
        links.push((end.seq, row.id, end.hash));
    }
    if links.is_empty() {
        return Ok(0);
    }
    insert(tx, clinic, &links).await?;
    on!(&mut **tx, execute sqlx::query(MOVE)
        .bind(clinic.uuid())
        .bind(end.seq)
        .bind(end.hash.bytes())
        .bind(end.linked_until))?;
    Ok(i64::try_from(links.len()).unwrap_or(BATCH))
}

async fn unlinked(
    conn: &mut Conn<'_>,
    access: &AuditAccess,
    from: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Row>> {
    const SQL: &str = "SELECT id, at, actor_kind, actor_id, roles, method, effect, athlete_id, object_id, outcome, \
        error_reason, purpose, break_glass_id, call_id, network FROM audit_event e \
        WHERE clinic_id = $1 AND at >= $2 AND NOT EXISTS ( \
            SELECT 1 FROM audit_link l WHERE l.clinic_id = e.clinic_id AND l.event_id = e.id \
        ) ORDER BY at, id LIMIT $3";
    Ok(on!(conn, fetch_all sqlx::query_as::<_, Row>(SQL)
        .bind(access.clinic().uuid())
        .bind(from)
        .bind(limit))?)
}

/// How many rows are linked nowhere.
pub(crate) async fn count_unlinked(conn: &mut Conn<'_>, access: &AuditAccess) -> Result<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM audit_event e WHERE clinic_id = $1 AND NOT EXISTS ( \
        SELECT 1 FROM audit_link l WHERE l.clinic_id = e.clinic_id AND l.event_id = e.id)";
    Ok(on!(conn, fetch_one sqlx::query_scalar(SQL).bind(access.clinic().uuid()))?)
}

/// Links in one statement: one each costs a round trip each, and every call of a busy clinic leaves a row.
const AT_ONCE: usize = 50;

async fn insert(tx: &mut Tx<'_>, clinic: ClinicId, links: &[(i64, Uuid, Hash)]) -> Result<()> {
    for part in links.chunks(AT_ONCE) {
        let places: Vec<String> = (0..part.len())
            .map(|n| format!("($1, ${}, ${}, ${})", n * 3 + 2, n * 3 + 3, n * 3 + 4))
            .collect();
        let sql = format!(
            "INSERT INTO audit_link (clinic_id, seq, event_id, hash) VALUES {}",
            places.join(", ")
        );
        on!(&mut **tx, execute {
            let mut query = sqlx::query(sqlx::AssertSqlSafe(sql.as_str())).bind(clinic.uuid());
            for (seq, event, hash) in part {
                query = query.bind(seq).bind(event).bind(hash.bytes());
            }
            query
        })?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "chain_test.rs"]
mod tests;
