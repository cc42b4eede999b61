//! `AuthService`: signing in, staying signed in, and joining a clinic.

use std::sync::Arc;

use rung_progression::AthleteId;
use rung_proto::v1::{self, auth_service_server::AuthService};
use tonic::{Request, Response, Status};

use super::{field::Fields, time::timestamp};
use crate::{
    access::{
        InviteCode, Password, RefreshSecret, Session,
        account::{self, Desk, Pair, Place},
    },
    app::App,
    error::{Error, Result},
    storage::identity::person,
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

    async fn sign_in(&self, request: v1::LoginRequest) -> Result<v1::LoginResponse> {
        let mut f = Fields::new();
        let email = f.email("email", &request.email);
        let password = f.check("password", Password::parse(request.password));
        let clinic = f.optional_id("clinic_id", &request.clinic_id);
        let ((email, password), clinic) = f.finish(email.zip(password).zip(clinic))?;
        let signed_in = self.desk().login(&email, &password, clinic).await?;
        Ok(v1::LoginResponse {
            person_id: signed_in.person.to_string(),
            membership: Some(membership(signed_in.place()?)),
            memberships: signed_in.places.iter().map(membership).collect(),
            tokens: Some(tokens(signed_in.pair(&self.0.tokens)?)),
            challenge: String::new(),
        })
    }

    async fn refresh(&self, request: v1::RefreshTokenRequest) -> Result<v1::RefreshTokenResponse> {
        let mut f = Fields::new();
        let text = Some(request.refresh_token).filter(|text| !text.is_empty());
        let text = f.required("refresh_token", text);
        let old = RefreshSecret::parse(&f.finish(text)?).ok_or(Error::RefreshTokenInvalid)?;
        let App {
            db,
            ambient,
            tokens: ours,
            ..
        } = &*self.0;
        let pair = account::refresh(db, ambient, ours, &old).await?;
        Ok(v1::RefreshTokenResponse {
            tokens: Some(tokens(pair)),
        })
    }

    async fn who(&self, request: Request<v1::WhoAmIRequest>) -> Result<v1::WhoAmIResponse> {
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

    async fn join(
        &self,
        request: v1::AcceptInvitationRequest,
    ) -> Result<v1::AcceptInvitationResponse> {
        let mut f = Fields::new();
        let code = Some(request.code).filter(|code| !code.is_empty());
        let code = f.required("code", code);
        let password = f.check("password", Password::parse(request.password));
        let name = f.name("display_name", &request.display_name, 0..=100);
        let ((code, password), name) = f.finish(code.zip(password).zip(name))?;
        let code = InviteCode::parse(&code).ok_or(Error::InvitationInvalid)?;
        let name = Some(name).filter(|name| !name.is_empty());
        let signed_in = self
            .desk()
            .accept(&code, &password, name.as_deref())
            .await?;
        Ok(v1::AcceptInvitationResponse {
            person_id: signed_in.person.to_string(),
            membership: Some(membership(signed_in.place()?)),
            tokens: Some(tokens(signed_in.pair(&self.0.tokens)?)),
            challenge: String::new(),
        })
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
        _: Request<v1::ExchangeAssertionRequest>,
    ) -> Result<Response<v1::ExchangeAssertionResponse>, Status> {
        Err(Status::unimplemented("ExchangeAssertion"))
    }
}
