//! From a token to the caller it speaks for.
//!
//! Whom this replica has seen is known until the token expires or somebody is shut out, whoever that was. Everybody else
//! is looked up: what a token says of them is a claim, what the database says counts.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::{
    caller::{Actor, Caller, Identity},
    epoch::Epoch,
    role::{Role, Roles},
    token::{Bearer, Fault, ServiceBearer, Subject, Tokens, Verified},
};
use crate::{
    clock::SharedAmbient,
    error::{Error, Result},
    mutant::off,
    storage::{
        Db,
        identity::{live, service_account, session},
        relation,
    },
};

/// Callers known at once, at most: 20 MB.
const KNOWN: usize = 50_000;

/// Tells who calls.
pub(crate) struct Identities {
    db: Db,
    ambient: SharedAmbient,
    tokens: Tokens,
    epoch: Arc<Epoch>,
    known: Mutex<Known>,
}

/// A caller, and how they said who they are.
#[derive(Clone, Debug)]
pub(super) struct Identified {
    pub(super) caller: Caller,
    pub(super) verified: Verified,
    /// When the token or its session ends.
    until: DateTime<Utc>,
}

/// Somebody, and until when they are that at the latest.
type Found = (Identity, Option<DateTime<Utc>>);

impl Identities {
    pub(crate) fn new(
        db: Db,
        ambient: SharedAmbient,
        tokens: Tokens,
        epoch: Arc<Epoch>,
    ) -> Arc<Self> {
        Arc::new(Self {
            db,
            ambient,
            tokens,
            epoch,
            known: Mutex::default(),
        })
    }

    pub(super) fn db(&self) -> &Db {
        &self.db
    }

    pub(super) fn ambient(&self) -> &SharedAmbient {
        &self.ambient
    }

    /// Who the token speaks for.
    pub(super) async fn identify(&self, jwt: &str) -> Result<Identified> {
        let believed = self.epoch.believed();
        // A token is its own proof; what stands here for minutes need not be one.
        let hash: [u8; 32] = Sha256::digest(jwt).into();
        if let Some(generation) = believed
            && let Some(known) = self.known().get(generation, &hash, self.ambient.now())
        {
            return Ok(known);
        }
        let verified = self.verify(jwt).await?;
        let identified = self.look_up(verified).await?;
        if let Some(generation) = believed {
            self.known()
                .insert(generation, hash, &identified, self.ambient.now());
        }
        Ok(identified)
    }

    async fn verify(&self, jwt: &str) -> Result<Verified> {
        let verified = match self.tokens.check(jwt) {
            Err(Fault::Key) if self.tokens.keyring().look_again(&self.db).await? => {
                self.tokens.check(jwt)
            }
            first => first,
        };
        verified.map_err(|_| Error::TokenInvalid)
    }

    /// Asks the database. Whether the token has expired was asked before.
    pub(super) async fn look_up(&self, verified: Verified) -> Result<Identified> {
        let now = self.ambient.now();
        let (identity, until) = match &verified.subject {
            Subject::Person(bearer) => self.person(bearer, now).await?,
            Subject::Service(bearer) => self.service(bearer, now).await?,
        }
        .ok_or(Error::TokenInvalid)?;
        Ok(Identified {
            caller: Caller::new(identity),
            until: until.map_or(verified.expires_at, |until| until.min(verified.expires_at)),
            verified,
        })
    }

    async fn person(&self, bearer: &Bearer, now: DateTime<Utc>) -> Result<Option<Found>> {
        let Bearer {
            person,
            session,
            clinic,
            rotation,
        } = *bearer;
        let mut reader = self.db.read().await?;
        let live = live::person(&mut reader.conn(), session, person, clinic, now).await?;
        // Given back before another one is asked for.
        drop(reader);
        let Some(live) = live else {
            return Ok(None);
        };
        if live.confirmed_rotation < rotation {
            self.confirm(bearer).await;
        }
        let athlete = if live.roles.contains(Role::Athlete) {
            relation::own_athlete(&mut self.db.read_in(clinic).await?.conn(), clinic, person)
                .await?
        } else {
            None
        };
        let identity = Identity {
            person,
            clinic,
            actor: Actor::Person(session),
            roles: live.roles,
            athlete,
            shared_care: live.shared_care,
            second_factor_missing: live.second_factor_missing,
        };
        Ok(Some((identity, Some(live.until))))
    }

    async fn service(&self, bearer: &ServiceBearer, now: DateTime<Utc>) -> Result<Option<Found>> {
        let mut reader = self.db.read().await?;
        let live =
            service_account::live(&mut reader.conn(), bearer.account, &bearer.kid, now).await?;
        let live = live.filter(|live| live.clinic == bearer.clinic || off("service-token-clinic"));
        Ok(live.map(|live| {
            let identity = Identity {
                person: bearer.account,
                clinic: live.clinic,
                actor: Actor::Service(if off("service-scopes") {
                    bearer.scopes
                } else {
                    bearer.scopes.intersection(live.scopes)
                }),
                roles: Roles::default(),
                athlete: None,
                shared_care: false,
                second_factor_missing: false,
            };
            (identity, live.until)
        }))
    }

    /// Notes that the pair with this token has arrived. A database that takes no writes still answers reads: a refresh
    /// token that stays good for a moment longer is no reason to refuse them.
    async fn confirm(&self, bearer: &Bearer) {
        let (session, rotation) = (bearer.session, bearer.rotation);
        let confirmed = self
            .db
            .write(move |mut tx| {
                Box::pin(async move { session::confirm(&mut tx, session, rotation).await })
            })
            .await;
        if let Err(cause) = confirmed {
            tracing::warn!(%cause, "noting that a pair of tokens arrived");
        }
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Callers of one generation, by the hash of their token.
#[derive(Default)]
struct Known {
    generation: u64,
    callers: HashMap<[u8; 32], Identified>,
}

impl Known {
    fn get(&self, generation: u64, hash: &[u8; 32], now: DateTime<Utc>) -> Option<Identified> {
        let known = self
            .callers
            .get(hash)
            .filter(|known| known.until > now || off("known-expired"))?;
        (self.generation == generation || off("known-generation")).then(|| known.clone())
    }

    fn insert(
        &mut self,
        generation: u64,
        hash: [u8; 32],
        identified: &Identified,
        now: DateTime<Utc>,
    ) {
        if generation > self.generation {
            self.callers.clear();
            self.generation = generation;
        }
        // Looked up before somebody was shut out, perhaps this caller.
        if generation < self.generation && !off("known-stale") {
            return;
        }
        if self.callers.len() >= KNOWN {
            self.callers.retain(|_, known| known.until > now);
        }
        if self.callers.len() >= KNOWN {
            // Known anew with their next call.
            self.callers.clear();
        }
        self.callers.insert(hash, identified.clone());
    }
}

#[cfg(test)]
#[path = "identify_test.rs"]
mod tests;
