use aws_lc_rs::{
    encoding::{AsDer as _, PublicKeyX509Der},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _},
};
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::access::assertion::for_test::SigningKey;

fn pem(label: &str, der: &[u8]) -> String {
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        STANDARD.encode(der)
    )
}

/// The key of an RSA modulus with so many bits, of which nobody knows the factors.
fn rsa(bits: usize) -> Vec<u8> {
    let der = |tag: u8, body: &[u8]| {
        let length = body.len();
        let length = match length {
            0..128 => vec![u8::try_from(length).unwrap()],
            _ => [&[0x82], &u16::try_from(length).unwrap().to_be_bytes()[..]].concat(),
        };
        [&[tag], &length[..], body].concat()
    };
    let modulus = [&[0, 0xc5], &vec![0x35; bits / 8 - 1][..]].concat();
    let numbers = [der(2, &modulus), der(2, &[1, 0, 1])].concat();
    let key = [vec![0], der(0x30, &numbers)].concat();
    let kind = [
        0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
    ];
    der(0x30, &[&kind[..], &der(3, &key)].concat())
}

#[test]
fn a_key_of_each_kind_is_read_and_named_by_its_content() {
    for (key, algorithm) in [
        (SigningKey::es384(), Algorithm::Es384),
        (SigningKey::ed25519(), Algorithm::EdDsa),
        (SigningKey::rsa(), Algorithm::Rs384),
    ] {
        let read = PublicKey::from_pem(&key.pem()).unwrap();
        assert_eq!(read.algorithm(), algorithm);
        let message = b"message";
        let signature = key.sign(message);
        assert!(read.verifies(message, &signature));
        assert!(!read.verifies(b"massage", &signature));
        assert!(!read.verifies(message, &signature[1..]));
        let other = SigningKey::ed25519();
        assert!(!read.verifies(message, &other.sign(message)));
        assert_ne!(read.kid(), PublicKey::from_pem(&other.pem()).unwrap().kid());
        assert_eq!(read.kid().len(), 43);
        assert_eq!(Algorithm::of_name(algorithm.name()), Some(algorithm));
        let stored = PublicKey::stored(algorithm, read.spki().to_vec());
        assert!(stored.verifies(message, &signature));
        // Line ends of any kind, and talk before and after it, as openssl writes it.
        assert_eq!(
            PublicKey::from_pem(&key.pem().replace('\n', "\r\n")).unwrap(),
            read
        );
        assert_eq!(
            PublicKey::from_pem(&format!("my key\n{}bye\n", key.pem())).unwrap(),
            read
        );
    }
    assert_eq!(Algorithm::of_name("HS256"), None);
    assert_eq!(Algorithm::of_name("none"), None);
}

// Seen failing with the length, the bits of a modulus, and the curve left unchecked.
#[test]
fn what_is_no_such_key_is_refused_with_what_would_be_right() {
    let refused = |text: &str| PublicKey::from_pem(text).unwrap_err();
    let good = SigningKey::es384();
    for text in [
        "",
        "key",
        "-----BEGIN PUBLIC KEY-----",
        &good.pem().repeat(2),
        &pem("PUBLIC KEY", b""),
    ] {
        assert!(refused(text).starts_with("must be"), "{text}");
    }
    assert!(refused(&"x".repeat(4097)).contains("4096"));
    let private = Ed25519KeyPair::generate().unwrap().to_pkcs8().unwrap();
    assert!(refused(&pem("PRIVATE KEY", private.as_ref())).contains("private"));
    let mixed = format!("{}{}", good.pem(), pem("EC PRIVATE KEY", b"x"));
    assert!(refused(&mixed).contains("private"));
    // Of another kind, too short, too long.
    let random = SystemRandom::new();
    let p256 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let p256 = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, p256.as_ref()).unwrap();
    let p256: PublicKeyX509Der<'_> = p256.public_key().as_der().unwrap();
    assert!(refused(&pem("PUBLIC KEY", p256.as_ref())).contains("P-384"));
    for bits in [1024, 2040, 4104, 8192] {
        assert!(
            refused(&pem("PUBLIC KEY", &rsa(bits))).contains("4096"),
            "{bits}"
        );
    }
    assert!(PublicKey::from_pem(&pem("PUBLIC KEY", &rsa(4096))).is_ok());
    // A point that is not on the curve, and one that is followed by something.
    let sound = PublicKey::from_pem(&good.pem()).unwrap();
    let mut bent = sound.spki().to_vec();
    bent[60] ^= 1;
    assert!(refused(&pem("PUBLIC KEY", &bent)).contains("P-384"));
    let longer = [sound.spki(), &[0]].concat();
    assert!(refused(&pem("PUBLIC KEY", &longer)).contains("P-384"));
    assert!(refused(&pem("PUBLIC KEY", &[&rsa(2048)[..], &[0]].concat())).contains("P-384"));
    // A bare point is no SubjectPublicKeyInfo.
    assert!(refused(&pem("PUBLIC KEY", &sound.spki()[23..])).contains("P-384"));
}
