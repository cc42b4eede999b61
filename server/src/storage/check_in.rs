//! Check-ins: append-only; the client's id is the key for ever.

use chrono::{DateTime, NaiveDate, Utc};
use rung_progression::{CheckInId, EventBody, MorningReport, PersonId, PlanId, Rpe, SessionReport};
use serde::{Deserialize, Serialize};
use sqlx::types::{Json, Uuid};

use super::{Conn, Tx, db::on};
use crate::{
    access::{AthleteAccess, PlanAccess},
    error::{Error, Result},
    mutant::{anywhere, off, sql},
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
    pub(crate) report: Json<Report>,
}

/// What was reported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Report {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) note: String,
    #[serde(flatten)]
    pub(crate) body: ReportBody,
}

/// What is judged, and beside it what is not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", tag = "type")]
pub(crate) enum ReportBody {
    Session {
        judged: Box<SessionReport>,
        detail: Box<SessionDetail>,
    },
    Morning {
        judged: MorningReport,
    },
}

impl ReportBody {
    /// What the engine decides on.
    pub(crate) fn judged(&self) -> EventBody {
        match self {
            Self::Session { judged, .. } => EventBody::Session((**judged).clone()),
            Self::Morning { judged } => EventBody::Morning(judged.clone()),
        }
    }
}

/// What a session's report holds beside what the engine reads.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SessionDetail {
    pub(crate) rpe: Option<Rpe>,
    pub(crate) measurement: Option<Measurement>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) cues_held: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) anchors_done: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) sensory_cues: Vec<String>,
    pub(crate) paused_and_resumed_lighter: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) went_well: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) discomfort_site: String,
    pub(crate) discomfort_side: Option<BodySide>,
}

/// Which side of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum BodySide {
    Left,
    Right,
    Both,
}

/// What was measured: metres, seconds, steps per minute, metres climbed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Measurement {
    pub(crate) distance_m: Option<u32>,
    pub(crate) duration_s: Option<u32>,
    pub(crate) cadence_spm: Option<u32>,
    pub(crate) ascent_m: Option<u32>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) source: String,
}

/// The columns of [`StoredCheckIn`].
macro_rules! select_check_in {
    ($rest:literal) => {
        concat!(
            "SELECT id, plan_id, seq, fingerprint, performed_at, time_zone, civil_date, recorded_at, entered_by, \
             judged, report FROM check_in WHERE clinic_id = $1 AND athlete_id = $2 ",
            $rest
        )
    };
}

/// Stores a check-in of a locked plan, beside its event.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    access: &PlanAccess,
    new: &StoredCheckIn,
) -> Result<()> {
    const SQL: &str = "INSERT INTO check_in (clinic_id, athlete_id, id, plan_id, seq, fingerprint, performed_at, \
        time_zone, civil_date, recorded_at, entered_by, judged, report) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    on!(tx, execute sqlx::query(SQL)
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
        .bind(Json(&*new.report)))?;
    Ok(())
}

/// The check-in with this id, if the athlete has one.
pub(crate) async fn find(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
    id: CheckInId,
) -> Result<Option<StoredCheckIn>> {
    const SQL: &str = select_check_in!("AND id = $3");
    let query = sql(SQL, &[anywhere(off("clinic-check-in"))]);
    Ok(
        on!(conn, fetch_optional sqlx::query_as::<_, StoredCheckIn>(query)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid())
        .bind(id.uuid()))?,
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
        "AND (recorded_at, id) < ($3, $4) \
         ORDER BY recorded_at DESC, id DESC LIMIT $5"
    );
    let (at, id) = match before {
        Some(before) => before,
        None => (
            // After every instant that can be stored.
            DateTime::from_timestamp(253_402_300_799, 0)
                .ok_or_else(|| Error::internal("year 9999"))?,
            Uuid::max(),
        ),
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
        "AND (recorded_at, id) > ($3, $4) \
         ORDER BY recorded_at, id LIMIT $5"
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

mod base64 {
    //! Bytes as text.

    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        STANDARD
            .decode(text)
            .map_err(|_| D::Error::custom("no base64"))
    }
}
