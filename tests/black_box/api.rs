//! Raw gRPC, for what the client `rung` cannot or does not send.

use std::future::Future;

use rung_tests::{Clinic, Result, Rung, fail};
use tokio::runtime::Runtime;
use tonic::{
    Code, Request, Response, Status, Streaming,
    transport::{Channel, Endpoint},
};
use tonic_types::StatusExt;

/// A connection, and a person if it has one.
pub(crate) struct Api {
    runtime: Runtime,
    channel: Channel,
    token: Option<String>,
}

/// What a status says to a program.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) code: Code,
    pub(crate) reason: String,
    pub(crate) message: String,
    pub(crate) fields: Vec<String>,
}

impl Api {
    /// Connects without a token.
    pub(crate) fn anonymous(clinic: &Clinic) -> Result<Self> {
        Self::at(&clinic.url(), None)
    }

    /// Connects to a server, with a token if there is one.
    pub(crate) fn at(url: &str, token: Option<String>) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let channel = runtime.block_on(Endpoint::from_shared(url.to_owned())?.connect())?;
        Ok(Self {
            runtime,
            channel,
            token,
        })
    }

    /// Connects as a person who is signed in with the client.
    pub(crate) fn of(clinic: &Clinic, person: &Rung) -> Result<Self> {
        Self::at(&clinic.url(), Some(person.access_token()?))
    }

    /// Changes the token's signature by one letter.
    pub(crate) fn spoil_token(&mut self) {
        if let Some(token) = &mut self.token {
            let at = token.rfind('.').map_or(0, |dot| dot + 1);
            let other = if token[at..].starts_with('A') {
                "B"
            } else {
                "A"
            };
            token.replace_range(at..=at, other);
        }
    }

    /// The connection, for a generated client.
    pub(crate) fn channel(&self) -> Channel {
        self.channel.clone()
    }

    /// A message with the person's token.
    pub(crate) fn request<M>(&self, message: M) -> Request<M> {
        let mut request = Request::new(message);
        if let Some(token) = &self.token {
            let value = format!("Bearer {token}").parse().expect("a token is ASCII");
            request.metadata_mut().insert("authorization", value);
        }
        request
    }

    /// Waits for anything.
    pub(crate) fn wait<F: Future>(&self, call: F) -> F::Output {
        self.runtime.block_on(call)
    }

    /// Waits for an answer.
    pub(crate) fn answer<M>(
        &self,
        call: impl Future<Output = std::result::Result<Response<M>, Status>>,
    ) -> Result<M> {
        Ok(self.wait(call)?.into_inner())
    }

    /// Waits for all of a stream.
    pub(crate) fn all<M>(
        &self,
        call: impl Future<Output = std::result::Result<Response<Streaming<M>>, Status>>,
    ) -> Result<Vec<M>> {
        self.wait(async {
            let mut stream = call.await?.into_inner();
            let mut all = Vec::new();
            while let Some(message) = stream.message().await? {
                all.push(message);
            }
            Ok(all)
        })
    }

    /// Waits for a refusal.
    pub(crate) fn refused<M: std::fmt::Debug>(
        &self,
        call: impl Future<Output = std::result::Result<Response<M>, Status>>,
    ) -> Result<Refused> {
        match self.wait(call) {
            Ok(answer) => fail(format!("not refused: {:?}", answer.into_inner())),
            Err(status) => Ok(Refused::from(&status)),
        }
    }
}

impl From<&Status> for Refused {
    fn from(status: &Status) -> Self {
        let details = status.get_error_details();
        if let Some(info) = details.error_info() {
            assert_eq!(info.domain, "rung.dev");
        }
        Self {
            code: status.code(),
            reason: details
                .error_info()
                .map(|info| info.reason.clone())
                .unwrap_or_default(),
            message: status.message().to_owned(),
            fields: details
                .bad_request()
                .map(|bad| {
                    bad.field_violations
                        .iter()
                        .map(|v| v.field.clone())
                        .collect()
                })
                .unwrap_or_default(),
        }
    }
}
