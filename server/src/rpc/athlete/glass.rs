//! Breaking the glass: reading the record of an athlete outside one's care, in an emergency.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use chrono::TimeDelta;
use rung_progression::AthleteId;
use rung_proto::v1;
use tonic::Request;

use super::Athletes;
use crate::{
    access::Session,
    error::Result,
    rpc::{field::Fields, once::once, time::timestamp},
    storage::break_glass,
};

/// The longest that broken glass stays open, in minutes.
const LONGEST: i32 = 60;

impl Athletes {
    pub(super) async fn break_the_glass(
        &self,
        request: Request<v1::BreakGlassRequest>,
    ) -> Result<v1::BreakGlassResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let athlete: Option<AthleteId> = f.id("athlete_id", &request.athlete_id);
        let reason = f.text("reason", request.reason.trim(), 10..=500);
        let asked = Some(request.minutes).filter(|asked| *asked != 0);
        let minutes = f.within("minutes", asked.unwrap_or(LONGEST), 1..=LONGEST.into());
        let whole = request_id.zip(athlete).zip(reason).zip(minutes);
        let (((request_id, athlete), reason), minutes) = f.finish(whole)?;
        let access = session.athlete_glass(athlete, request_id).await?;
        let at = session.now();
        let expires_at = at + TimeDelta::minutes(minutes.into());
        let broken = Arc::new(AtomicBool::new(false));
        let (noted, told) = (Arc::clone(&broken), access.clone());
        let answer = once(&session, request_id, &request, move |tx| {
            let (access, reason, broken) = (access.clone(), reason.clone(), Arc::clone(&broken));
            Box::pin(async move {
                break_glass::insert(tx, &access, &reason, at, expires_at).await?;
                broken.store(true, Ordering::Relaxed);
                Ok(v1::BreakGlassResponse {
                    athlete_id: access.athlete().to_string(),
                    expires_at: Some(timestamp(expires_at)),
                })
            })
        })
        .await?;
        // Whoever watches the log learns of it at once, and once; admins are shown it until one of them has looked.
        if noted.load(Ordering::Relaxed) {
            tracing::warn!(
                clinic = %told.clinic(), person = %told.person(), athlete = %told.athlete(),
                break_glass = %told.glass(), "glass was broken"
            );
        }
        Ok(answer)
    }
}

#[cfg(test)]
#[path = "glass_test.rs"]
mod tests;
