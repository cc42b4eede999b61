//! How a replica learns that somebody was shut out elsewhere: it asks the database every second.
//!
//! What it knows of people is believed for as long as asking succeeds. When the last good answer is too old, nothing is
//! believed, and the database is asked about every call: late news and no news bite within five seconds alike.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use super::keyring::Keyring;
use crate::{
    error::{Error, Result},
    mutant::off,
    storage::{
        Db,
        identity::epoch::{self, Generation},
    },
};

/// How often the number is asked for.
const POLL: Duration = Duration::from_secs(1);
/// How long asking may take before it has failed.
const ANSWER: Duration = Duration::from_secs(2);
/// How old the last good answer may be; with a poll and a call in between it stays below five seconds.
const BELIEVED: Duration = Duration::from_secs(4);

/// What this replica knows of the number.
pub(crate) struct Epoch {
    db: Db,
    keyring: Arc<Keyring>,
    heard: Mutex<Heard>,
}

#[derive(Clone, Copy, Default)]
struct Heard {
    epoch: Option<i64>,
    /// When the last good answer was asked for.
    at: Option<Instant>,
}

impl Epoch {
    pub(crate) fn new(db: Db, keyring: Arc<Keyring>) -> Self {
        let heard = Mutex::default();
        Self { db, keyring, heard }
    }

    /// Asks for as long as the server runs.
    pub(crate) async fn watch(&self) {
        let mut tick = interval(POLL);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut failing = false;
        loop {
            tick.tick().await;
            let asked = timeout(ANSWER, self.ask()).await;
            let asked = asked.unwrap_or_else(|_| Err(Error::Deadline));
            match (&asked, failing) {
                // Said once: the line of every second would hide all others.
                (Err(cause), false) => {
                    tracing::warn!(%cause, "asking who was shut out; the database is asked about every call now");
                }
                (Ok(()), true) => tracing::info!("asking who was shut out works again"),
                _ => {}
            }
            failing = asked.is_err();
        }
    }

    /// Asks once.
    pub(super) async fn ask(&self) -> Result<()> {
        // The answer is as old as the question.
        let at = Instant::now();
        let current = epoch::current(&mut self.db.read().await?.conn()).await?;
        if self.heard().epoch != Some(current) && !off("epoch") {
            // Before anybody is known anew: else a token of a key that was taken away would be known for its lifetime.
            self.keyring.reload(&self.db).await?;
            self.generation().next();
        }
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Heard {
            epoch: Some(current),
            at: Some(at),
        };
        Ok(())
    }

    /// The generation of which knowledge is believed; `None` when none is.
    pub(super) fn believed(&self) -> Option<u64> {
        // Asked first: what is found afterwards is then of this generation, or of a later one and thrown away too early.
        let generation = self.generation().now();
        let fresh = |at: Instant| at.elapsed() <= BELIEVED || off("epoch-age");
        self.heard().at.is_some_and(fresh).then_some(generation)
    }

    pub(super) fn generation(&self) -> &Generation {
        self.db.generation()
    }

    fn heard(&self) -> Heard {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As if the last good answer were older by this much.
    #[cfg(test)]
    pub(super) fn age(&self, by: Duration) {
        let mut heard = self.heard.lock().unwrap();
        heard.at = heard.at.map(|at| at.checked_sub(by).unwrap());
    }
}
