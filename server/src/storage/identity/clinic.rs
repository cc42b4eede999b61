//! Clinics.

use chrono::{DateTime, Utc};
use rung_progression::ClinicId;

use crate::{
    error::Result,
    storage::{Conn, Tx, db::on},
};

/// All clinics, whatever their state.
pub(crate) async fn all(conn: &mut Conn<'_>) -> Result<Vec<ClinicId>> {
    const SQL: &str = "SELECT id FROM clinic ORDER BY id";
    let ids: Vec<uuid::Uuid> = on!(conn, fetch_all sqlx::query_scalar(SQL))?;
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
