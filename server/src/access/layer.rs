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
use tonic::Status;
use tower::{Layer, Service};

use super::{
    caller::Caller,
    identify::Identities,
    rule::{Rule, Rules},
};
use crate::error::{Error, Result};

/// What the gate needs to know people by.
pub(crate) struct Gate {
    rules: Rules,
    identities: Arc<Identities>,
}

impl Gate {
    pub(crate) fn new(rules: Rules, identities: Arc<Identities>) -> Self {
        Self { rules, identities }
    }

    /// The rule of the method at `path`, and who calls it unless anybody may.
    async fn admit(&self, path: &str, headers: &HeaderMap) -> Result<(Rule, Option<Caller>)> {
        let rule = self.rules.get(path).ok_or(Error::NoRule)?;
        if rule.is_anonymous() {
            return Ok((rule, None));
        }
        let caller = self.identify(headers).await?;
        rule.admits(caller.roles)?;
        Ok((rule, Some(caller)))
    }

    async fn identify(&self, headers: &HeaderMap) -> Result<Caller> {
        let jwt = bearer_token(headers).ok_or(Error::TokenInvalid)?;
        Ok(self.identities.identify(jwt).await?.caller)
    }
}

/// The token of the one `authorization: Bearer …`; with two of them, somebody between us reads another one than we do.
fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (scheme, token) = values.next()?.to_str().ok()?.split_once(' ')?;
    (values.next().is_none() && scheme.eq_ignore_ascii_case("bearer")).then_some(token)
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
    R: Default,
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
            // `R` is not `Send` across this wait, and does not exist yet.
            match gate.admit(request.uri().path(), request.headers()).await {
                Ok((rule, caller)) => {
                    request.extensions_mut().insert(rule);
                    if let Some(caller) = caller {
                        request.extensions_mut().insert(caller);
                    }
                    inner.call(request).await
                }
                Err(refusal) => Ok(Status::from(refusal).into_http()),
            }
        })
    }
}

#[cfg(test)]
#[path = "layer_test.rs"]
mod tests;
