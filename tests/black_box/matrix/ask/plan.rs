//! Plans.

use rung_proto::v1;
use rung_tests::{Result, fail};

use super::{Ask, Scene, ask, fresh, lately};
use crate::matrix::{
    answer::Expect,
    table::Object,
    world::{Record, prescription},
};

impl Scene<'_> {
    pub(super) async fn plan(&self, rpc: &str, field: &str) -> Result<Ask> {
        let world = self.world;
        let record = self.record();
        let plan_id = record.plan.clone();
        let is = |path: &'static str| vec![Expect::is(path, &plan_id)];
        let request_id = fresh();
        let reason = "After talking on the phone.".to_owned();
        Ok(match rpc {
            "CreatePlan" if field.ends_with("prerequisites.track_id") => self.staged(record),
            "CreatePlan" => {
                let (athlete_id, ladder_id) = match (field, self.object) {
                    ("definition.tracks.ladder_id", _) => {
                        (world.own.athlete.clone(), record.ladder)
                    }
                    (_, Object::Missing) => (record.athlete, world.own.ladder.clone()),
                    _ => (record.athlete, record.ladder),
                };
                let expect = vec![
                    Expect::is("/plan/athlete_id", &athlete_id),
                    Expect::is("/plan/definition/tracks/*/ladder_id", &ladder_id),
                ];
                let request = v1::CreatePlanRequest {
                    request_id,
                    athlete_id,
                    definition: Some(prescription(&ladder_id)),
                };
                ask(&request, expect)
            }
            "StartPlan" => {
                let request = v1::StartPlanRequest {
                    request_id,
                    etag: world.plan(&record).await?.etag,
                    effective_date: Some(lately()?),
                    plan_id: plan_id.clone(),
                };
                ask(&request, is("/plan/id"))
            }
            "GetPlan" => ask(
                &v1::GetPlanRequest {
                    plan_id: plan_id.clone(),
                    revision: 0,
                },
                is("/plan/id"),
            ),
            "MoveTrack" => {
                let (plan, to) = self.track(field, record);
                self.started(&plan).await?;
                let request = v1::MoveTrackRequest {
                    request_id,
                    etag: world.plan(&plan).await?.etag,
                    plan_id: plan.plan.clone(),
                    to: Some(to),
                    reason,
                };
                ask(&request, moved(&plan))
            }
            "PausePlan" => {
                self.started(&record).await?;
                let request = v1::PausePlanRequest {
                    request_id,
                    etag: world.plan(&record).await?.etag,
                    plan_id: plan_id.clone(),
                    reason,
                };
                ask(&request, is("/plan/id"))
            }
            "ResumePlan" => {
                let (plan, to) = self.track(field, record);
                self.paused(&plan).await?;
                let request = v1::ResumePlanRequest {
                    request_id,
                    etag: world.plan(&plan).await?.etag,
                    plan_id: plan.plan.clone(),
                    rungs: vec![to],
                    reason,
                };
                ask(&request, moved(&plan))
            }
            "GetToday" => {
                let request = v1::GetTodayRequest {
                    athlete_id: record.athlete,
                    date: None,
                };
                ask(&request, is("/plan_id"))
            }
            "GetSchedule" => {
                let request = v1::GetScheduleRequest {
                    athlete_id: record.athlete,
                    ..v1::GetScheduleRequest::default()
                };
                ask(&request, is("/plan_id"))
            }
            "ListDecisions" => ask(
                &v1::ListDecisionsRequest {
                    plan_id: plan_id.clone(),
                    ..v1::ListDecisionsRequest::default()
                },
                is("/decisions/*/plan_id"),
            ),
            "ExplainDecision" => {
                let decision = self.decided(&record).await?;
                let expect = vec![
                    Expect::is("/decision/id", &decision),
                    Expect::is("/decision/plan_id", &plan_id),
                ];
                let request = v1::ExplainDecisionRequest {
                    decision_id: decision,
                    ..v1::ExplainDecisionRequest::default()
                };
                ask(&request, expect)
            }
            _ => match self.plan_act(rpc, field, record).await? {
                Some(ask) => ask,
                None => return fail(format!("PlanService/{rpc} has no message")),
            },
        })
    }

    /// The plan that is asked for, and the track: in a row about tracks the plan is the own one, and the track anybody's.
    /// Seen failing with the plan's first track taken for any other.
    fn track(&self, field: &str, record: Record) -> (Record, v1::TrackRung) {
        let to = v1::TrackRung {
            track_id: record.track.clone(),
            rung: Some(1),
        };
        if field == "plan_id" {
            (record, to)
        } else {
            (self.world.own.clone(), to)
        }
    }

    /// A plan for the own athlete whose second track waits for another one: for its first, or for somebody's.
    fn staged(&self, record: Record) -> Ask {
        let own = &self.world.own;
        let first = fresh();
        let awaited = match self.object {
            Object::Own => first.clone(),
            _ => record.track,
        };
        let track = |id: String| v1::TrackPrescription {
            id,
            ladder_id: own.ladder.clone(),
            ..v1::TrackPrescription::default()
        };
        let second = v1::TrackPrescription {
            prerequisites: vec![v1::Prerequisite {
                track_id: awaited,
                requirement: Some(v1::prerequisite::Requirement::Done(true)),
            }],
            ..track(fresh())
        };
        let path = "/plan/definition/tracks/1/prerequisites/*/track_id";
        let expect = vec![
            Expect::is("/plan/athlete_id", &own.athlete),
            Expect::is(path, &first),
        ];
        let request = v1::CreatePlanRequest {
            request_id: fresh(),
            athlete_id: own.athlete.clone(),
            definition: Some(v1::PlanDefinition {
                tracks: vec![track(first), second],
                ..prescription(&own.ladder)
            }),
        };
        ask(&request, expect)
    }

    /// The plan is in force.
    pub(super) async fn started(&self, record: &Record) -> Result<()> {
        let plan = self.world.plan(record).await?;
        if plan.state() != v1::PlanState::Draft {
            return Ok(());
        }
        let request = v1::StartPlanRequest {
            request_id: fresh(),
            plan_id: record.plan.clone(),
            etag: plan.etag,
            effective_date: Some(lately()?),
        };
        let _: v1::StartPlanResponse = self
            .world
            .ask(record.keeper, "PlanService/StartPlan", &request)
            .await?;
        Ok(())
    }

    /// A decision on the plan; of a missing one, an id that nobody has.
    /// Seen failing with the decision of the own plan taken for any other.
    async fn decided(&self, record: &Record) -> Result<String> {
        if self.object == Object::Missing {
            return Ok(self.world.nobody.clone());
        }
        self.started(record).await?;
        let request = v1::ListDecisionsRequest {
            plan_id: record.plan.clone(),
            ..v1::ListDecisionsRequest::default()
        };
        let answer: v1::ListDecisionsResponse = self
            .world
            .ask(record.keeper, "PlanService/ListDecisions", &request)
            .await?;
        let newest = answer.decisions.into_iter().next();
        Ok(newest.ok_or("nothing was decided")?.id)
    }

    /// The plan is in force and paused.
    pub(super) async fn paused(&self, record: &Record) -> Result<()> {
        self.started(record).await?;
        let plan = self.world.plan(record).await?;
        if plan.state() != v1::PlanState::Active {
            return Ok(());
        }
        let request = v1::PausePlanRequest {
            request_id: fresh(),
            plan_id: record.plan.clone(),
            etag: plan.etag,
            reason: "Fever.".to_owned(),
        };
        let _: v1::PausePlanResponse = self
            .world
            .ask(record.keeper, "PlanService/PausePlan", &request)
            .await?;
        Ok(())
    }
}

/// The plan, with its track on the rung that was asked for.
fn moved(plan: &Record) -> Vec<Expect> {
    vec![
        Expect::is("/plan/id", &plan.plan),
        Expect::is("/plan/tracks/*/track_id", &plan.track),
        Expect::is("/plan/tracks/*/rung", "1"),
    ]
}
