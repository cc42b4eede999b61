//! `AuthService`: signing in, staying signed in, and joining a clinic.

mod assertion;
mod password;
mod second_factor;
mod session;
mod sign_in;
mod who;

use std::{net::IpAddr, sync::Arc};

use futures_util::future::BoxFuture;
use rung_progression::AthleteId;
use rung_proto::v1::{self, auth_service_server::AuthService};
use tonic::{Request, Response, Status};

use super::time::timestamp;
use crate::{
    access::{
        Call, Session, Target,
        account::{self, Desk, Pair, Place},
        network_of,
    },
    app::App,
    error::{Error, Result},
    storage::identity::person,
};

/// The service.
pub(crate) struct Auth(pub(crate) Arc<App>);

/// What an attempt comes as, and from where.
struct Attempt {
    call: Call,
    network: Option<IpAddr>,
}

impl Attempt {
    fn of<T>(request: &Request<T>) -> Result<Self> {
        Ok(Self {
            call: Call::of(request.extensions())?,
            network: network_of(request.extensions()),
        })
    }
}

impl Auth {
    /// Counts `work` as one attempt on `target`, and refuses it when there were too many.
    async fn attempt<T>(
        &self,
        from: &Attempt,
        target: Target<'_>,
        work: BoxFuture<'_, Result<T>>,
    ) -> Result<T> {
        let App {
            db,
            ambient,
            throttle,
            ..
        } = &*self.0;
        throttle
            .attempt(db, ambient.now(), target, from.network, work)
            .await
    }

    /// The address under which guesses at the caller's password are counted, here as at Login.
    async fn own_email(&self, session: &Session) -> Result<String> {
        account::own(session)?;
        let person = session.caller().person;
        let profile = person::profile(&mut self.0.db.read().await?.conn(), person).await?;
        Ok(profile.ok_or(Error::TokenInvalid)?.email)
    }

    fn desk<'a>(&'a self, attempt: &'a Attempt) -> Desk<'a> {
        Desk {
            call: &attempt.call,
            db: &self.0.db,
            ambient: &self.0.ambient,
            passwords: &self.0.passwords,
        }
    }
}

fn membership(place: &Place) -> v1::Membership {
    let membership = &place.membership;
    v1::Membership {
        clinic_id: membership.clinic.to_string(),
        clinic_name: membership.clinic_name.clone(),
        roles: membership.roles.to_proto(),
        athlete_id: place
            .athlete
            .as_ref()
            .map(AthleteId::to_string)
            .unwrap_or_default(),
    }
}

fn tokens(pair: Pair) -> v1::TokenPair {
    v1::TokenPair {
        refresh_token: pair.refresh.reveal(),
        refresh_token_expires_at: Some(timestamp(pair.refresh_expires_at)),
        access_token: pair.access.jwt,
        access_token_expires_at: Some(timestamp(pair.access.expires_at)),
    }
}

#[tonic::async_trait]
impl AuthService for Auth {
    async fn login(
        &self,
        request: Request<v1::LoginRequest>,
    ) -> Result<Response<v1::LoginResponse>, Status> {
        Ok(Response::new(self.sign_in(request).await?))
    }

    async fn refresh_token(
        &self,
        request: Request<v1::RefreshTokenRequest>,
    ) -> Result<Response<v1::RefreshTokenResponse>, Status> {
        Ok(Response::new(self.refresh(request).await?))
    }

    async fn who_am_i(
        &self,
        request: Request<v1::WhoAmIRequest>,
    ) -> Result<Response<v1::WhoAmIResponse>, Status> {
        Ok(Response::new(self.who(request).await?))
    }

    async fn accept_invitation(
        &self,
        request: Request<v1::AcceptInvitationRequest>,
    ) -> Result<Response<v1::AcceptInvitationResponse>, Status> {
        Ok(Response::new(self.join(request).await?))
    }

    async fn complete_second_factor(
        &self,
        request: Request<v1::CompleteSecondFactorRequest>,
    ) -> Result<Response<v1::CompleteSecondFactorResponse>, Status> {
        Ok(Response::new(self.complete(request).await?))
    }

    async fn switch_clinic(
        &self,
        request: Request<v1::SwitchClinicRequest>,
    ) -> Result<Response<v1::SwitchClinicResponse>, Status> {
        Ok(Response::new(self.switch(request).await?))
    }

    async fn logout(
        &self,
        request: Request<v1::LogoutRequest>,
    ) -> Result<Response<v1::LogoutResponse>, Status> {
        Ok(Response::new(self.leave(request).await?))
    }

    async fn list_sessions(
        &self,
        request: Request<v1::ListSessionsRequest>,
    ) -> Result<Response<v1::ListSessionsResponse>, Status> {
        Ok(Response::new(self.sessions(request).await?))
    }

    async fn revoke_session(
        &self,
        request: Request<v1::RevokeSessionRequest>,
    ) -> Result<Response<v1::RevokeSessionResponse>, Status> {
        Ok(Response::new(self.revoke(request).await?))
    }

    async fn change_password(
        &self,
        request: Request<v1::ChangePasswordRequest>,
    ) -> Result<Response<v1::ChangePasswordResponse>, Status> {
        Ok(Response::new(self.change(request).await?))
    }

    async fn reset_password(
        &self,
        request: Request<v1::ResetPasswordRequest>,
    ) -> Result<Response<v1::ResetPasswordResponse>, Status> {
        Ok(Response::new(self.reset(request).await?))
    }

    async fn enroll_totp(
        &self,
        request: Request<v1::EnrollTotpRequest>,
    ) -> Result<Response<v1::EnrollTotpResponse>, Status> {
        Ok(Response::new(self.enroll(request).await?))
    }

    async fn confirm_totp(
        &self,
        request: Request<v1::ConfirmTotpRequest>,
    ) -> Result<Response<v1::ConfirmTotpResponse>, Status> {
        Ok(Response::new(self.confirm(request).await?))
    }

    async fn disable_totp(
        &self,
        request: Request<v1::DisableTotpRequest>,
    ) -> Result<Response<v1::DisableTotpResponse>, Status> {
        Ok(Response::new(self.disable(request).await?))
    }

    async fn exchange_assertion(
        &self,
        request: Request<v1::ExchangeAssertionRequest>,
    ) -> Result<Response<v1::ExchangeAssertionResponse>, Status> {
        Ok(Response::new(self.exchange(request).await?))
    }
}

#[cfg(test)]
#[path = "auth_test.rs"]
mod tests;
