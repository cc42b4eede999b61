use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair,
};
use base64::Engine;
use jsonwebtoken::{DecodingKey, Validation};
use serde_json::Value;

use super::*;

const ACCOUNT: &str = "0190aaaa-0000-7000-8000-000000000001";

fn pem(der: &[u8]) -> Vec<u8> {
    let body = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> = body
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        lines.join("\n")
    )
    .into_bytes()
}

fn ecdsa(algorithm: &'static EcdsaSigningAlgorithm) -> EcdsaKeyPair {
    EcdsaKeyPair::generate(algorithm).unwrap()
}

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn sign(pem: &[u8]) -> Result<String> {
    let assertion = Assertion {
        account: ACCOUNT,
        audience: "rungd",
        kid: Some("k1".into()),
        id: Uuid::nil(),
        now: at(),
    };
    assertion.sign(pem)
}

/// Header and claims, if the signature holds.
fn verified(token: &str, algorithm: Algorithm, key: &DecodingKey) -> (Header, Value) {
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.set_audience(&["rungd"]);
    let data = jsonwebtoken::decode::<Value>(token, key, &validation).unwrap();
    (data.header, data.claims)
}

// Seen failing with the algorithm of EC keys set to ES256.
#[test]
fn each_kind_of_key_signs_by_its_own_algorithm() {
    let ed = Ed25519KeyPair::generate().unwrap();
    let ed_pem = pem(ed.to_pkcs8().unwrap().as_ref());
    let ec = ecdsa(&ECDSA_P384_SHA384_FIXED_SIGNING);
    let rsa = aws_lc_rs::rsa::KeyPair::generate(KeySize::Rsa2048).unwrap();
    let rsa_pem = pem(AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&rsa)
        .unwrap()
        .as_ref());
    let cases = [
        (
            ed_pem,
            Algorithm::EdDSA,
            DecodingKey::from_ed_der(ed.public_key().as_ref()),
        ),
        (
            pem(ec.to_pkcs8v1().unwrap().as_ref()),
            Algorithm::ES384,
            DecodingKey::from_ec_der(ec.public_key().as_ref()),
        ),
        (
            rsa_pem,
            Algorithm::RS384,
            DecodingKey::from_rsa_der(rsa.public_key().as_ref()),
        ),
    ];
    for (pem, algorithm, public) in cases {
        let token = sign(&pem).unwrap();
        let (header, claims) = verified(&token, algorithm, &public);
        assert_eq!((header.alg, header.kid.as_deref()), (algorithm, Some("k1")));
        assert_eq!(
            (&claims["iss"], &claims["sub"]),
            (&ACCOUNT.into(), &ACCOUNT.into())
        );
        assert_eq!(claims["jti"], Uuid::nil().to_string());
        assert_eq!(claims["iat"], at().timestamp());
        let left = claims["exp"].as_i64().unwrap() - at().timestamp();
        assert!((60..=300).contains(&left), "{left}");
    }
}

// Seen failing with a curve that cannot sign told as a fault of the program.
#[test]
fn other_keys_are_refused_with_how_to_make_one() {
    let p256 = ecdsa(&ECDSA_P256_SHA256_FIXED_SIGNING)
        .to_pkcs8v1()
        .unwrap();
    for odd in [
        &pem(p256.as_ref())[..],
        b"",
        b"-----BEGIN X-----\n",
        &pem(b"no key"),
    ] {
        let failure = sign(odd).unwrap_err();
        assert_eq!(failure.reason, "KEY");
        assert!(failure.advice[0].contains("genpkey"));
    }
}
