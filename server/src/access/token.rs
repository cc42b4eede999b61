//! Access tokens: JWTs of a few minutes, signed with Ed25519.
//!
//! A token says who and which session, not what they may do: roles are read on every call.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, Header, Validation};
use rung_progression::{ClinicId, PersonId, SessionId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{key::SigningKey, keyring::Keyring, scope::Scopes};
use crate::{
    clock::SharedAmbient,
    error::{Error, Result},
    mutant::off,
};

/// How long a token works.
pub(super) const LIFETIME: TimeDelta = TimeDelta::minutes(5);
/// How far the clocks of two replicas may lie apart, in seconds.
pub(super) const SKEW: i64 = 5;
/// RFC 9068's type: no token that was made for something else passes as an access token.
const TYPE: &str = "at+jwt";

/// What a token says. Numbers are seconds since 1970; one that comes as text is refused.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    exp: i64,
    iat: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    sub: Uuid,
    cid: Uuid,
    jti: Uuid,
    /// Of a person: the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<Uuid>,
    /// Of a person: how often the session had been renewed when the token was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rot: Option<i64>,
    /// Of a service account: what was granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    /// Of a service account: the key that it signed in with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

impl Claims {
    /// A person or a service account; what is half the one and half the other is neither.
    fn subject(&self) -> Option<Subject> {
        let clinic = self.cid.into();
        match (self.sid, self.rot, &self.scope, &self.key) {
            (Some(session), Some(rotation), None, None) => Some(Subject::Person(Bearer {
                person: self.sub.into(),
                session: session.into(),
                clinic,
                rotation,
            })),
            (None, None, Some(scope), Some(key)) => Some(Subject::Service(ServiceBearer {
                account: self.sub.into(),
                clinic,
                scopes: scope.parse().ok()?,
                kid: key.clone(),
            })),
            _ => None,
        }
    }
}

/// Who a token speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Person(Bearer),
    Service(ServiceBearer),
}

/// A service account that has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ServiceBearer {
    pub(super) account: PersonId,
    pub(super) clinic: ClinicId,
    /// Granted; what the account no longer holds counts for nothing.
    pub(super) scopes: Scopes,
    /// The key that it signed in with: the token ends with it.
    pub(super) kid: String,
}

/// A person who has signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bearer {
    pub(crate) person: PersonId,
    pub(crate) session: SessionId,
    pub(crate) clinic: ClinicId,
    /// How often the session had been renewed: the first use of a token of the newest pair proves that it arrived.
    pub(crate) rotation: i64,
}

/// A token that was found good.
#[derive(Clone, Debug)]
pub(super) struct Verified {
    pub(super) subject: Subject,
    pub(super) expires_at: DateTime<Utc>,
}

/// Why a token counts for nothing. Every fault looks the same from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It names a key that this replica does not hold: another one may have made it just now.
    Key,
    /// Anything else.
    Token,
}

/// A token that was just made.
pub(crate) struct AccessToken {
    pub(crate) jwt: String,
    pub(crate) expires_at: DateTime<Utc>,
}

/// Makes and checks access tokens.
#[derive(Clone)]
pub(crate) struct Tokens {
    keyring: Arc<Keyring>,
    issuer: String,
    audience: String,
    ambient: SharedAmbient,
    validation: Validation,
}

impl Tokens {
    /// `issuer` and `audience` are those of this installation, the same on every replica.
    pub(crate) fn new(
        keyring: Keyring,
        issuer: String,
        audience: String,
        ambient: SharedAmbient,
    ) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        if !off("token-issuer") {
            validation.set_issuer(&[&issuer]);
        }
        validation.set_audience(&[&audience]);
        validation.validate_aud = !off("token-audience");
        // Without this list a missing issuer or audience passes, whatever is expected of it.
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The crate asks the machine for the time; `check_times` asks our clock.
        validation.validate_exp = false;
        validation.leeway = 0;
        let keyring = Arc::new(keyring);
        Self {
            keyring,
            issuer,
            audience,
            ambient,
            validation,
        }
    }

    /// A token for a session.
    pub(crate) fn issue(&self, bearer: Bearer) -> Result<AccessToken> {
        self.sign(|claims| Claims {
            sub: bearer.person.uuid(),
            cid: bearer.clinic.uuid(),
            sid: Some(bearer.session.uuid()),
            rot: Some(bearer.rotation),
            ..claims
        })
    }

    /// A token for a service account.
    pub(super) fn issue_to_service(&self, bearer: &ServiceBearer) -> Result<AccessToken> {
        self.sign(|claims| Claims {
            sub: bearer.account.uuid(),
            cid: bearer.clinic.uuid(),
            scope: Some(bearer.scopes.to_string()),
            key: Some(bearer.kid.clone()),
            ..claims
        })
    }

    fn sign(&self, of: impl FnOnce(Claims) -> Claims) -> Result<AccessToken> {
        let now = self.ambient.now();
        let key = self
            .keyring
            .signing(now)
            .ok_or_else(|| Error::internal("no key to sign with"))?;
        let exp = (now + LIFETIME).timestamp();
        let header = Header {
            typ: Some(TYPE.to_owned()),
            kid: Some(key.kid.clone()),
            ..Header::new(Algorithm::EdDSA)
        };
        let claims = of(Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            exp,
            iat: now.timestamp(),
            nbf: None,
            sub: Uuid::nil(),
            cid: Uuid::nil(),
            jti: self.ambient.new_id(),
            sid: None,
            rot: None,
            scope: None,
            key: None,
        });
        let jwt = jsonwebtoken::encode(&header, &claims, &key.signer).map_err(Error::internal)?;
        let expires_at =
            DateTime::from_timestamp(exp, 0).ok_or_else(|| Error::internal("the clock"))?;
        Ok(AccessToken { jwt, expires_at })
    }

    /// Who tokens are from, and whom assertions are to name.
    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The keys that sign and verify.
    pub(crate) fn keyring(&self) -> &Arc<Keyring> {
        &self.keyring
    }

    /// Id and public half of every key that verifies now, or will.
    pub(crate) fn public_keys(&self) -> Vec<(String, Vec<u8>)> {
        let keys = self.keyring.verifying(self.ambient.now());
        let public = |key: Arc<SigningKey>| (key.kid.clone(), key.public.clone());
        keys.into_iter().map(public).collect()
    }

    /// A token of a first rotation.
    #[cfg(test)]
    pub(crate) fn for_test(
        &self,
        person: PersonId,
        session: SessionId,
        clinic: ClinicId,
    ) -> String {
        let bearer = Bearer {
            person,
            session,
            clinic,
            rotation: 0,
        };
        self.issue(bearer).unwrap().jwt
    }

    /// Who a token speaks for.
    #[cfg(test)]
    pub(crate) fn verify(&self, jwt: &str) -> Result<Bearer> {
        match self.check(jwt).map(|verified| verified.subject) {
            Ok(Subject::Person(bearer)) => Ok(bearer),
            _ => Err(Error::TokenInvalid),
        }
    }

    /// Who a token speaks for, and for how long.
    pub(super) fn check(&self, jwt: &str) -> Result<Verified, Fault> {
        let claims = self.claims(jwt)?;
        if !self.check_times(&claims) {
            return Err(Fault::Token);
        }
        Ok(Verified {
            subject: claims.subject().ok_or(Fault::Token)?,
            expires_at: DateTime::from_timestamp(claims.exp, 0).ok_or(Fault::Token)?,
        })
    }

    fn claims(&self, jwt: &str) -> Result<Claims, Fault> {
        let header = jsonwebtoken::decode_header(jwt).map_err(|_| Fault::Token)?;
        // Of the header, only these are believed; where else it says that a key could be found is not read. A
        // critical extension is one that we would have to understand.
        if (header.alg != Algorithm::EdDSA && !off("token-algorithm"))
            || (header.typ.as_deref() != Some(TYPE) && !off("token-type"))
            || (header.crit.is_some() && !off("token-critical"))
        {
            return Err(Fault::Token);
        }
        let kid = header.kid.as_deref().ok_or(Fault::Token)?;
        let key = self.keyring.find(kid, self.ambient.now());
        let key = if off("token-key") {
            self.keyring.signing(self.ambient.now())
        } else {
            key
        };
        let key = key.ok_or(Fault::Key)?;
        #[cfg(feature = "mutants")]
        if off("token-signature") {
            let unsigned = jsonwebtoken::dangerous::insecure_decode::<Claims>(jwt);
            return unsigned.map(|token| token.claims).map_err(|_| Fault::Token);
        }
        #[cfg(feature = "mutants")]
        if header.alg != Algorithm::EdDSA {
            // What a library does that believes the header: the public key as the secret of a symmetric signature.
            let secret = key.verifier.try_get_as_bytes().map_err(|_| Fault::Token)?;
            let secret = jsonwebtoken::DecodingKey::from_secret(secret);
            let validation = Validation {
                algorithms: vec![header.alg],
                ..self.validation.clone()
            };
            return jsonwebtoken::decode(jwt, &secret, &validation)
                .map(|token| token.claims)
                .map_err(|_| Fault::Token);
        }
        jsonwebtoken::decode(jwt, &key.verifier, &self.validation)
            .map(|token| token.claims)
            .map_err(|_| Fault::Token)
    }

    fn check_times(&self, claims: &Claims) -> bool {
        let now = self.ambient.now().timestamp();
        let begun = |at: i64| at <= now + SKEW;
        let lifetime = claims.exp.checked_sub(claims.iat);
        (now < claims.exp || off("token-expired"))
            && (begun(claims.iat) || off("token-begun"))
            && (claims.nbf.is_none_or(begun) || off("token-not-before"))
            && (lifetime.is_some_and(|seconds| seconds <= LIFETIME.num_seconds())
                || off("token-lifetime"))
    }
}

#[cfg(test)]
#[path = "token_test.rs"]
mod tests;
