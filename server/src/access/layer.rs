//! The first gate: who gets to a method at all, judged before its body is read.
//!
//! It stands in front of everything the server serves, health and reflection included, and lets nothing through that
//! has no rule: what was forgotten is closed.

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use futures_util::future::BoxFuture;
use http::{HeaderMap, Request, Response, header::AUTHORIZATION};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;
use tower::{Layer, Service};

use super::{
    caller::Caller,
    identify::{Identified, Identities},
    recorder::Recorder,
    rule::{Rule, Rules},
    stream::Standing,
    trail::{Call, Trail},
};
use crate::{
    error::{Error, Result},
    mutant::off,
};

/// What the gate needs to know people by.
pub(crate) struct Gate {
    rules: Rules,
    identities: Arc<Identities>,
    recorder: Recorder,
}

impl Gate {
    pub(crate) fn new(rules: Rules, identities: Arc<Identities>) -> Self {
        Self {
            rules,
            recorder: Recorder::spawn(identities.db().clone()),
            identities,
        }
    }

    /// Lets a call in, with what its handler may know of it, or refuses it.
    async fn admit(&self, path: &str, headers: &HeaderMap, call: &Call) -> Result<Admitted> {
        let rule = match self.rules.get(path) {
            None if off("no-rule") => Rule::anonymous(),
            rule => rule.ok_or(Error::NoRule)?,
        };
        if rule.is_anonymous() {
            return Ok(Admitted { rule, known: None });
        }
        let Identified {
            caller, verified, ..
        } = self.identify(headers).await?;
        let (ambient, call) = (self.identities.ambient().clone(), call.clone());
        let trail = Arc::new(Trail::new(call, caller.clone(), rule, ambient));
        if let Err(refusal) = rule.admits(&caller) {
            let rows = trail.rest(Some(refusal.reason()), true);
            if !off("audit-refused-role") {
                self.recorder.record(rows).await?;
            }
            return Err(refusal);
        }
        let standing = Standing::new(Arc::clone(&self.identities), verified);
        let known = Some((caller, trail, standing));
        Ok(Admitted { rule, known })
    }

    /// Stores what a call leaves in the audit. Without that there is no answer.
    async fn settle<R: Default>(&self, trail: &Trail, response: Response<R>) -> Response<R> {
        let failure = Failure::of(response.headers());
        let denied = failure
            .as_ref()
            .is_some_and(|f| f.denied || f.missing && trail.is_blind_write());
        let rows = trail.rest(failure.as_ref().map(|f| f.reason.as_str()), denied);
        if denied && off("audit-refused") || !denied && off("audit-read") {
            return response;
        }
        match self.recorder.record(rows).await {
            Err(_) if off("audit-failure") => response,
            Ok(()) => response,
            Err(fault) => Status::from(fault).into_http(),
        }
    }

    async fn identify(&self, headers: &HeaderMap) -> Result<Identified> {
        let jwt = bearer_token(headers).ok_or(Error::TokenInvalid)?;
        self.identities.identify(jwt).await
    }
}

/// What the gate has found about a call that it lets in.
struct Admitted {
    rule: Rule,
    known: Option<(Caller, Arc<Trail>, Standing)>,
}

/// How a handler has refused a call.
struct Failure {
    reason: String,
    /// It was a matter of permission.
    denied: bool,
    /// There is no such thing, or it is none of the caller's business.
    missing: bool,
}

impl Failure {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let status = Status::from_header_map(headers).filter(|s| s.code() != Code::Ok)?;
        let told = status.get_details_error_info().map(|info| info.reason);
        // Somebody with a session who cannot prove what the act asks for beside it.
        let proofs = [Error::SecondFactorInvalid, Error::CredentialsInvalid];
        let unproved = proofs.iter().any(|e| told.as_deref() == Some(e.reason()));
        Some(Self {
            reason: told.unwrap_or_else(|| format!("{:?}", status.code())),
            denied: status.code() == Code::PermissionDenied || unproved,
            missing: status.code() == Code::NotFound,
        })
    }
}

/// The token of the one `authorization: Bearer …`; with two of them, somebody between us reads another one than we do.
fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (scheme, token) = values.next()?.to_str().ok()?.split_once(' ')?;
    ((values.next().is_none() || off("token-twice")) && scheme.eq_ignore_ascii_case("bearer"))
        .then_some(token)
}

/// Puts the [`Gate`] in front of a service.
#[derive(Clone)]
pub(crate) struct AccessLayer(Arc<Gate>);

impl AccessLayer {
    pub(crate) fn new(gate: Gate) -> Self {
        Self(Arc::new(gate))
    }
}

impl<S> Layer<S> for AccessLayer {
    type Service = Access<S>;

    fn layer(&self, inner: S) -> Access<S> {
        Access {
            gate: Arc::clone(&self.0),
            inner,
        }
    }
}

/// A service behind the [`Gate`].
#[derive(Clone)]
pub(crate) struct Access<S> {
    gate: Arc<Gate>,
    inner: S,
}

impl<S, B, R> Service<Request<B>> for Access<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: Default + Send,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response<R>, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let gate = Arc::clone(&self.gate);
        // The one that said it is ready goes with the call; the clone stays and asks again.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        Box::pin(async move {
            let call = request.extensions().get::<Call>().cloned();
            let Some(call) = call else {
                let fault = Error::internal("a call came by without the call layer");
                return Ok(Status::from(fault).into_http());
            };
            // `R` is not `Send` across this wait, and does not exist yet.
            let (path, headers) = (request.uri().path(), request.headers());
            let admitted = match gate.admit(path, headers, &call).await {
                Ok(admitted) => admitted,
                Err(refusal) => return Ok(Status::from(refusal).into_http()),
            };
            let extensions = request.extensions_mut();
            extensions.insert(admitted.rule);
            let Some((caller, trail, standing)) = admitted.known else {
                return inner.call(request).await;
            };
            extensions.insert(caller);
            extensions.insert(standing);
            extensions.insert(Arc::clone(&trail));
            let response = inner.call(request).await?;
            Ok(gate.settle(&trail, response).await)
        })
    }
}

#[cfg(test)]
#[path = "layer_test.rs"]
mod tests;
