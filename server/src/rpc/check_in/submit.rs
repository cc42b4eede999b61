//! A check-in arrives.

use std::sync::Arc;

use rung_progression::{AthleteId, CheckInId, PlanDefinition};
use rung_proto::v1;
use tonic::Request;

use super::{
    CheckIns,
    accept::{Answer, Answers, Incoming, accept, fingerprint, repeat},
    convert::{self, Prescribed},
};
use crate::{
    access::{AthleteAccess, PlanAccess, Session},
    error::{Error, Result},
    rpc::field::Fields,
    storage::{
        Conn,
        athlete::{self, Athlete},
        check_in, plan,
    },
};

impl CheckIns {
    pub(super) async fn submit(
        &self,
        request: Request<v1::SubmitCheckInRequest>,
    ) -> Result<v1::SubmitCheckInResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let sent = request.check_in.unwrap_or_default();
        let mut f = Fields::under("check_in");
        if !sent.corrects_id.is_empty() {
            f.fault("corrects_id", "is of a correction: CorrectCheckIn takes it");
        }
        let answer = arrive(&session, f, sent, false).await?;
        Ok(v1::SubmitCheckInResponse {
            check_in: Some(answer.check_in),
            decisions: answer.decisions,
            judgement: answer.judgement.into(),
            asked: answer.asked,
        })
    }

    pub(super) async fn correct(
        &self,
        request: Request<v1::CorrectCheckInRequest>,
    ) -> Result<v1::CorrectCheckInResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let sent = request.check_in.unwrap_or_default();
        let answer = arrive(&session, Fields::under("check_in"), sent, true).await?;
        Ok(v1::CorrectCheckInResponse {
            check_in: Some(answer.check_in),
            decisions: answer.decisions,
            judgement: answer.judgement.into(),
            asked: answer.asked,
        })
    }
}

/// The plan that a check-in will be judged under.
struct Judge {
    access: PlanAccess,
    now: PlanDefinition,
    /// As the revision has it that the check-in names; none: the present one.
    under: Option<PlanDefinition>,
}

/// A check-in that is corrected: what was sent is of its kind, and of its revision where it names none.
struct Corrected {
    first: CheckInId,
    stored: check_in::StoredCheckIn,
}

/// Takes a check-in, a correction if it is one.
async fn arrive(
    session: &Session,
    mut f: Fields,
    sent: v1::CheckIn,
    corrects: bool,
) -> Result<Answer> {
    let athlete: Option<Option<AthleteId>> = f.optional_id("athlete_id", &sent.athlete_id);
    let named: Option<CheckInId> = if corrects {
        f.id("corrects_id", &sent.corrects_id)
    } else {
        None
    };
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
    let conn = &mut reader.conn();
    if let Some(answer) = repeat(conn, session, &access, &sent.id, &fingerprint).await? {
        return Ok(answer);
    }

    // Then what is wrong with it, all at once; then whether there is a plan to judge it under.
    let corrected = match named {
        Some(id) => Some(corrected(conn, &access, &mut f, id, &sent).await?),
        None => None,
    };
    let judge = if corrects && corrected.is_none() {
        None
    } else {
        judge(conn, session, &access, &mut f, &sent, corrected.as_ref()).await?
    };
    let plan = judge.as_ref().map(|judge| Prescribed {
        under: judge.under.as_ref().unwrap_or(&judge.now),
        now: &judge.now,
    });
    let read = convert::read(&mut f, &sent, session.now(), plan);
    if let (Some(plan), Some(judge), Some(read)) = (plan, &judge, &read)
        && let Some(prediction) = read.prediction
    {
        let answers = Answers {
            prediction,
            revision: plan.under.revision,
            first: corrected.as_ref().map_or(read.id, |c| c.first),
            body: &read.report.body,
        };
        let made_at = answers.made_at(conn, &judge.access).await?;
        f.check("session.prediction_id", made_at);
    }
    drop(reader);
    let Some(judge) = judge else {
        return f.finish(Some(())).and(Err(Error::NoPlan));
    };
    let read = f.finish(read)?;
    let incoming = Incoming {
        id: read.id,
        performed_at: read.performed_at,
        zone: zone(read.zone, &known)?,
        under: judge.under,
        corrects: corrected.map(|corrected| corrected.first),
        prediction: read.prediction,
        report: read.report,
        fingerprint,
    };
    store(session, judge.access, incoming).await
}

fn zone(said: Option<chrono_tz::Tz>, athlete: &Athlete) -> Result<chrono_tz::Tz> {
    match said {
        Some(zone) => Ok(zone),
        None => athlete.zone(),
    }
}

/// What is corrected. Notes a report of another kind.
async fn corrected(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
    f: &mut Fields,
    id: CheckInId,
    sent: &v1::CheckIn,
) -> Result<Corrected> {
    let stored = check_in::find(conn, access, id).await?;
    let stored = stored.ok_or(Error::NotFound("check-in"))?;
    let before = convert::check_in(access.athlete(), &stored).report;
    let kind = |report: &Option<v1::check_in::Report>| report.as_ref().map(std::mem::discriminant);
    if sent.report.is_some() && kind(&sent.report) != kind(&before) {
        f.fault("report", "is of another kind than the check-in it corrects");
    }
    Ok(Corrected {
        first: stored.first(),
        stored,
    })
}

/// The plan of what is corrected, else the one that counts; none if the athlete has none. Notes a revision that it does
/// not have.
async fn judge(
    conn: &mut Conn<'_>,
    session: &Session,
    access: &AthleteAccess,
    f: &mut Fields,
    sent: &v1::CheckIn,
    corrected: Option<&Corrected>,
) -> Result<Option<Judge>> {
    let (access, plan) = if let Some(corrected) = corrected {
        let access = session.plan_on(conn, corrected.stored.plan_id).await?;
        let plan = plan::get(conn, &access).await?;
        (access, plan)
    } else {
        let Some(plan) = plan::current(conn, access).await? else {
            convert::revision(f, sent);
            return Ok(None);
        };
        (session.plan_on(conn, plan.id).await?, plan)
    };
    let now = plan.definition;
    let named = convert::revision(f, sent).flatten();
    let named = named.or(corrected.map(|corrected| corrected.stored.revision));
    let under = match named {
        None => None,
        Some(revision) if revision == now.revision => Some(now.clone()),
        Some(revision) => {
            let found = plan::revision::find(conn, &access, revision).await?;
            if found.is_none() {
                let message = format!("is {revision}; the plan's is {}", now.revision);
                f.fault("revision", message);
            }
            found.map(|found| found.definition)
        }
    };
    Ok(Some(Judge { access, now, under }))
}

async fn store(session: &Session, plan: PlanAccess, incoming: Incoming) -> Result<Answer> {
    let ambient = session.app().ambient.clone();
    let incoming = Arc::new(incoming);
    session
        .write(move |mut tx| {
            let (plan, ambient, incoming) = (plan.clone(), ambient.clone(), Arc::clone(&incoming));
            Box::pin(async move { accept(&mut tx, &plan, &ambient, &incoming).await })
        })
        .await
}
