//! The public half of a key with which a service account signs.

use std::fmt;

use aws_lc_rs::{
    rsa::PublicEncryptingKey,
    signature::{
        ECDSA_P384_SHA384_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA384,
        UnparsedPublicKey, VerificationAlgorithm,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rustls_pki_types::{SubjectPublicKeyInfoDer, pem::PemObject as _};
use sha2::{Digest as _, Sha256};

/// How a key signs. It belongs to the key, and not to what somebody says who hands in a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Es384,
    Rs384,
    EdDsa,
}

const NAMED: [(Algorithm, &str); 3] = [
    (Algorithm::Es384, "ES384"),
    (Algorithm::Rs384, "RS384"),
    (Algorithm::EdDsa, "EdDSA"),
];

impl Algorithm {
    /// The name that the header of an assertion says, and the database holds.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Es384 => "ES384",
            Self::Rs384 => "RS384",
            Self::EdDsa => "EdDSA",
        }
    }

    pub(crate) fn of_name(name: &str) -> Option<Self> {
        let mut named = NAMED.into_iter();
        named.find(|(_, known)| *known == name).map(|(it, _)| it)
    }

    fn verification(self) -> &'static dyn VerificationAlgorithm {
        match self {
            Self::Es384 => &ECDSA_P384_SHA384_FIXED,
            Self::Rs384 => &RSA_PKCS1_2048_8192_SHA384,
            Self::EdDsa => &ED25519,
        }
    }
}

/// A key that was found sound.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PublicKey {
    algorithm: Algorithm,
    /// `SubjectPublicKeyInfo`, DER.
    spki: Vec<u8>,
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} {})", self.algorithm.name(), self.kid())
    }
}

/// Before the point of a P-384 key: the algorithm and the curve, and that the point is not compressed.
const P384: [u8; 24] = [
    0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b,
    0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00, 0x04,
];
/// Before the 32 bytes of an Ed25519 key.
const EDWARDS: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

impl PublicKey {
    /// From PEM, and nothing but one public key in it. The error says what would be right.
    pub(crate) fn from_pem(text: &str) -> Result<Self, &'static str> {
        const SHAPE: &str =
            "must be one public key in PEM, as `openssl pkey -pubout` writes it (BEGIN PUBLIC KEY)";
        if text.len() > 4096 {
            return Err("has more than 4096 characters");
        }
        if text.contains("PRIVATE KEY") {
            return Err(
                "holds a private key, which is known to more than its owner now: make another one",
            );
        }
        if text.matches("-----BEGIN").count() != 1 {
            return Err(SHAPE);
        }
        let spki = SubjectPublicKeyInfoDer::from_pem_slice(text.as_bytes()).map_err(|_| SHAPE)?;
        Self::from_der(spki.as_ref())
    }

    fn from_der(spki: &[u8]) -> Result<Self, &'static str> {
        const KIND: &str = "must be a P-384, an Ed25519, or an RSA key of 2048 to 4096 bits";
        // Exactly so long: what follows a key would give it a second name.
        let algorithm = if spki.starts_with(&P384) && spki.len() == P384.len() + 96 {
            Algorithm::Es384
        } else if spki.starts_with(&EDWARDS) && spki.len() == EDWARDS.len() + 32 {
            Algorithm::EdDsa
        } else {
            if !matches!(spki, [0x30, 0x82, a, b, body @ ..] if usize::from(u16::from_be_bytes([*a, *b])) == body.len())
            {
                return Err(KIND);
            }
            let key = PublicEncryptingKey::from_der(spki).map_err(|_| KIND)?;
            if !RSA_BITS.contains(&key.key_size_bits()) {
                return Err(KIND);
            }
            Algorithm::Rs384
        };
        // A point that is not on its curve.
        ParsedPublicKey::new(algorithm.verification(), spki).map_err(|_| KIND)?;
        Ok(Self {
            algorithm,
            spki: spki.to_vec(),
        })
    }

    /// As the database holds it.
    pub(crate) fn stored(algorithm: Algorithm, spki: Vec<u8>) -> Self {
        Self { algorithm, spki }
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(crate) fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// The key's name: SHA-256 of its `SubjectPublicKeyInfo`, base64url. Two keys never share one.
    pub(crate) fn kid(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(&self.spki))
    }

    /// Whether the key has signed this, in its own way.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let key = UnparsedPublicKey::new(self.algorithm.verification(), &self.spki);
        key.verify(message, signature).is_ok()
    }
}

#[cfg(test)]
#[path = "public_key_test.rs"]
mod tests;
