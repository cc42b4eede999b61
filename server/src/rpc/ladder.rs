//! `LadderService`.

pub(crate) mod convert;

use std::sync::Arc;

use rung_progression::{Ladder, LadderId, ladder::lint};
use rung_proto::v1::{self, ladder_service_server::LadderService};
use tonic::{Request, Response, Status};

use super::{field::Fields, once::once, time::timestamp};
use crate::{
    access::{AthleteAccess, ClinicAccess, Session},
    app::App,
    error::{Error, Result},
    storage::ladder::{self, StoredLadder},
};

/// The service.
pub(crate) struct Ladders(pub(crate) Arc<App>);

/// Finds a published ladder, the clinic's or the library's, to prescribe it to an athlete; `field` is where its id stood.
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
    if stored.published_at.is_none() {
        return Err(Error::LadderNotPublished {
            field: field.to_owned(),
        });
    }
    Ok(stored.definition.0)
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

impl Ladders {
    async fn create(
        &self,
        request: Request<v1::CreateLadderRequest>,
    ) -> Result<v1::CreateLadderResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let definition = f.required("definition", request.definition.as_ref());
        let read = definition.and_then(|d| f.part("definition", |f| convert::ladder(f, d, 1)));
        let (request_id, read) = f.finish(request_id.zip(read))?;
        if self.0.library.has_key(&read.key) {
            return Err(Error::AlreadyExists {
                what: format!(
                    "a built-in ladder with the key \"{}\"; choose another key",
                    read.key
                ),
            });
        }
        let access = session.clinic()?;
        let (id, at) = (session.new_id(), session.now());
        once(&session, request_id, &request, move |tx| {
            let (access, ladder) = (access.clone(), read.clone());
            Box::pin(async move {
                let stored = ladder::insert_draft(tx, &access, id, ladder, at).await?;
                Ok(v1::CreateLadderResponse {
                    ladder: Some(reply(&stored)),
                })
            })
        })
        .await
    }

    fn lint(&self, request: Request<v1::LintLadderRequest>) -> Result<v1::LintLadderResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        session.clinic()?;
        let mut f = Fields::new();
        let definition = f.required("definition", request.definition.as_ref());
        let read = definition.and_then(|d| convert::ladder(&mut f, d, 1));
        let finding =
            |severity: v1::LintSeverity, field: String, message: String| v1::LintFinding {
                severity: severity.into(),
                field,
                message,
            };
        let findings = match f.finish(read) {
            Ok(ladder) => lint::warnings(&ladder)
                .into_iter()
                .map(|w| finding(v1::LintSeverity::Warning, w.path, w.message))
                .collect(),
            Err(Error::InvalidFields(faults)) => faults
                .into_iter()
                .map(|v| finding(v1::LintSeverity::Error, v.field, v.message))
                .collect(),
            Err(other) => return Err(other),
        };
        Ok(v1::LintLadderResponse { findings })
    }

    async fn publish(
        &self,
        request: Request<v1::PublishLadderRequest>,
    ) -> Result<v1::PublishLadderResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let id: Option<LadderId> = f.id("ladder_id", &request.ladder_id);
        let etag = f.etag("etag", &request.etag);
        let ids = request_id.zip(id).zip(etag);
        let ((request_id, id), etag) = f.finish(ids)?;
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

    async fn get(&self, request: Request<v1::GetLadderRequest>) -> Result<v1::GetLadderResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let id: Option<LadderId> = f.id("ladder_id", &request.ladder_id);
        let id = f.finish(id)?;
        let access = session.clinic()?;
        let ladder = match self.0.library.get(id) {
            Some(ladder) => built_in(id, ladder),
            None => reply(&ladder::get(&mut session.read().await?.conn(), &access, id).await?),
        };
        Ok(v1::GetLadderResponse {
            ladder: Some(ladder),
        })
    }

    async fn list(
        &self,
        request: Request<v1::ListLaddersRequest>,
    ) -> Result<v1::ListLaddersResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let size = f.page_size(request.page_size);
        let access = session.clinic()?;
        let query = format!("ListLadders/{}", access.clinic());
        let token = self.0.pages.open(&query, &request.page_token);
        let (limit, after): (i64, Option<(String, i64)>) = f.page(size, token)?;
        let mut rows: Vec<v1::Ladder> = self
            .0
            .library
            .all()
            .map(|(id, ladder)| built_in(id, ladder))
            .filter(|ladder| after.as_ref().is_none_or(|after| key(ladder) > *after))
            .collect();
        let mut reader = session.read().await?;
        let own = ladder::list(&mut reader.conn(), &access, after, limit + 1).await?;
        rows.extend(own.iter().map(reply));
        rows.sort_by_key(key);
        let next_page_token = self.0.pages.cut(&query, &mut rows, limit, key)?;
        Ok(v1::ListLaddersResponse {
            ladders: rows,
            next_page_token,
        })
    }
}

/// What lists are ordered by.
fn key(ladder: &v1::Ladder) -> (String, i64) {
    let key = ladder.definition.as_ref().map(|d| d.key.clone());
    (key.unwrap_or_default(), i64::from(ladder.version))
}

fn reply(stored: &StoredLadder) -> v1::Ladder {
    let state = match stored.published_at {
        Some(_) => v1::LadderState::Published,
        None => v1::LadderState::Draft,
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
        created_at: None,
        published_at: None,
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
