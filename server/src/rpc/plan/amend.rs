//! A new revision of a plan.

use chrono::{DateTime, Utc};
use rung_progression::{Amendment, Event, EventBody, Fault, RungSetting, decide};
use rung_proto::v1;
use tonic::Request;

use super::{
    Plans,
    act::{Act, REASON, decisions, reply},
    convert, create, settings,
};
use crate::{
    access::{PlanAccess, Session},
    error::{Error, Result, Violation},
    rpc::{
        apply::{self, Applied, apply},
        decision,
        field::Fields,
        once::{once, repeated},
    },
    storage::plan::{self, StoredPlan},
};

impl Plans {
    pub(super) async fn amend(
        &self,
        request: Request<v1::AmendPlanRequest>,
    ) -> Result<v1::AmendPlanResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let act = Act::read(&mut f, &request.request_id, &request.plan_id, &request.etag);
        let reason = f.text("reason", &request.reason, 1..=REASON);
        let rungs = settings(&mut f, &request.rungs);
        let definition = f.required("definition", request.definition.as_ref());
        let definition = definition.cloned().unwrap_or_default();
        let (tracks, mut to) = f.part("definition", |f| create::parts(f, &definition, &session));
        let Some(act) = act else {
            return f.finish(None);
        };
        let access = session.plan(act.plan).await?;
        // What is judged here is judged against the plan as it is now, which a repeat has changed already.
        if let Some(answer) = repeated(&session, act.request_id, &request).await? {
            return Ok(answer);
        }
        let former = plan::get(&mut session.read().await?.conn(), &access).await?;
        let kept = Some(&former.definition);
        let missing = create::look_up(&session, access.athlete(), tracks, kept, &mut to).await?;
        to.revision = former.definition.revision.saturating_add(1);
        let entry = create::judge(&mut f, &to, &missing);
        let amendment = Amendment {
            to,
            rungs: rungs.unwrap_or_default(),
            reason: reason.unwrap_or_default(),
        };
        if missing.is_empty() {
            f.faults(misplaced(&former, &act, &amendment)?);
        }
        f.finish(Some(()))?;
        if let Some(first) = missing.into_iter().next() {
            return Err(first.cause);
        }
        if !entry.is_empty() {
            return Err(Error::EntryNotMet(entry));
        }
        let body = EventBody::Amend(Box::new(amendment));
        if request.validate_only {
            return previewed(&access, &act, &former, body, session.now());
        }
        let ambient = session.app().ambient.clone();
        once(&session, act.request_id, &request, move |tx| {
            let (access, ambient, body) = (access.clone(), ambient.clone(), body.clone());
            Box::pin(async move {
                let locked = act.lock(tx, &access).await?;
                let happening = act.happens(&locked, ambient.now(), body)?;
                fits(&locked, &apply::event(&locked, happening.clone()))?;
                let applied = apply(tx, &access, &ambient, locked, happening).await?;
                Ok(answered(&access, &applied))
            })
        })
        .await
    }
}

/// What does not fit of the rungs that kept tracks are put on.
fn misplaced(plan: &StoredPlan, act: &Act, amendment: &Amendment) -> Result<Vec<Fault>> {
    let body = EventBody::Amend(Box::new(amendment.clone()));
    let event = apply::event(plan, act.happens(plan, plan.created_at, body)?);
    let mut faults = plan.definition.check_event(&plan.state, &event);
    faults.retain(|fault| fault.path.starts_with("rungs["));
    Ok(faults.into_iter().map(create::named).collect())
}

/// Whether the amendment can be made of the plan as it is now, and makes another one of it.
fn fits(plan: &StoredPlan, event: &Event) -> Result<()> {
    let faults = plan.definition.check_event(&plan.state, event);
    let violations = faults.into_iter().map(|fault| {
        let path = create::path(&fault.path);
        let path = match path.strip_prefix("to.") {
            Some(rest) => format!("definition.{rest}"),
            None => path,
        };
        Violation::new(path, fault.message)
    });
    let mut violations: Vec<Violation> = violations.collect();
    if changes_nothing(plan, event) {
        let message = "is what is prescribed already; say what shall be different";
        violations.push(Violation::new("definition", message));
    }
    if violations.is_empty() {
        return Ok(());
    }
    Err(Error::InvalidFields(violations))
}

/// A revision that says what the one before says would be a change that nobody can find.
fn changes_nothing(plan: &StoredPlan, event: &Event) -> bool {
    let EventBody::Amend(amendment) = &event.body else {
        return false;
    };
    let stays = |to: &RungSetting| {
        let track = plan.state.track(to.track);
        track.is_some_and(|track| track.rung == to.rung)
    };
    let same = plan.prescribed().changes(&amendment.to).is_empty();
    same && amendment.rungs.iter().all(stays)
}

fn answered(access: &PlanAccess, applied: &Applied) -> v1::AmendPlanResponse {
    v1::AmendPlanResponse {
        plan: Some(reply(access, applied)),
        decisions: decisions(access, applied),
        changes: applied.changes.iter().map(decision::change).collect(),
    }
}

/// What the amendment would lead to.
fn previewed(
    access: &PlanAccess,
    act: &Act,
    former: &StoredPlan,
    body: EventBody,
    now: DateTime<Utc>,
) -> Result<v1::AmendPlanResponse> {
    act.is_of(former)?;
    let event = apply::event(former, act.happens(former, now, body)?);
    fits(former, &event)?;
    let step = decide(&former.definition, &former.state, &event);
    let (mut after, changes) = apply::follow(former, &event, step.state, now)?;
    // Nothing is stored: the plan that is there has the etag that it had.
    after.version = former.version;
    let preview = |d| v1::Decision {
        changes: decision::changes_of(d, Some(&changes)),
        ..decision::preview(&decision::ATHLETE, access.plan(), d)
    };
    Ok(v1::AmendPlanResponse {
        plan: Some(convert::plan(access.athlete().athlete(), &after)),
        decisions: step.decisions.iter().map(preview).collect(),
        changes: changes.iter().map(decision::change).collect(),
    })
}

#[cfg(test)]
#[path = "amend_test.rs"]
mod tests;
