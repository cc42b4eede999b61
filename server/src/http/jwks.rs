//! The public halves of the signing keys, as RFC 7517 and RFC 8037 write them.

use axum::response::Response;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use crate::access::Tokens;

/// All keys that verify now, or will. Whoever keeps the answer looks again for a key that is not in it.
pub(super) fn answer(tokens: &Tokens) -> Response {
    let keys: Vec<_> = tokens
        .public_keys()
        .into_iter()
        .map(|(kid, key)| {
            json!({
                "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA",
                "kid": kid, "x": URL_SAFE_NO_PAD.encode(key),
            })
        })
        .collect();
    super::json("public, max-age=60", json!({ "keys": keys }).to_string())
}
