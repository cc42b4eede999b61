//! `SimulationService`: the rules run over events, and nothing is kept.

mod compare;
mod event;
mod script;
mod shelf;
mod simulate;

use std::sync::Arc;

use rung_proto::v1::{self, simulation_service_server::SimulationService};
use tonic::{Request, Response, Status};

use crate::{access::Answers, app::App};

/// The service.
pub(crate) struct Simulations(pub(crate) Arc<App>);

#[tonic::async_trait]
impl SimulationService for Simulations {
    async fn simulate_plan(
        &self,
        request: Request<v1::SimulatePlanRequest>,
    ) -> Result<Response<v1::SimulatePlanResponse>, Status> {
        Ok(Response::new(self.simulate(request).await?))
    }

    type ComparePoliciesStream = Answers<v1::ComparePoliciesResponse>;

    async fn compare_policies(
        &self,
        request: Request<v1::ComparePoliciesRequest>,
    ) -> Result<Response<Self::ComparePoliciesStream>, Status> {
        Ok(Response::new(self.compare(request).await?))
    }
}
