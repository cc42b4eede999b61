//! What is served beside gRPC, on the same port: the public keys, whether the server lives, and the page behind an
//! invitation's link.
//!
//! How do I add a route? A line in [`routes`], and its rule in `access/rule/contract.rs`: without one it is closed, and
//! a test asks for it.

mod join;
mod jwks;
mod refusal;

use axum::{
    Router,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
pub(crate) use refusal::RefusalLayer;

use crate::access::Tokens;

/// Every route with what answers it.
fn routes(tokens: &Tokens) -> Vec<(&'static str, MethodRouter)> {
    let tokens = tokens.clone();
    let page = join::page();
    vec![
        (
            "/.well-known/jwks.json",
            get(move || async move { jwks::answer(&tokens) }),
        ),
        // It says that the process answers, and asks nobody else: a database that is away is no reason to end it.
        (
            "/healthz",
            get(|| async { json("no-store", r#"{"status":"SERVING"}"#.to_owned()) }),
        ),
        ("/join", get(move || async move { page.clone() })),
    ]
}

/// The routes, put beside others.
pub(crate) fn beside(router: Router, tokens: &Tokens) -> Router {
    let ours = routes(tokens).into_iter();
    ours.fold(router, |all, (path, answer)| all.route(path, answer))
}

/// A JSON answer which may be kept as long as `caching` says.
fn json(caching: &'static str, body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, caching),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (fixed(headers), body).into_response()
}

fn fixed<const N: usize>(
    headers: [(HeaderName, &'static str); N],
) -> [(HeaderName, HeaderValue); N] {
    headers.map(|(name, value)| (name, HeaderValue::from_static(value)))
}

#[cfg(test)]
#[path = "http_test.rs"]
mod tests;
