//! Who the token speaks for.

use rung_proto::v1;
use tonic::Request;

use super::{Auth, membership};
use crate::{
    access::{Session, account},
    error::{Error, Result},
    storage::identity::person,
};

impl Auth {
    pub(super) async fn who(
        &self,
        request: Request<v1::WhoAmIRequest>,
    ) -> Result<v1::WhoAmIResponse> {
        let (session, _) = Session::open(&self.0, request)?;
        let caller = session.caller();
        let mut reader = session.read().await?;
        let conn = &mut reader.conn();
        // A token whose person or membership is gone names nobody.
        let profile = person::profile(conn, caller.person)
            .await?
            .ok_or(Error::TokenInvalid)?;
        drop(reader);
        let places = account::places(&self.0.db, caller.person).await?;
        let place = places
            .iter()
            .find(|place| place.membership.clinic == caller.clinic);
        Ok(v1::WhoAmIResponse {
            person_id: caller.person.to_string(),
            email: profile.email,
            display_name: profile.display_name,
            membership: Some(membership(place.ok_or(Error::TokenInvalid)?)),
            memberships: places.iter().map(membership).collect(),
            ..v1::WhoAmIResponse::default()
        })
    }
}
