//! Slowing down those who guess, on all replicas together.
//!
//! An attempt is counted before it costs anything, and uncounted when it was no wrong guess. Three counters stand
//! against each: one of the account from this network, which a guesser meets first; one of the network, against one
//! guess on each of many accounts; and one of the account from everywhere, so high that keeping its owner out takes somebody with
//! many addresses, who guesses without a pause.

use std::{future::Future, net::IpAddr, time::Duration};

use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};
use rung_progression::PersonId;

use super::{key::KeyEncryptionKey, network::subscriber};
use crate::{
    error::{Error, Result},
    mutant::off,
    storage::{
        Db,
        identity::throttle::{self, Limit},
    },
};

const SECOND: i64 = 1_000_000;

const ACCOUNT_FROM_NETWORK: Limit = Limit {
    burst: 5,
    interval: 60 * SECOND,
};
const NETWORK: Limit = Limit {
    burst: 30,
    interval: 2 * SECOND,
};
const ACCOUNT: Limit = Limit {
    burst: 100,
    interval: 2 * SECOND,
};
/// Of a million codes three are right at any moment: one guess a minute finds one of them in half a year. Only who knows
/// the password can use this up.
const SECOND_FACTOR: Limit = Limit {
    burst: 10,
    interval: 60 * SECOND,
};

/// What is guessed at.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target<'a> {
    /// Nobody in particular, such as with an unknown code.
    Nobody,
    /// The secret of an account, known or not, by its lower-case address or its id.
    Account(&'a str),
    /// The second factor of somebody whose password is known already.
    SecondFactor(PersonId),
}

/// The counters' way in.
pub(crate) struct Throttle(hmac::Key);

/// A counter and what it allows.
type Counter = ([u8; 32], Limit);

impl Throttle {
    /// The same on every replica: they share the key-encryption key.
    pub(crate) fn new(kek: &KeyEncryptionKey) -> Result<Self> {
        let key = kek.derive("mac throttle")?;
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, key.as_slice())))
    }

    /// Does `work`, which is one attempt from `network` at `now`; or refuses it with [`Error::TooManyAttempts`].
    pub(crate) async fn attempt<T>(
        &self,
        db: &Db,
        now: DateTime<Utc>,
        target: Target<'_>,
        network: Option<IpAddr>,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let counters = self.counters(target, network);
        take(db, counters.clone(), now.timestamp_micros()).await?;
        let outcome = work.await;
        let guessed_wrong =
            outcome.as_ref().is_err_and(Error::is_wrong_guess) && !off("throttle-wrong");
        if !guessed_wrong && let Err(cause) = give_back(db, counters).await {
            // The outcome stands; one attempt too many is counted.
            tracing::warn!(%cause, "an attempt could not be uncounted");
        }
        outcome
    }

    /// Always in the same order, so that of transactions that wait for one another none waits in a circle.
    fn counters(&self, target: Target<'_>, network: Option<IpAddr>) -> Vec<Counter> {
        let network = network.map(subscriber).map(|address| address.to_string());
        let network = network.as_deref().unwrap_or("none");
        let counter = |parts: [&str; 3], limit| {
            let mut key = [0; 32];
            key.copy_from_slice(hmac::sign(&self.0, parts.join("\n").as_bytes()).as_ref());
            (key, limit)
        };
        let shared = counter(["network", "", network], NETWORK);
        let counters = match target {
            Target::Nobody => vec![shared],
            Target::Account(account) => vec![
                counter(["account", account, network], ACCOUNT_FROM_NETWORK),
                shared,
                counter(["account", account, ""], ACCOUNT),
            ],
            Target::SecondFactor(person) => {
                let person = person.to_string();
                vec![
                    counter(["second factor", &person, network], ACCOUNT_FROM_NETWORK),
                    shared,
                    counter(["second factor", &person, ""], SECOND_FACTOR),
                ]
            }
        };
        // In the order in which they stand above.
        let gone = match target {
            Target::Nobody => [off("throttle-network"), false, false],
            Target::Account(_) => [
                off("throttle-account-network"),
                off("throttle-network"),
                off("throttle-account"),
            ],
            Target::SecondFactor(_) => [
                off("throttle-factor-network"),
                off("throttle-network"),
                off("throttle-factor"),
            ],
        };
        let all = counters.into_iter().zip(gone);
        all.filter(|(_, gone)| !gone)
            .map(|(counter, _)| counter)
            .collect()
    }
}

/// All of them or none.
async fn take(db: &Db, counters: Vec<Counter>, now: i64) -> Result<()> {
    db.write(move |mut tx| {
        let counters = counters.clone();
        Box::pin(async move {
            for (key, limit) in counters {
                if let Some(wait) = throttle::take(&mut tx, &key, limit, now).await? {
                    let wait = u64::try_from(wait).unwrap_or_default();
                    return Err(Error::TooManyAttempts {
                        retry_after: Duration::from_micros(wait),
                    });
                }
            }
            Ok(())
        })
    })
    .await
}

async fn give_back(db: &Db, counters: Vec<Counter>) -> Result<()> {
    db.write(move |mut tx| {
        let counters = counters.clone();
        Box::pin(async move {
            for (key, limit) in counters {
                throttle::give_back(&mut tx, &key, limit).await?;
            }
            Ok(())
        })
    })
    .await
}

#[cfg(test)]
#[path = "throttle_test.rs"]
mod tests;
