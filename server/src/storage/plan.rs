//! Plans: what is prescribed, and the one small row in which each stands.
//!
//! Where is what? How a row becomes a plan, its state made again where it has to be, in `plan/row.rs`; revisions in
//! `plan/revision.rs`; small goals in `plan/goal.rs`; whose turn it is when time alone acts in `plan/due.rs`.

pub(crate) mod due;
pub(crate) mod goal;
pub(crate) mod revision;
mod row;

use chrono::{DateTime, Utc};
use rung_progression::{
    AthleteId, ClinicId, Event, EventBody, PersonId, PlanDefinition, PlanId, PlanState,
};
use sqlx::types::{Json, Uuid};

use self::row::Row;
pub(crate) use self::{goal::Goal, revision::Revision};

use super::{Conn, Tx, athlete, db::on};
use crate::{
    access::{AthleteAccess, PlanAccess},
    error::{Error, Result},
    mutant::{anywhere, off, sql},
};

/// Where a plan stands in its life. It follows from the state, and stands in a column for the sake of queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type, serde::Serialize, serde::Deserialize)]
#[sqlx(type_name = "TEXT", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Status {
    /// Prescribed, not in force.
    Draft,
    Active,
    Paused,
}

impl Status {
    /// A draft that a red flag has paused stays a draft: it is not in force either way.
    pub(crate) fn of(state: &PlanState) -> Self {
        match (state.started, &state.paused) {
            (None, _) => Self::Draft,
            (Some(_), Some(_)) => Self::Paused,
            (Some(_), None) => Self::Active,
        }
    }

    /// The word for it in a message.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Draft => "a draft",
            Self::Active => "active",
            Self::Paused => "paused",
        }
    }
}

/// A plan with its current revision and state.
#[derive(Debug, Clone)]
pub(crate) struct StoredPlan {
    pub(crate) id: PlanId,
    /// The etag, and the seq of the last event.
    pub(crate) version: i64,
    pub(crate) status: Status,
    /// As it was prescribed, which is what decisions are made from.
    pub(crate) definition: PlanDefinition,
    pub(crate) state: PlanState,
    /// The small goals as they are now.
    pub(crate) goals: Vec<Goal>,
    /// When the latest check-in happened.
    pub(crate) last_check_in_at: Option<DateTime<Utc>>,
    /// When time alone may change the state next.
    pub(crate) due_at: Option<DateTime<Utc>>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) created_by: PersonId,
    /// The athlete's, IANA name.
    pub(crate) time_zone: String,
}

impl StoredPlan {
    /// The definition with its small goals as they are now.
    pub(crate) fn prescribed(&self) -> PlanDefinition {
        PlanDefinition {
            micro_goals: self.goals.iter().map(|goal| goal.goal.clone()).collect(),
            ..self.definition.clone()
        }
    }

    /// The athlete's time zone.
    pub(crate) fn zone(&self) -> Result<chrono_tz::Tz> {
        self.time_zone.parse().map_err(Error::internal)
    }
}

/// The columns of a [`Row`] and where they come from.
macro_rules! select_plan {
    ($rest:literal) => {
        concat!(
            "SELECT p.clinic_id, p.id, s.version, r.definition, s.state, s.goals, s.last_check_in_at, s.due_at, \
             p.created_at, p.created_by, a.time_zone FROM plan p \
             JOIN athlete a ON a.clinic_id = p.clinic_id AND a.id = p.athlete_id \
             JOIN plan_state s ON s.clinic_id = p.clinic_id AND s.plan_id = p.id \
             JOIN plan_revision r ON r.clinic_id = p.clinic_id AND r.plan_id = p.id AND r.revision = s.revision \
             WHERE p.clinic_id = $1 AND p.athlete_id = $2 ",
            $rest
        )
    };
}

/// Stores a plan as a draft, with the state of a plan to which nothing has happened.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    access: &AthleteAccess,
    id: PlanId,
    definition: &PlanDefinition,
    at: DateTime<Utc>,
) -> Result<StoredPlan> {
    const PLAN: &str = "INSERT INTO plan (clinic_id, id, athlete_id, created_at, created_by) VALUES ($1, $2, $3, $4, $5)";
    const STATE: &str = "INSERT INTO plan_state \
        (clinic_id, plan_id, athlete_id, version, revision, status, state, goals, last_check_in_at, due_at) \
        VALUES ($1, $2, $3, 0, $4, $5, $6, NULL, NULL, NULL)";
    if !athlete::lock(tx, access.clinic(), access.athlete()).await? {
        return Err(Error::NotFound("athlete"));
    }
    let state = PlanState::new(definition);
    let revision = i64::from(definition.revision);
    on!(tx, execute sqlx::query(PLAN)
        .bind(access.clinic().uuid())
        .bind(id.uuid())
        .bind(access.athlete().uuid())
        .bind(at)
        .bind(access.person().uuid()))?;
    let first = Revision::first(definition.clone(), at, access.person());
    revision::insert(tx, access.clinic(), id, &first).await?;
    on!(tx, execute sqlx::query(STATE)
        .bind(access.clinic().uuid())
        .bind(id.uuid())
        .bind(access.athlete().uuid())
        .bind(revision)
        .bind(Status::of(&state))
        .bind(state.encode()))?;
    read(tx, access, id).await
}

/// One plan.
pub(crate) async fn get(conn: &mut Conn<'_>, access: &PlanAccess) -> Result<StoredPlan> {
    read(conn, access.athlete(), access.plan()).await
}

async fn read(conn: &mut Conn<'_>, access: &AthleteAccess, id: PlanId) -> Result<StoredPlan> {
    const SQL: &str = select_plan!("AND p.id = $3");
    let query = sql(SQL, &[anywhere(off("clinic-plan-read"))]);
    let row = on!(conn, fetch_optional sqlx::query_as::<_, Row>(query)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid())
        .bind(id.uuid()))?;
    row.ok_or(Error::NotFound("plan"))?.whole(conn).await
}

/// The plan that counts for an athlete: the open one, else the newest draft.
pub(crate) async fn current(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
) -> Result<Option<StoredPlan>> {
    const SQL: &str =
        select_plan!("ORDER BY CASE WHEN s.status = 'DRAFT' THEN 1 ELSE 0 END, p.id DESC LIMIT 1");
    let query = sql(SQL, &[anywhere(off("clinic-plan-current"))]);
    let row = on!(conn, fetch_optional sqlx::query_as::<_, Row>(query)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid()))?;
    match row {
        Some(row) => row.whole(conn).await.map(Some),
        None => Ok(None),
    }
}

/// All plans of an athlete, the oldest first.
pub(crate) async fn list(conn: &mut Conn<'_>, access: &AthleteAccess) -> Result<Vec<StoredPlan>> {
    const SQL: &str = select_plan!("ORDER BY p.id");
    let query = sql(SQL, &[anywhere(off("clinic-plans"))]);
    let rows = on!(&mut *conn, fetch_all sqlx::query_as::<_, Row>(query)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid()))?;
    let mut plans = Vec::with_capacity(rows.len());
    for row in rows {
        plans.push(row.whole(conn).await?);
    }
    Ok(plans)
}

/// A plan and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Named {
    #[sqlx(try_from = "Uuid", rename = "id")]
    pub(crate) plan_id: PlanId,
    #[sqlx(try_from = "Uuid")]
    pub(crate) athlete_id: AthleteId,
}

/// Plans of a clinic after one of them, the oldest first; none of a record that is locked away.
pub(crate) async fn all(
    conn: &mut Conn<'_>,
    clinic: ClinicId,
    after: Option<PlanId>,
    limit: i64,
) -> Result<Vec<Named>> {
    const SQL: &str = "SELECT p.id, p.athlete_id FROM plan p WHERE p.clinic_id = $1 AND p.id > $2 \
        AND EXISTS (SELECT 1 FROM athlete a \
            WHERE a.clinic_id = p.clinic_id AND a.id = p.athlete_id AND a.erased_at IS NULL) \
        ORDER BY p.id LIMIT $3";
    Ok(on!(conn, fetch_all sqlx::query_as::<_, Named>(SQL)
        .bind(clinic.uuid())
        .bind(after.map(PlanId::uuid).unwrap_or_default())
        .bind(limit))?)
}

/// Takes the plan's row for this transaction and reads the plan as it is now. Every write begins here: what it reads
/// afterwards cannot change under it.
pub(crate) async fn lock(tx: &mut Tx<'_>, access: &PlanAccess) -> Result<StoredPlan> {
    // The version stays: a call that turns out to be a repeat leaves no trace.
    // Nothing more happens to a record that was locked away since the caller was judged.
    const LOCK: &str = "UPDATE plan_state SET version = version WHERE clinic_id = $1 AND plan_id = $2 \
        AND EXISTS (SELECT 1 FROM athlete a \
            WHERE a.clinic_id = $1 AND a.id = plan_state.athlete_id AND a.erased_at IS NULL)";
    let locked = on!(tx, execute sqlx::query(LOCK)
        .bind(access.clinic().uuid())
        .bind(access.plan().uuid()))?;
    if locked == 0 {
        return Err(Error::NotFound("plan"));
    }
    get(tx, access).await
}

/// Appends an event to a locked plan and stores the plan that it led to. The event's seq is the plan's new version.
pub(crate) async fn record(
    tx: &mut Tx<'_>,
    access: &PlanAccess,
    event: &Event,
    plan: &StoredPlan,
    at: DateTime<Utc>,
) -> Result<()> {
    const EVENT: &str = "INSERT INTO plan_event (clinic_id, plan_id, seq, id, event, recorded_at, recorded_by) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    const STATE: &str = "UPDATE plan_state SET version = $3, status = $4, state = $5, last_check_in_at = $6, \
        due_at = $7, revision = $8, goals = COALESCE($9, goals) WHERE clinic_id = $1 AND plan_id = $2";
    // Only then may the goals be others than those that stand there.
    let goals = matches!(event.body, EventBody::Amend(_)).then_some(Json(&plan.goals));
    let seq = i64::try_from(event.seq).map_err(Error::internal)?;
    on!(tx, execute sqlx::query(EVENT)
        .bind(access.clinic().uuid())
        .bind(access.plan().uuid())
        .bind(seq)
        .bind(event.id.uuid())
        .bind(Json(event))
        .bind(at)
        .bind(access.person().uuid()))?;
    let stored = on!(tx, execute sqlx::query(STATE)
        .bind(access.clinic().uuid())
        .bind(access.plan().uuid())
        .bind(seq)
        .bind(plan.status)
        .bind(plan.state.encode())
        .bind(plan.last_check_in_at)
        .bind(plan.due_at)
        .bind(i64::from(plan.definition.revision))
        .bind(goals));
    match stored {
        // The one unique index this statement can hit: one open plan an athlete.
        Err(sqlx::Error::Database(e)) if e.is_unique_violation() => Err(Error::PlanAlreadyOpen),
        other => {
            other?;
            Ok(())
        }
    }
}

/// One event as it was accepted.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct StoredEvent {
    pub(crate) event: Json<Event>,
    pub(crate) recorded_at: DateTime<Utc>,
    #[sqlx(try_from = "Uuid")]
    pub(crate) recorded_by: PersonId,
}

/// Events of a plan in the order of acceptance, after `seq`.
pub(crate) async fn events(
    conn: &mut Conn<'_>,
    access: &PlanAccess,
    after: i64,
    limit: i64,
) -> Result<Vec<StoredEvent>> {
    const SQL: &str = "SELECT event, recorded_at, recorded_by FROM plan_event \
        WHERE clinic_id = $1 AND plan_id = $2 AND seq > $3 ORDER BY seq LIMIT $4";
    let query = sql(SQL, &[anywhere(off("clinic-plan-events"))]);
    Ok(on!(conn, fetch_all sqlx::query_as::<_, StoredEvent>(query)
        .bind(access.clinic().uuid())
        .bind(access.plan().uuid())
        .bind(after)
        .bind(limit))?)
}

#[cfg(test)]
#[path = "plan_test.rs"]
mod tests;
