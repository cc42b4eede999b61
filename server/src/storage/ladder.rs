//! The clinic's own ladders. The built-in library is not stored: see `library.rs`.

use chrono::{DateTime, Utc};
use rung_progression::{ClinicId, Ladder, LadderId};
use sqlx::types::{Json, Uuid};

use super::{Conn, Tx, db::on};
use crate::{
    access::{AthleteAccess, ClinicAccess},
    error::{Error, Result},
    mutant::{anywhere, off, sql},
};

/// One version of a ladder.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct StoredLadder {
    #[sqlx(try_from = "Uuid")]
    pub(crate) id: LadderId,
    pub(crate) etag: i64,
    pub(crate) definition: Json<Ladder>,
    pub(crate) created_at: DateTime<Utc>,
    /// Set once published; from then on the definition never changes.
    pub(crate) published_at: Option<DateTime<Utc>>,
}

/// Stores a draft as the version after the newest one of its key.
pub(crate) async fn insert_draft(
    tx: &mut Tx<'_>,
    access: &ClinicAccess,
    id: LadderId,
    mut ladder: Ladder,
    at: DateTime<Utc>,
) -> Result<StoredLadder> {
    const NEWEST: &str =
        "SELECT COALESCE(MAX(version), 0) FROM ladder WHERE clinic_id = $1 AND key = $2";
    const INSERT: &str = "INSERT INTO ladder \
        (clinic_id, id, etag, key, version, state, definition, created_at, created_by, published_at) \
        VALUES ($1, $2, 1, $3, $4, 'DRAFT', $5, $6, $7, NULL) ON CONFLICT DO NOTHING \
        RETURNING id, etag, definition, created_at, published_at";
    let newest: i64 = on!(tx, fetch_one sqlx::query_scalar(NEWEST)
        .bind(access.clinic().uuid())
        .bind(ladder.key.as_str()))?;
    let version = newest + 1;
    ladder.version = u32::try_from(version).map_err(Error::internal)?;
    let key = ladder.key.clone();
    on!(tx, fetch_optional sqlx::query_as::<_, StoredLadder>(INSERT)
        .bind(access.clinic().uuid())
        .bind(id.uuid())
        .bind(key.as_str())
        .bind(version)
        .bind(Json(&ladder))
        .bind(at)
        .bind(access.person().uuid()))?
    .ok_or(Error::AlreadyExists {
        what: format!("a draft of the ladder \"{key}\""),
    })
}

/// One ladder of the clinic.
pub(crate) async fn get(
    conn: &mut Conn<'_>,
    access: &ClinicAccess,
    id: LadderId,
) -> Result<StoredLadder> {
    find(conn, access.clinic(), id)
        .await?
        .ok_or(Error::NotFound("ladder"))
}

/// One ladder of the clinic, for somebody who may prescribe to an athlete of the same clinic.
pub(crate) async fn find_to_prescribe(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
    id: LadderId,
) -> Result<Option<StoredLadder>> {
    find(conn, access.clinic(), id).await
}

async fn find(conn: &mut Conn<'_>, clinic: ClinicId, id: LadderId) -> Result<Option<StoredLadder>> {
    const SQL: &str = "SELECT id, etag, definition, created_at, published_at FROM ladder \
        WHERE clinic_id = $1 AND id = $2";
    Ok(
        on!(conn, fetch_optional sqlx::query_as::<_, StoredLadder>(sql(SQL, &[anywhere(off("clinic-ladder"))]))
        .bind(clinic.uuid())
        .bind(id.uuid()))?,
    )
}

/// Ladders of the clinic by key and version, after `(key, version)`.
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    access: &ClinicAccess,
    after: Option<(String, i64)>,
    limit: i64,
) -> Result<Vec<StoredLadder>> {
    const SQL: &str = "SELECT id, etag, definition, created_at, published_at FROM ladder \
        WHERE clinic_id = $1 AND (key, version) > ($2, $3) ORDER BY key, version LIMIT $4";
    let (key, version) = after.unwrap_or_default();
    Ok(
        on!(conn, fetch_all sqlx::query_as::<_, StoredLadder>(sql(SQL, &[anywhere(off("clinic-ladders"))]))
        .bind(access.clinic().uuid())
        .bind(key.as_str())
        .bind(version)
        .bind(limit))?,
    )
}

/// Publishes a draft that still has this etag; what is published already stays as it is.
pub(crate) async fn publish(
    tx: &mut Tx<'_>,
    access: &ClinicAccess,
    id: LadderId,
    etag: i64,
    at: DateTime<Utc>,
) -> Result<StoredLadder> {
    const PUBLISH: &str = "UPDATE ladder SET state = 'PUBLISHED', published_at = $4, etag = etag + 1 \
        WHERE clinic_id = $1 AND id = $2 AND etag = $3 AND state = 'DRAFT' \
        RETURNING id, etag, definition, created_at, published_at";
    let query = sql(PUBLISH, &[anywhere(off("clinic-ladder-publish"))]);
    let published = on!(tx, fetch_optional sqlx::query_as::<_, StoredLadder>(query)
        .bind(access.clinic().uuid())
        .bind(id.uuid())
        .bind(etag)
        .bind(at))?;
    if let Some(published) = published {
        return Ok(published);
    }
    let found = get(tx, access, id).await?;
    if found.published_at.is_some() {
        return Ok(found);
    }
    Err(Error::EtagStale {
        current: found.etag.to_string(),
    })
}

#[cfg(test)]
#[path = "ladder_test.rs"]
mod tests;
