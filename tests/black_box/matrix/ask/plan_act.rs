//! What a physiotherapist does to a plan in force: a word on a step up, amendments, small goals; and what is checked of it.

use chrono::TimeDelta;
use rung_proto::v1;
use rung_tests::{Result, now};

use super::{Ask, Scene, ask, fresh};
use crate::matrix::{
    answer::Expect,
    table::Object,
    world::{Record, prescription},
};

/// Days before today on which the session was that leads to a step up, for each row that asks for one.
const STEPS: [(&str, &str, i64); 4] = [
    ("ApproveAdvance", "plan_id", 10),
    ("ApproveAdvance", "track_id", 8),
    ("DeclineAdvance", "plan_id", 6),
    ("DeclineAdvance", "track_id", 4),
];

impl Scene<'_> {
    pub(super) async fn plan_act(
        &self,
        rpc: &str,
        field: &str,
        record: Record,
    ) -> Result<Option<Ask>> {
        Ok(Some(match rpc {
            "ApproveAdvance" | "DeclineAdvance" => self.step_up(rpc, field, record).await?,
            "AmendPlan" => self.amended(field, record).await?,
            "SetMicroGoal" => self.goal(field, record).await?,
            "VerifyPlan" => {
                let request = v1::VerifyPlanRequest {
                    plan_id: record.plan,
                };
                ask(&request, vec![Expect::is("/state_holds", "true")])
            }
            "ListRedFlags" => {
                let expect = vec![Expect::has("/red_flags/*/tier", "RED_FLAG_TIER_EMERGENCY")];
                ask(&v1::ListRedFlagsRequest {}, expect)
            }
            _ => return Ok(None),
        }))
    }

    /// A word on a step up that waits for one: of the plan asked for, or on anybody's track of the own plan.
    async fn step_up(&self, rpc: &str, field: &str, record: Record) -> Result<Ask> {
        let world = self.world;
        let plan = if field == "plan_id" {
            record.clone()
        } else {
            world.own.clone()
        };
        if self.allowed {
            let days = STEPS.iter().find(|step| (step.0, step.1) == (rpc, field));
            self.waiting(&plan, days.map_or(10, |step| step.2)).await?;
        } else {
            self.started(&plan).await?;
        }
        let (request_id, etag) = (fresh(), world.plan(&plan).await?.etag);
        let (track_id, reason) = (record.track, "After talking on the phone.".to_owned());
        let mut expect = vec![
            Expect::is("/plan/id", &plan.plan),
            Expect::is("/decisions/*/track_id", &plan.track),
        ];
        if rpc == "ApproveAdvance" {
            expect.push(Expect::is("/plan/tracks/*/rung", "1"));
            let request = v1::ApproveAdvanceRequest {
                request_id,
                plan_id: plan.plan,
                etag,
                track_id,
                reason,
            };
            return Ok(ask(&request, expect));
        }
        expect.push(Expect::is("/plan/tracks/*/rung", "0"));
        let request = v1::DeclineAdvanceRequest {
            request_id,
            plan_id: plan.plan,
            etag,
            track_id,
            reason,
        };
        Ok(ask(&request, expect))
    }

    /// Everything is done for a step up, and it waits for a word.
    async fn waiting(&self, record: &Record, days: i64) -> Result<()> {
        let world = self.world;
        self.started(record).await?;
        let mut definition = self.kept(record).await?;
        for track in &mut definition.tracks {
            track.policy = Some(v1::Policy {
                successes_to_advance: Some(1),
                max_advances_per_7_days: Some(7),
                deload_every_weeks: Some(0),
                rest_days: Some(0),
                ..v1::Policy::default()
            });
        }
        // Another one each time: an amendment that changes nothing is none.
        definition.anchors = vec![format!("Shoes of {days} days ago")];
        let request = v1::AmendPlanRequest {
            request_id: fresh(),
            plan_id: record.plan.clone(),
            etag: world.plan(record).await?.etag,
            definition: Some(definition),
            rungs: vec![v1::TrackRung {
                track_id: record.track.clone(),
                rung: Some(0),
            }],
            reason: "One session is enough.".to_owned(),
            validate_only: false,
        };
        let _: v1::AmendPlanResponse = world
            .ask(record.keeper, "PlanService/AmendPlan", &request)
            .await?;
        // A gap counts from a move.
        let request = v1::MoveTrackRequest {
            request_id: fresh(),
            plan_id: record.plan.clone(),
            etag: world.plan(record).await?.etag,
            to: Some(v1::TrackRung {
                track_id: record.track.clone(),
                rung: Some(0),
            }),
            reason: "Once more from below.".to_owned(),
        };
        let _: v1::MoveTrackResponse = world
            .ask(record.keeper, "PlanService/MoveTrack", &request)
            .await?;
        let session = v1::check_in::Report::Session(v1::SessionReport {
            track_id: record.track.clone(),
            rung: Some(0),
            pain_during: Some(0),
            pain_after: Some(0),
            altered_gait: Some(false),
            swelling: v1::Swelling::None.into(),
            dose_done: Some(3000),
            confidence: Some(9),
            ..v1::SessionReport::default()
        });
        let morning = v1::check_in::Report::Morning(v1::MorningReport {
            pain: Some(1),
            stiffness: Some(10),
            swelling: v1::Swelling::None.into(),
        });
        for (days, report) in [(days, session), (days - 1, morning)] {
            let request = v1::SubmitCheckInRequest {
                check_in: Some(v1::CheckIn {
                    id: fresh(),
                    athlete_id: record.athlete.clone(),
                    performed_at: Some(prost_types::Timestamp {
                        seconds: (now() - TimeDelta::days(days)).timestamp(),
                        nanos: 0,
                    }),
                    no_red_flags: true,
                    report: Some(report),
                    ..v1::CheckIn::default()
                }),
            };
            let _: v1::SubmitCheckInResponse = world
                .ask(record.keeper, "CheckInService/SubmitCheckIn", &request)
                .await?;
        }
        Ok(())
    }

    /// What is prescribed, with the track that the table speaks of and no other; of a plan that is none, something.
    async fn kept(&self, record: &Record) -> Result<v1::PlanDefinition> {
        let plan = self.world.plan(record).await?;
        let mut definition = plan
            .definition
            .unwrap_or_else(|| prescription(&self.world.own.ladder));
        if record.plan != self.world.nobody {
            definition.tracks.retain(|track| track.id == record.track);
        }
        Ok(definition)
    }

    /// Of the plan asked for; in the rows of the other ids, of the own plan with an id of the object.
    async fn amended(&self, field: &str, record: Record) -> Result<Ask> {
        let world = self.world;
        let plan = if field == "plan_id" {
            record.clone()
        } else {
            world.own.clone()
        };
        let mut definition = self.kept(&plan).await?;
        let mut rungs = vec![];
        let mut expect = vec![Expect::is("/plan/id", &plan.plan)];
        match field {
            "plan_id" => definition.anchors = vec![format!("Calf raises, {}", fresh())],
            "definition.tracks.ladder_id" => {
                for track in &mut definition.tracks {
                    track.ladder_id.clone_from(&record.ladder);
                    track.policy = None;
                }
                expect.push(Expect::is(
                    "/plan/definition/tracks/*/ladder_id",
                    &record.ladder,
                ));
            }
            "rungs.track_id" => {
                rungs.push(v1::TrackRung {
                    track_id: record.track.clone(),
                    rung: Some(1),
                });
                expect.push(Expect::is("/plan/tracks/*/track_id", &plan.track));
                expect.push(Expect::is("/plan/tracks/*/rung", "1"));
            }
            _ => {
                definition.tracks.push(v1::TrackPrescription {
                    id: fresh(),
                    ladder_id: world.own.ladder.clone(),
                    prerequisites: vec![v1::Prerequisite {
                        track_id: record.track,
                        requirement: Some(v1::prerequisite::Requirement::Done(true)),
                    }],
                    ..v1::TrackPrescription::default()
                });
                let path = "/plan/definition/tracks/1/prerequisites/*/track_id";
                expect.push(Expect::is(path, &plan.track));
            }
        }
        let request = v1::AmendPlanRequest {
            request_id: fresh(),
            etag: world.plan(&plan).await?.etag,
            plan_id: plan.plan,
            definition: Some(definition),
            rungs,
            reason: "After talking on the phone.".to_owned(),
            validate_only: false,
        };
        Ok(ask(&request, expect))
    }

    /// A new goal of the plan asked for, or in the own plan the first goal of the object's.
    /// Seen failing with a goal of another plan found.
    async fn goal(&self, field: &str, record: Record) -> Result<Ask> {
        let world = self.world;
        let hill = v1::MicroGoal {
            what: "One gentle hill".to_owned(),
            target: Some(v1::Target {
                value: 1,
                unit: "hill".to_owned(),
            }),
            ..v1::MicroGoal::default()
        };
        let (plan, goal) = if field == "plan_id" {
            (record, hill)
        } else {
            let known = match self.object {
                Object::Missing => v1::MicroGoal {
                    id: record.plan,
                    etag: "1".to_owned(),
                    ..hill
                },
                _ => self.first_goal(&record, &hill).await?,
            };
            (world.own.clone(), known)
        };
        let mut expect = vec![Expect::is("/goal/what", &goal.what)];
        if !goal.id.is_empty() {
            expect.push(Expect::is("/goal/id", &goal.id));
        }
        let request = v1::SetMicroGoalRequest {
            request_id: fresh(),
            plan_id: plan.plan,
            etag: goal.etag.clone(),
            goal: Some(goal),
            reached_on: None,
        };
        Ok(ask(&request, expect))
    }

    /// A goal of a plan, which is made where there is none.
    async fn first_goal(&self, record: &Record, goal: &v1::MicroGoal) -> Result<v1::MicroGoal> {
        let world = self.world;
        let definition = world.plan(record).await?.definition.unwrap_or_default();
        let known = definition.micro_goals.into_iter().next();
        if let Some(known) = known {
            return Ok(known);
        }
        let request = v1::SetMicroGoalRequest {
            request_id: fresh(),
            plan_id: record.plan.clone(),
            goal: Some(goal.clone()),
            ..v1::SetMicroGoalRequest::default()
        };
        let set: v1::SetMicroGoalResponse = world
            .ask(record.keeper, "PlanService/SetMicroGoal", &request)
            .await?;
        Ok(set.goal.unwrap_or_default())
    }
}
