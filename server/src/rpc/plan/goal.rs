//! Small goals: added, changed, reached.

use chrono::NaiveDate;
use rung_progression::{GoalId, PlanId, plan::MicroGoal};
use rung_proto::v1;
use tonic::Request;

use super::{Plans, content};
use crate::{
    access::Session,
    error::{Error, Result},
    mutant::off,
    rpc::{field::Fields, once::once, time::date_in},
    storage::plan::{self, Goal},
};

/// The most small goals a plan has.
const GOALS: usize = 12;

/// A goal as it shall be.
#[derive(Clone)]
struct Wish {
    goal: MicroGoal,
    /// Of the goal that is changed; none: it is a new one.
    version: Option<i64>,
    reached_on: Option<NaiveDate>,
}

impl Plans {
    pub(super) async fn set_goal(
        &self,
        request: Request<v1::SetMicroGoalRequest>,
    ) -> Result<v1::SetMicroGoalResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let plan: Option<PlanId> = f.id("plan_id", &request.plan_id);
        let wish = wish(&mut f, &request, session.new_id());
        let Some(plan) = plan else {
            return f.finish(None);
        };
        let access = session.plan(plan).await?;
        let (request_id, wish) = f.finish(request_id.zip(wish))?;
        let ambient = session.app().ambient.clone();
        once(&session, request_id, &request, move |tx| {
            let (access, wish, now) = (access.clone(), wish.clone(), ambient.now());
            Box::pin(async move {
                let locked = plan::lock(tx, &access).await?;
                let today = date_in(now, locked.zone()?);
                if wish.reached_on.is_some_and(|date| date > today) {
                    return Err(Error::field(
                        "reached_on",
                        "is a date that has not come yet",
                    ));
                }
                let mut goals = locked.goals;
                let set = wish.set(&mut goals)?;
                plan::goal::store(tx, &access, &goals).await?;
                Ok(v1::SetMicroGoalResponse {
                    goal: Some(content::goal_out(&set)),
                })
            })
        })
        .await
    }
}

fn wish(f: &mut Fields, request: &v1::SetMicroGoalRequest, new: GoalId) -> Option<Wish> {
    let reached_on = match &request.reached_on {
        None => Some(None),
        some => f.date("reached_on", some.as_ref()).map(Some),
    };
    let goal = f.required("goal", request.goal.as_ref())?;
    let version = match (goal.id.as_str(), request.etag.as_str()) {
        ("", "") => Some(None),
        ("", _) => {
            f.fault("etag", "is of a goal that has an id; a new one has none");
            None
        }
        (_, etag) => f.etag("etag", etag).map(Some),
    };
    let read = f.part("goal", |f| content::goal(f, goal, new));
    Some(Wish {
        goal: read?,
        version: version?,
        reached_on: reached_on?,
    })
}

impl Wish {
    /// Puts the goal into the list, or in the place of what it was.
    fn set(self, goals: &mut Vec<Goal>) -> Result<Goal> {
        let Some(version) = self.version else {
            if goals.len() >= GOALS {
                let message = format!("would be one too many; a plan has at most {GOALS}");
                return Err(Error::field("goal", message));
            }
            let new = Goal {
                reached_on: self.reached_on,
                ..Goal::new(self.goal)
            };
            goals.push(new.clone());
            return Ok(new);
        };
        let found = goals.iter_mut().find(|goal| goal.goal.id == self.goal.id);
        let found = found.ok_or(Error::NotFound("goal"))?;
        if found.version != version && !off("goal-etag") {
            return Err(Error::EtagStale {
                current: found.version.to_string(),
            });
        }
        *found = Goal {
            goal: self.goal,
            version: found.version + 1,
            reached_on: self.reached_on,
        };
        Ok(found.clone())
    }
}

#[cfg(test)]
#[path = "goal_test.rs"]
mod tests;
