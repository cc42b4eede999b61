//! Systems that sign in by themselves, and the keys they sign with.

use chrono::{DateTime, Utc};
use rung_progression::{ClinicId, PersonId};
use uuid::Uuid;

use super::epoch;
use crate::{
    access::{Algorithm, ClinicAccess, PublicKey, Scopes},
    error::{Error, Result},
    mutant::{anywhere, off, sql},
    storage::{Conn, Tx, db::on},
};

/// A service account as its clinic sees it.
#[derive(Clone, Debug)]
pub(crate) struct ServiceAccount {
    pub(crate) id: Uuid,
    pub(crate) display_name: String,
    pub(crate) scopes: Scopes,
    /// Those that work, newest first.
    pub(crate) keys: Vec<Key>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) revoked_at: Option<DateTime<Utc>>,
}

/// A key as it is listed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Key {
    pub(crate) kid: String,
    pub(crate) algorithm: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) expires_at: Option<DateTime<Utc>>,
}

/// A service account to be.
#[derive(Clone, Debug)]
pub(crate) struct NewServiceAccount {
    pub(crate) id: Uuid,
    pub(crate) display_name: String,
    pub(crate) scopes: Scopes,
    pub(crate) key: PublicKey,
}

/// Lets a system in.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    access: &ClinicAccess,
    new: &NewServiceAccount,
    at: DateTime<Utc>,
) -> Result<()> {
    const SQL: &str = "INSERT INTO service_account (id, clinic_id, display_name, scopes, created_at, created_by) \
                       VALUES ($1, $2, $3, $4, $5, $6)";
    on!(&mut **tx, execute sqlx::query(SQL)
        .bind(new.id)
        .bind(access.clinic().uuid())
        .bind(&new.display_name)
        .bind(new.scopes.to_string())
        .bind(at)
        .bind(access.person().uuid()))?;
    insert_key(tx, new.id, &new.key, at).await.map(|_| ())
}

/// Gives an account another key; the others end at `until`, unless they end sooner.
pub(crate) async fn rotate(
    tx: &mut Tx<'_>,
    access: &ClinicAccess,
    id: Uuid,
    key: &PublicKey,
    at: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<()> {
    // Setting it to itself locks the row.
    const LOCK: &str = "UPDATE service_account SET scopes = scopes \
                        WHERE clinic_id = $1 AND id = $2 AND revoked_at IS NULL";
    const END: &str = "UPDATE service_account_key SET expires_at = $2 \
                       WHERE service_account_id = $1 AND (expires_at IS NULL OR expires_at > $2)";
    let clinic = access.clinic().uuid();
    if on!(&mut **tx, execute sqlx::query(LOCK).bind(clinic).bind(id))? == 0 {
        return Err(Error::NotFound("service account"));
    }
    on!(&mut **tx, execute sqlx::query(END).bind(id).bind(until))?;
    if !insert_key(tx, id, key, at).await? {
        let message = "is a key that the account has or had; make a new one";
        return Err(Error::field("public_key_pem", message));
    }
    epoch::bump(tx).await
}

/// Shuts an account out for ever; doing so again changes nothing.
pub(crate) async fn revoke(
    tx: &mut Tx<'_>,
    access: &ClinicAccess,
    id: Uuid,
    at: DateTime<Utc>,
) -> Result<()> {
    const SQL: &str = "UPDATE service_account SET revoked_at = $3 \
                       WHERE clinic_id = $1 AND id = $2 AND revoked_at IS NULL";
    let clinic = access.clinic().uuid();
    let query = sql(SQL, &[anywhere(off("clinic-service-account-revoke"))]);
    on!(&mut **tx, execute sqlx::query(query).bind(clinic).bind(id).bind(at))?;
    epoch::bump(tx).await
}

async fn insert_key(
    tx: &mut Tx<'_>,
    account: Uuid,
    key: &PublicKey,
    at: DateTime<Utc>,
) -> Result<bool> {
    const SQL: &str = "INSERT INTO service_account_key \
                       (service_account_id, kid, algorithm, public_key, created_at) \
                       VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    let inserted = on!(&mut **tx, execute sqlx::query(SQL)
        .bind(account)
        .bind(key.kid())
        .bind(key.algorithm().name())
        .bind(key.spki())
        .bind(at))?;
    Ok(inserted == 1)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    display_name: String,
    scopes: String,
    created_at: DateTime<Utc>,
    revoked_at: Option<DateTime<Utc>>,
}

/// The accounts of the clinic before `before`, revoked ones too, the newest first.
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    access: &ClinicAccess,
    before: Option<Uuid>,
    limit: i64,
    now: DateTime<Utc>,
) -> Result<Vec<ServiceAccount>> {
    const SQL: &str = "SELECT id, display_name, scopes, created_at, revoked_at FROM service_account \
                       WHERE clinic_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    let query = sql(SQL, &[anywhere(off("clinic-service-accounts"))]);
    let rows: Vec<Row> = on!(conn, fetch_all sqlx::query_as(query)
        .bind(access.clinic().uuid())
        .bind(before.unwrap_or(Uuid::max()))
        .bind(limit))?;
    let mut accounts = Vec::with_capacity(rows.len());
    for row in rows {
        accounts.push(with_keys(conn, row, now).await?);
    }
    Ok(accounts)
}

/// One account of the clinic.
pub(crate) async fn get(
    conn: &mut Conn<'_>,
    access: &ClinicAccess,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<ServiceAccount> {
    const SQL: &str = "SELECT id, display_name, scopes, created_at, revoked_at FROM service_account \
                       WHERE clinic_id = $1 AND id = $2";
    let query = sql(SQL, &[anywhere(off("clinic-service-account"))]);
    let row: Option<Row> = on!(conn, fetch_optional sqlx::query_as(query)
        .bind(access.clinic().uuid())
        .bind(id))?;
    let row = row.ok_or(Error::NotFound("service account"))?;
    with_keys(conn, row, now).await
}

async fn with_keys(conn: &mut Conn<'_>, row: Row, now: DateTime<Utc>) -> Result<ServiceAccount> {
    const SQL: &str = "SELECT kid, algorithm, created_at, expires_at FROM service_account_key \
                       WHERE service_account_id = $1 AND (expires_at IS NULL OR expires_at > $2) \
                       ORDER BY created_at DESC, kid";
    let keys = if row.revoked_at.is_none() {
        on!(conn, fetch_all sqlx::query_as(SQL).bind(row.id).bind(now))?
    } else {
        vec![]
    };
    Ok(ServiceAccount {
        id: row.id,
        display_name: row.display_name,
        scopes: row.scopes.parse()?,
        keys,
        created_at: row.created_at,
        revoked_at: row.revoked_at,
    })
}

/// What lives of a service account: it, its clinic, and the key that it has signed with.
#[derive(Clone, Debug)]
pub(crate) struct LiveAccount {
    pub(crate) clinic: ClinicId,
    pub(crate) scopes: Scopes,
    pub(crate) key: PublicKey,
    /// When the key ends.
    pub(crate) until: Option<DateTime<Utc>>,
}

/// The account with this key, when both and the clinic live.
pub(crate) async fn live(
    conn: &mut Conn<'_>,
    account: PersonId,
    kid: &str,
    now: DateTime<Utc>,
) -> Result<Option<LiveAccount>> {
    type Found = (Uuid, String, String, Vec<u8>, Option<DateTime<Utc>>);
    const SQL: &str = "SELECT a.clinic_id, a.scopes, k.algorithm, k.public_key, k.expires_at \
                       FROM service_account a \
                       JOIN service_account_key k ON k.service_account_id = a.id \
                       JOIN clinic c ON c.id = a.clinic_id \
                       WHERE a.id = $1 AND k.kid = $2 AND a.revoked_at IS NULL AND c.state = 'ACTIVE' \
                       AND (k.expires_at IS NULL OR k.expires_at > $3)";
    let query = sql(
        SQL,
        &[
            (off("service-revoked"), " AND a.revoked_at IS NULL", ""),
            (off("service-clinic"), " AND c.state = 'ACTIVE'", ""),
            (off("service-key-expired"), "k.expires_at > $3", "$3 = $3"),
        ],
    );
    let row: Option<Found> = on!(conn, fetch_optional sqlx::query_as(query)
        .bind(account.uuid())
        .bind(kid)
        .bind(now))?;
    let Some((clinic, scopes, algorithm, spki, until)) = row else {
        return Ok(None);
    };
    let algorithm = Algorithm::of_name(&algorithm)
        .ok_or_else(|| Error::internal("a service account's key has an unknown algorithm"))?;
    Ok(Some(LiveAccount {
        clinic: clinic.into(),
        scopes: scopes.parse()?,
        key: PublicKey::stored(algorithm, spki),
        until,
    }))
}

/// Names of the keys of an account that work, the newest first; few, since a rotation ends the former ones.
pub(crate) async fn kids(
    conn: &mut Conn<'_>,
    account: PersonId,
    now: DateTime<Utc>,
) -> Result<Vec<String>> {
    const SQL: &str = "SELECT kid FROM service_account_key WHERE service_account_id = $1 \
                       AND (expires_at IS NULL OR expires_at > $2) ORDER BY created_at DESC, kid LIMIT 5";
    Ok(on!(conn, fetch_all sqlx::query_scalar(SQL)
        .bind(account.uuid())
        .bind(now))?)
}

/// Notes that an assertion was used; `false` when it had been. It need not be kept once it has expired.
pub(crate) async fn use_assertion(
    tx: &mut Tx<'_>,
    hash: &[u8],
    expires_at: DateTime<Utc>,
) -> Result<bool> {
    const SQL: &str =
        "INSERT INTO used_assertion (hash, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    let first = on!(&mut **tx, execute sqlx::query(SQL).bind(hash).bind(expires_at))? == 1;
    Ok(first || off("assertion-once"))
}
