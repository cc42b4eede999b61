use std::{collections::BTreeSet, sync::Arc};

use axum::body::Body;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{Request, StatusCode};
use tonic::Status;
use tower::{Layer as _, ServiceExt as _, service_fn};

use super::*;
use crate::{
    access::{HTTP, Tokens, keyring_for_test},
    clock::{SharedAmbient, System},
    error::Error,
};

fn tokens() -> Tokens {
    let ambient: SharedAmbient = Arc::new(System);
    let keyring = keyring_for_test(ambient.as_ref(), 2);
    Tokens::new(keyring, "issuer".into(), "audience".into(), ambient)
}

/// Status, headers and body of a GET.
async fn get(path: &str) -> (StatusCode, http::HeaderMap, String) {
    let router = beside(Router::new(), &tokens());
    let request = Request::get(path).body(Body::empty()).unwrap();
    let (head, body) = router.oneshot(request).await.unwrap().into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    (
        head.status,
        head.headers,
        String::from_utf8(body.into()).unwrap(),
    )
}

// Seen failing with a route under another name.
#[tokio::test]
async fn every_route_has_a_rule_and_every_rule_a_route() {
    let routes = routes(&tokens());
    let served: BTreeSet<&str> = routes.iter().map(|(path, _)| *path).collect();
    assert_eq!(served, HTTP.into_iter().collect());
    for path in served {
        assert_eq!(get(path).await.0, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn every_key_that_verifies_is_told_with_its_public_half_alone() {
    let tokens = tokens();
    let body = axum::body::to_bytes(jwks::answer(&tokens).into_body(), 1 << 20)
        .await
        .unwrap();
    let told: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let keys = told["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 2);
    for (key, (kid, public)) in keys.iter().zip(tokens.public_keys()) {
        let names: BTreeSet<&str> = key
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x"].into());
        assert_eq!(key["kid"], kid);
        assert_eq!(
            URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap(),
            public
        );
    }
    // What the crate makes of it verifies a token of ours.
    let set: jsonwebtoken::jwk::JwkSet = serde_json::from_slice(&body).unwrap();
    let id = |n| uuid::Uuid::from_u128(n);
    let jwt = tokens.for_test(id(1).into(), id(2).into(), id(3).into());
    let kid = jsonwebtoken::decode_header(&jwt).unwrap().kid.unwrap();
    let key = jsonwebtoken::DecodingKey::from_jwk(set.find(&kid).unwrap()).unwrap();
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::EdDSA);
    validation.set_audience(&["audience"]);
    assert!(jsonwebtoken::decode::<serde_json::Value>(&jwt, &key, &validation).is_ok());
}

// Seen failing with a script in the page.
#[tokio::test]
async fn the_page_of_an_invitation_runs_nothing_and_tells_nobody() {
    let (_, headers, body) = get("/join").await;
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"));
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    for word in [
        "<script",
        "javascript:",
        "onload",
        "http://",
        "https://",
        "<form",
        "<img",
        "<link",
        "<a ",
    ] {
        assert!(!body.contains(word), "{word}");
    }
    // A name is for those who are new; staff has a day, everybody else a week.
    for words in ["rung join CODE --server ADDRESS<", "24 hours", "7 days"] {
        assert!(body.contains(words), "{words}");
    }
}

async fn refused(kind: Option<&str>, answer: Status) -> http::Response<tonic::body::Body> {
    let service = RefusalLayer.layer(service_fn(move |_: Request<()>| {
        let answer = answer.clone();
        async move { Ok::<_, std::convert::Infallible>(answer.into_http()) }
    }));
    let mut request = Request::get("/elsewhere");
    if let Some(kind) = kind {
        request = request.header("content-type", kind);
    }
    service.oneshot(request.body(()).unwrap()).await.unwrap()
}

// Seen failing with the answer of gRPC handed on.
#[tokio::test]
async fn a_path_that_leads_nowhere_is_not_found_for_http_and_closed_for_grpc() {
    for kind in ["application/grpc", "application/grpc+proto"] {
        let answer = refused(Some(kind), Error::NoRule.into()).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["grpc-status"], "7");
    }
    for kind in [None, Some("text/html"), Some("application/json")] {
        let answer = refused(kind, Error::NoRule.into()).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        assert!(!answer.headers().contains_key("grpc-status"));
        let body = axum::body::to_bytes(Body::new(answer.into_body()), 1024)
            .await
            .unwrap();
        assert_eq!(body, r#"{"error":"not found"}"#);
    }
    let late = refused(None, Error::Deadline.into()).await;
    assert_eq!(late.status(), StatusCode::SERVICE_UNAVAILABLE);
}
