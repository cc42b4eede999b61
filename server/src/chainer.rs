//! The task that links audit rows to the chain of their clinic and signs its end. Every replica runs one; the lock of a
//! chain's end decides between them.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use chrono::TimeDelta;
use rung_progression::ClinicId;
use tokio::{sync::oneshot, task::JoinHandle, time::MissedTickBehavior};

use crate::{
    access::{AuditAccess, Keyring},
    clock::SharedAmbient,
    error::Result,
    storage::{
        Db,
        audit::{
            chain::{self, BATCH, Look},
            head::{self, Head, Statement, TYPE},
        },
        identity::clinic,
    },
};

/// Between two rounds: the contract promises links within 5 seconds.
const ROUND: Duration = Duration::from_secs(2);
/// Rounds between two looks at every clinic, for rows of a replica that did not live to link them.
const SWEEP: u64 = 15;
/// Rounds between two looks at every row, for those that came in with an instant long past: an hour.
const THOROUGH: u64 = 1800;
/// Between two heads of one clinic. With the sweep it stays below the 60 seconds that the contract promises.
const HEAD: TimeDelta = TimeDelta::seconds(25);

/// How long the last round may take.
const LAST_ROUND: Duration = Duration::from_secs(5);

/// Links and signs.
pub(crate) struct Chainer {
    db: Db,
    ambient: SharedAmbient,
    keyring: Arc<Keyring>,
    /// Clinics whose end is perhaps not signed yet.
    unsigned: BTreeSet<ClinicId>,
}

/// The running task.
pub(crate) struct Chaining {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Chaining {
    /// Links and signs what is left and ends the task.
    pub(crate) async fn stop(self) {
        let _gone = self.stop.send(());
        // A database that does not answer must not keep the server from stopping; the next one links what is left.
        let _ended = tokio::time::timeout(LAST_ROUND, self.task).await;
    }
}

impl Chainer {
    pub(crate) fn new(db: Db, ambient: SharedAmbient, keyring: Arc<Keyring>) -> Self {
        Self {
            db,
            ambient,
            keyring,
            unsigned: BTreeSet::new(),
        }
    }

    /// Starts the task.
    pub(crate) fn spawn(mut self) -> Chaining {
        let (stop, mut stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            let mut ticks = tokio::time::interval(ROUND);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            for round in 0_u64.. {
                tokio::select! {
                    _ = ticks.tick() => {}
                    _ = &mut stopped => break,
                }
                let sweep = match round {
                    _ if round.is_multiple_of(THOROUGH) => Some(Look::Everywhere),
                    _ if round.is_multiple_of(SWEEP) => Some(Look::Lately),
                    _ => None,
                };
                self.round(sweep).await;
            }
            self.round(None).await;
            let clinics = std::mem::take(&mut self.unsigned);
            for clinic in clinics {
                let signed = self.sign(clinic, TimeDelta::zero()).await;
                told(clinic, "signing", signed.map(|_| ()));
            }
        });
        Chaining { stop, task }
    }

    /// Links what this server has appended, and with a sweep what any has; signs the ends that it is time for.
    pub(crate) async fn round(&mut self, sweep: Option<Look>) {
        let appended = self.db.take_audited();
        for clinic in &appended {
            self.link(*clinic, Look::Lately).await;
        }
        if let Some(look) = sweep {
            match self.clinics().await {
                Ok(clinics) => {
                    for clinic in clinics {
                        self.link(clinic, look).await;
                        self.unsigned.insert(clinic);
                    }
                }
                Err(cause) => tracing::error!(%cause, "the clinics to link audit rows for"),
            }
        }
        for clinic in self.unsigned.clone() {
            let signed = self.sign(clinic, HEAD).await;
            if matches!(signed, Ok(true)) {
                self.unsigned.remove(&clinic);
            }
            told(clinic, "signing", signed.map(|_| ()));
        }
    }

    async fn clinics(&self) -> Result<Vec<ClinicId>> {
        clinic::all(&mut self.db.read().await?.conn()).await
    }

    async fn link(&mut self, clinic: ClinicId, look: Look) {
        let linked = link(&self.db, clinic, look).await;
        if matches!(linked, Ok(1..)) {
            self.unsigned.insert(clinic);
        }
        // What failed is found again by the next sweep.
        told(clinic, "linking", linked.map(|_| ()));
    }

    /// Signs the end of the chain unless a head for it stands, or one that is younger than `apart`; says whether the end
    /// is signed now.
    async fn sign(&self, clinic: ClinicId, apart: TimeDelta) -> Result<bool> {
        sign(&self.db, &self.ambient, &self.keyring, clinic, apart).await
    }
}

fn told(clinic: ClinicId, what: &str, outcome: Result<()>) {
    if let Err(e) = outcome {
        let cause = e.cause().unwrap_or_else(|| e.to_string());
        tracing::error!(%clinic, cause, "{what} the audit chain");
    }
}

/// Links all rows of the clinic that `look` finds, and says how many they were.
pub(crate) async fn link(db: &Db, clinic: ClinicId, look: Look) -> Result<i64> {
    let access = AuditAccess::of_machine(clinic);
    // Most looks find nothing, and then nothing is locked or written.
    if !chain::is_behind(&mut db.read_in(clinic).await?.conn(), &access, look).await? {
        return Ok(0);
    }
    let mut linked = 0;
    loop {
        let batch = db
            .write_in(clinic, move |mut tx| {
                Box::pin(async move { chain::link(&mut tx, &access, look).await })
            })
            .await?;
        linked += batch;
        if batch < BATCH {
            return Ok(linked);
        }
    }
}

/// Signs the end of the clinic's chain, unless a head for it stands or one that is younger than `apart`; says whether
/// the end is signed now.
pub(crate) async fn sign(
    db: &Db,
    ambient: &SharedAmbient,
    keyring: &Keyring,
    clinic: ClinicId,
    apart: TimeDelta,
) -> Result<bool> {
    let access = AuditAccess::of_machine(clinic);
    let mut reader = db.read_in(clinic).await?;
    let Some(end) = chain::end(&mut reader.conn(), &access).await? else {
        return Ok(true);
    };
    let newest = head::newest(&mut reader.conn(), &access).await?;
    drop(reader);
    let now = ambient.now();
    if newest.as_ref().is_some_and(|head| head.seq >= end.seq) || end.seq == 0 {
        return Ok(true);
    }
    if newest.is_some_and(|head| now - head.signed_at < apart) {
        return Ok(false);
    }
    let signed = keyring.sign_jws(TYPE, &Statement::of(&access, &end, now), now)?;
    let head = Head::new(&end, now, signed.kid, signed.jws);
    db.write_in(clinic, move |mut tx| {
        let head = head.clone();
        Box::pin(async move { head::insert(&mut tx, &access, &head).await })
    })
    .await?;
    Ok(true)
}

#[cfg(test)]
#[path = "chainer_test.rs"]
mod tests;
