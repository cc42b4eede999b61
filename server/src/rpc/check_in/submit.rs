//! A check-in arrives.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use prost::Message as _;
use rung_progression::{AthleteId, CheckInId, EventId, Judged};
use rung_proto::v1;
use sha2::{Digest as _, Sha256};
use sqlx::types::Json;
use tonic::Request;

use super::{CheckIns, convert};
use crate::{
    access::{AthleteAccess, PlanAccess, Session},
    error::{Error, Result},
    rpc::{
        apply::{self, Happening, apply},
        decision as reply_decision,
        field::Fields,
        time::date_in,
    },
    storage::{
        Conn, Tx, athlete,
        check_in::{self, Judgement, Report, StoredCheckIn},
        decision, plan,
    },
};

/// What was sent, parsed.
struct Incoming {
    id: CheckInId,
    performed_at: DateTime<Utc>,
    zone: chrono_tz::Tz,
    report: Report,
    fingerprint: Vec<u8>,
}

impl CheckIns {
    pub(super) async fn submit(
        &self,
        request: Request<v1::SubmitCheckInRequest>,
    ) -> Result<v1::SubmitCheckInResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::under("check_in");
        let sent = request.check_in.unwrap_or_default();
        let athlete: Option<Option<AthleteId>> = f.optional_id("athlete_id", &sent.athlete_id);
        let Some(athlete) = athlete else {
            // Whose it is cannot be said, hence not under which plan: the rest is judged by itself.
            convert::read(&mut f, &sent, session.now(), None);
            return f.finish(None);
        };
        let access = session
            .athlete_or_self(athlete, "check_in.athlete_id")
            .await?;

        // A repeat is answered as the first time, whatever has become of the plan since.
        let mut reader = session.read().await?;
        let known = athlete::get(&mut reader.conn(), &access).await?;
        let fingerprint = fingerprint(&sent, &access, &known.time_zone);
        let answered = repeat(
            &mut reader.conn(),
            &session,
            &access,
            &sent.id,
            &fingerprint,
        )
        .await?;
        if let Some(answer) = answered {
            return Ok(answer);
        }

        // Then what is wrong with it, all at once; then whether there is a plan to judge it under.
        let current = plan::current(&mut reader.conn(), &access).await?;
        drop(reader);
        let definition = current.as_ref().map(|plan| &*plan.definition);
        let read = convert::read(&mut f, &sent, session.now(), definition);
        let Some(current) = current else {
            return f.finish(Some(())).and(Err(Error::NoPlan));
        };
        let read = f.finish(read)?;
        let incoming = Arc::new(Incoming {
            id: read.id,
            performed_at: read.performed_at,
            zone: match read.zone {
                Some(zone) => zone,
                None => known.zone()?,
            },
            report: read.report,
            fingerprint,
        });

        let plan = session.plan(current.id).await?;
        let ambient = session.app().ambient.clone();
        session
            .write(move |mut tx| {
                let (plan, ambient, incoming) =
                    (plan.clone(), ambient.clone(), Arc::clone(&incoming));
                Box::pin(async move { accept(&mut tx, &plan, &ambient, &incoming).await })
            })
            .await
    }
}

/// Locks the plan, makes sure that nobody was faster, decides and stores.
async fn accept(
    tx: &mut Tx<'_>,
    access: &PlanAccess,
    ambient: &crate::clock::SharedAmbient,
    incoming: &Incoming,
) -> Result<v1::SubmitCheckInResponse> {
    let locked = plan::lock(tx, access).await?;
    if let Some(stored) = check_in::find(tx, access.athlete(), incoming.id).await? {
        return answer(tx, access, &stored, &incoming.fingerprint).await;
    }
    let happening = Happening {
        id: EventId::from(incoming.id.uuid()),
        at: incoming.performed_at,
        date: date_in(incoming.performed_at, incoming.zone),
        body: incoming.report.body.judged(),
    };
    let date = happening.date;
    // Judged against the plan as it is under the lock: it may have changed since the fields were read.
    let event = apply::event(&locked, happening.clone());
    let faults = locked.definition.check_event(&locked.state, &event);
    if !faults.is_empty() {
        let mut f = Fields::under("check_in.session");
        f.faults(faults);
        return f.finish(None);
    }
    let applied = apply(tx, access, ambient, locked, happening).await?;
    let stored = StoredCheckIn {
        id: incoming.id,
        plan_id: access.plan(),
        seq: applied.plan.version,
        fingerprint: incoming.fingerprint.clone(),
        performed_at: incoming.performed_at,
        time_zone: incoming.zone.name().to_owned(),
        civil_date: date,
        recorded_at: ambient.now(),
        entered_by: access.person(),
        judged: match applied.judged {
            Judged::RedFlagsOnly => Judgement::RedFlagsOnly,
            Judged::Fully | Judged::Refused => Judgement::Fully,
        },
        report: Json(incoming.report.clone()),
    };
    check_in::insert(tx, access, &stored).await?;
    Ok(v1::SubmitCheckInResponse {
        check_in: Some(convert::check_in(access.athlete().athlete(), &stored)),
        decisions: applied
            .decisions
            .iter()
            .map(|d| reply_decision::stored(access.plan(), d))
            .collect(),
        judgement: convert::judgement(stored.judged).into(),
    })
}

/// The answer to a check-in that is stored already, if it is.
async fn repeat(
    conn: &mut Conn<'_>,
    session: &Session,
    access: &AthleteAccess,
    id: &str,
    fingerprint: &[u8],
) -> Result<Option<v1::SubmitCheckInResponse>> {
    // What is no id is told of later, with everything else.
    let Some(id) = Fields::new().id("id", id) else {
        return Ok(None);
    };
    let Some(stored) = check_in::find(conn, access, id).await? else {
        return Ok(None);
    };
    let plan = session.plan_on(conn, stored.plan_id).await?;
    answer(conn, &plan, &stored, fingerprint).await.map(Some)
}

/// What the first call was answered, if this one says the same.
async fn answer(
    conn: &mut Conn<'_>,
    access: &PlanAccess,
    stored: &StoredCheckIn,
    fingerprint: &[u8],
) -> Result<v1::SubmitCheckInResponse> {
    if stored.fingerprint != fingerprint {
        return Err(Error::CheckInIdReused);
    }
    let decisions = decision::of_event(conn, access, stored.seq).await?;
    Ok(v1::SubmitCheckInResponse {
        check_in: Some(convert::check_in(access.athlete().athlete(), stored)),
        decisions: decisions
            .iter()
            .map(|d| reply_decision::stored(access.plan(), d))
            .collect(),
        judgement: convert::judgement(stored.judged).into(),
    })
}

/// SHA-256 of what the client says, with what it left to the server filled in, and without what only the server says:
/// naming oneself, or one's own zone, is the same check-in.
fn fingerprint(sent: &v1::CheckIn, access: &AthleteAccess, zone: &str) -> Vec<u8> {
    let said = v1::CheckIn {
        id: sent.id.to_lowercase(),
        athlete_id: access.athlete().to_string(),
        time_zone: match sent.time_zone.as_str() {
            "" => zone.to_owned(),
            name => name.to_owned(),
        },
        plan_id: String::new(),
        recorded_at: None,
        date: None,
        entered_by: String::new(),
        seq: 0,
        ..sent.clone()
    };
    Sha256::digest(said.encode_to_vec()).to_vec()
}

#[cfg(test)]
#[path = "submit_test.rs"]
mod tests;
