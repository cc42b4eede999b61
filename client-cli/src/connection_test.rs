//! Against a server in this process that knows two tokens and counts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use rung_proto::v1;
use rung_proto::v1::auth_service_server::{AuthService, AuthServiceServer};
use tokio_stream::wrappers::TcpListenerStream;
use tonic_types::ErrorDetails;

use super::*;

/// Which tokens hold, and what was asked.
#[derive(Default)]
struct State {
    refresh: String,
    access: String,
    refreshes: usize,
    who_am_i: usize,
}

#[derive(Clone, Default)]
struct Fake(Arc<Mutex<State>>);

impl Fake {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Refreshes and answers asked for.
    fn counts(&self) -> (usize, usize) {
        let state = self.state();
        (state.refreshes, state.who_am_i)
    }
}

fn refused(reason: &str) -> Status {
    let details = ErrorDetails::with_error_info(reason, "rung.dev", HashMap::new());
    Status::with_error_details(Code::Unauthenticated, "no", details)
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
        let sent = request
            .metadata()
            .get("authorization")
            .and_then(|v| v.to_str().ok());
        if sent != Some(format!("Bearer {}", state.access).as_str()) {
            return Err(refused("TOKEN_INVALID"));
        }
        Ok(Response::new(v1::WhoAmIResponse {
            email: "ada@example.org".into(),
            ..Default::default()
        }))
    }

    async fn complete_second_factor(
        &self,
        _: Request<v1::CompleteSecondFactorRequest>,
    ) -> std::result::Result<Response<v1::CompleteSecondFactorResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }

    async fn switch_clinic(
        &self,
        _: Request<v1::SwitchClinicRequest>,
    ) -> std::result::Result<Response<v1::SwitchClinicResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }

    async fn logout(
        &self,
        _: Request<v1::LogoutRequest>,
    ) -> std::result::Result<Response<v1::LogoutResponse>, Status> {
        Err(Status::unimplemented("not here"))
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

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

struct Stage {
    fake: Fake,
    store: Store,
    _directory: tempfile::TempDir,
}

/// A server whose tokens are `access-0` and `refresh-0`, and a profile that holds what is given.
async fn stage(access: &str, expires_in: TimeDelta, refresh: &str) -> Stage {
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
            server,
            ca_pem: None,
            email,
            tokens,
        })
        .unwrap();
    Stage {
        fake,
        store,
        _directory: directory,
    }
}

impl Stage {
    async fn connect(&self) -> Connection {
        Connection::of_profile(self.store.clone(), now, &[])
            .await
            .unwrap()
    }

    fn stored(&self) -> (String, String) {
        let tokens = self.store.load().unwrap().unwrap().tokens;
        (
            tokens.access.reveal().to_owned(),
            tokens.refresh.reveal().to_owned(),
        )
    }
}

async fn who_am_i(connection: &mut Connection) -> Result<v1::WhoAmIResponse> {
    connection
        .call(v1::WhoAmIRequest {}, async |c, r| {
            AuthServiceClient::new(c).who_am_i(r).await
        })
        .await
}

const FRESH: TimeDelta = TimeDelta::minutes(5);

#[tokio::test]
async fn a_token_that_holds_is_used_as_it_is() {
    let stage = stage("access-0", FRESH, "refresh-0").await;
    assert_eq!(
        who_am_i(&mut stage.connect().await).await.unwrap().email,
        "ada@example.org"
    );
    assert_eq!(stage.fake.counts(), (0, 1));
}

#[tokio::test]
async fn a_token_about_to_end_is_renewed_before_the_call_and_the_new_pair_is_stored() {
    let stage = stage("access-0", TimeDelta::seconds(29), "refresh-0").await;
    who_am_i(&mut stage.connect().await).await.unwrap();
    assert_eq!(stage.fake.counts(), (1, 1));
    assert_eq!(stage.stored(), ("access-1".into(), "refresh-1".into()));
}

#[tokio::test]
async fn a_token_the_server_does_not_take_is_renewed_once() {
    let stage = stage("access-old", FRESH, "refresh-0").await;
    who_am_i(&mut stage.connect().await).await.unwrap();
    assert_eq!(stage.fake.counts(), (1, 2));
}

#[tokio::test]
async fn two_commands_at_once_spend_one_refresh_token() {
    let stage = stage("access-old", TimeDelta::zero(), "refresh-0").await;
    let (mut one, mut two) = (stage.connect().await, stage.connect().await);
    let (first, second) = tokio::join!(who_am_i(&mut one), who_am_i(&mut two));
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(stage.fake.state().refreshes, 1);
}

#[tokio::test]
async fn a_sign_in_that_ended_says_how_to_sign_in_again() {
    let stage = stage("access-old", FRESH, "refresh-spent").await;
    let failure = who_am_i(&mut stage.connect().await).await.unwrap_err();
    assert_eq!(
        (failure.exit, failure.reason.as_str()),
        (Exit::SignedOut, "REFRESH_TOKEN_INVALID")
    );
    assert!(
        failure.advice[0].contains("--email ada@example.org"),
        "{:?}",
        failure.advice
    );
    // What is stored stays: the next sign-in replaces it.
    assert_eq!(stage.stored().1, "refresh-spent");
}

#[tokio::test]
async fn without_a_sign_in_nothing_is_asked() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::new(directory.path(), "default").unwrap();
    let failure = Connection::of_profile(store, now, &[]).await.err().unwrap();
    assert_eq!(
        (failure.exit, failure.reason.as_str()),
        (Exit::SignedOut, "SIGNED_OUT")
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable() {
    // A port that was free a moment ago.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let failure = open(&server, None).await.unwrap_err();
    assert_eq!(
        (failure.exit, failure.reason.as_str()),
        (Exit::Unreachable, "UNREACHABLE")
    );
    assert!(failure.message.contains(&server));
}
