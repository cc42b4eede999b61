//! Answers that go on for a while: whoever is shut out meanwhile gets no more of them.
//!
//! How do I write one? Wrap what is sent in [`Session::stream`], with the proof that the first line was sent for. It is
//! asked for again whenever somebody was shut out, and every two seconds, since a consent may run out by itself.

use std::{
    future::Future,
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

use futures_util::{Stream, StreamExt as _, future::BoxFuture, stream::unfold};
use tokio::{
    sync::watch,
    time::{Interval, MissedTickBehavior, interval},
};
use tonic::Status;

use super::{
    identify::{Identified, Identities},
    session::Session,
    token::Verified,
    trail::Trail,
};
use crate::{
    error::{Error, Result},
    mutant::off,
    storage::audit,
};

/// With the second in which other servers hear of it, and time to ask, it stays below five.
const AGAIN: Duration = Duration::from_secs(2);

/// How a caller is identified once more. Their token may expire meanwhile: what counts is that their session lives.
#[derive(Clone)]
pub(super) struct Standing {
    identities: Arc<Identities>,
    verified: Verified,
}

impl Standing {
    pub(super) fn new(identities: Arc<Identities>, verified: Verified) -> Self {
        Self {
            identities,
            verified,
        }
    }

    async fn again(&self) -> Result<Identified> {
        self.identities.look_up(self.verified.clone()).await
    }
}

/// The proof that a stream rests on.
pub(crate) trait Proof:
    for<'s> Fn(&'s Session) -> BoxFuture<'s, Result<()>> + Send + Sync + 'static
{
}
impl<F> Proof for F where
    F: for<'s> Fn(&'s Session) -> BoxFuture<'s, Result<()>> + Send + Sync + 'static
{
}

/// What a streaming method answers.
pub(crate) type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

impl Session {
    /// `items`, for as long as the caller would be let in anew and `proof` holds. It ends with the refusal.
    pub(crate) fn stream<T: Send + 'static>(
        &self,
        items: impl Stream<Item = Result<T, Status>> + Send + 'static,
        proof: impl Proof,
    ) -> Result<Answers<T>> {
        let standing = self.standing.clone();
        let standing = standing.ok_or_else(|| Error::internal("a stream without the layer"))?;
        let generation = standing.identities.db().generation().subscribe();
        let (first, proof) = (Arc::new(self.clone()), Arc::new(proof));
        let check = move || {
            let (standing, first, proof) = (standing.clone(), first.clone(), proof.clone());
            async move { first.holds(&standing, &*proof).await }
        };
        Ok(Box::pin(guarded(items, generation, check)))
    }

    /// Whether the caller, as they stand now, may still do this.
    async fn holds(&self, standing: &Standing, proof: &impl Proof) -> Result<()> {
        let caller = standing.again().await?.caller;
        let trail = Arc::new(self.trail.anew(caller.clone()));
        let now = Self {
            caller,
            trail: Arc::clone(&trail),
            ..self.clone()
        };
        let held = match now.rule.admits(&now.caller) {
            Ok(_) => proof(&now).await,
            Err(refusal) => Err(refusal),
        };
        if let Err(refusal) = &held {
            now.note_refusal(&trail, refusal).await?;
        }
        held
    }

    /// The refusal is one more access: its rows are stored before the stream ends.
    async fn note_refusal(&self, trail: &Trail, refusal: &Error) -> Result<()> {
        let denied = refusal.code() == tonic::Code::PermissionDenied;
        let rows = trail.rest(Some(refusal.reason()), denied);
        self.app
            .db
            .write_in(self.caller.clinic, move |mut tx| {
                let rows = rows.clone();
                Box::pin(async move {
                    for row in &rows {
                        audit::insert(&mut tx, row).await?;
                    }
                    Ok(())
                })
            })
            .await
            .map_err(|_| Error::AuditUnavailable)
    }
}

struct Guarded<S, C> {
    items: S,
    generation: watch::Receiver<u64>,
    tick: Interval,
    check: C,
}

/// `items` until `check` fails, which is asked with every generation and every two seconds.
fn guarded<T, S, C, F>(
    items: S,
    generation: watch::Receiver<u64>,
    check: C,
) -> impl Stream<Item = Result<T, Status>> + Send
where
    T: Send + 'static,
    S: Stream<Item = Result<T, Status>> + Send + 'static,
    C: Fn() -> F + Send + 'static,
    F: Future<Output = Result<()>> + Send + 'static,
{
    let mut tick = interval(AGAIN);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first one is due at once: this answer was proved just now.
    tick.reset();
    let guarded = Guarded {
        items: Box::pin(items),
        generation,
        tick,
        check,
    };
    unfold(Some(guarded), |guarded| async move {
        let mut guarded = guarded?;
        loop {
            tokio::select! {
                // What is due comes before what waits to be sent: a slow reader finds the news first.
                biased;
                () = due(&mut guarded.generation, &mut guarded.tick) => {
                    if let Err(refusal) = (guarded.check)().await
                        && !off("stream-anew")
                    {
                        return Some((Err(refusal.into()), None));
                    }
                }
                item = guarded.items.next() => {
                    let mut item = item?;
                    // Whoever writes the items may meet the end of a right first: it is told like any other.
                    if item.is_err()
                        && let Err(refusal) = (guarded.check)().await
                    {
                        item = Err(refusal.into());
                    }
                    return Some((item, Some(guarded)));
                }
            }
        }
    })
}

async fn due(generation: &mut watch::Receiver<u64>, tick: &mut Interval) {
    let changed = pin!(generation.changed());
    tokio::select! {
        // Without a sender there is no server.
        _ = changed, if !off("stream-news") => {}
        _ = tick.tick(), if !off("stream-time") => {}
    }
}

#[cfg(test)]
#[path = "stream_test.rs"]
mod tests;
