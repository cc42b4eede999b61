//! Who the token speaks for.

use rung_proto::v1;
use tonic::Request;

use super::{Auth, membership};
use crate::{
    access::{Actor, Role, Session, account},
    error::{Error, Result},
    storage::{
        break_glass,
        identity::{person, second_factor},
    },
};

impl Auth {
    pub(super) async fn who(
        &self,
        request: Request<v1::WhoAmIRequest>,
    ) -> Result<v1::WhoAmIResponse> {
        let (session, _) = Session::open(&self.0, request)?;
        let caller = session.caller();
        if let Actor::Service(scopes) = caller.actor {
            return Ok(v1::WhoAmIResponse {
                person_id: caller.person.to_string(),
                scopes: scopes.to_proto(),
                ..v1::WhoAmIResponse::default()
            });
        }
        let (profile, factor) = {
            let mut reader = self.0.db.read().await?;
            let conn = &mut reader.conn();
            let profile = person::profile(conn, caller.person).await?;
            (profile, second_factor::find(conn, caller.person).await?)
        };
        // A token whose person or membership is gone names nobody.
        let profile = profile.ok_or(Error::TokenInvalid)?;
        let places = account::own_places(&session).await?;
        let place = places
            .iter()
            .find(|place| place.membership.clinic == caller.clinic);
        Ok(v1::WhoAmIResponse {
            person_id: caller.person.to_string(),
            email: profile.email,
            display_name: profile.display_name,
            membership: Some(membership(place.ok_or(Error::TokenInvalid)?)),
            memberships: places.iter().map(membership).collect(),
            second_factor: factor.is_some_and(|factor| factor.confirmed_at.is_some()),
            second_factor_required: caller.second_factor_missing,
            break_glass_unseen: unseen(&session).await?,
            scopes: vec![],
        })
    }
}

/// What an admin is alerted of: glass that was broken and that no admin has looked at.
async fn unseen(session: &Session) -> Result<i32> {
    let caller = session.caller();
    if !caller.roles.contains(Role::Admin) {
        return Ok(0);
    }
    let mut reader = session.read().await?;
    let unseen = break_glass::unseen(&mut reader.conn(), caller.clinic).await?;
    Ok(i32::try_from(unseen).unwrap_or(i32::MAX))
}
