//! Refusals as somebody sees them who does not speak gRPC.

use std::task::{Context, Poll};

use futures_util::{FutureExt as _, future::Map};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use tonic::{Code, body::Body};
use tower::{Layer, Service};

/// Puts HTTP's own words in the place of gRPC's, for callers that speak HTTP alone. It stands outside all others.
#[derive(Clone)]
pub(crate) struct RefusalLayer;

impl<S> Layer<S> for RefusalLayer {
    type Service = Refusal<S>;

    fn layer(&self, inner: S) -> Refusal<S> {
        Refusal(inner)
    }
}

/// A service whose refusals everybody understands.
#[derive(Clone)]
pub(crate) struct Refusal<S>(S);

type Answer<E> = Result<Response<Body>, E>;

impl<S, B> Service<Request<B>> for Refusal<S>
where
    S: Service<Request<B>, Response = Response<Body>>,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Map<S::Future, fn(Answer<S::Error>) -> Answer<S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let told: fn(Answer<S::Error>) -> Answer<S::Error> = if speaks_grpc(request.headers()) {
            |answer| answer
        } else {
            |answer| answer.map(in_http)
        };
        self.0.call(request).map(told)
    }
}

fn speaks_grpc(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"))
}

/// What is served over HTTP refuses nobody: a status of gRPC says that the path leads nowhere, or that the server cannot.
fn in_http(response: Response<Body>) -> Response<Body> {
    let Some(status) = response.headers().get("grpc-status") else {
        return response;
    };
    let (status, body) = match Code::from_bytes(status.as_bytes()) {
        Code::DeadlineExceeded | Code::Unavailable | Code::ResourceExhausted => (
            StatusCode::SERVICE_UNAVAILABLE,
            r#"{"error":"unavailable"}"#,
        ),
        Code::Internal => (StatusCode::INTERNAL_SERVER_ERROR, r#"{"error":"internal"}"#),
        _ => (StatusCode::NOT_FOUND, r#"{"error":"not found"}"#),
    };
    let mut told = Response::new(Body::new(axum::body::Body::from(body)));
    *told.status_mut() = status;
    let headers = told.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    told
}
