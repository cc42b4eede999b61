//! A plan's history decided on again.

use rung_progression::{PlanId, simulation::Divergence};
use rung_proto::v1;
use tonic::Request;

use super::Plans;
use crate::{
    access::Session,
    error::Result,
    replay::{self, Replayed},
    rpc::{decision, field::Fields},
};

impl Plans {
    pub(super) async fn verify(
        &self,
        request: Request<v1::VerifyPlanRequest>,
    ) -> Result<v1::VerifyPlanResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let id: Option<PlanId> = f.id("plan_id", &request.plan_id);
        let access = session.plan(f.finish(id)?).await?;
        let replayed = replay::plan(&mut session.read().await?.conn(), &access).await?;
        Ok(reply(access.plan(), &replayed))
    }
}

fn reply(plan: PlanId, replayed: &Replayed) -> v1::VerifyPlanResponse {
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let verdict = &replayed.verdict;
    v1::VerifyPlanResponse {
        events: number(replayed.events),
        same: number(verdict.same),
        other_version: number(verdict.other_version),
        first_difference: verdict.differs.as_ref().map(|d| divergence(plan, d)),
        state_holds: replayed.holds,
    }
}

fn divergence(plan: PlanId, d: &Divergence) -> v1::Divergence {
    v1::Divergence {
        seq: d.seq.cast_signed(),
        stored: d
            .stored
            .as_ref()
            .map(|record| decision::recorded(&decision::PHYSIO, plan, record)),
        again: d
            .again
            .as_ref()
            .map(|record| decision::recorded(&decision::PHYSIO, plan, record)),
    }
}
