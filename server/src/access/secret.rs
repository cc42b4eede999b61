//! Secrets that are shown once and kept as a hash: refresh tokens and invitation codes.
//!
//! Both are random beyond guessing, so that a plain SHA-256 keeps them: a slow hash is for what people choose.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::clock::Ambient;

/// What the database keeps of a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct SecretHash([u8; 32]);

impl SecretHash {
    fn of(secret: &[u8]) -> Self {
        Self(Sha256::digest(secret).into())
    }

    /// For a bind.
    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

/// A refresh token: 32 random bytes, base64url.
pub(crate) struct RefreshSecret(Zeroizing<[u8; 32]>);

impl RefreshSecret {
    pub(crate) fn new(ambient: &dyn Ambient) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        ambient.fill(bytes.as_mut_slice());
        Self(bytes)
    }

    /// What a client hands in; `None` when it cannot be a refresh token.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        let array: [u8; 32] = bytes.as_slice().try_into().ok()?;
        Some(Self(Zeroizing::new(array)))
    }

    pub(crate) fn hash(&self) -> SecretHash {
        SecretHash::of(self.0.as_slice())
    }

    /// The text that a client keeps.
    pub(crate) fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.as_slice())
    }
}

/// Letters and digits of a code, without those that are taken for one another.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const CODE_LENGTH: usize = 32;
const CODE_GROUP: usize = 8;

/// An invitation code: 160 random bits in four groups of eight, made to be read out and typed. It starts with no
/// hyphen, so that a command line takes it.
pub(crate) struct InviteCode(Zeroizing<String>);

impl InviteCode {
    pub(crate) fn new(ambient: &dyn Ambient) -> Self {
        let mut bytes = Zeroizing::new([0; CODE_LENGTH]);
        ambient.fill(bytes.as_mut_slice());
        // Five bits of each byte: every letter is as likely as any other.
        let letters = bytes
            .iter()
            .map(|byte| char::from(ALPHABET[usize::from(byte & 31)]))
            .collect();
        Self(Zeroizing::new(letters))
    }

    /// What somebody typed: case, hyphens and spaces do not matter, and look-alikes count as what they look like.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let letters: String = text
            .chars()
            .filter(|c| !matches!(c, '-' | ' '))
            .map(|c| match c.to_ascii_lowercase() {
                'o' => '0',
                'i' | 'l' => '1',
                other => other,
            })
            .collect();
        let letters = Zeroizing::new(letters);
        let known = letters.bytes().all(|b| ALPHABET.contains(&b));
        (known && letters.len() == CODE_LENGTH).then_some(Self(letters))
    }

    pub(crate) fn hash(&self) -> SecretHash {
        SecretHash::of(self.0.as_bytes())
    }

    /// The text that is shown once.
    pub(crate) fn reveal(&self) -> String {
        let mut text = String::with_capacity(CODE_LENGTH + CODE_LENGTH / CODE_GROUP);
        for (place, letter) in self.0.chars().enumerate() {
            if place > 0 && place % CODE_GROUP == 0 {
                text.push('-');
            }
            text.push(letter);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::System;

    #[test]
    fn a_refresh_token_reads_back_what_it_reveals() {
        let token = RefreshSecret::new(&System);
        assert_eq!(
            RefreshSecret::parse(&token.reveal()).unwrap().hash(),
            token.hash()
        );
        assert_ne!(RefreshSecret::new(&System).hash(), token.hash());
        assert!(RefreshSecret::parse("").is_none());
        assert!(RefreshSecret::parse(&token.reveal()[1..]).is_none());
    }

    #[test]
    fn a_code_survives_being_typed() {
        let code = InviteCode::new(&System);
        let shown = code.reveal();
        assert_eq!(shown.len(), 35);
        for typed in [
            shown.to_uppercase(),
            shown.replace('-', " "),
            shown.replace('-', "").replace('0', "O").replace('1', "l"),
        ] {
            assert_eq!(
                InviteCode::parse(&typed).unwrap().hash(),
                code.hash(),
                "{typed}"
            );
        }
        assert!(InviteCode::parse(&shown[1..]).is_none());
        assert!(InviteCode::parse(&shown.replacen(|c| c != '-', "ü", 1)).is_none());
    }
}
