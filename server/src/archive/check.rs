//! Whether an archive agrees with itself and with the rules: its plans are played again from the first event on.

mod field;
mod said;

use std::collections::{BTreeMap, BTreeSet};

use rung_progression::{
    Event, EventBody, Judged, PlanDefinition, PlanId, Step, decide, plan::Change,
    simulation::Replay,
};

use self::said::Said;
use super::{Archive, Happened, Plan, Ruling};
use crate::{
    error::{Error, Result},
    storage::{
        check_in::StoredCheckIn,
        plan::{Revision, Status},
    },
};

impl Archive {
    /// Refuses what this server would not have stored.
    pub(super) fn check(&self) -> Result<()> {
        let open = self
            .plans
            .iter()
            .filter(|plan| plan.status != Status::Draft);
        if open.count() > 1 {
            return Err(fault("has more than one open plan"));
        }
        field::athlete(&self.athlete)?;
        let named: BTreeSet<PlanId> = self.plans.iter().map(|plan| plan.id).collect();
        let events = self.events_of();
        let decisions = by_plan(&self.decisions, |d| d.plan_id);
        let predictions = by_plan(&self.predictions, |p| p.plan_id);
        let check_ins = by_plan(&self.check_ins, |c| c.plan_id);
        let strays = [
            events.keys().all(|id| named.contains(id)),
            decisions.keys().all(|id| named.contains(id)),
            predictions.keys().all(|id| named.contains(id)),
            check_ins.keys().all(|id| named.contains(id)),
            named.len() == self.plans.len(),
        ];
        if strays.contains(&false) {
            return Err(fault(
                "speaks of plans that it does not hold, or holds one twice",
            ));
        }
        let none = (vec![], vec![], vec![], vec![]);
        for plan in &self.plans {
            let events = events.get(&plan.id).unwrap_or(&none.0);
            let decisions = decisions.get(&plan.id).unwrap_or(&none.1);
            let check_ins = check_ins.get(&plan.id).unwrap_or(&none.2);
            let predictions = predictions.get(&plan.id).unwrap_or(&none.3);
            // First: what is counted from a date that no request could have brought may have no end.
            field::plan(plan, events, decisions)?;
            field::reports(self.athlete.id, plan, predictions, check_ins)?;
            replay(plan, events, decisions, check_ins)?;
            revisions(plan, events)?;
        }
        Ok(())
    }
}

fn by_plan<T>(all: &[T], plan: impl Fn(&T) -> PlanId) -> BTreeMap<PlanId, Vec<&T>> {
    let mut of: BTreeMap<PlanId, Vec<&T>> = BTreeMap::new();
    for one in all {
        of.entry(plan(one)).or_default().push(one);
    }
    of
}

/// Decides on every event again, and compares.
fn replay(
    plan: &Plan,
    events: &[&Happened],
    decisions: &[&Ruling],
    check_ins: &[&StoredCheckIn],
) -> Result<()> {
    let at = |what: &str, seq: u64| fault(&format!("has plan {}, {what} {seq}", plan.id));
    let mut replay = Replay::new(plan.first()?.clone());
    let mut decided = decisions.iter();
    let mut reported = check_ins
        .iter()
        .map(|c| (c.seq, *c))
        .collect::<BTreeMap<_, _>>();
    let mut said = Said::default();
    for (place, happened) in (1..).zip(events) {
        let event = &happened.event;
        if event.seq != place {
            return Err(at("whose events leave out number", place));
        }
        let (definition, before) = (replay.plan().clone(), replay.state().clone());
        // A check-in may be of an earlier one; how early, is asked with everything else.
        if !event.is_check_in() && event.revision != definition.revision {
            return Err(at("under another revision of which stands event", place));
        }
        // What a request could not have brought is taken from no archive either. An act follows on what time alone has
        // decided by then.
        let settled = decide(&definition, &before, &tick(event)).state;
        let known = if event.is_check_in() {
            &before
        } else {
            &settled
        };
        if !definition.check_event(known, event).is_empty() {
            return Err(at("to which this could not happen: event", place));
        }
        let (decisions, judged) = replay.next(event);
        let step = Step {
            state: replay.state().clone(),
            decisions,
            judged,
        };
        if step.judged == Judged::Refused {
            return Err(at("to which this could not happen: event", place));
        }
        for again in &step.records(&definition, &before) {
            let stored = decided.next();
            if stored.is_none_or(|stored| stored.decision != *again) {
                return Err(at("of which these rules decide otherwise on event", place));
            }
        }
        let check_in = reported.remove(&place.cast_signed());
        if !said.fits(event, step.judged, check_in) {
            return Err(at("whose check-in is not that of event", place));
        }
    }
    let state = replay.state();
    if decided.next().is_some() || !reported.is_empty() {
        return Err(at("with decisions or check-ins beyond event", state.seq));
    }
    let last = check_ins.iter().map(|c| c.performed_at).max();
    if *state != plan.state
        || Status::of(state) != plan.status
        || plan.version != state.seq.cast_signed()
        || plan.last_check_in_at != last
    {
        return Err(at(
            "which does not stand where these rules leave it after event",
            state.seq,
        ));
    }
    Ok(())
}

/// Time, at the moment of an event.
fn tick(event: &Event) -> Event {
    Event {
        body: EventBody::Tick,
        ..event.clone()
    }
}

/// Holds the revisions against the events that made them. Goals are left out of what these changed: what they were at the
/// time is told nowhere.
fn revisions(plan: &Plan, events: &[&Happened]) -> Result<()> {
    let told = |what: &str| fault(&format!("has plan {}, {what}", plan.id));
    let mut definition = plan.first()?;
    let mut later = plan.revisions.iter().skip(1);
    let beside_goals = |changes: &[Change]| -> Vec<Change> {
        let kept = changes
            .iter()
            .filter(|change| !change.path.starts_with("micro_goals"));
        kept.cloned().collect()
    };
    for happened in events {
        let EventBody::Amend(made) = &happened.event.body else {
            continue;
        };
        let fits = later.next().is_some_and(|revision| {
            let by_this = revision.amendment.as_ref().is_some_and(|amended| {
                amended.seq == happened.event.seq.cast_signed()
                    && amended.reason == made.reason
                    && beside_goals(&amended.changes) == beside_goals(&definition.changes(&made.to))
            });
            by_this
                && revision.definition == made.to
                && revision.created_at == happened.recorded_at
                && revision.created_by == happened.recorded_by
        });
        if !fits {
            return Err(told("whose revisions are not what its events say"));
        }
        definition = &made.to;
    }
    let first = plan
        .revisions
        .first()
        .is_some_and(|first| first.amendment.is_none());
    if later.next().is_some() || !first {
        return Err(told("with revisions that no event made"));
    }
    let goals = plan.goals.iter().map(|goal| goal.goal.clone());
    let current = PlanDefinition {
        micro_goals: goals.collect(),
        ..definition.clone()
    };
    if !current.validate().is_empty() {
        return Err(told("with goals that it could not have"));
    }
    Ok(())
}

impl Plan {
    /// As it was prescribed first.
    fn first(&self) -> Result<&PlanDefinition> {
        let first = self.revisions.first();
        first
            .map(|revision| &revision.definition)
            .ok_or_else(|| fault("has a plan without a revision"))
    }

    /// As it was prescribed before an event.
    pub(super) fn in_force(&self, seq: i64) -> Result<&PlanDefinition> {
        let made_before = |revision: &&Revision| {
            let amended = revision.amendment.as_ref();
            amended.is_none_or(|amended| amended.seq < seq)
        };
        match self.revisions.iter().rev().find(made_before) {
            Some(revision) => Ok(&revision.definition),
            None => self.first(),
        }
    }
}

pub(super) fn fault(what: &str) -> Error {
    Error::internal(format!("the archive was not taken in: it {what}"))
}
