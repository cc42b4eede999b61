//! `PlanService`: prescribing, the physiotherapist's acts on a plan, and what it asks of the athlete.

pub(super) mod act;
mod advance;
mod amend;
mod content;
pub(crate) mod convert;
pub(super) mod create;
mod explain;
mod goal;
mod schedule;
#[cfg(test)]
#[path = "plan/setting_test.rs"]
mod setting;
pub(super) mod snapshot;
mod today;
mod verify;

use std::sync::Arc;

use rung_progression::{PlanId, RungSetting, TrackId};
use rung_proto::v1::{self, plan_service_server::PlanService};
use tonic::{Request, Response, Status};

use self::act::TRACKS;
use super::{decision, field::Fields, time::timestamp};
use crate::{
    access::Session,
    app::App,
    error::{Error, Result},
    storage::{
        decision as stored,
        plan::{self, Revision},
    },
};

/// The service.
pub(crate) struct Plans(pub(crate) Arc<App>);

impl Plans {
    async fn get(&self, request: Request<v1::GetPlanRequest>) -> Result<v1::GetPlanResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let id: Option<PlanId> = f.id("plan_id", &request.plan_id);
        let asked = f.within("revision", request.revision, 0..=i64::from(i32::MAX));
        let (id, asked) = f.finish(id.zip(asked))?;
        let access = session.plan(id).await?;
        let mut reader = session.read().await?;
        let stored = plan::get(&mut reader.conn(), &access).await?;
        let present = stored.definition.revision;
        let number = if asked == 0 { present } else { asked };
        let revision = plan::revision::find(&mut reader.conn(), &access, number).await?;
        let revision = revision.ok_or(Error::NotFound("revision"))?;
        let mut plan = convert::plan(access.athlete().athlete(), &stored);
        if number != present {
            plan.revision = number.cast_signed();
            plan.definition = Some(convert::definition(&revision.definition));
            plan.tracks = convert::tracks(&revision.definition, &stored.state);
        }
        Ok(v1::GetPlanResponse {
            plan: Some(plan),
            amendment: revision.amendment.as_ref().map(|_| amendment(&revision)),
        })
    }

    async fn decisions(
        &self,
        request: Request<v1::ListDecisionsRequest>,
    ) -> Result<v1::ListDecisionsResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let id: Option<PlanId> = f.id("plan_id", &request.plan_id);
        let size = f.page_size(request.page_size);
        let Some(id) = id else {
            return f.finish(None);
        };
        let access = session.plan(id).await?;
        let query = format!("ListDecisions/{}/{id}", access.clinic());
        let token = self.0.pages.open(&query, &request.page_token);
        let (limit, before): (i64, Option<(i64, i64)>) = f.page(size, token)?;
        let mut reader = session.read().await?;
        let mut rows = stored::list(&mut reader.conn(), &access, before, limit + 1).await?;
        let next_page_token = self.0.pages.cut(&query, &mut rows, limit, |row| {
            (row.record.decision.seq, row.record.decision.ordinal)
        })?;
        Ok(v1::ListDecisionsResponse {
            decisions: rows
                .iter()
                .map(|row| decision::stored(&decision::ATHLETE, id, row))
                .collect(),
            next_page_token,
        })
    }
}

/// How a revision came about.
fn amendment(revision: &Revision) -> v1::Amendment {
    let amended = revision.amendment.as_ref();
    let changes = amended.iter().flat_map(|amended| &amended.changes);
    v1::Amendment {
        revision: revision.definition.revision.cast_signed(),
        reason: amended
            .map(|amended| amended.reason.clone())
            .unwrap_or_default(),
        changes: changes.map(decision::change).collect(),
        amended_at: Some(timestamp(revision.created_at)),
        amended_by: revision.created_by.to_string(),
        seq: amended.map(|amended| amended.seq).unwrap_or_default(),
    }
}

/// Reads a track and the rung it shall be on.
pub(super) fn setting(f: &mut Fields, t: &v1::TrackRung) -> Option<RungSetting> {
    let track: Option<TrackId> = f.id("track_id", &t.track_id);
    let rung = f.scale("rung", t.rung);
    Some(RungSetting {
        track: track?,
        rung: rung?,
    })
}

/// Reads where tracks shall be.
pub(super) fn settings(f: &mut Fields, rungs: &[v1::TrackRung]) -> Option<Vec<RungSetting>> {
    let rungs = f.at_most("rungs", rungs, TRACKS).iter().enumerate();
    let rungs: Vec<Option<RungSetting>> = rungs
        .map(|(i, rung)| f.part(&format!("rungs[{i}]"), |f| setting(f, rung)))
        .collect();
    rungs.into_iter().collect()
}

#[tonic::async_trait]
impl PlanService for Plans {
    async fn create_plan(
        &self,
        request: Request<v1::CreatePlanRequest>,
    ) -> Result<Response<v1::CreatePlanResponse>, Status> {
        Ok(Response::new(self.create(request).await?))
    }

    async fn get_plan(
        &self,
        request: Request<v1::GetPlanRequest>,
    ) -> Result<Response<v1::GetPlanResponse>, Status> {
        Ok(Response::new(self.get(request).await?))
    }

    async fn start_plan(
        &self,
        request: Request<v1::StartPlanRequest>,
    ) -> Result<Response<v1::StartPlanResponse>, Status> {
        Ok(Response::new(self.start(request).await?))
    }

    async fn pause_plan(
        &self,
        request: Request<v1::PausePlanRequest>,
    ) -> Result<Response<v1::PausePlanResponse>, Status> {
        Ok(Response::new(self.pause(request).await?))
    }

    async fn resume_plan(
        &self,
        request: Request<v1::ResumePlanRequest>,
    ) -> Result<Response<v1::ResumePlanResponse>, Status> {
        Ok(Response::new(self.resume(request).await?))
    }

    async fn move_track(
        &self,
        request: Request<v1::MoveTrackRequest>,
    ) -> Result<Response<v1::MoveTrackResponse>, Status> {
        Ok(Response::new(self.move_to(request).await?))
    }

    async fn approve_advance(
        &self,
        request: Request<v1::ApproveAdvanceRequest>,
    ) -> Result<Response<v1::ApproveAdvanceResponse>, Status> {
        Ok(Response::new(self.approve(request).await?))
    }

    async fn decline_advance(
        &self,
        request: Request<v1::DeclineAdvanceRequest>,
    ) -> Result<Response<v1::DeclineAdvanceResponse>, Status> {
        Ok(Response::new(self.decline(request).await?))
    }

    async fn amend_plan(
        &self,
        request: Request<v1::AmendPlanRequest>,
    ) -> Result<Response<v1::AmendPlanResponse>, Status> {
        Ok(Response::new(self.amend(request).await?))
    }

    async fn set_micro_goal(
        &self,
        request: Request<v1::SetMicroGoalRequest>,
    ) -> Result<Response<v1::SetMicroGoalResponse>, Status> {
        Ok(Response::new(self.set_goal(request).await?))
    }

    async fn verify_plan(
        &self,
        request: Request<v1::VerifyPlanRequest>,
    ) -> Result<Response<v1::VerifyPlanResponse>, Status> {
        Ok(Response::new(self.verify(request).await?))
    }

    async fn list_red_flags(
        &self,
        request: Request<v1::ListRedFlagsRequest>,
    ) -> Result<Response<v1::ListRedFlagsResponse>, Status> {
        let (session, _) = Session::open(&self.0, request)?;
        session.clinic()?;
        Ok(Response::new(v1::ListRedFlagsResponse {
            red_flags: content::red_flags(),
        }))
    }

    async fn get_today(
        &self,
        request: Request<v1::GetTodayRequest>,
    ) -> Result<Response<v1::GetTodayResponse>, Status> {
        Ok(Response::new(self.today(request).await?))
    }

    async fn get_schedule(
        &self,
        request: Request<v1::GetScheduleRequest>,
    ) -> Result<Response<v1::GetScheduleResponse>, Status> {
        Ok(Response::new(self.schedule(request).await?))
    }

    async fn list_decisions(
        &self,
        request: Request<v1::ListDecisionsRequest>,
    ) -> Result<Response<v1::ListDecisionsResponse>, Status> {
        Ok(Response::new(self.decisions(request).await?))
    }

    async fn explain_decision(
        &self,
        request: Request<v1::ExplainDecisionRequest>,
    ) -> Result<Response<v1::ExplainDecisionResponse>, Status> {
        Ok(Response::new(self.explain(request).await?))
    }
}
