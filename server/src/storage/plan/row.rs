//! From a row to a plan. The state stands there as the engine writes it; one that this engine does not read, or none, is
//! made again from the first revision and the events, through every amendment.

use chrono::{DateTime, Utc};
use rung_progression::{Event, PersonId, PlanDefinition, PlanId, PlanState, simulation::Replay};
use sqlx::types::{Json, Uuid};

use super::{Goal, Status, StoredPlan, goal, revision};
use crate::{
    error::{Error, Result},
    storage::{Conn, db::on},
};

/// Events that are read at once.
const CHUNK: i64 = 500;

/// A plan as its row has it.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    clinic_id: Uuid,
    #[sqlx(try_from = "Uuid")]
    id: PlanId,
    version: i64,
    definition: Json<PlanDefinition>,
    state: Option<Vec<u8>>,
    goals: Option<Json<Vec<Goal>>>,
    last_check_in_at: Option<DateTime<Utc>>,
    due_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    #[sqlx(try_from = "Uuid")]
    created_by: PersonId,
    time_zone: String,
}

impl Row {
    /// The plan, with a state in any case.
    pub(super) async fn whole(self, conn: &mut Conn<'_>) -> Result<StoredPlan> {
        let state = match self.state.as_deref().and_then(PlanState::decode) {
            Some(state) => state,
            None => self.replayed(conn).await?,
        };
        let definition = self.definition.0;
        Ok(StoredPlan {
            id: self.id,
            version: self.version,
            // What the state says: the column may tell of one that was made by other rules.
            status: Status::of(&state),
            goals: goal::current(self.goals.map(|goals| goals.0), &definition),
            definition,
            state,
            last_check_in_at: self.last_check_in_at,
            due_at: self.due_at,
            created_at: self.created_at,
            created_by: self.created_by,
            time_zone: self.time_zone,
        })
    }

    /// The state that the events lead to.
    async fn replayed(&self, conn: &mut Conn<'_>) -> Result<PlanState> {
        const SQL: &str = "SELECT event FROM plan_event \
            WHERE clinic_id = $1 AND plan_id = $2 AND seq > $3 AND seq <= $4 ORDER BY seq LIMIT $5";
        let first = revision::definition(conn, self.clinic_id, self.id, 1).await?;
        let first = first.ok_or_else(|| Error::internal("a plan has no first revision"))?;
        let mut replay = Replay::new(first);
        let mut after = 0;
        loop {
            let events: Vec<Json<Event>> = on!(&mut *conn, fetch_all sqlx::query_scalar(SQL)
                .bind(self.clinic_id)
                .bind(self.id.uuid())
                .bind(after)
                .bind(self.version)
                .bind(CHUNK))?;
            let Some(last) = events.last() else {
                return Ok(replay.state().clone());
            };
            after = last.seq.cast_signed();
            for event in &events {
                let _decided = replay.next(event);
            }
        }
    }
}

#[cfg(test)]
#[path = "former_test.rs"]
mod tests;
