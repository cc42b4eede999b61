//! Erasing an athlete: the tombstone first, which lets the rows go on Postgres, then everything that is about them.
//!
//! How do I add a table about athletes? Its DELETE goes into [`RECORD`], or into [`TRACES`] when no law wants it kept, and
//! its name into `DELETABLE` and a policy as in migrations 0005 and 0008.

use chrono::{DateTime, Utc};
use rung_progression::{AthleteId, ClinicId, PersonId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Conn, Tx,
    db::on,
    identity::{account, epoch},
};
use crate::mutant::{anywhere, off, sql};
use crate::{access::ErasureAccess, error::Result};

/// What was erased, when and why. It stays, here and in a file outside the database: ids, no names.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow, Serialize, Deserialize)]
pub(crate) struct Tombstone {
    pub(crate) clinic_id: Uuid,
    pub(crate) athlete_id: Uuid,
    pub(crate) reason: String,
    pub(crate) erased_at: DateTime<Utc>,
    /// Nobody, when the server or its operator did it.
    pub(crate) erased_by: Option<Uuid>,
    /// The record is kept under lock until then.
    pub(crate) hold_until: Option<DateTime<Utc>>,
}

impl Tombstone {
    pub(crate) fn new(
        access: &ErasureAccess,
        reason: String,
        at: DateTime<Utc>,
        hold_until: Option<DateTime<Utc>>,
    ) -> Self {
        Self {
            clinic_id: access.clinic().uuid(),
            athlete_id: access.athlete().uuid(),
            reason,
            erased_at: at,
            erased_by: access.by().map(PersonId::uuid),
            hold_until,
        }
    }

    /// Whether the law wants the record kept at this instant.
    pub(crate) fn holds(&self, now: DateTime<Utc>) -> bool {
        self.hold_until.is_some_and(|until| until > now)
    }

    /// Permission to carry it out again.
    pub(crate) fn again(&self) -> ErasureAccess {
        ErasureAccess::of_machine(self.clinic_id.into(), self.athlete_id.into())
    }
}

/// What goes at once, held or not: who may see them, and answers that are remembered. The call that erases keeps its
/// own, which holds ids alone.
const TRACES: [&str; 1] = ["DELETE FROM care_team WHERE clinic_id = $1 AND athlete_id = $2"];

/// The record, in an order in which no row is left that names one that is gone.
const RECORD: [&str; 10] = [
    "DELETE FROM decision WHERE clinic_id = $1 AND athlete_id = $2",
    "DELETE FROM check_in WHERE clinic_id = $1 AND athlete_id = $2",
    "DELETE FROM prediction WHERE clinic_id = $1 AND athlete_id = $2",
    "DELETE FROM plan_event WHERE clinic_id = $1 AND plan_id IN \
        (SELECT id FROM plan WHERE clinic_id = $1 AND athlete_id = $2)",
    "DELETE FROM plan_revision WHERE clinic_id = $1 AND plan_id IN \
        (SELECT id FROM plan WHERE clinic_id = $1 AND athlete_id = $2)",
    "DELETE FROM plan_state WHERE clinic_id = $1 AND athlete_id = $2",
    "DELETE FROM plan WHERE clinic_id = $1 AND athlete_id = $2",
    "DELETE FROM consent WHERE clinic_id = $1 AND athlete_id = $2",
    "DELETE FROM break_glass WHERE clinic_id = $1 AND athlete_id = $2",
    "DELETE FROM athlete WHERE clinic_id = $1 AND id = $2",
];

/// Erases the athlete of `tombstone`, or what a hold had left of them; `false` when nothing was there. `keep` is the
/// `request_id` of the call that erases.
pub(crate) async fn erase(
    tx: &mut Tx<'_>,
    access: &ErasureAccess,
    tombstone: &Tombstone,
    now: DateTime<Utc>,
    keep: Option<Uuid>,
) -> Result<bool> {
    const LOCK: &str =
        "UPDATE athlete SET etag = etag WHERE clinic_id = $1 AND id = $2 RETURNING person_id";
    const REQUESTS: &str =
        "DELETE FROM request WHERE clinic_id = $1 AND athlete_id = $2 AND request_id <> $3";
    const HIDE: &str = "UPDATE athlete SET display_name = 'Erased athlete', time_zone = 'UTC', person_id = NULL, \
        erased_at = $3, etag = etag + 1 WHERE clinic_id = $1 AND id = $2 AND erased_at IS NULL";
    let (clinic, athlete) = (access.clinic().uuid(), access.athlete().uuid());
    let locked: Option<Option<Uuid>> = on!(&mut **tx, fetch_optional sqlx::query_scalar(sql(LOCK, &[anywhere(off("clinic-erase"))]))
        .bind(clinic)
        .bind(athlete))?;
    bury(tx, access, tombstone).await?;
    on!(&mut **tx, execute sqlx::query(REQUESTS)
        .bind(clinic)
        .bind(athlete)
        .bind(keep.unwrap_or_default()))?;
    let Some(person) = locked else {
        return Ok(false);
    };
    account::forget_invitations(tx, access).await?;
    for text in TRACES {
        let delete = sql(text, &[anywhere(off("clinic-erase"))]);
        on!(&mut **tx, execute sqlx::query(delete).bind(clinic).bind(athlete))?;
    }
    if tombstone.holds(now) {
        on!(&mut **tx, execute sqlx::query(HIDE)
            .bind(clinic)
            .bind(athlete)
            .bind(tombstone.erased_at))?;
    } else {
        for text in RECORD {
            let delete = sql(text, &[anywhere(off("clinic-erase"))]);
            on!(&mut **tx, execute sqlx::query(delete).bind(clinic).bind(athlete))?;
        }
    }
    if let Some(person) = person {
        account::forget_athlete(tx, access, person.into(), now).await?;
    }
    epoch::bump(tx).await?;
    Ok(true)
}

async fn bury(tx: &mut Tx<'_>, access: &ErasureAccess, tombstone: &Tombstone) -> Result<()> {
    const SQL: &str = "INSERT INTO tombstone (clinic_id, athlete_id, reason, erased_at, erased_by, hold_until) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    on!(&mut **tx, execute sqlx::query(SQL)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid())
        .bind(&tombstone.reason)
        .bind(tombstone.erased_at)
        .bind(tombstone.erased_by)
        .bind(tombstone.hold_until))?;
    Ok(())
}

/// Whether anything stands of the athlete that is not locked away.
pub(crate) async fn stands(conn: &mut Conn<'_>, access: &ErasureAccess) -> Result<bool> {
    const SQL: &str =
        "SELECT id FROM athlete WHERE clinic_id = $1 AND id = $2 AND erased_at IS NULL";
    let id: Option<Uuid> = on!(conn, fetch_optional sqlx::query_scalar(SQL)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid()))?;
    Ok(id.is_some())
}

/// What was erased and kept, and is to be kept no longer.
pub(crate) async fn ended_holds(
    conn: &mut Conn<'_>,
    clinic: ClinicId,
    now: DateTime<Utc>,
) -> Result<Vec<Tombstone>> {
    const SQL: &str = "SELECT t.clinic_id, t.athlete_id, t.reason, t.erased_at, t.erased_by, t.hold_until \
        FROM tombstone t JOIN athlete a ON a.clinic_id = t.clinic_id AND a.id = t.athlete_id \
        WHERE t.clinic_id = $1 AND (t.hold_until IS NULL OR t.hold_until <= $2)";
    Ok(on!(conn, fetch_all sqlx::query_as::<_, Tombstone>(SQL)
        .bind(clinic.uuid())
        .bind(now))?)
}

/// Whether the athlete was erased; no record may come again under this id.
pub(crate) async fn is_buried(
    conn: &mut Conn<'_>,
    clinic: ClinicId,
    athlete: AthleteId,
) -> Result<bool> {
    const SQL: &str = "SELECT athlete_id FROM tombstone WHERE clinic_id = $1 AND athlete_id = $2";
    let id: Option<Uuid> = on!(conn, fetch_optional sqlx::query_scalar(SQL)
        .bind(clinic.uuid())
        .bind(athlete.uuid()))?;
    Ok(id.is_some())
}

#[cfg(test)]
#[path = "erasure_test.rs"]
pub(super) mod tests;
