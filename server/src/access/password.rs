//! Passwords: Argon2id, a few at a time.

use std::{fmt, num::NonZeroUsize, sync::Arc, thread::available_parallelism, time::Duration};

use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::new_password::NewPassword;
use crate::{
    clock::SharedAmbient,
    error::{Error, Result},
    mutant::off,
};

/// Argon2id as OWASP's password storage cheat sheet advises: 19 MiB, two passes, one lane; about 20 ms.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes that may wait for each one that runs: about a second of work. More are turned away, since each waits longer
/// than the one before and costs 19 MiB when its turn comes.
const WAITING_PER_RUNNING: usize = 48;
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// A password of 8 to 128 characters, as somebody typed it: nothing is trimmed or folded.
#[derive(Clone)]
pub(crate) struct Password(Arc<Zeroizing<String>>);

impl Password {
    /// Characters of a password, at least.
    pub(crate) const MIN: usize = 8;
    /// Characters of a password, at most: more would buy nothing but work for the server.
    pub(crate) const MAX: usize = 128;

    /// The error says what would be right, and repeats nothing of what was typed.
    pub(crate) fn parse(text: String) -> Result<Self, &'static str> {
        let text = Zeroizing::new(text);
        if text.is_empty() {
            return Err("is missing");
        }
        if !(Self::MIN..=Self::MAX).contains(&text.chars().count()) && !off("password-length") {
            return Err("must have 8 to 128 characters");
        }
        Ok(Self(Arc::new(text)))
    }
}

impl Password {
    /// For the rule of new ones.
    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Hashes and checks passwords, as many at once as there are cores.
pub(crate) struct Passwords {
    running: Arc<Semaphore>,
    /// Who may run or wait.
    admitted: Semaphore,
    ambient: SharedAmbient,
    /// What an unknown account is checked against, so that it takes as long as a known one.
    dummy: String,
    #[cfg(test)]
    hashed: Arc<std::sync::atomic::AtomicUsize>,
}

impl Passwords {
    /// Makes itself ready, at the cost of one hash.
    pub(crate) fn new(ambient: SharedAmbient) -> Result<Self> {
        let cores = available_parallelism().map_or(1, NonZeroUsize::get);
        Self::with_limits(ambient, cores, cores * WAITING_PER_RUNNING)
    }

    fn with_limits(ambient: SharedAmbient, running: usize, waiting: usize) -> Result<Self> {
        let mut nobody = Zeroizing::new([0; 32]);
        ambient.fill(nobody.as_mut_slice());
        let dummy = hash(nobody.as_slice(), &salt(&ambient))?;
        Ok(Self {
            running: Arc::new(Semaphore::new(running)),
            admitted: Semaphore::new(running + waiting),
            ambient,
            dummy,
            #[cfg(test)]
            hashed: Arc::default(),
        })
    }

    /// The PHC string to store.
    pub(crate) async fn hash(&self, password: &NewPassword) -> Result<String> {
        let (password, salt) = (password.password().clone(), salt(&self.ambient));
        self.run(move || hash(password.0.as_bytes(), &salt)).await?
    }

    /// Whether the password is the stored one. Without a stored one the answer is no, at the same cost.
    pub(crate) async fn verify(&self, password: &Password, stored: Option<String>) -> Result<bool> {
        let (password, known) = (password.clone(), stored.is_some());
        if !known && off("password-unknown") {
            return Ok(false);
        }
        let stored = stored.unwrap_or_else(|| self.dummy.clone());
        let equal = self
            .run(
                move || match argon2()?.verify_password(password.0.as_bytes(), stored.as_str()) {
                    Ok(()) => Ok(true),
                    Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
                    Err(cause) => Err(Error::internal(format!("a stored password hash: {cause}"))),
                },
            )
            .await??;
        Ok((equal && known) || off("password"))
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let overloaded = || Error::Overloaded {
            retry_after: RETRY_AFTER,
        };
        let admitted = self.admitted.try_acquire();
        if admitted.is_err() && !off("password-queue") {
            return Err(overloaded());
        }
        let running = Arc::clone(&self.running)
            .acquire_owned()
            .await
            .map_err(Error::internal)?;
        #[cfg(test)]
        self.hashed
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        tokio::task::spawn_blocking(move || {
            // The permit goes with the work: it runs to its end also when the caller has left.
            let _running = running;
            work()
        })
        .await
        .map_err(Error::internal)
    }
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &[u8], salt: &[u8]) -> Result<String> {
    let hash = argon2()?
        .hash_password_with_salt(password, salt)
        .map_err(Error::internal)?;
    Ok(hash.to_string())
}

fn salt(ambient: &SharedAmbient) -> [u8; 16] {
    let mut salt = [0; 16];
    ambient.fill(&mut salt);
    salt
}

#[cfg(test)]
impl Passwords {
    /// How many hashes were asked for so far.
    pub(crate) fn hashed(&self) -> usize {
        self.hashed.load(std::sync::atomic::Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;
    use crate::clock::System;

    fn password(text: &str) -> Password {
        Password::parse(text.to_owned()).unwrap()
    }

    fn new(text: &str) -> NewPassword {
        NewPassword::choose(password(text), "nobody@harbour.example").unwrap()
    }

    fn passwords() -> Passwords {
        Passwords::new(Arc::new(System)).unwrap()
    }

    #[test]
    fn length_is_the_only_rule_and_counts_characters() {
        assert!(Password::parse("1234567".to_owned()).is_err());
        assert!(Password::parse("ü".repeat(8)).is_ok());
        assert!(Password::parse("ü".repeat(128)).is_ok());
        assert!(Password::parse("x".repeat(129)).is_err());
        assert_eq!(format!("{:?}", password("hunter2hunter2")), "Password(…)");
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_only_and_carries_its_parameters() {
        let passwords = passwords();
        let stored = passwords.hash(&new("correct horse")).await.unwrap();
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{stored}"
        );
        assert!(
            passwords
                .verify(&password("correct horse"), Some(stored.clone()))
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .verify(&password("wrong horse"), Some(stored.clone()))
                .await
                .unwrap()
        );
        assert_ne!(passwords.hash(&new("correct horse")).await.unwrap(), stored);
    }

    // Seen failing with the dummy taken out: an unknown account then cost nothing.
    #[tokio::test]
    async fn an_unknown_account_costs_one_hash_like_a_known_one() {
        let passwords = passwords();
        let stored = passwords.hash(&new("correct horse")).await.unwrap();
        let before = passwords.hashed();
        assert!(
            !passwords
                .verify(&password("correct horse"), None)
                .await
                .unwrap()
        );
        assert_eq!(passwords.hashed() - before, 1);
        assert!(
            !passwords
                .verify(&password("wrong horse"), Some(stored))
                .await
                .unwrap()
        );
        assert_eq!(passwords.hashed() - before, 2);
    }

    // Seen failing without the check of `admitted`: everybody waited.
    #[tokio::test]
    async fn who_cannot_wait_is_turned_away() {
        let passwords = Arc::new(Passwords::with_limits(Arc::new(System), 1, 1).unwrap());
        let block = Arc::clone(&passwords.running)
            .acquire_owned()
            .await
            .unwrap();
        let waiting = tokio::spawn({
            let passwords = Arc::clone(&passwords);
            async move {
                let (first, second) = (new("the first one"), new("the second one"));
                let both = tokio::join!(passwords.hash(&first), passwords.hash(&second));
                (both.0.is_ok(), both.1.is_ok())
            }
        });
        // Let both take their place in the queue.
        while passwords.admitted.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let third = passwords.hash(&new("the third one")).now_or_never();
        assert!(matches!(third, Some(Err(Error::Overloaded { .. }))));
        drop(block);
        assert_eq!(waiting.await.unwrap(), (true, true));
    }
}
