//! The task by which time acts: what the rules decide without anybody reporting anything (a morning that did not come, a
//! long gap, a new week) is stored, and asks the physiotherapist, although nobody called. Every replica runs one; the lock
//! of the plan decides between them, and whoever comes second finds nothing left to do.

use std::time::Duration;

use rung_progression::{ClinicId, EventBody, EventId};
use tokio::time::MissedTickBehavior;

use crate::{
    access::{PlanAccess, Purpose},
    clock::SharedAmbient,
    error::{Error, Result},
    mutant::off,
    rpc::{
        apply::{Happening, apply, tick},
        due,
        time::date_in,
    },
    storage::{
        Db, Tx,
        audit::{self, Event},
        identity::clinic,
        plan::{
            self,
            due::{Due, list, put_off},
        },
    },
};

/// Plans that are looked up at once, and such batches of one clinic in one round: what is left waits for the next.
const BATCH: i64 = 100;
const BATCHES: usize = 50;

/// Goes round until it is dropped.
pub(crate) async fn keep(db: Db, ambient: SharedAmbient, every: Duration) {
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(e) = round(&db, &ambient).await {
            let cause = e.cause().unwrap_or_else(|| e.to_string());
            tracing::error!(cause, "what time alone decides");
        }
    }
}

/// One round over every clinic.
pub(crate) async fn round(db: &Db, ambient: &SharedAmbient) -> Result<()> {
    let clinics = clinic::all(&mut db.read().await?.conn()).await?;
    for clinic in clinics {
        in_clinic(db, ambient, clinic).await?;
    }
    Ok(())
}

async fn in_clinic(db: &Db, ambient: &SharedAmbient, clinic: ClinicId) -> Result<()> {
    let now = ambient.now();
    let mut after = None;
    for _ in 0..BATCHES {
        let mut reader = db.read_in(clinic).await?;
        let batch = list(&mut reader.conn(), clinic, now, after, BATCH).await?;
        drop(reader);
        let Some(last) = batch.last() else {
            return Ok(());
        };
        after = Some(*last);
        for due in batch {
            // One that fails keeps no other from its turn; it is due again in the next round.
            if let Err(e) = act(db, ambient, clinic, due).await {
                let cause = e.cause().unwrap_or_else(|| e.to_string());
                tracing::error!(plan = %due.plan_id, cause, "what time alone decides");
            }
        }
    }
    Ok(())
}

/// Lets time act on one plan.
async fn act(db: &Db, ambient: &SharedAmbient, clinic: ClinicId, due: Due) -> Result<()> {
    let access = PlanAccess::of_machine(clinic, due.athlete_id, due.plan_id);
    let ambient = ambient.clone();
    db.write_in(clinic, move |mut tx| {
        let (access, ambient) = (access.clone(), ambient.clone());
        Box::pin(async move { settle(&mut tx, &access, &ambient).await })
    })
    .await
}

/// Stores a tick if it changes the state, else when to look again.
async fn settle(tx: &mut Tx<'_>, access: &PlanAccess, ambient: &SharedAmbient) -> Result<()> {
    let mut locked = match plan::lock(tx, access).await {
        // Erased since it was found.
        Err(Error::NotFound(_)) => return Ok(()),
        locked => locked?,
    };
    let now = ambient.now();
    if locked.due_at.is_none_or(|at| at > now) {
        return Ok(());
    }
    let date = date_in(now, locked.zone()?);
    let (state, _) = tick(&locked, now, date);
    if state == locked.state && !off("tick-idle") {
        locked.due_at = due::next(&locked, now)?;
        return put_off(tx, access, &locked).await;
    }
    let happening = Happening {
        id: EventId::from(ambient.new_id()),
        at: now,
        date,
        body: EventBody::Tick,
    };
    apply(tx, access, ambient, locked, happening).await?;
    let row = Event {
        athlete: Some(access.athlete().athlete()),
        object: Some(access.plan().uuid()),
        ..Event::by_operator(
            access.clinic(),
            "rungd/Tick",
            Purpose::System.code(),
            ambient.as_ref(),
        )
    };
    audit::insert(tx, &row).await
}

#[cfg(test)]
#[path = "sweeper_test.rs"]
mod tests;
