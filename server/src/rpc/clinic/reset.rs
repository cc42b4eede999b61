//! Letting a member set a new password.

use std::sync::Arc;

use chrono::TimeDelta;
use rung_progression::PersonId;
use rung_proto::v1;
use tonic::Request;

use super::Clinics;
use crate::{
    access::{InviteCode, Session},
    error::{Error, Result},
    rpc::{field::Fields, once::once_keeping, time::timestamp},
    storage::{
        identity::{membership, reset},
        relation,
    },
};

/// How long the member has.
const LIFETIME: TimeDelta = TimeDelta::hours(24);

impl Clinics {
    pub(super) async fn reset(
        &self,
        request: Request<v1::ResetCredentialsRequest>,
    ) -> Result<v1::ResetCredentialsResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let person = f.id("person_id", &request.person_id);
        let (request_id, person): (_, PersonId) = f.finish(request_id.zip(person))?;
        session.concerns(person.uuid());
        let (access, subject) = (session.clinic()?, session.subject());
        let now = session.now();
        let code = Arc::new(InviteCode::new(self.0.ambient.as_ref()));
        let expires_at = now + LIFETIME;
        let keep = |response: &v1::ResetCredentialsResponse| {
            let without_code = v1::ResetCredentialsResponse {
                code: String::new(),
                ..*response
            };
            prost::Message::encode_to_vec(&without_code)
        };
        once_keeping(&session, request_id, &request, keep, move |tx| {
            let (access, code, subject) = (access.clone(), Arc::clone(&code), subject.clone());
            Box::pin(async move {
                if let Some(own) = relation::own_athlete(tx, access.clinic(), person).await? {
                    subject.is(own);
                }
                let roles = membership::roles(tx, access.clinic(), person).await?;
                roles.ok_or(Error::NotFound("member"))?;
                let hash = code.hash();
                reset::insert(tx, &access, person, hash.as_slice(), now, expires_at).await?;
                Ok(v1::ResetCredentialsResponse {
                    code: code.reveal(),
                    expires_at: Some(timestamp(expires_at)),
                })
            })
        })
        .await
    }
}

#[cfg(test)]
#[path = "reset_test.rs"]
mod tests;
