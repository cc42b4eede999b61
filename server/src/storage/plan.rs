//! Plans: what is prescribed, and the one small row in which each stands.

use chrono::{DateTime, Utc};
use rung_progression::{Event, PersonId, PlanDefinition, PlanId, PlanState};
use sqlx::types::{Json, Uuid};

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
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct StoredPlan {
    #[sqlx(try_from = "Uuid")]
    pub(crate) id: PlanId,
    /// The etag, and the seq of the last event.
    pub(crate) version: i64,
    pub(crate) status: Status,
    pub(crate) definition: Json<PlanDefinition>,
    pub(crate) state: Json<PlanState>,
    /// When the latest check-in happened.
    pub(crate) last_check_in_at: Option<DateTime<Utc>>,
    pub(crate) created_at: DateTime<Utc>,
    #[sqlx(try_from = "Uuid")]
    pub(crate) created_by: PersonId,
}

/// The columns of [`StoredPlan`] and where they come from.
macro_rules! select_plan {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, s.version, s.status, r.definition, s.state, s.last_check_in_at, p.created_at, p.created_by \
             FROM plan p \
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
    const REVISION: &str = "INSERT INTO plan_revision (clinic_id, plan_id, revision, definition, created_at, created_by) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    const STATE: &str = "INSERT INTO plan_state \
        (clinic_id, plan_id, athlete_id, version, revision, status, state, last_check_in_at) \
        VALUES ($1, $2, $3, 0, $4, $5, $6, NULL)";
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
    on!(tx, execute sqlx::query(REVISION)
        .bind(access.clinic().uuid())
        .bind(id.uuid())
        .bind(revision)
        .bind(Json(definition))
        .bind(at)
        .bind(access.person().uuid()))?;
    on!(tx, execute sqlx::query(STATE)
        .bind(access.clinic().uuid())
        .bind(id.uuid())
        .bind(access.athlete().uuid())
        .bind(revision)
        .bind(Status::of(&state))
        .bind(Json(&state)))?;
    Ok(StoredPlan {
        id,
        version: 0,
        status: Status::of(&state),
        definition: Json(definition.clone()),
        state: Json(state),
        last_check_in_at: None,
        created_at: at,
        created_by: access.person(),
    })
}

/// One plan.
pub(crate) async fn get(conn: &mut Conn<'_>, access: &PlanAccess) -> Result<StoredPlan> {
    const SQL: &str = select_plan!("AND p.id = $3");
    let query = sql(SQL, &[anywhere(off("clinic-plan-read"))]);
    on!(conn, fetch_optional sqlx::query_as::<_, StoredPlan>(query)
        .bind(access.clinic().uuid())
        .bind(access.athlete().athlete().uuid())
        .bind(access.plan().uuid()))?
    .ok_or(Error::NotFound("plan"))
}

/// What was prescribed under a revision of a plan; `None` where there is no such revision.
pub(crate) async fn definition(
    conn: &mut Conn<'_>,
    access: &PlanAccess,
    revision: u32,
) -> Result<Option<PlanDefinition>> {
    const SQL: &str = "SELECT definition FROM plan_revision WHERE clinic_id = $1 AND plan_id = $2 AND revision = $3";
    let query = sql(SQL, &[anywhere(off("clinic-plan-revision"))]);
    let found: Option<Json<PlanDefinition>> = on!(conn, fetch_optional sqlx::query_scalar(query)
        .bind(access.clinic().uuid())
        .bind(access.plan().uuid())
        .bind(i64::from(revision)))?;
    Ok(found.map(|Json(definition)| definition))
}

/// The plan that counts for an athlete: the open one, else the newest draft.
pub(crate) async fn current(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
) -> Result<Option<StoredPlan>> {
    const SQL: &str =
        select_plan!("ORDER BY CASE WHEN s.status = 'DRAFT' THEN 1 ELSE 0 END, p.id DESC LIMIT 1");
    let query = sql(SQL, &[anywhere(off("clinic-plan-current"))]);
    Ok(
        on!(conn, fetch_optional sqlx::query_as::<_, StoredPlan>(query)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid()))?,
    )
}

/// All plans of an athlete, the oldest first.
pub(crate) async fn list(conn: &mut Conn<'_>, access: &AthleteAccess) -> Result<Vec<StoredPlan>> {
    const SQL: &str = select_plan!("ORDER BY p.id");
    let query = sql(SQL, &[anywhere(off("clinic-plans"))]);
    Ok(on!(conn, fetch_all sqlx::query_as::<_, StoredPlan>(query)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid()))?)
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

/// Appends an event to a locked plan and stores the state it led to. The event's seq is the plan's new version.
pub(crate) async fn record(
    tx: &mut Tx<'_>,
    access: &PlanAccess,
    event: &Event,
    state: &PlanState,
    last_check_in_at: Option<DateTime<Utc>>,
    at: DateTime<Utc>,
) -> Result<()> {
    const EVENT: &str = "INSERT INTO plan_event (clinic_id, plan_id, seq, id, event, recorded_at, recorded_by) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    const STATE: &str = "UPDATE plan_state SET version = $3, status = $4, state = $5, last_check_in_at = $6 \
        WHERE clinic_id = $1 AND plan_id = $2";
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
        .bind(Status::of(state))
        .bind(Json(state))
        .bind(last_check_in_at));
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
