//! Small goals as they are now: those of the revision, with what has become of them. No rule reads them, so that setting
//! one is no event.

use chrono::NaiveDate;
use rung_progression::{GoalId, PlanDefinition, plan::MicroGoal};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

use crate::{
    access::PlanAccess,
    error::{Error, Result},
    storage::{Tx, db::on},
};

/// A small goal and what has become of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Goal {
    #[serde(flatten)]
    #[expect(
        clippy::struct_field_names,
        reason = "what is in the plan, beside what became of it"
    )]
    pub(crate) goal: MicroGoal,
    /// Its etag: counts up with every change.
    pub(crate) version: i64,
    /// The date on which it was reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reached_on: Option<NaiveDate>,
}

impl Goal {
    /// One that nothing has become of yet.
    pub(crate) const fn new(goal: MicroGoal) -> Self {
        Self {
            goal,
            version: 1,
            reached_on: None,
        }
    }
}

/// The goals that stand, or those of the revision.
pub(super) fn current(stored: Option<Vec<Goal>>, definition: &PlanDefinition) -> Vec<Goal> {
    let goals = definition.micro_goals.iter().cloned().map(Goal::new);
    stored.unwrap_or_else(|| goals.collect())
}

/// The goals of a new revision: those it names, and of each what has become of it.
pub(crate) fn carried_over(goals: &[Goal], to: &PlanDefinition) -> Vec<Goal> {
    let kept = |id: GoalId| goals.iter().find(|goal| goal.goal.id == id);
    let named = to.micro_goals.iter().cloned();
    named
        .map(|goal| match kept(goal.id) {
            None => Goal::new(goal),
            Some(former) => Goal {
                version: former.version + i64::from(former.goal != goal),
                reached_on: former.reached_on,
                goal,
            },
        })
        .collect()
}

/// Stores the goals of a locked plan.
pub(crate) async fn store(tx: &mut Tx<'_>, access: &PlanAccess, goals: &[Goal]) -> Result<()> {
    const SQL: &str = "UPDATE plan_state SET goals = $3 WHERE clinic_id = $1 AND plan_id = $2";
    let stored = on!(tx, execute sqlx::query(SQL)
        .bind(access.clinic().uuid())
        .bind(access.plan().uuid())
        .bind(Json(goals)))?;
    if stored == 0 {
        return Err(Error::NotFound("plan"));
    }
    Ok(())
}

#[cfg(test)]
#[path = "goal_test.rs"]
mod tests;
