//! Check-ins: append-only; the client's id is the key for ever. A correction is a check-in of its own that names the first
//! one of those it corrects.

mod report;

use chrono::{DateTime, NaiveDate, Utc};
use rung_progression::{CheckInId, PersonId, PlanId};
use serde::{Deserialize, Serialize};
use sqlx::types::{Json, Uuid};

pub(crate) use self::report::{BodySide, Detail, Measurement, Reflection, Report, ReportBody};
use super::{Conn, Tx, db::on};
use crate::{
    access::{AthleteAccess, PlanAccess},
    error::Result,
    mutant::{anywhere, off, sql},
    storage::base64,
};

/// How much of a check-in was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type, Serialize, Deserialize)]
#[sqlx(type_name = "TEXT", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Judgement {
    Fully,
    /// It happened before the plan's effective date.
    RedFlagsOnly,
}

/// A check-in as it was accepted.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, Deserialize)]
pub(crate) struct StoredCheckIn {
    #[sqlx(try_from = "Uuid")]
    pub(crate) id: CheckInId,
    #[sqlx(try_from = "Uuid")]
    pub(crate) plan_id: PlanId,
    pub(crate) seq: i64,
    /// SHA-256 of what the client sent: an archive carries it, so that a report sent again is known anywhere.
    #[serde(with = "base64")]
    pub(crate) fingerprint: Vec<u8>,
    pub(crate) performed_at: DateTime<Utc>,
    /// IANA name.
    pub(crate) time_zone: String,
    pub(crate) civil_date: NaiveDate,
    pub(crate) recorded_at: DateTime<Utc>,
    #[sqlx(try_from = "Uuid")]
    pub(crate) entered_by: PersonId,
    pub(crate) judged: Judgement,
    /// Of the plan that it was done under.
    #[sqlx(try_from = "i64")]
    #[serde(default = "first")]
    pub(crate) revision: u32,
    /// The first one of those that it corrects.
    #[serde(default)]
    pub(crate) corrects_id: Option<Uuid>,
    /// The prediction that it answers.
    #[serde(default)]
    pub(crate) prediction_id: Option<Uuid>,
    pub(crate) report: Json<Report>,
    /// The newest correction of the same check-in, if it is newer than this.
    #[serde(skip)]
    pub(crate) corrected_by: Option<Uuid>,
    /// When the prediction was made.
    #[serde(skip)]
    pub(crate) predicted_at: Option<DateTime<Utc>>,
}

/// What the archives of servers that knew one revision leave unsaid.
const fn first() -> u32 {
    1
}

impl StoredCheckIn {
    /// The first one of those that correct each other.
    pub(crate) fn first(&self) -> CheckInId {
        self.corrects_id.map_or(self.id, CheckInId::from)
    }

    /// Whether the prediction that it answers was none: it was made after the session began.
    pub(crate) fn predicted_late(&self) -> bool {
        self.predicted_at.is_some_and(|at| at > self.performed_at)
    }
}

/// The columns of [`StoredCheckIn`].
macro_rules! select_check_in {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.plan_id, c.seq, c.fingerprint, c.performed_at, c.time_zone, c.civil_date, c.recorded_at, \
             c.entered_by, c.judged, c.revision, c.corrects_id, c.prediction_id, c.report, \
             (SELECT n.id FROM check_in n WHERE n.clinic_id = c.clinic_id AND n.athlete_id = c.athlete_id \
             AND n.corrects_id = COALESCE(c.corrects_id, c.id) AND n.seq > c.seq ORDER BY n.seq DESC LIMIT 1) \
             AS corrected_by, \
             (SELECT p.made_at FROM prediction p WHERE p.clinic_id = c.clinic_id AND p.athlete_id = c.athlete_id \
             AND p.id = c.prediction_id) AS predicted_at \
             FROM check_in c WHERE c.clinic_id = $1 AND c.athlete_id = $2 ",
            $rest
        )
    };
}

/// Adds a row; the values stand in the order of the columns.
pub(super) const INSERT: &str = "INSERT INTO check_in (clinic_id, athlete_id, id, plan_id, seq, fingerprint, performed_at, \
    time_zone, civil_date, recorded_at, entered_by, judged, revision, corrects_id, prediction_id, report) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";

/// Stores a check-in of a locked plan, beside its event.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    access: &PlanAccess,
    new: &StoredCheckIn,
) -> Result<()> {
    on!(tx, execute sqlx::query(INSERT)
        .bind(access.clinic().uuid())
        .bind(access.athlete().athlete().uuid())
        .bind(new.id.uuid())
        .bind(access.plan().uuid())
        .bind(new.seq)
        .bind(new.fingerprint.as_slice())
        .bind(new.performed_at)
        .bind(new.time_zone.as_str())
        .bind(new.civil_date)
        .bind(new.recorded_at)
        .bind(new.entered_by.uuid())
        .bind(new.judged)
        .bind(i64::from(new.revision))
        .bind(new.corrects_id)
        .bind(new.prediction_id)
        .bind(Json(&*new.report)))?;
    Ok(())
}

/// The check-in with this id, if the athlete has one.
pub(crate) async fn find(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
    id: CheckInId,
) -> Result<Option<StoredCheckIn>> {
    const SQL: &str = select_check_in!("AND c.id = $3");
    let query = sql(SQL, &[anywhere(off("clinic-check-in"))]);
    Ok(
        on!(conn, fetch_optional sqlx::query_as::<_, StoredCheckIn>(query)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid())
        .bind(id.uuid()))?,
    )
}

/// What was said last of a check-in and its corrections; `first` is the first of them.
pub(crate) async fn newest(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
    first: CheckInId,
) -> Result<Option<StoredCheckIn>> {
    const SQL: &str =
        select_check_in!("AND (c.id = $3 OR c.corrects_id = $3) ORDER BY c.seq DESC LIMIT 1");
    let query = sql(SQL, &[anywhere(off("clinic-check-in-newest"))]);
    Ok(
        on!(conn, fetch_optional sqlx::query_as::<_, StoredCheckIn>(query)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid())
        .bind(first.uuid()))?,
    )
}

/// The check-in that answers a prediction. What was corrected no longer does.
pub(crate) async fn answering(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
    prediction: Uuid,
) -> Result<Option<StoredCheckIn>> {
    const SQL: &str = select_check_in!(
        "AND c.prediction_id = $3 AND NOT EXISTS (SELECT 1 FROM check_in n WHERE n.clinic_id = c.clinic_id \
         AND n.athlete_id = c.athlete_id AND n.corrects_id = COALESCE(c.corrects_id, c.id) AND n.seq > c.seq)"
    );
    let query = sql(SQL, &[anywhere(off("clinic-check-in-answering"))]);
    Ok(
        on!(conn, fetch_optional sqlx::query_as::<_, StoredCheckIn>(query)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid())
        .bind(prediction))?,
    )
}

/// Check-ins of an athlete, the newest accepted first, before `(recorded_at, id)`.
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<StoredCheckIn>> {
    const SQL: &str = select_check_in!(
        "AND (c.recorded_at, c.id) < ($3, $4) \
         ORDER BY c.recorded_at DESC, c.id DESC LIMIT $5"
    );
    let (at, id) = match before {
        Some(before) => before,
        None => super::end()?,
    };
    let query = sql(SQL, &[anywhere(off("clinic-check-ins"))]);
    Ok(
        on!(conn, fetch_all sqlx::query_as::<_, StoredCheckIn>(query)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid())
        .bind(at)
        .bind(id)
        .bind(limit))?,
    )
}

/// Check-ins of an athlete in the order of acceptance, after `(recorded_at, id)`.
pub(crate) async fn list_from(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<StoredCheckIn>> {
    const SQL: &str = select_check_in!(
        "AND (c.recorded_at, c.id) > ($3, $4) \
         ORDER BY c.recorded_at, c.id LIMIT $5"
    );
    let (at, id) = after.unwrap_or_default();
    let query = sql(SQL, &[anywhere(off("clinic-check-ins-from"))]);
    Ok(
        on!(conn, fetch_all sqlx::query_as::<_, StoredCheckIn>(query)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid())
        .bind(at)
        .bind(id)
        .bind(limit))?,
    )
}

#[cfg(test)]
#[path = "check_in_test.rs"]
mod tests;
