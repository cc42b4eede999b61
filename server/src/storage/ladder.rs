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

/// What is read of every version.
macro_rules! columns {
    () => {
        "id, etag, definition, created_at, published_at, archived_at, \
         cloned_from, cloned_from_key, cloned_from_version"
    };
}

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
    /// Set once it is no longer offered.
    pub(crate) archived_at: Option<DateTime<Utc>>,
    cloned_from: Option<Uuid>,
    cloned_from_key: Option<String>,
    cloned_from_version: Option<i64>,
}

/// The version that a clone was made of, as it was named then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) id: LadderId,
    pub(crate) key: String,
    pub(crate) version: u32,
}

impl StoredLadder {
    /// What it was cloned from; nothing for what is no clone.
    pub(crate) fn origin(&self) -> Option<Origin> {
        Some(Origin {
            id: self.cloned_from?.into(),
            key: self.cloned_from_key.clone()?,
            version: self.cloned_from_version?.try_into().ok()?,
        })
    }
}

/// Stores a draft as the version after the newest one of its key.
pub(crate) async fn insert_draft(
    tx: &mut Tx<'_>,
    access: &ClinicAccess,
    id: LadderId,
    ladder: Ladder,
    at: DateTime<Utc>,
) -> Result<StoredLadder> {
    let version = newest(tx, access, &ladder.key).await? + 1;
    let key = ladder.key.clone();
    let stored = insert(tx, access, id, (ladder, version), None, at).await?;
    stored.ok_or(Error::AlreadyExists {
        what: format!("a draft of the ladder \"{key}\""),
    })
}

/// Stores a draft under a key that the clinic has not used yet.
pub(crate) async fn insert_clone(
    tx: &mut Tx<'_>,
    access: &ClinicAccess,
    id: LadderId,
    ladder: Ladder,
    origin: &Origin,
    at: DateTime<Utc>,
) -> Result<StoredLadder> {
    let key = ladder.key.clone();
    let stored = match newest(tx, access, &key).await? {
        0 => insert(tx, access, id, (ladder, 1), Some(origin), at).await?,
        _ => None,
    };
    stored.ok_or(Error::AlreadyExists {
        what: format!("a ladder with the key \"{key}\"; choose another key"),
    })
}

/// The newest version of a key; 0 where there is none.
async fn newest(tx: &mut Tx<'_>, access: &ClinicAccess, key: &str) -> Result<i64> {
    const SQL: &str =
        "SELECT COALESCE(MAX(version), 0) FROM ladder WHERE clinic_id = $1 AND key = $2";
    Ok(on!(tx, fetch_one sqlx::query_scalar(SQL)
        .bind(access.clinic().uuid())
        .bind(key))?)
}

/// Stores a draft as this version; nothing when the key has a draft or the version already.
async fn insert(
    tx: &mut Tx<'_>,
    access: &ClinicAccess,
    id: LadderId,
    (mut ladder, version): (Ladder, i64),
    origin: Option<&Origin>,
    at: DateTime<Utc>,
) -> Result<Option<StoredLadder>> {
    const SQL: &str = concat!(
        "INSERT INTO ladder (clinic_id, id, etag, key, version, state, definition, created_at, created_by, \
         cloned_from, cloned_from_key, cloned_from_version) \
         VALUES ($1, $2, 1, $3, $4, 'DRAFT', $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING ",
        columns!()
    );
    ladder.version = u32::try_from(version).map_err(Error::internal)?;
    let key = ladder.key.clone();
    Ok(
        on!(tx, fetch_optional sqlx::query_as::<_, StoredLadder>(SQL)
        .bind(access.clinic().uuid())
        .bind(id.uuid())
        .bind(key.as_str())
        .bind(version)
        .bind(Json(&ladder))
        .bind(at)
        .bind(access.person().uuid())
        .bind(origin.map(|origin| origin.id.uuid()))
        .bind(origin.map(|origin| origin.key.as_str()))
        .bind(origin.map(|origin| i64::from(origin.version))))?,
    )
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
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM ladder WHERE clinic_id = $1 AND id = $2"
    );
    Ok(
        on!(conn, fetch_optional sqlx::query_as::<_, StoredLadder>(sql(SQL, &[anywhere(off("clinic-ladder"))]))
        .bind(clinic.uuid())
        .bind(id.uuid()))?,
    )
}

/// Ladders of the clinic by key and version, after `(key, version)`; archived ones only if `archived`.
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    access: &ClinicAccess,
    archived: bool,
    after: Option<(String, i64)>,
    limit: i64,
) -> Result<Vec<StoredLadder>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM ladder WHERE clinic_id = $1 AND (archived_at IS NULL OR $2) AND (key, version) > ($3, $4) \
         ORDER BY key, version LIMIT $5"
    );
    let (key, version) = after.unwrap_or_default();
    Ok(
        on!(conn, fetch_all sqlx::query_as::<_, StoredLadder>(sql(SQL, &[anywhere(off("clinic-ladders"))]))
        .bind(access.clinic().uuid())
        .bind(archived)
        .bind(key.as_str())
        .bind(version)
        .bind(limit))?,
    )
}

/// Replaces what a draft says that still has this etag; key and version stay.
pub(crate) async fn update_draft(
    tx: &mut Tx<'_>,
    access: &ClinicAccess,
    id: LadderId,
    etag: i64,
    mut ladder: Ladder,
) -> Result<StoredLadder> {
    const LOCK: &str = concat!(
        "UPDATE ladder SET etag = etag WHERE clinic_id = $1 AND id = $2 RETURNING ",
        columns!()
    );
    const SQL: &str = concat!(
        "UPDATE ladder SET definition = $3, etag = etag + 1 WHERE clinic_id = $1 AND id = $2 RETURNING ",
        columns!()
    );
    let everywhere = [anywhere(off("clinic-ladder-update"))];
    let found = on!(tx, fetch_optional sqlx::query_as::<_, StoredLadder>(sql(LOCK, &everywhere))
        .bind(access.clinic().uuid())
        .bind(id.uuid()))?
    .ok_or(Error::NotFound("ladder"))?;
    if found.published_at.is_some() {
        return Err(Error::LadderPublished);
    }
    let kept = &found.definition.key;
    if ladder.key != *kept {
        return Err(Error::field(
            "definition.key",
            format!("must stay \"{kept}\"; clone the ladder to have it under another key"),
        ));
    }
    if found.etag != etag {
        return Err(stale(&found));
    }
    ladder.version = found.definition.version;
    Ok(
        on!(tx, fetch_one sqlx::query_as::<_, StoredLadder>(sql(SQL, &everywhere))
        .bind(access.clinic().uuid())
        .bind(id.uuid())
        .bind(Json(&ladder)))?,
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
    const SQL: &str = concat!(
        "UPDATE ladder SET state = 'PUBLISHED', published_at = $4, etag = etag + 1 \
         WHERE clinic_id = $1 AND id = $2 AND etag = $3 AND state = 'DRAFT' RETURNING ",
        columns!()
    );
    let query = sql(SQL, &[anywhere(off("clinic-ladder-publish"))]);
    let published = on!(tx, fetch_optional sqlx::query_as::<_, StoredLadder>(query)
        .bind(access.clinic().uuid())
        .bind(id.uuid())
        .bind(etag)
        .bind(at))?;
    if let Some(published) = published {
        return Ok(published);
    }
    let found = get(tx, access, id).await?;
    match found.published_at {
        Some(_) => Ok(found),
        None => Err(stale(&found)),
    }
}

/// Takes a published version that still has this etag off the shelf; what is archived already stays as it is.
pub(crate) async fn archive(
    tx: &mut Tx<'_>,
    access: &ClinicAccess,
    id: LadderId,
    etag: i64,
    at: DateTime<Utc>,
) -> Result<StoredLadder> {
    const SQL: &str = concat!(
        "UPDATE ladder SET archived_at = $4, etag = etag + 1 WHERE clinic_id = $1 AND id = $2 AND etag = $3 \
         AND state = 'PUBLISHED' AND archived_at IS NULL RETURNING ",
        columns!()
    );
    let query = sql(SQL, &[anywhere(off("clinic-ladder-archive"))]);
    let archived = on!(tx, fetch_optional sqlx::query_as::<_, StoredLadder>(query)
        .bind(access.clinic().uuid())
        .bind(id.uuid())
        .bind(etag)
        .bind(at))?;
    if let Some(archived) = archived {
        return Ok(archived);
    }
    let found = get(tx, access, id).await?;
    if found.archived_at.is_some() {
        return Ok(found);
    }
    Err(match found.published_at {
        Some(_) => stale(&found),
        None => Error::LadderNotPublished {
            field: "ladder_id".to_owned(),
        },
    })
}

fn stale(found: &StoredLadder) -> Error {
    Error::EtagStale {
        current: found.etag.to_string(),
    }
}

#[cfg(test)]
#[path = "ladder_test.rs"]
mod tests;
