//! Breaking the glass: reading the record of an athlete outside one's care, in an emergency.

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
        let access = session.athlete_glass(athlete).await?;
        let at = session.now();
        let expires_at = at + TimeDelta::minutes(minutes.into());
        // Whoever watches the log learns of it at once; admins are shown it until one of them has looked.
        tracing::warn!(
            clinic = %access.clinic(), person = %access.person(), athlete = %access.athlete(),
            break_glass = %access.glass(), "glass was broken"
        );
        once(&session, request_id, &request, move |tx| {
            let (access, reason) = (access.clone(), reason.clone());
            Box::pin(async move {
                break_glass::insert(tx, &access, &reason, at, expires_at).await?;
                Ok(v1::BreakGlassResponse {
                    athlete_id: access.athlete().to_string(),
                    expires_at: Some(timestamp(expires_at)),
                })
            })
        })
        .await
    }
}
