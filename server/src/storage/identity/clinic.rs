//! Clinics and what they have chosen.

use chrono::{DateTime, Utc};
use rung_progression::ClinicId;
use sqlx::types::Uuid;

use super::epoch;
use crate::{
    access::{ClinicAccess, Roles},
    error::{Error, Result},
    storage::{Conn, Tx, db::on},
};

/// All clinics, whatever their state.
pub(crate) async fn all(conn: &mut Conn<'_>) -> Result<Vec<ClinicId>> {
    const SQL: &str = "SELECT id FROM clinic ORDER BY id";
    let ids: Vec<Uuid> = on!(conn, fetch_all sqlx::query_scalar(SQL))?;
    Ok(ids.into_iter().map(ClinicId::from).collect())
}

/// Founds a clinic.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    id: ClinicId,
    name: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    const SQL: &str = "INSERT INTO clinic (id, name, created_at) VALUES ($1, $2, $3)";
    on!(&mut **tx, execute sqlx::query(SQL).bind(id.uuid()).bind(name).bind(at))?;
    Ok(())
}

/// A clinic as it stands.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Clinic {
    #[sqlx(try_from = "Uuid")]
    pub(crate) id: ClinicId,
    pub(crate) etag: i64,
    pub(crate) name: String,
    pub(crate) shared_care: bool,
    /// A set of roles as text, or nothing.
    pub(crate) second_factor_roles: String,
    pub(crate) created_at: DateTime<Utc>,
}

impl Clinic {
    /// The roles that are let in with a second factor only.
    pub(crate) fn second_factor_roles(&self) -> Result<Roles> {
        if self.second_factor_roles.is_empty() {
            return Ok(Roles::default());
        }
        self.second_factor_roles.parse()
    }
}

/// What an admin changes; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub(crate) struct Change {
    pub(crate) name: Option<String>,
    pub(crate) shared_care: Option<bool>,
    pub(crate) second_factor_roles: Option<Roles>,
}

/// The clinic of the caller.
pub(crate) async fn get(conn: &mut Conn<'_>, access: &ClinicAccess) -> Result<Clinic> {
    const SQL: &str = "SELECT id, etag, name, shared_care, second_factor_roles, created_at FROM clinic WHERE id = $1";
    let id = access.clinic().uuid();
    Ok(on!(conn, fetch_one sqlx::query_as::<_, Clinic>(SQL).bind(id))?)
}

/// Changes the clinic of the caller, as it was read under `etag`.
pub(crate) async fn update(
    tx: &mut Tx<'_>,
    access: &ClinicAccess,
    etag: i64,
    change: &Change,
) -> Result<Clinic> {
    const SQL: &str = "UPDATE clinic SET etag = etag + 1, name = $2, shared_care = $3, second_factor_roles = $4 \
        WHERE id = $1";
    lock(tx, access.clinic()).await?;
    let now = get(tx, access).await?;
    if now.etag != etag {
        return Err(Error::EtagStale {
            current: now.etag.to_string(),
        });
    }
    let roles = change.second_factor_roles.map(|roles| roles.to_string());
    on!(&mut **tx, execute sqlx::query(SQL)
        .bind(access.clinic().uuid())
        .bind(change.name.as_ref().unwrap_or(&now.name))
        .bind(change.shared_care.unwrap_or(now.shared_care))
        .bind(roles.as_ref().unwrap_or(&now.second_factor_roles)))?;
    let changed = get(tx, access).await?;
    epoch::bump(tx).await?;
    Ok(changed)
}

/// Takes the lock of what is decided about a clinic as a whole, such as who is its last admin.
pub(super) async fn lock(tx: &mut Tx<'_>, clinic: ClinicId) -> Result<()> {
    const SQL: &str = "UPDATE clinic SET etag = etag WHERE id = $1";
    on!(&mut **tx, execute sqlx::query(SQL).bind(clinic.uuid()))?;
    Ok(())
}

/// Shuts a clinic, or opens it again: the operator's act. `false` when there is none.
pub(crate) async fn set_active(tx: &mut Tx<'_>, clinic: ClinicId, active: bool) -> Result<bool> {
    const SQL: &str = "UPDATE clinic SET state = $2, etag = etag + 1 WHERE id = $1";
    let state = if active { "ACTIVE" } else { "DEACTIVATED" };
    let changed = on!(&mut **tx, execute sqlx::query(SQL).bind(clinic.uuid()).bind(state))?;
    epoch::bump(tx).await?;
    Ok(changed == 1)
}
