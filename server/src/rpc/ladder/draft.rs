//! Versions that may still change: made, cloned, changed.

use rung_progression::{Ladder, LadderId};
use rung_proto::v1;
use tonic::Request;

use super::{Ladders, convert, reply};
use crate::{
    access::Session,
    error::{Error, Result},
    rpc::{field::Fields, once::once},
    storage::ladder::{self, Origin},
};

impl Ladders {
    pub(super) async fn create(
        &self,
        request: Request<v1::CreateLadderRequest>,
    ) -> Result<v1::CreateLadderResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let definition = definition(&mut f, request.definition.as_ref());
        let (request_id, read) = f.finish(request_id.zip(definition))?;
        self.key_is_free(&read)?;
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

    pub(super) async fn update(
        &self,
        request: Request<v1::UpdateLadderRequest>,
    ) -> Result<v1::UpdateLadderResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let id: Option<LadderId> = f.id("ladder_id", &request.ladder_id);
        let etag = f.etag("etag", &request.etag);
        let definition = definition(&mut f, request.definition.as_ref());
        let which = request_id.zip(id).zip(etag);
        let (((request_id, id), etag), read) = f.finish(which.zip(definition))?;
        if self.0.library.get(id).is_some() {
            return Err(Error::LadderBuiltIn);
        }
        let access = session.clinic()?;
        once(&session, request_id, &request, move |tx| {
            let (access, ladder) = (access.clone(), read.clone());
            Box::pin(async move {
                let stored = ladder::update_draft(tx, &access, id, etag, ladder).await?;
                Ok(v1::UpdateLadderResponse {
                    ladder: Some(reply(&stored)),
                })
            })
        })
        .await
    }

    pub(super) async fn clone_as(
        &self,
        request: Request<v1::CloneLadderRequest>,
    ) -> Result<v1::CloneLadderResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let id: Option<LadderId> = f.id("ladder_id", &request.ladder_id);
        let access = session.clinic()?;
        let mut from = match id {
            Some(id) => Some(self.find(&session, &access, id).await?),
            None => None,
        };
        let origin = from.as_ref().zip(id).map(|(ladder, id)| Origin {
            id,
            key: ladder.key.clone(),
            version: ladder.version,
        });
        if let Some(clone) = &mut from {
            clone.key.clone_from(&request.key);
            let title = request.title.trim();
            if !title.is_empty() {
                title.clone_into(&mut clone.title);
            }
            // What is stored is sound: only the words of the request can be wrong.
            f.faults(clone.validate());
        }
        let (request_id, (clone, origin)) = f.finish(request_id.zip(from.zip(origin)))?;
        self.key_is_free(&clone)?;
        let (new, at) = (session.new_id(), session.now());
        once(&session, request_id, &request, move |tx| {
            let (access, clone, origin) = (access.clone(), clone.clone(), origin.clone());
            Box::pin(async move {
                let stored = ladder::insert_clone(tx, &access, new, clone, &origin, at).await?;
                Ok(v1::CloneLadderResponse {
                    ladder: Some(reply(&stored)),
                })
            })
        })
        .await
    }

    fn key_is_free(&self, ladder: &Ladder) -> Result<()> {
        let key = &ladder.key;
        if self.0.library.has_key(key) {
            return Err(Error::AlreadyExists {
                what: format!("a built-in ladder with the key \"{key}\"; choose another key"),
            });
        }
        Ok(())
    }
}

/// The definition of a request, as the first version of its key.
fn definition(f: &mut Fields, definition: Option<&v1::LadderDefinition>) -> Option<Ladder> {
    let definition = f.required("definition", definition)?;
    f.part("definition", |f| convert::ladder(f, definition, 1))
}
