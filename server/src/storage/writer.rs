//! `SQLite`'s one writer. Requests queue up here and share a transaction, hence one sync to disk: group commit.
//!
//! Each request runs in a savepoint of its own, so that one that fails takes nothing of its neighbours with it; every
//! one is answered after the COMMIT.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::{FutureExt as _, future::BoxFuture};
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::{
    mpsc::{self, error::TrySendError},
    oneshot,
};

use super::db::{Tx, Work};
use crate::error::{Error, Result};
use crate::mutant::{off, planted_delay};

/// Requests in one transaction, at most: bounds how long the first of them waits.
const GROUP: usize = 64;
/// Requests waiting, at most. Beyond it callers are told to come back: a queue without end answers nobody in time.
const QUEUE: usize = 1024;
/// When to come back: a queue as long as this is worked off by then.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// The door to the writer task.
#[derive(Clone)]
pub(crate) struct Writer(mpsc::Sender<Message>);

enum Message {
    Job(Box<dyn Job>),
    Scrub(oneshot::Sender<Result<()>>),
    Close(oneshot::Sender<()>),
}

/// One queued request, its result type forgotten.
trait Job: Send {
    /// Runs the work and keeps its result; says whether its writes are to stay.
    fn run<'c>(&'c mut self, tx: Tx<'c>) -> BoxFuture<'c, bool>;
    /// Answers the caller, once it is known what became of the transaction.
    fn answer(self: Box<Self>, commit: Result<(), String>);
}

struct Pending<T, F> {
    work: F,
    outcome: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T: Send + 'static, F: Work<T>> Job for Pending<T, F> {
    fn run<'c>(&'c mut self, tx: Tx<'c>) -> BoxFuture<'c, bool> {
        Box::pin(async move {
            // A panic must not take the writer, and with it every later write, down.
            let outcome = AssertUnwindSafe((self.work)(tx))
                .catch_unwind()
                .await
                .unwrap_or_else(|_| Err(Error::internal("a transaction panicked")));
            let keep = outcome.is_ok();
            self.outcome = Some(outcome);
            keep
        })
    }

    fn answer(self: Box<Self>, commit: Result<(), String>) {
        let outcome = match (commit, self.outcome) {
            // The caller's own error tells more than that of the shared transaction.
            (_, Some(Err(own))) => Err(own),
            (Err(cause), _) => Err(Error::Database(sqlx::Error::Protocol(cause))),
            (Ok(()), Some(Ok(value))) => Ok(value),
            (Ok(()), None) => Err(Error::internal("a transaction was left out")),
        };
        // The caller may have gone away; the write stands all the same, as with any database.
        let _gone = self.reply.send(outcome);
    }
}

impl Writer {
    /// Starts the task that owns `connection`.
    pub(super) fn spawn(connection: SqliteConnection) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(serve(connection, receiver));
        Self(sender)
    }

    /// Queues `work` and waits until it is committed or has failed.
    pub(super) async fn run<T: Send + 'static>(&self, work: impl Work<T>) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Pending {
            work,
            outcome: None,
            reply,
        });
        let closed = || Error::Database(sqlx::Error::PoolClosed);
        self.0
            .try_send(Message::Job(job))
            .map_err(|refused| match refused {
                TrySendError::Full(_) => Error::Overloaded {
                    retry_after: RETRY_AFTER,
                },
                TrySendError::Closed(_) => closed(),
            })?;
        answer.await.map_err(|_| closed())?
    }

    /// Moves what is committed into the file and empties the log.
    pub(super) async fn scrub(&self) -> Result<()> {
        let (done, scrubbed) = oneshot::channel();
        let closed = || Error::Database(sqlx::Error::PoolClosed);
        let sent = self.0.send(Message::Scrub(done)).await;
        sent.map_err(|_| closed())?;
        scrubbed.await.map_err(|_| closed())?
    }

    /// Finishes what is queued and closes the connection.
    pub(super) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.0.send(Message::Close(done)).await.is_ok() {
            let _gone = closed.await;
        }
    }
}

async fn serve(mut connection: SqliteConnection, mut queue: mpsc::Receiver<Message>) {
    let (mut closing, mut scrubbing) = (None, None);
    while closing.is_none() {
        let Some(first) = queue.recv().await else {
            break;
        };
        let mut next = Some(first);
        let mut group = Vec::new();
        while let Some(message) = next {
            match message {
                Message::Job(job) => group.push(job),
                Message::Scrub(done) => scrubbing = Some(done),
                Message::Close(done) => closing = Some(done),
            }
            if closing.is_some() || scrubbing.is_some() || group.len() == GROUP {
                break;
            }
            next = queue.try_recv().ok();
        }
        let mut commit = run_group(&mut connection, &mut group).await;
        if let Ok(Some(end)) = commit {
            if off("ack-after-commit") {
                for job in group.drain(..) {
                    job.answer(Ok(()));
                }
                planted_delay().await;
            }
            commit = execute(&mut connection, end).await.map(|()| None);
        }
        if let Err(cause) = &commit {
            tracing::error!(%cause, "group commit");
            // Whatever state the failure left, the next group starts clean.
            let _idle = sqlx::query("ROLLBACK").execute(&mut connection).await;
        }
        let commit = commit.map(|_| ()).map_err(|e| e.to_string());
        for job in group {
            job.answer(commit.clone());
        }
        if let Some(done) = scrubbing.take() {
            let _gone = done.send(scrub(&mut connection).await);
        }
    }
    if let Err(cause) = connection.close().await {
        tracing::warn!(%cause, "closing the database");
    }
    if let Some(done) = closing {
        let _gone = done.send(());
    }
}

async fn scrub(connection: &mut SqliteConnection) -> Result<()> {
    let (busy, _, _): (i64, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)")
        .fetch_one(connection)
        .await?;
    if busy == 0 {
        return Ok(());
    }
    Err(Error::internal("somebody reads from the log"))
}

/// Runs the work of a group in one transaction, and says what ends it; none if none was begun.
async fn run_group(
    connection: &mut SqliteConnection,
    group: &mut [Box<dyn Job>],
) -> Result<Option<&'static str>, sqlx::Error> {
    if group.is_empty() {
        return Ok(None);
    }
    execute(connection, "BEGIN IMMEDIATE").await?;
    if let [only] = group {
        // Alone in its transaction, it needs no savepoint.
        let keep = only.run(Tx::of_writer(connection)).await;
        return Ok(Some(if keep { "COMMIT" } else { "ROLLBACK" }));
    }
    for job in group {
        execute(connection, "SAVEPOINT request").await?;
        if !job.run(Tx::of_writer(connection)).await {
            execute(connection, "ROLLBACK TO request").await?;
        }
        execute(connection, "RELEASE request").await?;
    }
    Ok(Some("COMMIT"))
}

async fn execute(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), sqlx::Error> {
    sqlx::query(sql).execute(connection).await.map(|_| ())
}

#[cfg(test)]
#[path = "writer_test.rs"]
mod tests;
