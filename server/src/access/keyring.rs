//! The signing keys of this installation as a replica holds them, and how they change while it runs.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::key::{KeyEncryptionKey, SigningKey, make, open};
use crate::{
    clock::SharedAmbient,
    error::{Error, Result},
    storage::{Db, identity::key},
};

/// How often, at most, a token that names an unknown key makes us look for it: anybody can send one.
const LOOK: Duration = Duration::from_secs(5);

/// The keys of this installation, the same on every replica.
pub(crate) struct Keyring {
    kek: KeyEncryptionKey,
    /// Newest first.
    keys: RwLock<Vec<Arc<SigningKey>>>,
    /// When an unknown key was last looked for.
    looked: Mutex<Option<Instant>>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring(…)")
    }
}

impl Keyring {
    /// Reads the signing keys of the database; makes the first one when there is none.
    pub(crate) async fn load_or_create(
        db: &Db,
        kek: KeyEncryptionKey,
        ambient: &SharedAmbient,
    ) -> Result<Self> {
        let mut stored = key::list(&mut db.read().await?.conn()).await?;
        if stored.is_empty() {
            let first = make(&kek, ambient.as_ref(), 1, None)?;
            stored = db
                .write(move |mut tx| {
                    let first = first.clone();
                    Box::pin(async move {
                        key::insert(&mut tx, &first).await?;
                        // Another server may have been faster; what stands is what counts.
                        key::list(&mut tx).await
                    })
                })
                .await?;
        }
        let this = Self::of(kek, &stored)?;
        if this.signing(ambient.now()).is_none() {
            return Err(Error::internal(
                "no signing key is in use; make one with `rungd admin keys rotate`",
            ));
        }
        Ok(this)
    }

    fn of(kek: KeyEncryptionKey, stored: &[key::SealedKey]) -> Result<Self> {
        let keys = RwLock::new(opened(&kek, stored)?);
        Ok(Self {
            kek,
            keys,
            looked: Mutex::default(),
        })
    }

    /// Reads them anew.
    pub(super) async fn reload(&self, db: &Db) -> Result<()> {
        let stored = key::list(&mut db.read().await?.conn()).await?;
        let keys = opened(&self.kek, &stored)?;
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    /// Reads them anew for a token that names an unknown key, unless that was done just now; says whether it was.
    pub(super) async fn look_again(&self, db: &Db) -> Result<bool> {
        {
            let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
            if looked.is_some_and(|at| at.elapsed() < LOOK) {
                return Ok(false);
            }
            *looked = Some(Instant::now());
        }
        self.reload(db).await?;
        Ok(true)
    }

    /// A key for authenticating what leaves the server and comes back, such as page tokens.
    pub(crate) fn mac_key(&self, purpose: &str) -> Result<hmac::Key> {
        let key = self.kek.derive(&format!("mac {purpose}"))?;
        Ok(hmac::Key::new(hmac::HMAC_SHA256, key.as_slice()))
    }

    /// The key that signs: the newest of those that are to.
    pub(super) fn signing(&self, now: DateTime<Utc>) -> Option<Arc<SigningKey>> {
        self.first(|key| key.signs(now))
    }

    /// The key with this id, unless it is retired.
    pub(super) fn find(&self, kid: &str, now: DateTime<Utc>) -> Option<Arc<SigningKey>> {
        self.first(|key| key.kid == kid && key.verifies(now))
    }

    /// Those that verify now, or will, newest first.
    pub(super) fn verifying(&self, now: DateTime<Utc>) -> Vec<Arc<SigningKey>> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let verifying = keys.iter().filter(|key| key.verifies(now));
        verifying.cloned().collect()
    }

    /// The key with this id, retired or not: what it signed while it signed stays signed.
    pub(super) fn ever(&self, kid: &str) -> Option<Arc<SigningKey>> {
        self.first(|key| key.kid == kid)
    }

    fn first(&self, wanted: impl Fn(&SigningKey) -> bool) -> Option<Arc<SigningKey>> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.iter().find(|key| wanted(key)).cloned()
    }
}

fn opened(kek: &KeyEncryptionKey, stored: &[key::SealedKey]) -> Result<Vec<Arc<SigningKey>>> {
    stored
        .iter()
        .map(|sealed| open(kek, sealed).map(Arc::new))
        .collect()
}

#[cfg(test)]
pub(super) mod for_test {
    use super::*;
    use crate::{access::key::for_test::kek, clock::Ambient};

    impl Keyring {
        /// Of a key that no longer signs.
        pub(crate) fn older_kid_for_test(&self) -> String {
            self.keys.read().unwrap().last().unwrap().kid.clone()
        }

        /// As if the last look had been long ago.
        pub(crate) fn forget_look_for_test(&self) {
            *self.looked.lock().unwrap() = None;
        }

        pub(crate) fn kids_for_test(&self) -> Vec<String> {
            let keys = self.keys.read().unwrap();
            keys.iter().map(|key| key.kid.clone()).collect()
        }
    }

    /// A ring of so many keys without a database.
    pub(crate) fn keyring(ambient: &dyn Ambient, keys: i64) -> Keyring {
        let make = |generation| make(&kek(1), ambient, generation, None).unwrap();
        let stored: Vec<_> = (1..=keys).rev().map(make).collect();
        Keyring::of(kek(1), &stored).unwrap()
    }
}
