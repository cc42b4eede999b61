//! `AuditService`: who did what in the clinic.

pub(super) mod convert;
mod glass;
mod list;
mod verify;

use std::sync::Arc;

use rung_proto::v1::{self, audit_service_server::AuditService};
use tonic::{Request, Response, Status};

use crate::app::App;

/// The service.
pub(crate) struct Audit(pub(crate) Arc<App>);

#[tonic::async_trait]
impl AuditService for Audit {
    async fn list_audit_events(
        &self,
        request: Request<v1::ListAuditEventsRequest>,
    ) -> Result<Response<v1::ListAuditEventsResponse>, Status> {
        Ok(Response::new(self.list(request).await?))
    }

    async fn verify_audit(
        &self,
        request: Request<v1::VerifyAuditRequest>,
    ) -> Result<Response<v1::VerifyAuditResponse>, Status> {
        Ok(Response::new(self.verify(request).await?))
    }

    async fn get_audit_head(
        &self,
        request: Request<v1::GetAuditHeadRequest>,
    ) -> Result<Response<v1::GetAuditHeadResponse>, Status> {
        Ok(Response::new(self.head(request).await?))
    }

    async fn list_break_glass(
        &self,
        request: Request<v1::ListBreakGlassRequest>,
    ) -> Result<Response<v1::ListBreakGlassResponse>, Status> {
        Ok(Response::new(self.glass(request).await?))
    }

    async fn acknowledge_break_glass(
        &self,
        request: Request<v1::AcknowledgeBreakGlassRequest>,
    ) -> Result<Response<v1::AcknowledgeBreakGlassResponse>, Status> {
        Ok(Response::new(self.acknowledge(request).await?))
    }
}
