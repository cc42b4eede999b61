//! Erasing an athlete.

use rung_progression::AthleteId;
use rung_proto::v1;
use tonic::Request;

use super::Athletes;
use crate::{
    access::{ErasureAccess, Session},
    error::{Error, Result},
    rpc::{
        field::Fields,
        once::{once, repeated},
        time::timestamp,
    },
    storage::erasure::{self, Tombstone},
};

impl Athletes {
    pub(super) async fn erase(
        &self,
        request: Request<v1::EraseAthleteRequest>,
    ) -> Result<v1::EraseAthleteResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let athlete: Option<AthleteId> = f.id("athlete_id", &request.athlete_id);
        let reason = f.text("reason", request.reason.trim(), 1..=500);
        let now = session.now();
        let hold = f.optional_instant("hold_until", request.hold_until.as_ref());
        let hold = match hold {
            Some(Some(until)) if until <= now => {
                f.fault("hold_until", "is not in the future");
                None
            }
            other => other,
        };
        let whole = request_id.zip(athlete).zip(reason).zip(hold);
        let (((request_id, athlete), reason), hold) = f.finish(whole)?;
        // A call that comes again finds no athlete any more, and is answered all the same.
        if let Some(before) = repeated(&session, request_id, &request).await? {
            session.subject().is(athlete);
            return Ok(before);
        }
        let access = ErasureAccess::of_clinic(&session.athlete_account(athlete).await?)?;
        let file = self.0.tombstones.clone();
        let done = once(&session, request_id, &request, move |tx| {
            let tombstone = Tombstone::new(&access, reason.clone(), now, hold);
            let file = file.clone();
            Box::pin(async move {
                if !erasure::erase(tx, &access, &tombstone, now, Some(request_id)).await? {
                    return Err(Error::NotFound("athlete"));
                }
                // Last, and on disk before the commit: what is erased here stays erased after any restore.
                file.append(&tombstone).await?;
                Ok(v1::EraseAthleteResponse {
                    athlete_id: access.athlete().to_string(),
                    erased_at: Some(timestamp(now)),
                    hold_until: hold.map(timestamp),
                })
            })
        })
        .await?;
        // The rows are gone; what is left of their bytes in the log of the embedded database goes too. A reader may be
        // in its way: the next round of housekeeping tries again.
        if let Err(e) = self.0.db.scrub().await {
            tracing::warn!(
                cause = e.cause(),
                "the log of the database holds erased rows for a while"
            );
        }
        Ok(done)
    }
}

#[cfg(test)]
#[path = "erase_test.rs"]
mod tests;
