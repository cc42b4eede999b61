//! Plans.

use rung_proto::v1;
use rung_tests::{Result, fail};

use super::{Ask, Scene, ask, fresh, today};
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
            "CreatePlan" => {
                let (athlete_id, ladder_id) = match (field, self.object) {
                    ("ladder_id", _) => (world.own.athlete.clone(), record.ladder),
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
                    effective_date: Some(today()?),
                    plan_id: plan_id.clone(),
                };
                ask(&request, is("/plan/id"))
            }
            "GetPlan" => ask(
                &v1::GetPlanRequest {
                    plan_id: plan_id.clone(),
                },
                is("/plan/id"),
            ),
            "MoveTrack" => {
                self.started(&record).await?;
                let request = v1::MoveTrackRequest {
                    request_id,
                    etag: world.plan(&record).await?.etag,
                    plan_id: plan_id.clone(),
                    to: Some(v1::TrackRung {
                        track_id: record.track.clone(),
                        rung: Some(1),
                    }),
                    reason,
                };
                ask(&request, is("/plan/id"))
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
                self.paused(&record).await?;
                let request = v1::ResumePlanRequest {
                    request_id,
                    etag: world.plan(&record).await?.etag,
                    plan_id: plan_id.clone(),
                    rungs: vec![],
                    reason,
                };
                ask(&request, is("/plan/id"))
            }
            "GetToday" => {
                let request = v1::GetTodayRequest {
                    athlete_id: record.athlete,
                    date: None,
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
            _ => return fail(format!("PlanService/{rpc} has no message")),
        })
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
            effective_date: Some(today()?),
        };
        let _: v1::StartPlanResponse = self
            .world
            .ask(record.keeper, "PlanService/StartPlan", &request)
            .await?;
        Ok(())
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
