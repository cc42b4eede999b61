//! How the keys that sign access tokens change while calls go on.
//!
//! A new key signs a moment after it was made, when every replica has read it. What the older ones have signed counts for
//! as long as the last token of theirs works, so that nobody is turned away.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    key::{KeyEncryptionKey, make, open},
    token::{LIFETIME, SKEW},
};
use crate::{
    clock::SharedAmbient,
    error::{Error, Result},
    storage::{
        Db,
        identity::{
            epoch,
            key::{self, SealedKey},
        },
    },
};

/// From making a key to its first signature: replicas ask for news every second.
const NOTICE: TimeDelta = TimeDelta::seconds(10);
/// How long older keys count after that: for the life of a token made at the last moment by the slowest clock.
const OVERLAP: TimeDelta = TimeDelta::seconds(LIFETIME.num_seconds() + 2 * SKEW);

/// A key that was just made.
pub(crate) struct Rotated {
    pub(crate) kid: String,
    pub(crate) signs_from: DateTime<Utc>,
    /// What the older keys have signed counts until then.
    pub(crate) older_until: DateTime<Utc>,
}

/// Makes a new key and lets the older ones run out.
pub(crate) async fn rotate(
    db: &Db,
    kek: &KeyEncryptionKey,
    ambient: &SharedAmbient,
) -> Result<Rotated> {
    let (kek, ambient) = (kek.clone(), ambient.clone());
    db.write(move |mut tx| {
        let (kek, ambient) = (kek.clone(), ambient.clone());
        Box::pin(async move {
            // First, and with it the lock: of two rotations at once the second sees what the first has made.
            epoch::bump(&mut tx).await?;
            let stored = key::list(&mut tx).await?;
            if let Some(newest) = stored.first() {
                // Under another key-encryption key no server would start any more.
                open(&kek, newest)?;
            }
            let now = ambient.now();
            let needed_now = !stored.iter().any(|key| key.signs(now));
            let signs_from = if needed_now { now } else { now + NOTICE };
            let generation = stored.first().map_or(1, |newest| newest.generation + 1);
            let new = make(
                &kek,
                ambient.as_ref(),
                generation,
                (!needed_now).then_some(signs_from),
            )?;
            key::insert(&mut tx, &new).await?;
            let older_until = signs_from + OVERLAP;
            key::retire_before(&mut tx, generation, older_until).await?;
            Ok(Rotated {
                kid: new.kid,
                signs_from,
                older_until,
            })
        })
    })
    .await
}

/// Ends a key at once: whoever holds a token of it has to refresh it. For a key that somebody else may hold.
pub(crate) async fn retire(db: &Db, ambient: &SharedAmbient, kid: &str) -> Result<()> {
    let (kid, now) = (kid.to_owned(), ambient.now());
    db.write(move |mut tx| {
        let kid = kid.clone();
        Box::pin(async move {
            epoch::bump(&mut tx).await?;
            if !key::retire(&mut tx, &kid, now).await? {
                return Err(Error::field("kid", "names no signing key"));
            }
            let left = key::list(&mut tx).await?;
            if !left.iter().any(|key| key.signs(now)) {
                let message = "names the only key that signs: make another with `rungd admin keys rotate`, and wait \
                               until it signs";
                return Err(Error::field("kid", message));
            }
            Ok(())
        })
    })
    .await
}

/// All keys, newest first.
pub(crate) async fn list(db: &Db) -> Result<Vec<SealedKey>> {
    key::list(&mut db.read().await?.conn()).await
}

#[cfg(test)]
#[path = "rotation_test.rs"]
mod tests;
