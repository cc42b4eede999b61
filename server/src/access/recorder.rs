//! Stores audit rows of reads and refusals: those of calls at the same moment in one transaction per clinic.
//!
//! The answer of a call waits for it. Rows of writes do not come by here: they stand in the transaction of the write.

use std::collections::HashMap;

use futures_util::future::join_all;
use rung_progression::ClinicId;
use tokio::sync::{mpsc, oneshot};

use crate::{
    error::{Error, Result},
    storage::{
        Db,
        audit::{self, Event},
    },
};

/// Calls in one group, at most: bounds how long the first of them waits.
const GROUP: usize = 256;
/// Calls waiting, at most. Beyond it callers wait, and their deadlines shed them.
const QUEUE: usize = 1024;

struct Job {
    events: Vec<Event>,
    done: oneshot::Sender<bool>,
}

/// The door to the recording task.
#[derive(Clone)]
pub(crate) struct Recorder(mpsc::Sender<Job>);

impl Recorder {
    /// Starts the task; it ends with the last door.
    pub(crate) fn spawn(db: Db) -> Self {
        let (door, jobs) = mpsc::channel(QUEUE);
        tokio::spawn(run(db, jobs));
        Self(door)
    }

    /// One that stores nothing.
    #[cfg(test)]
    pub(super) fn broken_for_test() -> Self {
        Self(mpsc::channel(1).0)
    }

    /// Stores all of `events`, or fails; they may then stand or not.
    pub(super) async fn record(&self, events: Vec<Event>) -> Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        let (done, stored) = oneshot::channel();
        let job = Job { events, done };
        let sent = self.0.send(job).await;
        sent.map_err(|_| Error::AuditUnavailable)?;
        match stored.await {
            Ok(true) => Ok(()),
            _ => Err(Error::AuditUnavailable),
        }
    }
}

async fn run(db: Db, mut jobs: mpsc::Receiver<Job>) {
    let mut group = Vec::new();
    while jobs.recv_many(&mut group, GROUP).await > 0 {
        let mut clinics: HashMap<ClinicId, Vec<Job>> = HashMap::new();
        for job in group.drain(..) {
            // The events of one call are of one clinic: that of its caller.
            if let Some(clinic) = job.events.first().map(|event| event.clinic) {
                clinics.entry(clinic).or_default().push(job);
            }
        }
        let groups = clinics.into_iter();
        join_all(groups.map(|(clinic, jobs)| store(&db, clinic, jobs))).await;
    }
}

/// Clinics are apart: what keeps the rows of one from being stored fails nobody else's calls.
async fn store(db: &Db, clinic: ClinicId, jobs: Vec<Job>) {
    let events: Vec<Event> = jobs.iter().flat_map(|job| job.events.clone()).collect();
    let stored = db
        .write_in(clinic, move |mut tx| {
            let events = events.clone();
            Box::pin(async move {
                for event in &events {
                    audit::insert(&mut tx, event).await?;
                }
                Ok(())
            })
        })
        .await;
    if let Err(cause) = &stored {
        let cause = cause.cause().unwrap_or_else(|| cause.to_string());
        tracing::error!(cause, "audit rows were not stored; their calls fail");
    }
    for job in jobs {
        // The caller may have gone away; the row stands all the same.
        let _gone = job.done.send(stored.is_ok());
    }
}
