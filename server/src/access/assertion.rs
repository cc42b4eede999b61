//! How a system signs in: with an assertion that it has signed itself (RFC 7523, `private_key_jwt`).
//!
//! What the assertion says of its algorithm chooses nothing: the key has one, and the words have to agree with it. No
//! key is taken from anywhere but the database. Every fault of an assertion looks the same from outside.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use rung_progression::PersonId;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    role::Roles,
    scope::Scopes,
    token::{AccessToken, SKEW, ServiceBearer, Tokens},
    trail::Call,
};
use crate::{
    clock::SharedAmbient,
    error::{Error, Result},
    mutant::off,
    storage::{
        Db,
        audit::{self, Event, Who},
        identity::service_account::{self, LiveAccount},
    },
};

/// How far ahead an assertion may expire, in seconds: until then it has to be remembered.
const LIFETIME: i64 = 300;
/// An RSA signature of 4096 bits takes 683 characters.
const LENGTH: usize = 4096;
const JTI: usize = 256;

#[derive(Deserialize)]
struct Header {
    alg: String,
    /// Without one, every key of the account that works is tried.
    kid: Option<String>,
    typ: Option<String>,
    /// A critical extension is one that we would have to understand.
    crit: Option<serde_json::Value>,
}

/// Numbers are seconds since 1970; one that comes as text is refused.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    iat: Option<i64>,
    nbf: Option<i64>,
    jti: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn names(&self, issuer: &str) -> bool {
        match self {
            Self::One(name) => name == issuer,
            Self::Many(names) => names.iter().any(|name| name == issuer),
        }
    }
}

/// What was handed in, read and not yet believed.
struct Assertion<'a> {
    header: Header,
    claims: Claims,
    account: PersonId,
    message: &'a str,
    signature: Vec<u8>,
}

impl<'a> Assertion<'a> {
    fn parse(jwt: &'a str) -> Option<Self> {
        if jwt.len() > LENGTH {
            return None;
        }
        let (message, signature) = jwt.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        let claims: Claims = serde_json::from_slice(&decode(claims)?).ok()?;
        let account: Uuid = claims.sub.parse().ok()?;
        Some(Self {
            header: serde_json::from_slice(&decode(header)?).ok()?,
            account: account.into(),
            claims,
            message,
            signature: decode(signature)?,
        })
    }

    /// Whether all that does not need the key is in order.
    fn is_sane(&self, issuer: &str, now: DateTime<Utc>) -> bool {
        let Self { header, claims, .. } = self;
        let now = now.timestamp();
        let begun = |at: i64| at <= now + SKEW;
        let typ = header.typ.as_deref().unwrap_or("JWT");
        (header.crit.is_none() || off("assertion-critical"))
            && (typ.eq_ignore_ascii_case("jwt")
                || typ == "client-authentication+jwt"
                || off("assertion-type"))
            && (claims.iss == claims.sub || off("assertion-issuer"))
            && (claims.aud.names(issuer) || off("assertion-audience"))
            && (now < claims.exp || off("assertion-expired"))
            && (claims.exp <= now + LIFETIME || off("assertion-lifetime"))
            && (claims.iat.is_none_or(|at| begun(at) && at < claims.exp) || off("assertion-begun"))
            && (claims.nbf.is_none_or(begun) || off("assertion-not-before"))
            && (!claims.jti.is_empty() && claims.jti.len() <= JTI || off("assertion-id"))
    }

    /// What is kept of it. Its own account is part of it: nobody uses up what another one may say.
    fn hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        if !off("assertion-own-id") {
            hash.update(self.account.uuid().as_bytes());
        }
        hash.update(&self.claims.jti);
        hash.finalize().into()
    }
}

/// Exchanges an assertion for an access token with `wanted`, or all scopes that the account holds.
pub(crate) async fn exchange(
    db: &Db,
    ambient: &SharedAmbient,
    tokens: &Tokens,
    call: &Call,
    jwt: &str,
    wanted: Option<Scopes>,
) -> Result<(AccessToken, Scopes)> {
    let now = ambient.now();
    let assertion = Assertion::parse(jwt).ok_or(Error::AssertionInvalid)?;
    if !assertion.is_sane(tokens.issuer(), now) {
        return Err(Error::AssertionInvalid);
    }
    let account = assertion.account;
    let (kid, live) = signer(db, &assertion, now)
        .await?
        .ok_or(Error::AssertionInvalid)?;
    let scopes = wanted.unwrap_or(live.scopes);
    if scopes.intersection(live.scopes) != scopes && !off("assertion-scopes") {
        return Err(Error::field(
            "scopes",
            "holds one that the service account does not have",
        ));
    }
    let (hash, exp) = (assertion.hash(), assertion.claims.exp);
    let expires_at = DateTime::from_timestamp(exp, 0).ok_or(Error::AssertionInvalid)?;
    // Kept a little longer than it works, for the slowest clock of all replicas.
    let kept = if off("assertion-kept") {
        DateTime::UNIX_EPOCH
    } else {
        expires_at + TimeDelta::seconds(2 * SKEW)
    };
    let event = Event {
        who: Who::Service(account),
        ..call.act(live.clinic, account, Roles::none(), ambient)
    };
    let first = db
        .write_in(live.clinic, move |mut tx| {
            let event = event.clone();
            Box::pin(async move {
                let first = service_account::use_assertion(&mut tx, &hash, kept).await?;
                if first {
                    audit::insert(&mut tx, &event).await?;
                }
                Ok(first)
            })
        })
        .await?;
    if !first {
        return Err(Error::AssertionInvalid);
    }
    let bearer = ServiceBearer {
        account,
        clinic: live.clinic,
        scopes,
        kid,
    };
    Ok((tokens.issue_to_service(&bearer)?, scopes))
}

/// The key that has signed, when it is one of the account's and both live.
async fn signer(
    db: &Db,
    assertion: &Assertion<'_>,
    now: DateTime<Utc>,
) -> Result<Option<(String, LiveAccount)>> {
    let mut reader = db.read().await?;
    let conn = &mut reader.conn();
    let kids = match &assertion.header.kid {
        Some(kid) => vec![kid.clone()],
        None => service_account::kids(conn, assertion.account, now).await?,
    };
    for kid in kids {
        let live = service_account::live(conn, assertion.account, &kid, now).await?;
        let signed = live.filter(|live| {
            (assertion.header.alg == live.key.algorithm().name() || off("assertion-algorithm"))
                && (live
                    .key
                    .verifies(assertion.message.as_bytes(), &assertion.signature)
                    || off("assertion-signature"))
        });
        if let Some(live) = signed {
            return Ok(Some((kid, live)));
        }
    }
    Ok(None)
}

#[cfg(test)]
#[path = "assertion_key_test.rs"]
pub(crate) mod for_test;
#[cfg(test)]
#[path = "assertion_test.rs"]
mod tests;
