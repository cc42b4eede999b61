//! A check-in is taken: under the lock of its plan it is held against what is stored, decided on and stored itself.

use chrono::{DateTime, Utc};
use prost::Message as _;
use rung_progression::{CheckInId, Correction, Event, EventBody, EventId, Fault, PlanDefinition};
use rung_proto::v1;
use sha2::{Digest as _, Sha256};
use sqlx::types::Json;
use uuid::Uuid;

use super::convert::{self, Prescribed};
use crate::{
    access::{AthleteAccess, PlanAccess, Session},
    clock::SharedAmbient,
    error::{Error, Result},
    rpc::{
        apply::{self, Happening, apply_event},
        decision as reply_decision,
        field::Fields,
        time::date_in,
    },
    storage::{
        Conn, Tx,
        check_in::{self, Report, ReportBody, StoredCheckIn},
        decision,
        plan::{self, StoredPlan},
        prediction,
    },
};

/// What was sent, parsed.
pub(super) struct Incoming {
    pub(super) id: CheckInId,
    pub(super) performed_at: DateTime<Utc>,
    pub(super) zone: chrono_tz::Tz,
    /// The plan as the revision has it that was named; none: the present one.
    pub(super) under: Option<PlanDefinition>,
    /// The first one of the check-ins that it corrects.
    pub(super) corrects: Option<CheckInId>,
    /// The prediction that it answers.
    pub(super) prediction: Option<Uuid>,
    pub(super) report: Report,
    pub(super) fingerprint: Vec<u8>,
}

/// What a check-in is answered.
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) check_in: v1::CheckIn,
    pub(super) decisions: Vec<v1::Decision>,
    pub(super) judgement: v1::Judgement,
    pub(super) asked: Vec<String>,
}

/// Locks the plan, makes sure that nobody was faster, decides and stores.
pub(super) async fn accept(
    tx: &mut Tx<'_>,
    access: &PlanAccess,
    ambient: &SharedAmbient,
    incoming: &Incoming,
) -> Result<Answer> {
    let locked = plan::lock(tx, access).await?;
    if let Some(stored) = check_in::find(tx, access.athlete(), incoming.id).await? {
        return again(tx, access, &stored, &incoming.fingerprint).await;
    }
    let (revision, report) = incoming.under(&locked.definition);
    let predicted_at = predicted(tx, access, incoming, revision).await?;
    let body = match incoming.corrects {
        None => report.body.happened(),
        Some(first) => {
            let last = check_in::newest(tx, access.athlete(), first).await?;
            let last = last.ok_or(Error::NotFound("check-in"))?;
            EventBody::Correction(Box::new(Correction {
                corrects: EventId::from(last.id.uuid()),
                was: last.report.body.judged(),
                now: report.body.judged(),
            }))
        }
    };
    let date = date_in(incoming.performed_at, incoming.zone);
    let happening = Happening {
        id: EventId::from(incoming.id.uuid()),
        at: incoming.performed_at,
        date,
        body,
    };
    let event = Event {
        revision,
        ..apply::event(&locked, happening)
    };
    // Judged against the plan as it is under the lock: it may have changed since the fields were read.
    refuse(&locked, &event, &report.body)?;
    let applied = apply_event(tx, access, ambient, locked, event).await?;
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
        judged: applied.judged,
        revision,
        corrects_id: incoming.corrects.map(CheckInId::uuid),
        prediction_id: incoming.prediction,
        report: Json(report),
        corrected_by: None,
        predicted_at,
    };
    check_in::insert(tx, access, &stored).await?;
    Ok(answer(
        access,
        &stored,
        &applied.decisions,
        &applied.plan.definition,
    ))
}

impl Incoming {
    /// The revision that it was done under, and the report as it reads there.
    fn under(&self, now: &PlanDefinition) -> (u32, Report) {
        let mut report = self.report.clone();
        let under = self.under.as_ref().unwrap_or(now);
        if let ReportBody::Session { judged, .. } = &mut report.body {
            let plan = Prescribed { under, now };
            judged.earlier = plan.earlier(judged.track, judged.rung);
        }
        (under.revision, report)
    }
}

/// When the prediction was made that a session answers; a fault if it cannot.
async fn predicted(
    conn: &mut Conn<'_>,
    access: &PlanAccess,
    incoming: &Incoming,
    revision: u32,
) -> Result<Option<DateTime<Utc>>> {
    let Some(id) = incoming.prediction else {
        return Ok(None);
    };
    let first = incoming.corrects.unwrap_or(incoming.id);
    let answers = Answers {
        prediction: id,
        revision,
        first,
        body: &incoming.report.body,
    };
    let made_at = answers.made_at(conn, access).await?;
    let mut f = Fields::under("check_in.session");
    let made_at = f.check("prediction_id", made_at);
    f.finish(made_at).map(Some)
}

/// A session that names a prediction.
pub(super) struct Answers<'a> {
    pub(super) prediction: Uuid,
    /// Of the plan that the session was done under.
    pub(super) revision: u32,
    /// The session, or the one that it corrects.
    pub(super) first: CheckInId,
    pub(super) body: &'a ReportBody,
}

impl Answers<'_> {
    /// When the prediction was made, or why the session cannot answer it.
    pub(super) async fn made_at(
        &self,
        conn: &mut Conn<'_>,
        access: &PlanAccess,
    ) -> Result<Result<DateTime<Utc>, &'static str>> {
        let athlete = access.athlete();
        let found = prediction::find(conn, athlete, self.prediction).await?;
        let fault = convert::answers(found.as_ref(), access.plan(), self.revision, self.body);
        if let Some(fault) = fault {
            return Ok(Err(fault));
        }
        let answering = check_in::answering(conn, athlete, self.prediction).await?;
        if answering.is_some_and(|other| other.first() != self.first) {
            return Ok(Err("was answered by another session"));
        }
        let made_at = found.map(|prediction| prediction.made_at);
        Ok(made_at.ok_or("is no prediction of the athlete"))
    }
}

/// The engine's faults with the paths of the contract.
fn refuse(plan: &StoredPlan, event: &Event, body: &ReportBody) -> Result<()> {
    let kind = match body {
        ReportBody::Session { .. } => "session",
        ReportBody::Unplanned { .. } => "unplanned",
        ReportBody::Morning { .. } => "morning",
        ReportBody::Wellness { .. } => "wellness",
    };
    let mut faults = plan.definition.check_event(&plan.state, event);
    for fault in &mut faults {
        fault.path = match fault.path.as_str() {
            "" => "report".to_owned(),
            "date" => "performed_at".to_owned(),
            "track" => format!("{kind}.track_id"),
            own @ ("revision" | "red_flags") => own.to_owned(),
            other => format!("{kind}.{other}"),
        };
    }
    told(faults)
}

fn told(faults: Vec<Fault>) -> Result<()> {
    let mut f = Fields::under("check_in");
    f.faults(faults);
    f.finish(Some(()))
}

/// The answer to a check-in that is stored already, if it is.
pub(super) async fn repeat(
    conn: &mut Conn<'_>,
    session: &Session,
    access: &AthleteAccess,
    id: &str,
    fingerprint: &[u8],
) -> Result<Option<Answer>> {
    // What is no id is told of later, with everything else.
    let Some(id) = Fields::new().id("id", id) else {
        return Ok(None);
    };
    let Some(stored) = check_in::find(conn, access, id).await? else {
        return Ok(None);
    };
    let plan = session.plan_on(conn, stored.plan_id).await?;
    again(conn, &plan, &stored, fingerprint).await.map(Some)
}

/// What the first call was answered, if this one says the same.
async fn again(
    conn: &mut Conn<'_>,
    access: &PlanAccess,
    stored: &StoredCheckIn,
    fingerprint: &[u8],
) -> Result<Answer> {
    if stored.fingerprint != fingerprint {
        return Err(Error::CheckInIdReused);
    }
    let decisions = decision::of_event(conn, access, stored.seq).await?;
    let plan = plan::get(conn, access).await?;
    Ok(answer(access, stored, &decisions, &plan.definition))
}

fn answer(
    access: &PlanAccess,
    stored: &StoredCheckIn,
    decisions: &[decision::StoredDecision],
    plan: &PlanDefinition,
) -> Answer {
    let check_in = convert::check_in(access.athlete().athlete(), stored);
    Answer {
        check_in: v1::CheckIn {
            // What became of it later was not answered the first time.
            corrected_by: String::new(),
            ..check_in
        },
        decisions: decisions
            .iter()
            .map(|d| reply_decision::stored(&reply_decision::ATHLETE, access.plan(), d))
            .collect(),
        judgement: convert::judgement(stored.judged),
        asked: convert::asked(stored, plan),
    }
}

/// SHA-256 of what the client says, with what it left to the server filled in, and without what only the server says:
/// naming oneself, or one's own zone, is the same check-in.
pub(super) fn fingerprint(sent: &v1::CheckIn, access: &AthleteAccess, zone: &str) -> Vec<u8> {
    let mut said = v1::CheckIn {
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
        corrected_by: String::new(),
        ..sent.clone()
    };
    if let Some(v1::check_in::Report::Session(session)) = &mut said.report {
        session.prediction_late = false;
    }
    Sha256::digest(said.encode_to_vec()).to_vec()
}

#[cfg(test)]
#[path = "accept_test.rs"]
mod tests;
