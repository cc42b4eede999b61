//! `LadderService`.

pub(crate) mod convert;
mod draft;
mod read;
mod shelf;

use std::sync::Arc;

use rung_progression::{Ladder, LadderId};
use rung_proto::v1::{self, ladder_service_server::LadderService};
use tonic::{Request, Response, Status};

use super::time::timestamp;
use crate::{
    access::{AthleteAccess, ClinicAccess, Session},
    app::App,
    error::{Error, Result},
    storage::ladder::{self, StoredLadder},
};

/// The service.
pub(crate) struct Ladders(pub(crate) Arc<App>);

/// Finds a ladder that is offered, the clinic's or the library's, to prescribe it to an athlete; `field` is where its id
/// stood.
pub(crate) async fn published(
    session: &Session,
    access: &AthleteAccess,
    id: LadderId,
    field: &str,
) -> Result<Ladder> {
    if let Some(ladder) = session.app().library.get(id) {
        return Ok(ladder.clone());
    }
    let mut reader = session.read().await?;
    let stored = ladder::find_to_prescribe(&mut reader.conn(), access, id)
        .await?
        .ok_or(Error::NotFound("ladder"))?;
    let field = field.to_owned();
    match (stored.published_at, stored.archived_at) {
        (None, _) => Err(Error::LadderNotPublished { field }),
        (Some(_), Some(_)) => Err(Error::LadderArchived { field }),
        (Some(_), None) => Ok(stored.definition.0),
    }
}

/// Finds a published ladder, the clinic's or the library's, for somebody who reads the clinic's ladders.
pub(crate) async fn published_in_clinic(
    session: &Session,
    access: &ClinicAccess,
    id: LadderId,
    field: &str,
) -> Result<Ladder> {
    if let Some(ladder) = session.app().library.get(id) {
        return Ok(ladder.clone());
    }
    let mut reader = session.read().await?;
    let stored = ladder::get(&mut reader.conn(), access, id).await?;
    if stored.published_at.is_none() {
        return Err(Error::LadderNotPublished {
            field: field.to_owned(),
        });
    }
    Ok(stored.definition.0)
}

fn reply(stored: &StoredLadder) -> v1::Ladder {
    let state = match (stored.published_at, stored.archived_at) {
        (None, _) => v1::LadderState::Draft,
        (Some(_), None) => v1::LadderState::Published,
        (Some(_), Some(_)) => v1::LadderState::Archived,
    };
    v1::Ladder {
        id: stored.id.to_string(),
        etag: stored.etag.to_string(),
        state: state.into(),
        version: stored.definition.version.cast_signed(),
        built_in: false,
        definition: Some(convert::definition(&stored.definition)),
        created_at: Some(timestamp(stored.created_at)),
        published_at: stored.published_at.map(timestamp),
        archived_at: stored.archived_at.map(timestamp),
        cloned_from: stored.origin().map(|origin| v1::LadderOrigin {
            ladder_id: origin.id.to_string(),
            key: origin.key,
            version: origin.version.cast_signed(),
        }),
    }
}

fn built_in(id: LadderId, ladder: &Ladder) -> v1::Ladder {
    v1::Ladder {
        id: id.to_string(),
        etag: "1".to_owned(),
        state: v1::LadderState::Published.into(),
        version: ladder.version.cast_signed(),
        built_in: true,
        definition: Some(convert::definition(ladder)),
        ..v1::Ladder::default()
    }
}

#[tonic::async_trait]
impl LadderService for Ladders {
    async fn create_ladder(
        &self,
        request: Request<v1::CreateLadderRequest>,
    ) -> Result<Response<v1::CreateLadderResponse>, Status> {
        Ok(Response::new(self.create(request).await?))
    }

    async fn update_ladder(
        &self,
        request: Request<v1::UpdateLadderRequest>,
    ) -> Result<Response<v1::UpdateLadderResponse>, Status> {
        Ok(Response::new(self.update(request).await?))
    }

    async fn lint_ladder(
        &self,
        request: Request<v1::LintLadderRequest>,
    ) -> Result<Response<v1::LintLadderResponse>, Status> {
        Ok(Response::new(self.lint(request)?))
    }

    async fn publish_ladder(
        &self,
        request: Request<v1::PublishLadderRequest>,
    ) -> Result<Response<v1::PublishLadderResponse>, Status> {
        Ok(Response::new(self.publish(request).await?))
    }

    async fn clone_ladder(
        &self,
        request: Request<v1::CloneLadderRequest>,
    ) -> Result<Response<v1::CloneLadderResponse>, Status> {
        Ok(Response::new(self.clone_as(request).await?))
    }

    async fn diff_ladder_versions(
        &self,
        request: Request<v1::DiffLadderVersionsRequest>,
    ) -> Result<Response<v1::DiffLadderVersionsResponse>, Status> {
        Ok(Response::new(self.diff(request).await?))
    }

    async fn archive_ladder(
        &self,
        request: Request<v1::ArchiveLadderRequest>,
    ) -> Result<Response<v1::ArchiveLadderResponse>, Status> {
        Ok(Response::new(self.archive(request).await?))
    }

    async fn get_ladder(
        &self,
        request: Request<v1::GetLadderRequest>,
    ) -> Result<Response<v1::GetLadderResponse>, Status> {
        Ok(Response::new(self.get(request).await?))
    }

    async fn list_ladders(
        &self,
        request: Request<v1::ListLaddersRequest>,
    ) -> Result<Response<v1::ListLaddersResponse>, Status> {
        Ok(Response::new(self.list(request).await?))
    }
}
