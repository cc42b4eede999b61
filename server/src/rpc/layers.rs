//! What every request passes on its way in: the log line, then access.

use std::{
    task::{Context, Poll},
    time::Instant,
};

use futures_util::future::BoxFuture;
use http::{Request, Response};
use tonic::Code;
use tower::{Layer, Service};

/// Writes one line per request, its level by the status code.
#[derive(Clone)]
pub(crate) struct LogLayer;

impl<S> Layer<S> for LogLayer {
    type Service = Log<S>;

    fn layer(&self, inner: S) -> Log<S> {
        Log(inner)
    }
}

/// A service with a log.
#[derive(Clone)]
pub(crate) struct Log<S>(S);

impl<S, B, R> Service<Request<B>> for Log<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<S::Response, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let method = request.uri().path().to_owned();
        let started = Instant::now();
        let response = self.0.call(request);
        Box::pin(async move {
            let response = response.await;
            if let Ok(response) = &response {
                write(
                    &method,
                    code(response),
                    started.elapsed().as_millis().try_into().unwrap_or(u64::MAX),
                );
            }
            response
        })
    }
}

/// A failure of a unary call stands in the headers; without one the call went well, or goes on streaming.
fn code<R>(response: &Response<R>) -> Code {
    let status = response.headers().get("grpc-status");
    status.map_or(Code::Ok, |status| Code::from_bytes(status.as_bytes()))
}

fn write(method: &str, code: Code, millis: u64) {
    match code {
        Code::Internal | Code::Unknown | Code::DataLoss => {
            tracing::error!(method, ?code, millis, "request");
        }
        Code::Unavailable | Code::ResourceExhausted | Code::DeadlineExceeded => {
            tracing::warn!(method, ?code, millis, "request");
        }
        _ => tracing::info!(method, ?code, millis, "request"),
    }
}
