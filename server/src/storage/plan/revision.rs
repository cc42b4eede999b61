//! Revisions of a plan: append-only, each with how it came about.

use chrono::{DateTime, Utc};
use rung_progression::{ClinicId, PersonId, PlanDefinition, PlanId, plan::Change};
use serde::{Deserialize, Serialize};
use sqlx::types::{Json, Uuid};

use crate::{
    access::PlanAccess,
    error::Result,
    mutant::{anywhere, off, sql},
    storage::{Conn, Tx, db::on},
};

/// A revision as it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Revision {
    pub(crate) definition: PlanDefinition,
    /// The amendment that made it; none for the first revision.
    pub(crate) amendment: Option<Amended>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) created_by: PersonId,
}

/// How a revision came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Amended {
    /// The event's place in the order of acceptance.
    pub(crate) seq: i64,
    pub(crate) reason: String,
    /// What is not as it was in the revision before.
    pub(crate) changes: Vec<Change>,
}

impl Revision {
    /// The one that a plan begins with.
    pub(crate) const fn first(definition: PlanDefinition, at: DateTime<Utc>, by: PersonId) -> Self {
        Self {
            definition,
            amendment: None,
            created_at: at,
            created_by: by,
        }
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    definition: Json<PlanDefinition>,
    seq: Option<i64>,
    reason: Option<String>,
    changes: Option<Json<Vec<Change>>>,
    created_at: DateTime<Utc>,
    #[sqlx(try_from = "Uuid")]
    created_by: PersonId,
}

impl From<Row> for Revision {
    fn from(row: Row) -> Self {
        Self {
            definition: row.definition.0,
            amendment: row.seq.map(|seq| Amended {
                seq,
                reason: row.reason.unwrap_or_default(),
                changes: row.changes.map(|changes| changes.0).unwrap_or_default(),
            }),
            created_at: row.created_at,
            created_by: row.created_by,
        }
    }
}

/// The columns of a [`Row`].
macro_rules! select_revision {
    ($rest:literal) => {
        concat!(
            "SELECT definition, seq, reason, changes, created_at, created_by FROM plan_revision \
             WHERE clinic_id = $1 AND plan_id = $2 ",
            $rest
        )
    };
}

/// Appends a revision to a plan that is new, or locked.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    clinic: ClinicId,
    plan: PlanId,
    new: &Revision,
) -> Result<()> {
    const SQL: &str = "INSERT INTO plan_revision \
        (clinic_id, plan_id, revision, definition, created_at, created_by, seq, reason, changes) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let amendment = new.amendment.as_ref();
    on!(tx, execute sqlx::query(SQL)
        .bind(clinic.uuid())
        .bind(plan.uuid())
        .bind(i64::from(new.definition.revision))
        .bind(Json(&new.definition))
        .bind(new.created_at)
        .bind(new.created_by.uuid())
        .bind(amendment.map(|amended| amended.seq))
        .bind(amendment.map(|amended| &amended.reason))
        .bind(amendment.map(|amended| Json(&amended.changes))))?;
    Ok(())
}

/// One revision of a plan, if it has it.
pub(crate) async fn find(
    conn: &mut Conn<'_>,
    access: &PlanAccess,
    revision: u32,
) -> Result<Option<Revision>> {
    const SQL: &str = select_revision!("AND revision = $3");
    let query = sql(SQL, &[anywhere(off("clinic-plan-revision"))]);
    let row = on!(conn, fetch_optional sqlx::query_as::<_, Row>(query)
        .bind(access.clinic().uuid())
        .bind(access.plan().uuid())
        .bind(i64::from(revision)))?;
    Ok(row.map(Revision::from))
}

/// Every revision of a plan, the first one first.
pub(crate) async fn list(conn: &mut Conn<'_>, access: &PlanAccess) -> Result<Vec<Revision>> {
    const SQL: &str = select_revision!("ORDER BY revision");
    let query = sql(SQL, &[anywhere(off("clinic-plan-revisions"))]);
    let rows = on!(conn, fetch_all sqlx::query_as::<_, Row>(query)
        .bind(access.clinic().uuid())
        .bind(access.plan().uuid()))?;
    Ok(rows.into_iter().map(Revision::from).collect())
}

/// What a revision prescribes; for [`super::row`], which was let through to the plan.
pub(super) async fn definition(
    conn: &mut Conn<'_>,
    clinic: Uuid,
    plan: PlanId,
    revision: u32,
) -> Result<Option<PlanDefinition>> {
    const SQL: &str = "SELECT definition FROM plan_revision \
        WHERE clinic_id = $1 AND plan_id = $2 AND revision = $3";
    let found: Option<Json<PlanDefinition>> = on!(conn, fetch_optional sqlx::query_scalar(SQL)
        .bind(clinic)
        .bind(plan.uuid())
        .bind(i64::from(revision)))?;
    Ok(found.map(|definition| definition.0))
}
