//! Inviting somebody whom an athlete lets see parts of their record.

use std::sync::Arc;

use rung_progression::AthleteId;
use rung_proto::v1;
use tonic::Request;

use super::{Athletes, consent};
use crate::{
    access::{Invite, Session},
    error::Result,
    rpc::{field::Fields, once::once_keeping, time::timestamp},
    storage::identity::invitation,
};

impl Athletes {
    pub(super) async fn invite(
        &self,
        request: Request<v1::InviteSupporterRequest>,
    ) -> Result<v1::InviteSupporterResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let now = session.now();
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let athlete: Option<Option<AthleteId>> = f.optional_id("athlete_id", &request.athlete_id);
        let email = f.email("email", &request.email);
        let parts = consent::parts(&mut f, &request.parts);
        let purpose = f.text("purpose", &request.purpose, 1..=200);
        let until = consent::until(&mut f, request.valid_until.as_ref(), Some(now), now);
        let whole = request_id.zip(athlete).zip(email).zip(parts);
        let whole = whole.zip(purpose).zip(until);
        let (((((request_id, athlete), email), parts), purpose), until) = f.finish(whole)?;
        let access = session.athlete_or_self(athlete, "athlete_id").await?;
        let ambient = session.app().ambient.as_ref();
        let (invite, code) = Invite::supporter(&access, email, parts, purpose, until, ambient)?;
        let subject = session.subject();
        let (link, code) = (self.0.links.join(&code), Arc::new(code));
        let keep = |response: &v1::InviteSupporterResponse| {
            let without_code = v1::InviteSupporterResponse {
                code: String::new(),
                link: String::new(),
                ..response.clone()
            };
            prost::Message::encode_to_vec(&without_code)
        };
        once_keeping(&session, request_id, &request, keep, move |tx| {
            let (invite, code, link) = (invite.clone(), Arc::clone(&code), link.clone());
            subject.concerns(invite.id().uuid());
            Box::pin(async move {
                invitation::insert(tx, &invite, now).await?;
                Ok(v1::InviteSupporterResponse {
                    invitation_id: invite.id().to_string(),
                    code: code.reveal(),
                    expires_at: Some(timestamp(invite.expires_at())),
                    link,
                })
            })
        })
        .await
    }
}

#[cfg(test)]
#[path = "supporter_test.rs"]
mod tests;
