//! A server in this process for the tests of the client: it knows two tokens and one code, and counts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use rung_proto::v1;
use rung_proto::v1::auth_service_server::{AuthService, AuthServiceServer};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Code, Request, Response, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::connection::Connection;
use crate::credentials::{Credentials, Secret, Store, Tokens};

/// Which tokens hold, and what was asked.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) refresh: String,
    pub(crate) access: String,
    pub(crate) refreshes: usize,
    pub(crate) who_am_i: usize,
    pub(crate) logouts: usize,
    /// The codes that were tried; `123456` is right.
    pub(crate) codes: Vec<String>,
}

#[derive(Clone, Default)]
pub(crate) struct Fake(Arc<Mutex<State>>);

impl Fake {
    pub(crate) fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Refreshes and answers asked for.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let state = self.state();
        (state.refreshes, state.who_am_i)
    }
}

pub(crate) fn refused(reason: &str) -> Status {
    let details = ErrorDetails::with_error_info(reason, "rung.dev", HashMap::new());
    Status::with_error_details(Code::Unauthenticated, "no", details)
}

fn bears<Q>(request: &Request<Q>, access: &str) -> bool {
    let sent = request.metadata().get("authorization");
    sent.and_then(|v| v.to_str().ok()) == Some(format!("Bearer {access}").as_str())
}

fn pair(access: &str, refresh: &str) -> v1::TokenPair {
    v1::TokenPair {
        access_token: access.into(),
        access_token_expires_at: Some(crate::time::timestamp(now() + TimeDelta::minutes(5))),
        refresh_token: refresh.into(),
        refresh_token_expires_at: None,
    }
}

#[tonic::async_trait]
impl AuthService for Fake {
    async fn login(
        &self,
        _: Request<v1::LoginRequest>,
    ) -> std::result::Result<Response<v1::LoginResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }

    async fn accept_invitation(
        &self,
        _: Request<v1::AcceptInvitationRequest>,
    ) -> std::result::Result<Response<v1::AcceptInvitationResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }

    /// A refresh token works once; a spent one ends the session.
    async fn refresh_token(
        &self,
        request: Request<v1::RefreshTokenRequest>,
    ) -> std::result::Result<Response<v1::RefreshTokenResponse>, Status> {
        let mut state = self.state();
        if request.into_inner().refresh_token != state.refresh {
            return Err(refused("REFRESH_TOKEN_INVALID"));
        }
        state.refreshes += 1;
        state.refresh = format!("refresh-{}", state.refreshes);
        state.access = format!("access-{}", state.refreshes);
        let tokens = Some(pair(&state.access, &state.refresh));
        Ok(Response::new(v1::RefreshTokenResponse { tokens }))
    }

    async fn who_am_i(
        &self,
        request: Request<v1::WhoAmIRequest>,
    ) -> std::result::Result<Response<v1::WhoAmIResponse>, Status> {
        let mut state = self.state();
        state.who_am_i += 1;
        if !bears(&request, &state.access) {
            return Err(refused("TOKEN_INVALID"));
        }
        Ok(Response::new(v1::WhoAmIResponse {
            email: "ada@example.org".into(),
            ..Default::default()
        }))
    }

    async fn complete_second_factor(
        &self,
        request: Request<v1::CompleteSecondFactorRequest>,
    ) -> std::result::Result<Response<v1::CompleteSecondFactorResponse>, Status> {
        let request = request.into_inner();
        let mut state = self.state();
        state.codes.push(request.code.clone());
        if request.challenge != "challenge" || request.code != "123456" {
            return Err(refused("SECOND_FACTOR_INVALID"));
        }
        Ok(Response::new(v1::CompleteSecondFactorResponse {
            tokens: Some(pair(&state.access, &state.refresh)),
            ..Default::default()
        }))
    }

    async fn switch_clinic(
        &self,
        request: Request<v1::SwitchClinicRequest>,
    ) -> std::result::Result<Response<v1::SwitchClinicResponse>, Status> {
        let mut state = self.state();
        if !bears(&request, &state.access) {
            return Err(refused("TOKEN_INVALID"));
        }
        let clinic_id = request.into_inner().clinic_id;
        state.access = format!("access-at-{clinic_id}");
        let pair = pair(&state.access, "");
        Ok(Response::new(v1::SwitchClinicResponse {
            access_token: pair.access_token,
            access_token_expires_at: pair.access_token_expires_at,
            membership: Some(v1::Membership {
                clinic_id,
                ..Default::default()
            }),
        }))
    }

    async fn logout(
        &self,
        request: Request<v1::LogoutRequest>,
    ) -> std::result::Result<Response<v1::LogoutResponse>, Status> {
        let mut state = self.state();
        if !bears(&request, &state.access) {
            return Err(refused("TOKEN_INVALID"));
        }
        state.logouts += 1;
        Ok(Response::new(v1::LogoutResponse {}))
    }

    async fn list_sessions(
        &self,
        _: Request<v1::ListSessionsRequest>,
    ) -> std::result::Result<Response<v1::ListSessionsResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }

    async fn revoke_session(
        &self,
        _: Request<v1::RevokeSessionRequest>,
    ) -> std::result::Result<Response<v1::RevokeSessionResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }

    async fn change_password(
        &self,
        _: Request<v1::ChangePasswordRequest>,
    ) -> std::result::Result<Response<v1::ChangePasswordResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }

    async fn reset_password(
        &self,
        _: Request<v1::ResetPasswordRequest>,
    ) -> std::result::Result<Response<v1::ResetPasswordResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }

    async fn enroll_totp(
        &self,
        _: Request<v1::EnrollTotpRequest>,
    ) -> std::result::Result<Response<v1::EnrollTotpResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }

    async fn confirm_totp(
        &self,
        _: Request<v1::ConfirmTotpRequest>,
    ) -> std::result::Result<Response<v1::ConfirmTotpResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }

    async fn disable_totp(
        &self,
        _: Request<v1::DisableTotpRequest>,
    ) -> std::result::Result<Response<v1::DisableTotpResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }

    async fn exchange_assertion(
        &self,
        _: Request<v1::ExchangeAssertionRequest>,
    ) -> std::result::Result<Response<v1::ExchangeAssertionResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }
}

/// The instant at which the tests take place.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

/// A server, and a profile that is signed in there.
pub(crate) struct Stage {
    pub(crate) fake: Fake,
    pub(crate) store: Store,
    pub(crate) address: String,
    _directory: tempfile::TempDir,
}

/// A server whose tokens are `access-0` and `refresh-0`, and a profile that holds what is given.
pub(crate) async fn stage(access: &str, expires_in: TimeDelta, refresh: &str) -> Stage {
    let fake = Fake::default();
    "refresh-0".clone_into(&mut fake.state().refresh);
    "access-0".clone_into(&mut fake.state().access);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(
        tonic::transport::Server::builder()
            .add_service(AuthServiceServer::new(fake.clone()))
            .serve_with_incoming(TcpListenerStream::new(listener)),
    );
    let directory = tempfile::tempdir().unwrap();
    let store = Store::new(directory.path(), "default").unwrap();
    let tokens = Tokens {
        access: Secret::new(access),
        access_expires_at: now() + expires_in,
        refresh: Secret::new(refresh),
    };
    let email = Some("ada@example.org".to_owned());
    store
        .save(&Credentials {
            server: server.clone(),
            ca_pem: None,
            email,
            tokens,
        })
        .unwrap();
    Stage {
        fake,
        store,
        address: server,
        _directory: directory,
    }
}

impl Stage {
    pub(crate) async fn connect(&self) -> Connection {
        Connection::of_profile(self.store.clone(), now, &[])
            .await
            .unwrap()
    }

    /// Puts another access token into the file, as if it had been issued long ago.
    pub(crate) fn expire(&self, access: &str) {
        let mut credentials = self.store.load().unwrap().unwrap();
        credentials.tokens.access = Secret::new(access);
        self.store.save(&credentials).unwrap();
    }

    /// The tokens in the file.
    pub(crate) fn stored(&self) -> (String, String) {
        let tokens = self.store.load().unwrap().unwrap().tokens;
        (
            tokens.access.reveal().to_owned(),
            tokens.refresh.reveal().to_owned(),
        )
    }
}
