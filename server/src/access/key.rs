//! The server's keys: the key-encryption key, which the operator holds, and what is derived from it or sealed under it.

use std::{
    fmt, fs,
    io::{self, Write as _},
    path::Path,
};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf,
    signature::{Ed25519KeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

use crate::{
    clock::Ambient,
    error::{Error, Result},
    mutant::off,
    storage::identity::key::SealedKey,
};

/// The root of all keys: 32 bytes, from a file or the environment, never in the database.
#[derive(Clone)]
pub(crate) struct KeyEncryptionKey(Zeroizing<[u8; 32]>);

impl fmt::Debug for KeyEncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyEncryptionKey(…)")
    }
}

impl KeyEncryptionKey {
    /// From base64 text, as the environment or a file holds it. `place` names where it stood, for the error.
    pub(crate) fn from_base64(text: &str, place: &str) -> Result<Self> {
        let bytes = STANDARD.decode(text.trim()).map(Zeroizing::new).ok();
        let key = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok());
        key.map(|key| Self(Zeroizing::new(key))).ok_or_else(|| {
            Error::internal(format!(
                "{place} holds no key-encryption key: 32 bytes in base64, such as `openssl rand -base64 32` makes"
            ))
        })
    }

    /// From a file that its owner alone can read.
    pub(crate) fn from_file(path: &Path) -> Result<Self> {
        let place = path.display().to_string();
        let file = fs::File::open(path).map_err(|e| Error::internal(format!("{place}: {e}")))?;
        refuse_readable_by_others(&file, &place)?;
        let text =
            io::read_to_string(file).map_err(|e| Error::internal(format!("{place}: {e}")))?;
        Self::from_base64(&Zeroizing::new(text), &place)
    }

    /// From a file in the server's own data directory; makes it, readable for its owner alone, when there is none.
    pub(crate) fn load_or_create_file(path: &Path, ambient: &dyn Ambient) -> Result<Self> {
        let mut key = Zeroizing::new([0; 32]);
        ambient.fill(key.as_mut_slice());
        let text = Zeroizing::new(STANDARD.encode(key.as_slice()));
        let mut draft = path.as_os_str().to_owned();
        draft.push(format!(".{}", ambient.new_id().simple()));
        match create(path, draft.as_ref(), text.as_bytes()) {
            // Read back what stands there, also when this process made it: one way in, one set of checks.
            Ok(()) => Self::from_file(path),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Self::from_file(path),
            Err(e) => Err(Error::internal(format!("{}: {e}", path.display()))),
        }
    }

    /// A key for one purpose; knowing it helps with no other.
    pub(super) fn derive(&self, purpose: &str) -> Result<Zeroizing<[u8; 32]>> {
        let mut derived = Zeroizing::new([0; 32]);
        hkdf::Salt::new(hkdf::HKDF_SHA256, b"rung")
            .extract(self.0.as_slice())
            .expand(&[purpose.as_bytes()], hkdf::HKDF_SHA256)
            .and_then(|okm| okm.fill(derived.as_mut_slice()))
            .map_err(|_| Error::internal("deriving a key"))?;
        Ok(derived)
    }

    fn sealing_key(&self) -> Result<LessSafeKey> {
        let key = self.derive("seal signing keys")?;
        let key = UnboundKey::new(&AES_256_GCM, key.as_slice());
        key.map(LessSafeKey::new)
            .map_err(|_| Error::internal("making a key"))
    }
}

/// Writes the file whole or not at all, and never over another one.
fn create(path: &Path, draft: &Path, text: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(draft)?;
    // A link, unlike a rename, fails when the name is taken: of two servers that start at once, one makes the key.
    let linked = file
        .write_all(text)
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::hard_link(draft, path));
    let removed = fs::remove_file(draft);
    linked.and(removed)
}

#[cfg(unix)]
fn refuse_readable_by_others(file: &fs::File, place: &str) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = file
        .metadata()
        .map_err(|e| Error::internal(format!("{place}: {e}")))?;
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(Error::internal(format!(
            "{place} can be read by others; it holds the key to all keys: run `chmod 600 {place}`"
        )));
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_readable_by_others(_: &fs::File, _: &str) -> Result<()> {
    Ok(())
}

/// One key that signs access tokens, or did.
pub(crate) struct SigningKey {
    pub(super) kid: String,
    pub(super) signer: jsonwebtoken::EncodingKey,
    pub(super) verifier: jsonwebtoken::DecodingKey,
    pub(super) public: Vec<u8>,
    /// It signs from here on; every replica has read it by then.
    pub(super) active_from: DateTime<Utc>,
    /// What it signed counts for nothing from here on.
    pub(super) retired_at: Option<DateTime<Utc>>,
}

impl SigningKey {
    /// Whether what it signed counts.
    pub(super) fn verifies(&self, now: DateTime<Utc>) -> bool {
        self.retired_at.is_none_or(|at| at > now) || off("key-retired")
    }

    pub(super) fn signs(&self, now: DateTime<Utc>) -> bool {
        self.verifies(now) && self.active_from <= now
    }
}

/// A new key, which signs from `active_from` on; without that at once, by every clock.
pub(super) fn make(
    kek: &KeyEncryptionKey,
    ambient: &dyn Ambient,
    generation: i64,
    active_from: Option<DateTime<Utc>>,
) -> Result<SealedKey> {
    let fault = |_| Error::internal("making a signing key");
    let mut seed = Zeroizing::new([0; 32]);
    ambient.fill(seed.as_mut_slice());
    let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_slice())
        .map_err(|_| Error::internal("making a signing key"))?;
    let mut private = Zeroizing::new(pair.to_pkcs8().map_err(fault)?.as_ref().to_vec());

    let kid = ambient.new_id().to_string();
    let mut nonce = [0; NONCE_LEN];
    ambient.fill(&mut nonce);
    // The kid is sealed with it: a key cannot be put under another one's name.
    let tag = kek
        .sealing_key()?
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(kid.as_bytes()),
            private.as_mut_slice(),
        )
        .map_err(fault)?;
    Ok(SealedKey {
        generation,
        sealed: [&nonce, private.as_slice(), tag.as_ref()].concat(),
        public_key: pair.public_key().as_ref().to_vec(),
        created_at: ambient.now(),
        active_from,
        retired_at: None,
        kid,
    })
}

/// Opens a stored key.
pub(super) fn open(kek: &KeyEncryptionKey, stored: &SealedKey) -> Result<SigningKey> {
    let refused = || {
        Error::internal(
            "the key-encryption key does not open the signing keys of this database: it is another one than when they \
             were made, or the database was tampered with; give the right one (RUNG_KEY_ENCRYPTION_KEY or its file)",
        )
    };
    let (nonce, sealed) = stored
        .sealed
        .split_at_checked(NONCE_LEN)
        .ok_or_else(refused)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| refused())?;
    let mut sealed = Zeroizing::new(sealed.to_vec());
    let private = kek
        .sealing_key()?
        .open_in_place(
            nonce,
            Aad::from(stored.kid.as_bytes()),
            sealed.as_mut_slice(),
        )
        .map_err(|_| refused())?;
    let pair = Ed25519KeyPair::from_pkcs8(private).map_err(|_| refused())?;
    if pair.public_key().as_ref() != stored.public_key {
        return Err(refused());
    }
    Ok(SigningKey {
        kid: stored.kid.clone(),
        signer: jsonwebtoken::EncodingKey::from_ed_der(private),
        // aws-lc takes the bare 32 bytes here.
        verifier: jsonwebtoken::DecodingKey::from_ed_der(&stored.public_key),
        public: stored.public_key.clone(),
        active_from: stored.active_from.unwrap_or(DateTime::<Utc>::MIN_UTC),
        retired_at: stored.retired_at,
    })
}

#[cfg(test)]
pub(super) mod for_test {
    use super::*;

    pub(crate) fn kek(byte: u8) -> KeyEncryptionKey {
        KeyEncryptionKey(Zeroizing::new([byte; 32]))
    }
}

#[cfg(test)]
#[path = "key_test.rs"]
mod tests;
