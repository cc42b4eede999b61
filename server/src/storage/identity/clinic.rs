//! Clinics.

use chrono::{DateTime, Utc};
use rung_progression::ClinicId;

use crate::{
    error::Result,
    storage::{Tx, db::on},
};

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
