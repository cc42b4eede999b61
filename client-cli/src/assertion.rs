//! The signed assertion with which a system proves that it holds the key of a service account (RFC 7523).

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Serialize;
use uuid::Uuid;

use crate::error::{Failure, Result};

/// How long it holds. The server takes 5 minutes at most; half of that leaves room for clocks that differ either way.
const LIFETIME: TimeDelta = TimeDelta::seconds(150);

/// What is asserted, and to whom.
pub(crate) struct Assertion<'a> {
    /// Id of the service account.
    pub(crate) account: &'a str,
    /// The issuer of the installation.
    pub(crate) audience: &'a str,
    /// Name of the key, if the server shall be told.
    pub(crate) kid: Option<String>,
    /// Used once.
    pub(crate) id: Uuid,
    pub(crate) now: DateTime<Utc>,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
}

impl Assertion<'_> {
    /// Signs it with a private key in PEM (PKCS#8), by the algorithm of the key.
    pub(crate) fn sign(self, pem: &[u8]) -> Result<String> {
        let (algorithm, key) = key(pem)?;
        let header = Header {
            kid: self.kid,
            ..Header::new(algorithm)
        };
        let claims = Claims {
            iss: self.account,
            sub: self.account,
            aud: self.audience,
            iat: self.now.timestamp(),
            exp: (self.now + LIFETIME).timestamp(),
            jti: self.id.to_string(),
        };
        // A curve other than P-384, or an RSA key that is too short, is found out here.
        jsonwebtoken::encode(&header, &claims, &key).map_err(|_| unusable())
    }
}

fn key(pem: &[u8]) -> Result<(Algorithm, EncodingKey)> {
    EncodingKey::from_ed_pem(pem)
        .map(|key| (Algorithm::EdDSA, key))
        .or_else(|_| EncodingKey::from_ec_pem(pem).map(|key| (Algorithm::ES384, key)))
        .or_else(|_| EncodingKey::from_rsa_pem(pem).map(|key| (Algorithm::RS384, key)))
        .map_err(|_| unusable())
}

fn unusable() -> Box<Failure> {
    Failure::bad_input(
        "KEY",
        "The file holds no private key that can be used: PEM (PKCS#8) with Ed25519, P-384 or RSA of 2048 bits and more.",
    )
    .advise("A key is made with: openssl genpkey -algorithm ed25519 -out KEY.pem")
    .advise("Its public half, for the clinic's admin: openssl pkey -in KEY.pem -pubout")
}

#[cfg(test)]
#[path = "assertion_test.rs"]
mod tests;
