//! The way to the server: channel, TLS, deadlines, and the access token, renewed in time.

use std::error::Error as _;
use std::fs::TryLockError;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rung_proto::v1;
use rung_proto::v1::auth_service_client::AuthServiceClient;
use tonic::metadata::MetadataValue;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};
use tonic::{Code, Request, Response, Status};
use tonic_types::StatusExt;

use crate::credentials::{self, Credentials, Secret, Store, Tokens};
use crate::error::{Exit, Failure, Result};
use crate::flag::Flags;
use crate::refusal;

/// How long to wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long to wait for an answer. Longer than the server's own patience with its database.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// How long to wait for another `rung` that renews the same tokens: one connection and one call.
const LOCK_TIMEOUT: Duration = Duration::from_secs(45);

/// How long before its end a token is renewed: clocks differ, and a call takes a while.
const EXPIRY_MARGIN: TimeDelta = TimeDelta::seconds(30);

/// Opens a channel to a server.
pub(crate) async fn open(server: &str, ca_pem: Option<&str>) -> Result<Channel> {
    let uri = crate::server::parse(server)?;
    let secure = uri.scheme_str() == Some("https");
    let mut endpoint = Endpoint::from(uri)
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(CALL_TIMEOUT);
    if secure {
        // A named authority replaces the machine's: it says who may speak for this server, not who else.
        let tls = match ca_pem {
            Some(pem) => ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem)),
            None => ClientTlsConfig::new().with_native_roots(),
        };
        endpoint = endpoint
            .tls_config(tls)
            .map_err(|e| unreachable(server, &e))?;
    }
    endpoint
        .connect()
        .await
        .map_err(|e| unreachable(server, &e))
}

fn unreachable(server: &str, error: &tonic::transport::Error) -> Box<Failure> {
    let mut why = Vec::new();
    let mut source = error.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        if !why.contains(&text) {
            why.push(text);
        }
        source = cause.source();
    }
    let why = if why.is_empty() {
        error.to_string()
    } else {
        why.join(": ")
    };
    let failure = Failure::new(
        Exit::Unreachable,
        "UNREACHABLE",
        format!("{server} cannot be reached ({why})."),
    );
    if why.contains("certificate") {
        failure.advise(
            "If the server has a certificate of your clinic's own authority, sign in again with --ca-cert FILE.",
        )
    } else {
        failure.advise("Is the address right, and is the server running?")
    }
}

/// A signed-in way to the server.
pub(crate) struct Connection {
    channel: Channel,
    store: Store,
    credentials: Credentials,
    now: fn() -> DateTime<Utc>,
    flags: Flags,
}

impl Connection {
    /// Connects as the profile says.
    pub(crate) async fn of_profile(
        store: Store,
        now: fn() -> DateTime<Utc>,
        flags: Flags,
    ) -> Result<Self> {
        let Some(credentials) = store.load()? else {
            let profile = store.profile();
            return Err(Failure::new(
                Exit::SignedOut,
                "SIGNED_OUT",
                format!("Nobody is signed in under the profile {profile:?}."),
            )
            .advise("Sign in: rung login --server URL --email ADDRESS")
            .advise("Or use an invitation: rung join CODE --server URL"));
        };
        let channel = open(&credentials.server, credentials.ca_pem.as_deref()).await?;
        Ok(Self {
            channel,
            store,
            credentials,
            now,
            flags,
        })
    }

    /// One call. The token is renewed before it runs out, and once more if the server does not take it.
    pub(crate) async fn call<Q: Clone, A>(
        &mut self,
        request: Q,
        rpc: impl AsyncFn(Channel, Request<Q>) -> std::result::Result<Response<A>, Status>,
    ) -> Result<A> {
        if self.credentials.tokens.access_expires_at <= (self.now)() + EXPIRY_MARGIN {
            self.renew().await?;
        }
        let first = rpc(self.channel.clone(), self.signed(request.clone())?).await;
        let answer = match first {
            Err(status) if token_was_refused(&status) => {
                self.renew().await?;
                rpc(self.channel.clone(), self.signed(request)?).await
            }
            other => other,
        };
        answer
            .map(Response::into_inner)
            .map_err(|s| self.refused(&s))
    }

    /// Changes to another clinic of the account. Its access token replaces the one of this sign-in, under the lock of
    /// the refresh token: another command must not put an older pair back.
    pub(crate) async fn switch_clinic(
        &mut self,
        clinic_id: String,
    ) -> Result<v1::SwitchClinicResponse> {
        let lock = self.store.lock_file()?;
        self.wait_for(&lock).await?;
        if let Some(stored) = self.store.load()? {
            self.credentials = stored;
        }
        let request = self.signed(v1::SwitchClinicRequest { clinic_id })?;
        let answer = AuthServiceClient::new(self.channel.clone())
            .switch_clinic(request)
            .await
            .map_err(|s| self.refused(&s))?
            .into_inner();
        let tokens = &mut self.credentials.tokens;
        tokens.access_expires_at = answer
            .access_token_expires_at
            .as_ref()
            .and_then(crate::time::instant)
            .filter(|_| !answer.access_token.is_empty())
            .ok_or_else(credentials::no_tokens)?;
        tokens.access = Secret::new(answer.access_token.clone());
        self.store.save(&self.credentials)?;
        Ok(answer)
    }

    /// The address of the server.
    pub(crate) fn server(&self) -> &str {
        &self.credentials.server
    }

    /// Tells a refusal in the flags of the command.
    pub(crate) fn refused(&self, status: &Status) -> Box<Failure> {
        let failure = refusal::from_status(status, self.flags);
        match (failure.exit, failure.reason.as_str()) {
            // Somebody who is signed in has typed something wrong; the sign-in holds.
            (Exit::SignedOut, "CREDENTIALS_INVALID" | "SECOND_FACTOR_INVALID") => {
                let mut failure = failure;
                failure.exit = Exit::BadInput;
                failure
            }
            (Exit::SignedOut, _) => self.signed_out(failure),
            // The transport's own words (no ErrorInfo): say which server it was.
            (Exit::Unreachable, "UNAVAILABLE" | "CANCELLED" | "DEADLINE_EXCEEDED") => {
                let why = failure.message.trim_end_matches('.').to_owned();
                let mut failure = failure;
                failure.message = format!("{} did not answer ({why}).", self.credentials.server);
                failure
            }
            _ => failure,
        }
    }

    fn signed_out(&self, mut failure: Box<Failure>) -> Box<Failure> {
        let email = self.credentials.email.as_deref().unwrap_or("ADDRESS");
        let server = &self.credentials.server;
        failure.advice = vec![format!(
            "Sign in again: rung login --server {server} --email {email}"
        )];
        failure
    }

    fn signed<Q>(&self, message: Q) -> Result<Request<Q>> {
        let mut request = Request::new(message);
        let bearer = format!("Bearer {}", self.credentials.tokens.access.reveal());
        let mut value = MetadataValue::try_from(bearer).map_err(|_| {
            Failure::new(
                Exit::SignedOut,
                "TOKEN_INVALID",
                "the stored token is not one",
            )
            .advise("Sign in again with `rung login`.")
        })?;
        value.set_sensitive(true);
        request.metadata_mut().insert("authorization", value);
        Ok(request)
    }

    /// Exchanges the refresh token, which works once: under a lock, so that two commands at the same time do not
    /// spend the same one, and stored before anything relies on it.
    async fn renew(&mut self) -> Result<()> {
        let lock = self.store.lock_file()?;
        self.wait_for(&lock).await?;
        let spent = self.credentials.tokens.access.clone();
        if let Some(stored) = self.store.load()? {
            let fresh = stored.tokens.access_expires_at > (self.now)() + EXPIRY_MARGIN;
            let other = stored.tokens.access != spent;
            self.credentials = stored;
            if fresh && other {
                return Ok(());
            }
        }
        let refresh_token = self.credentials.tokens.refresh.reveal().to_owned();
        let pair = AuthServiceClient::new(self.channel.clone())
            .refresh_token(v1::RefreshTokenRequest { refresh_token })
            .await
            .map_err(|s| self.refused(&s))?
            .into_inner()
            .tokens
            .unwrap_or_default();
        self.credentials.tokens = Tokens::try_from(pair)?;
        self.store.save(&self.credentials)
        // The lock ends with its file.
    }

    async fn wait_for(&self, lock: &std::fs::File) -> Result<()> {
        let step = Duration::from_millis(50);
        let mut waited = Duration::ZERO;
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(()),
                Err(TryLockError::WouldBlock) if waited < LOCK_TIMEOUT => {
                    tokio::time::sleep(step).await;
                    waited += step;
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(Failure::new(
                        Exit::Unexpected,
                        "PROFILE_LOCKED",
                        format!("another rung holds the profile {:?}", self.store.profile()),
                    ));
                }
                Err(TryLockError::Error(e)) => {
                    return Err(Failure::new(
                        Exit::Unexpected,
                        "PROFILE_LOCKED",
                        e.to_string(),
                    ));
                }
            }
        }
    }
}

fn token_was_refused(status: &Status) -> bool {
    status.code() == Code::Unauthenticated
        && status
            .get_error_details()
            .error_info()
            .is_some_and(|info| info.reason == "TOKEN_INVALID")
}

/// A call before there is a sign-in.
pub(crate) fn anonymous<A>(
    answer: std::result::Result<Response<A>, Status>,
    flags: Flags,
) -> Result<A> {
    answer
        .map(Response::into_inner)
        .map_err(|s| refusal::from_status(&s, flags))
}

/// What is remembered of a sign-in.
pub(crate) fn signed_in(
    server: &str,
    ca_pem: Option<String>,
    email: Option<String>,
    tokens: Option<v1::TokenPair>,
) -> Result<Credentials> {
    let tokens = Tokens::try_from(tokens.unwrap_or_default())?;
    Ok(Credentials {
        server: server.to_owned(),
        ca_pem,
        email,
        tokens,
    })
}

#[cfg(test)]
#[path = "connection_test.rs"]
mod tests;
