//! Every way in which a token can be wrong. Each forgery starts from a good token and changes one thing.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::EncodingKey;
use serde_json::{Value, json};

use super::*;
use crate::{
    access::keyring::for_test::keyring,
    clock::{Ambient as _, fixed::Fixed},
};

struct Setting {
    clock: Arc<Fixed>,
    tokens: Tokens,
    bearer: Bearer,
}

fn setting() -> Setting {
    let clock = Arc::new(Fixed::at("2026-03-01T12:00:00Z".parse().unwrap()));
    let ring = keyring(clock.as_ref(), 2);
    let id = Uuid::from_u128;
    Setting {
        tokens: Tokens::new(
            ring,
            "https://rung.test".into(),
            "rung.v1".into(),
            clock.clone(),
        ),
        bearer: Bearer {
            person: id(1).into(),
            session: id(2).into(),
            clinic: id(3).into(),
            rotation: 4,
        },
        clock,
    }
}

impl Setting {
    fn at(&self, seconds: i64) {
        let start: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
        self.clock.set(start + TimeDelta::seconds(seconds));
    }

    /// Header and claims of a good token.
    fn good(&self) -> (Value, Value) {
        let jwt = self.tokens.issue(self.bearer).unwrap().jwt;
        let part = |n| {
            let text: &str = jwt.split('.').nth(n).unwrap();
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
        };
        (part(0), part(1))
    }

    fn signer(&self) -> EncodingKey {
        let key = self.tokens.keyring.signing(self.clock.now()).unwrap();
        key.signer.clone()
    }

    /// A token with these parts, signed with our own key.
    fn signed(&self, header: &Value, claims: &Value) -> String {
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let message = format!("{}.{}", encode(header), encode(claims));
        let signature =
            jsonwebtoken::crypto::sign(message.as_bytes(), &self.signer(), Algorithm::EdDSA)
                .unwrap();
        format!("{message}.{signature}")
    }

    fn refused(&self, jwt: &str) -> bool {
        matches!(self.tokens.verify(jwt), Err(Error::TokenInvalid))
    }
}

/// `value` with one member set, or taken out.
fn with(value: &Value, name: &str, member: impl Into<Option<Value>>) -> Value {
    let mut changed = value.clone();
    match member.into() {
        Some(member) => changed[name] = member,
        None => drop(changed.as_object_mut().unwrap().remove(name)),
    }
    changed
}

#[test]
fn a_good_token_says_who_it_was_made_for() {
    let this = setting();
    let token = this.tokens.issue(this.bearer).unwrap();
    assert_eq!(token.expires_at - this.clock.now(), LIFETIME);
    assert_eq!(this.tokens.verify(&token.jwt).unwrap(), this.bearer);
    // The forger's way of signing is itself sound, so that what it makes is refused for its one change.
    let (header, claims) = this.good();
    assert_eq!(
        this.tokens.verify(&this.signed(&header, &claims)).unwrap(),
        this.bearer
    );
    assert_eq!(
        (&header["alg"], &header["typ"]),
        (&json!("EdDSA"), &json!("at+jwt"))
    );
}

// Seen failing with the signature left unverified and the check of `alg` taken out; the crate's own check alone holds.
#[test]
fn another_algorithm_is_refused() {
    let this = setting();
    let (header, claims) = this.good();
    let unsigned = this.signed(&with(&header, "alg", json!("none")), &claims);
    let (message, _) = unsigned.rsplit_once('.').unwrap();
    assert!(this.refused(&unsigned));
    assert!(this.refused(&format!("{message}.")));

    // The public key, which anybody may know, used as the secret of a symmetric signature.
    let key = this.tokens.keyring.signing(this.clock.now()).unwrap();
    let secret = EncodingKey::from_secret(key.verifier.try_get_as_bytes().unwrap());
    let confused = Header {
        typ: Some(TYPE.into()),
        kid: Some(key.kid.clone()),
        ..Header::new(Algorithm::HS256)
    };
    assert!(this.refused(&jsonwebtoken::encode(&confused, &claims, &secret).unwrap()));
}

#[test]
fn a_key_we_do_not_hold_is_refused() {
    let this = setting();
    let (header, claims) = this.good();
    assert!(this.refused(&this.signed(&with(&header, "kid", json!("another")), &claims)));
    assert!(this.refused(&this.signed(&with(&header, "kid", None), &claims)));
    // A kid of ours over the signature of another key.
    let stranger = keyring(&crate::clock::System, 1);
    let stranger = &stranger.signing(crate::clock::System.now()).unwrap().signer;
    let typed: Header = serde_json::from_value(header).unwrap();
    assert!(this.refused(&jsonwebtoken::encode(&typed, &claims, stranger).unwrap()));
}

#[test]
fn another_type_issuer_or_audience_is_refused() {
    let this = setting();
    let (header, claims) = this.good();
    for typ in [json!("JWT"), json!("dpop+jwt"), json!("AT+JWT")] {
        assert!(this.refused(&this.signed(&with(&header, "typ", typ), &claims)));
    }
    assert!(this.refused(&this.signed(&with(&header, "typ", None), &claims)));
    assert!(this.refused(&this.signed(&with(&header, "crit", json!(["b64"])), &claims)));
    for (name, value) in [
        ("iss", json!("https://elsewhere.test")),
        ("iss", json!("https://rung.test/")),
        ("aud", json!("rung.v2")),
        ("aud", json!(["rung.v1", "rung.v2"])),
    ] {
        assert!(
            this.refused(&this.signed(&header, &with(&claims, name, value.clone()))),
            "{name} {value}"
        );
    }
}

// Seen failing with a claim of the struct given a default.
#[test]
fn every_claim_has_to_be_there() {
    let this = setting();
    let (header, claims) = this.good();
    for name in [
        "iss", "aud", "exp", "iat", "sub", "sid", "cid", "rot", "jti",
    ] {
        assert!(claims.get(name).is_some(), "{name}");
        assert!(
            this.refused(&this.signed(&header, &with(&claims, name, None))),
            "{name}"
        );
        assert!(
            this.refused(&this.signed(&header, &with(&claims, name, Value::Null))),
            "{name}"
        );
    }
}

#[test]
fn a_token_works_from_its_issue_to_its_expiry_by_our_clock() {
    let this = setting();
    let (header, claims) = this.good();
    let jwt = this.signed(&header, &claims);
    for (seconds, works) in [
        (299, true),
        (300, false),
        (301, false),
        (-5, true),
        (-6, false),
    ] {
        this.at(seconds);
        assert_eq!(!this.refused(&jwt), works, "{seconds} s after the issue");
    }
    this.at(0);
    let exp = claims["exp"].as_i64().unwrap();
    for (name, value) in [
        ("exp", json!(exp.to_string())),
        ("exp", json!(exp + 1)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(f64::MAX)),
        ("iat", json!(i64::MIN)),
        ("iat", json!("0")),
        ("nbf", json!(exp)),
        ("nbf", json!("0")),
    ] {
        assert!(
            this.refused(&this.signed(&header, &with(&claims, name, value.clone()))),
            "{name} {value}"
        );
    }
}

#[test]
fn an_older_key_of_the_ring_still_verifies() {
    let this = setting();
    let (header, claims) = this.good();
    let older = &this.tokens.keyring;
    let kid = older.older_kid_for_test();
    let typed = Header {
        kid: Some(kid.clone()),
        ..serde_json::from_value(header).unwrap()
    };
    let jwt = jsonwebtoken::encode(
        &typed,
        &claims,
        &older.find(&kid, this.clock.now()).unwrap().signer,
    )
    .unwrap();
    assert_eq!(this.tokens.verify(&jwt).unwrap(), this.bearer);
    // Signed by the older one, said to be by the newer one.
    let newer = Header {
        kid: this.good().0["kid"].as_str().map(Into::into),
        ..typed
    };
    let jwt = jsonwebtoken::encode(
        &newer,
        &claims,
        &older.find(&kid, this.clock.now()).unwrap().signer,
    )
    .unwrap();
    assert!(this.refused(&jwt));
}

#[test]
fn what_is_no_token_is_refused() {
    let this = setting();
    let good = this.tokens.issue(this.bearer).unwrap().jwt;
    let (message, _) = good.rsplit_once('.').unwrap();
    for text in [
        "",
        ".",
        "..",
        "a.b.c",
        message,
        &format!("{good}.x"),
        &format!("{good}A"),
        &"x".repeat(10_000),
    ] {
        assert!(this.refused(text), "{text}");
    }
}
