//! The physiotherapist's hand on a plan: start, pause, resume, move, approve, decline.

use chrono::{DateTime, NaiveDate, Utc};
use prost::{Message, Name};
use rung_progression::{EventBody, EventId, Fault, PlanDefinition, PlanId, PlanState};
use rung_proto::v1;
use tonic::Request;
use uuid::Uuid;

use super::{Plans, advance, convert, create, setting, settings};
use crate::{
    access::{PlanAccess, Session},
    error::{Error, Result, Violation},
    mutant::off,
    rpc::{
        apply::{self, Applied, Happening, apply},
        decision,
        field::Fields,
        once::once,
        time::date_in,
    },
    storage::{
        Tx,
        plan::{self, Status, StoredPlan},
    },
};

/// The most tracks a plan has; no more are looked at: the work of judging a plan grows with them.
pub(crate) const TRACKS: usize = 8;

/// The longest reason for an act, in characters.
pub(crate) const REASON: usize = 1000;

/// One act: on which plan, as read with which etag, under which `request_id`.
#[derive(Clone, Copy)]
pub(super) struct Act {
    pub(super) request_id: Uuid,
    pub(super) plan: PlanId,
    etag: i64,
}

impl Act {
    pub(super) fn read(
        f: &mut Fields,
        request_id: &str,
        plan_id: &str,
        etag: &str,
    ) -> Option<Self> {
        let request_id = f.uuid("request_id", request_id);
        let plan = f.id("plan_id", plan_id);
        let etag = f.etag("etag", etag);
        Some(Self {
            request_id: request_id?,
            plan: plan?,
            etag: etag?,
        })
    }

    /// Takes the plan for this transaction, as it was read.
    pub(super) async fn lock(&self, tx: &mut Tx<'_>, access: &PlanAccess) -> Result<StoredPlan> {
        let locked = plan::lock(tx, access).await?;
        self.is_of(&locked)?;
        Ok(locked)
    }

    /// Whether nobody has changed the plan since it was read.
    pub(super) fn is_of(&self, plan: &StoredPlan) -> Result<()> {
        if plan.version == self.etag || off("plan-etag") {
            return Ok(());
        }
        Err(Error::EtagStale {
            current: plan.version.to_string(),
        })
    }

    /// The act as something that happens now, where the athlete is at home. A repeat of the call is the same event.
    pub(super) fn happens(
        &self,
        plan: &StoredPlan,
        now: DateTime<Utc>,
        body: EventBody,
    ) -> Result<Happening> {
        Ok(Happening {
            id: EventId::from(self.request_id),
            at: now,
            date: date_in(now, plan.zone()?),
            body,
        })
    }
}

impl Plans {
    pub(super) async fn start(
        &self,
        request: Request<v1::StartPlanRequest>,
    ) -> Result<v1::StartPlanResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let act = Act::read(&mut f, &request.request_id, &request.plan_id, &request.etag);
        let effective = f.date("effective_date", request.effective_date.as_ref());
        let body = effective.map(|effective| EventBody::Start { effective });
        perform(&session, f, act, &request, body, |access, applied| {
            let effective = applied.plan.state.started.unwrap_or_default();
            v1::StartPlanResponse {
                plan: Some(reply(access, applied)),
                decisions: decisions(access, applied),
                notice: format!(
                    "From {effective} on every check-in is judged by all rules; of what happened before that date only \
                     red flags are judged."
                ),
            }
        })
        .await
    }

    pub(super) async fn pause(
        &self,
        request: Request<v1::PausePlanRequest>,
    ) -> Result<v1::PausePlanResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let act = Act::read(&mut f, &request.request_id, &request.plan_id, &request.etag);
        let reason = f.text("reason", &request.reason, 1..=REASON);
        let body = reason.map(|reason| EventBody::Pause { reason });
        perform(&session, f, act, &request, body, |access, applied| {
            v1::PausePlanResponse {
                plan: Some(reply(access, applied)),
                decisions: decisions(access, applied),
            }
        })
        .await
    }

    pub(super) async fn resume(
        &self,
        request: Request<v1::ResumePlanRequest>,
    ) -> Result<v1::ResumePlanResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let act = Act::read(&mut f, &request.request_id, &request.plan_id, &request.etag);
        let reason = f.text("reason", &request.reason, 1..=REASON);
        let rungs = settings(&mut f, &request.rungs);
        let reason = reason.unwrap_or_default();
        let body = rungs.map(|rungs| EventBody::Resume { rungs, reason });
        perform(&session, f, act, &request, body, |access, applied| {
            v1::ResumePlanResponse {
                plan: Some(reply(access, applied)),
                decisions: decisions(access, applied),
            }
        })
        .await
    }

    pub(super) async fn move_to(
        &self,
        request: Request<v1::MoveTrackRequest>,
    ) -> Result<v1::MoveTrackResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let act = Act::read(&mut f, &request.request_id, &request.plan_id, &request.etag);
        let reason = f.text("reason", &request.reason, 1..=REASON);
        let to = f
            .required("to", request.to.as_ref())
            .and_then(|to| f.part("to", |f| setting(f, to)));
        let body = to.map(|to| EventBody::MoveTo {
            track: to.track,
            rung: to.rung,
            reason: reason.unwrap_or_default(),
        });
        perform(&session, f, act, &request, body, |access, applied| {
            v1::MoveTrackResponse {
                plan: Some(reply(access, applied)),
                decisions: decisions(access, applied),
            }
        })
        .await
    }

    pub(super) async fn approve(
        &self,
        request: Request<v1::ApproveAdvanceRequest>,
    ) -> Result<v1::ApproveAdvanceResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let act = Act::read(&mut f, &request.request_id, &request.plan_id, &request.etag);
        let track = f.id("track_id", &request.track_id);
        let reason = f.text("reason", &request.reason, 0..=REASON);
        let body = track.map(|track| EventBody::Approve {
            track,
            reason: reason.unwrap_or_default(),
        });
        perform(&session, f, act, &request, body, |access, applied| {
            v1::ApproveAdvanceResponse {
                plan: Some(reply(access, applied)),
                decisions: decisions(access, applied),
            }
        })
        .await
    }

    pub(super) async fn decline(
        &self,
        request: Request<v1::DeclineAdvanceRequest>,
    ) -> Result<v1::DeclineAdvanceResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let act = Act::read(&mut f, &request.request_id, &request.plan_id, &request.etag);
        let track = f.id("track_id", &request.track_id);
        let reason = f.text("reason", &request.reason, 1..=REASON);
        let body = track.map(|track| EventBody::Decline {
            track,
            reason: reason.unwrap_or_default(),
        });
        perform(&session, f, act, &request, body, |access, applied| {
            v1::DeclineAdvanceResponse {
                plan: Some(reply(access, applied)),
                decisions: decisions(access, applied),
            }
        })
        .await
    }
}

/// Does an act once: lock, compare the etag, judge whether it fits, decide, store. `body` is what was read of it, with
/// stand-ins where `f` has noted a fault.
async fn perform<Req, Res>(
    session: &Session,
    mut f: Fields,
    act: Option<Act>,
    request: &Req,
    body: Option<EventBody>,
    reply: fn(&PlanAccess, &Applied) -> Res,
) -> Result<Res>
where
    Req: Message + Name,
    Res: Message + Default + Send + 'static,
{
    let Some(act) = act else {
        return f.finish(None);
    };
    let access = session.plan(act.plan).await?;
    if let (false, Some(body)) = (f.is_clean(), &body) {
        let plan = plan::get(&mut session.read().await?.conn(), &access).await?;
        beside(&mut f, &plan, &act, body);
    }
    let body = f.finish(body)?;
    let ambient = session.app().ambient.clone();
    once(session, act.request_id, request, move |tx| {
        let (access, ambient, body) = (access.clone(), ambient.clone(), body.clone());
        Box::pin(async move {
            let locked = act.lock(tx, &access).await?;
            let happening = act.happens(&locked, ambient.now(), body)?;
            // What time alone has decided by now comes before the act, and may bar it.
            let settled = apply::settled(&locked, happening.at, happening.date);
            fits(
                &settled.definition,
                &settled.state,
                happening.date,
                &happening.body,
            )?;
            fits_entry(&settled, &happening.body)?;
            let event = apply::event(&settled, happening.clone());
            refuse(
                &event.body,
                settled.definition.check_event(&settled.state, &event),
            )?;
            let applied = apply(tx, &access, &ambient, locked, happening).await?;
            Ok(reply(&access, &applied))
        })
    })
    .await
}

/// Notes the tracks and rungs that the plan does not have, beside the faults that stand without a plan.
fn beside(f: &mut Fields, plan: &StoredPlan, act: &Act, body: &EventBody) {
    let happening = Happening {
        id: EventId::from(act.request_id),
        at: plan.created_at,
        date: plan.created_at.date_naive(),
        body: body.clone(),
    };
    let event = apply::event(plan, happening);
    let mut faults = plan.definition.check_event(&plan.state, &event);
    for fault in &mut faults {
        fault.path = path(body, &fault.path);
    }
    // Whether a step up waits is another question, asked under the lock.
    let beside = ["track_id", "to.", "rungs["];
    faults.retain(|fault| beside.iter().any(|place| fault.path.starts_with(place)));
    f.faults(faults);
}

/// Whether an act may be done on a date, where time alone has brought the plan by then. Of anything that is no act nothing
/// is asked.
pub(crate) fn fits(
    plan: &PlanDefinition,
    settled: &PlanState,
    date: NaiveDate,
    body: &EventBody,
) -> Result<()> {
    fits_life(settled, body)?;
    advance::fits(plan, settled, date, body)
}

/// Whether the plan is in a state for this act.
fn fits_life(state: &PlanState, body: &EventBody) -> Result<()> {
    let status = Status::of(state);
    let hint = match (body, status, state.paused.is_some()) {
        (EventBody::Start { .. }, Status::Active | Status::Paused, _) => "it was started before",
        (
            EventBody::Pause { .. }
            | EventBody::MoveTo { .. }
            | EventBody::Approve { .. }
            | EventBody::Decline { .. },
            Status::Draft,
            _,
        ) => "start it first",
        (EventBody::Pause { .. }, Status::Paused, _) => "it stands still already",
        (EventBody::Resume { .. }, _, false) => "there is nothing to resume",
        _ => return Ok(()),
    };
    Err(Error::PlanState {
        state: status.word(),
        hint,
    })
}

/// Whether everything is said that has to be before a plan begins. It was when it was prescribed; it is asked again of
/// what is stored.
fn fits_entry(plan: &StoredPlan, body: &EventBody) -> Result<()> {
    let gaps = match body {
        EventBody::Start { .. } if !off("start-entry") => plan.definition.entry_gaps(),
        _ => return Ok(()),
    };
    if gaps.is_empty() {
        return Ok(());
    }
    let told = gaps
        .into_iter()
        .map(|gap| Violation::new(gap.path, gap.message));
    Err(Error::EntryNotMet(told.collect()))
}

/// The engine's faults with the paths of the requests.
fn refuse(body: &EventBody, faults: Vec<Fault>) -> Result<()> {
    if faults.is_empty() {
        return Ok(());
    }
    let violations = faults
        .into_iter()
        .map(|fault| Violation::new(path(body, &fault.path), fault.message));
    Err(Error::InvalidFields(violations.collect()))
}

/// The name that the contract has for a field of an act.
pub(crate) fn path(body: &EventBody, field: &str) -> String {
    match field {
        "track" if matches!(body, EventBody::MoveTo { .. }) => "to.track_id".to_owned(),
        "track" => "track_id".to_owned(),
        "rung" => "to.rung".to_owned(),
        "effective" => "effective_date".to_owned(),
        other => create::path(other),
    }
}

pub(super) fn reply(access: &PlanAccess, applied: &Applied) -> v1::Plan {
    convert::plan(access.athlete().athlete(), &applied.plan)
}

pub(super) fn decisions(access: &PlanAccess, applied: &Applied) -> Vec<v1::Decision> {
    applied
        .decisions
        .iter()
        .map(|d| decision::stored(&decision::ATHLETE, access.plan(), d))
        .collect()
}

#[cfg(test)]
#[path = "act_test.rs"]
mod tests;
