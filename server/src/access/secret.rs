//! Secrets that are shown once and kept as a hash: refresh tokens, and codes that somebody types.
//!
//! They are random beyond guessing, so that a plain SHA-256 keeps them: a slow hash is for what people choose.

use std::fmt;

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rung_progression::PersonId;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::seal::Vault;
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

    /// The token that it is exchanged for: the same one however often it is asked for, and by whatever replica.
    pub(crate) fn successor(&self, vault: &Vault) -> Self {
        let tag = hmac::sign(&vault.successor, self.0.as_slice());
        let mut bytes = Zeroizing::new([0; 32]);
        bytes.copy_from_slice(tag.as_ref());
        Self(bytes)
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

fn random_letters(length: usize, ambient: &dyn Ambient) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(vec![0; length]);
    ambient.fill(bytes.as_mut_slice());
    // Five bits of each byte: every letter is as likely as any other.
    let letters = bytes
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte & 31)]))
        .collect();
    Zeroizing::new(letters)
}

/// What somebody typed: case, hyphens and spaces do not matter, and look-alikes count as what they look like.
fn typed_letters(text: &str, length: usize) -> Option<Zeroizing<String>> {
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
    (known && letters.len() == length).then_some(letters)
}

fn in_groups(letters: &str, of: usize) -> String {
    let mut text = String::with_capacity(letters.len() + letters.len() / of);
    for (place, letter) in letters.chars().enumerate() {
        if place > 0 && place % of == 0 {
            text.push('-');
        }
        text.push(letter);
    }
    text
}

const CODE_LENGTH: usize = 32;
const CODE_GROUP: usize = 8;

/// The code of an invitation or of a reset: 160 random bits in four groups of eight, made to be read out and typed. It
/// starts with no hyphen, so that a command line takes it.
pub(crate) struct InviteCode(Zeroizing<String>);

impl InviteCode {
    pub(crate) fn new(ambient: &dyn Ambient) -> Self {
        Self(random_letters(CODE_LENGTH, ambient))
    }

    /// What somebody typed.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        typed_letters(text, CODE_LENGTH).map(Self)
    }

    pub(crate) fn hash(&self) -> SecretHash {
        SecretHash::of(self.0.as_bytes())
    }

    /// The text that is shown once.
    pub(crate) fn reveal(&self) -> String {
        in_groups(&self.0, CODE_GROUP)
    }
}

const RECOVERY_LENGTH: usize = 16;
const RECOVERY_GROUP: usize = 4;

/// Stands in for the authenticator, once: 80 random bits in four groups of four.
pub(crate) struct RecoveryCode(Zeroizing<String>);

impl RecoveryCode {
    pub(crate) fn new(ambient: &dyn Ambient) -> Self {
        Self(random_letters(RECOVERY_LENGTH, ambient))
    }

    /// What somebody typed.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        typed_letters(text, RECOVERY_LENGTH).map(Self)
    }

    /// With its owner: the same code of somebody else has another hash.
    pub(crate) fn hash(&self, owner: PersonId) -> SecretHash {
        let both = Zeroizing::new([owner.uuid().as_bytes(), self.0.as_bytes()].concat());
        SecretHash::of(&both)
    }

    /// The text that is shown once.
    pub(crate) fn reveal(&self) -> String {
        in_groups(&self.0, RECOVERY_GROUP)
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
