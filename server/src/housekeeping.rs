//! What goes by itself: records whose legal hold has ended, remembered answers that nobody can ask for any more, and
//! sign-ins, codes and counts that have run out.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rung_progression::ClinicId;
use tokio::time::MissedTickBehavior;

use crate::{
    clock::SharedAmbient,
    error::Result,
    storage::{
        Db, erasure,
        identity::{clinic, expired},
        request,
    },
    tombstone,
};

/// Between two rounds.
const ROUND: Duration = Duration::from_hours(1);
/// How long an answer is remembered: a client that was offline for a season gets what it was answered.
const REMEMBERED: TimeDelta = TimeDelta::days(90);

/// Goes round until it is dropped.
pub(crate) async fn keep(db: Db, ambient: SharedAmbient) {
    let mut ticks = tokio::time::interval(ROUND);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(e) = round(&db, &ambient).await {
            let cause = e.cause().unwrap_or_else(|| e.to_string());
            tracing::error!(cause, "housekeeping");
        }
    }
}

/// One round.
pub(crate) async fn round(db: &Db, ambient: &SharedAmbient) -> Result<()> {
    let now = ambient.now();
    db.write(move |mut tx| Box::pin(async move { expired::delete(&mut tx, now).await }))
        .await?;
    let clinics = clinic::all(&mut db.read().await?.conn()).await?;
    for clinic in clinics {
        in_clinic(db, ambient, clinic, now).await?;
    }
    // Also for an erasure whose rows a reader had kept in the log.
    db.scrub().await
}

async fn in_clinic(
    db: &Db,
    ambient: &SharedAmbient,
    clinic: ClinicId,
    now: DateTime<Utc>,
) -> Result<()> {
    let ended = erasure::ended_holds(&mut db.read_in(clinic).await?.conn(), clinic, now).await?;
    for held in ended {
        tombstone::carry_out(db, ambient, &held, "rungd/EndHold").await?;
    }
    let before = now - REMEMBERED;
    db.write_in(clinic, move |mut tx| {
        Box::pin(async move { request::forget(&mut tx, clinic, before).await })
    })
    .await
}
