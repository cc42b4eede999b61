//! `PlanService`: prescribing, the physiotherapist's acts on a plan, and what it asks of the athlete.

mod act;
pub(crate) mod convert;
pub(super) mod create;
mod explain;
mod schedule;
mod today;

use std::sync::Arc;

use rung_progression::{PlanId, RungSetting, TrackId};
use rung_proto::v1::{self, plan_service_server::PlanService};
use tonic::{Request, Response, Status};

use super::{decision, field::Fields};
use crate::{
    access::Session,
    app::App,
    error::Result,
    storage::{decision as stored, plan},
};

/// The service.
pub(crate) struct Plans(pub(crate) Arc<App>);

impl Plans {
    async fn get(&self, request: Request<v1::GetPlanRequest>) -> Result<v1::GetPlanResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let id: Option<PlanId> = f.id("plan_id", &request.plan_id);
        let access = session.plan(f.finish(id)?).await?;
        let plan = plan::get(&mut session.read().await?.conn(), &access).await?;
        Ok(v1::GetPlanResponse {
            plan: Some(convert::plan(access.athlete().athlete(), &plan)),
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
            decisions: rows.iter().map(|row| decision::stored(id, row)).collect(),
            next_page_token,
        })
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
