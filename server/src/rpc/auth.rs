//! `AuthService`: signing in, staying signed in, and joining a clinic.

mod assertion;
mod session;
mod sign_in;
mod who;

use std::sync::Arc;

use rung_progression::AthleteId;
use rung_proto::v1::{self, auth_service_server::AuthService};
use tonic::{Request, Response, Status};

use super::time::timestamp;
use crate::{
    access::account::{Desk, Pair, Place},
    app::App,
};

/// The service.
pub(crate) struct Auth(pub(crate) Arc<App>);

impl Auth {
    fn desk(&self) -> Desk<'_> {
        Desk {
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
        Ok(Response::new(self.sign_in(request.into_inner()).await?))
    }

    async fn refresh_token(
        &self,
        request: Request<v1::RefreshTokenRequest>,
    ) -> Result<Response<v1::RefreshTokenResponse>, Status> {
        Ok(Response::new(self.refresh(request.into_inner()).await?))
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
        Ok(Response::new(self.join(request.into_inner()).await?))
    }

    async fn complete_second_factor(
        &self,
        _: Request<v1::CompleteSecondFactorRequest>,
    ) -> Result<Response<v1::CompleteSecondFactorResponse>, Status> {
        Err(Status::unimplemented("CompleteSecondFactor"))
    }

    async fn switch_clinic(
        &self,
        _: Request<v1::SwitchClinicRequest>,
    ) -> Result<Response<v1::SwitchClinicResponse>, Status> {
        Err(Status::unimplemented("SwitchClinic"))
    }

    async fn logout(
        &self,
        _: Request<v1::LogoutRequest>,
    ) -> Result<Response<v1::LogoutResponse>, Status> {
        Err(Status::unimplemented("Logout"))
    }

    async fn list_sessions(
        &self,
        _: Request<v1::ListSessionsRequest>,
    ) -> Result<Response<v1::ListSessionsResponse>, Status> {
        Err(Status::unimplemented("ListSessions"))
    }

    async fn revoke_session(
        &self,
        _: Request<v1::RevokeSessionRequest>,
    ) -> Result<Response<v1::RevokeSessionResponse>, Status> {
        Err(Status::unimplemented("RevokeSession"))
    }

    async fn change_password(
        &self,
        _: Request<v1::ChangePasswordRequest>,
    ) -> Result<Response<v1::ChangePasswordResponse>, Status> {
        Err(Status::unimplemented("ChangePassword"))
    }

    async fn reset_password(
        &self,
        _: Request<v1::ResetPasswordRequest>,
    ) -> Result<Response<v1::ResetPasswordResponse>, Status> {
        Err(Status::unimplemented("ResetPassword"))
    }

    async fn enroll_totp(
        &self,
        _: Request<v1::EnrollTotpRequest>,
    ) -> Result<Response<v1::EnrollTotpResponse>, Status> {
        Err(Status::unimplemented("EnrollTotp"))
    }

    async fn confirm_totp(
        &self,
        _: Request<v1::ConfirmTotpRequest>,
    ) -> Result<Response<v1::ConfirmTotpResponse>, Status> {
        Err(Status::unimplemented("ConfirmTotp"))
    }

    async fn disable_totp(
        &self,
        _: Request<v1::DisableTotpRequest>,
    ) -> Result<Response<v1::DisableTotpResponse>, Status> {
        Err(Status::unimplemented("DisableTotp"))
    }

    async fn exchange_assertion(
        &self,
        request: Request<v1::ExchangeAssertionRequest>,
    ) -> Result<Response<v1::ExchangeAssertionResponse>, Status> {
        Ok(Response::new(self.exchange(request.into_inner()).await?))
    }
}
