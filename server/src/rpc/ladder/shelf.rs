//! What is offered: put on the shelf, taken off it.

use rung_progression::LadderId;
use rung_proto::v1;
use tonic::Request;
use uuid::Uuid;

use super::{Ladders, built_in, reply};
use crate::{
    access::Session,
    error::{Error, Result},
    rpc::{field::Fields, once::once},
    storage::ladder,
};

impl Ladders {
    pub(super) async fn publish(
        &self,
        request: Request<v1::PublishLadderRequest>,
    ) -> Result<v1::PublishLadderResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let (request_id, id, etag) = which(&request.request_id, &request.ladder_id, &request.etag)?;
        if let Some(ladder) = self.0.library.get(id) {
            return Ok(v1::PublishLadderResponse {
                ladder: Some(built_in(id, ladder)),
            });
        }
        let (access, at) = (session.clinic()?, session.now());
        once(&session, request_id, &request, move |tx| {
            let access = access.clone();
            Box::pin(async move {
                let stored = ladder::publish(tx, &access, id, etag, at).await?;
                Ok(v1::PublishLadderResponse {
                    ladder: Some(reply(&stored)),
                })
            })
        })
        .await
    }

    pub(super) async fn archive(
        &self,
        request: Request<v1::ArchiveLadderRequest>,
    ) -> Result<v1::ArchiveLadderResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let (request_id, id, etag) = which(&request.request_id, &request.ladder_id, &request.etag)?;
        if self.0.library.get(id).is_some() {
            return Err(Error::LadderBuiltIn);
        }
        let (access, at) = (session.clinic()?, session.now());
        once(&session, request_id, &request, move |tx| {
            let access = access.clone();
            Box::pin(async move {
                let stored = ladder::archive(tx, &access, id, etag, at).await?;
                Ok(v1::ArchiveLadderResponse {
                    ladder: Some(reply(&stored)),
                })
            })
        })
        .await
    }
}

/// Which call about which version, as it was read.
fn which(request_id: &str, ladder_id: &str, etag: &str) -> Result<(Uuid, LadderId, i64)> {
    let mut f = Fields::new();
    let request_id = f.uuid("request_id", request_id);
    let id: Option<LadderId> = f.id("ladder_id", ladder_id);
    let etag = f.etag("etag", etag);
    let ((request_id, id), etag) = f.finish(request_id.zip(id).zip(etag))?;
    Ok((request_id, id, etag))
}
