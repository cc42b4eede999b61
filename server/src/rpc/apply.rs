//! One event of a plan, from lock to stored decisions: the path that every check-in and every act of a physiotherapist
//! takes, inside one transaction.

use chrono::{DateTime, NaiveDate, Utc};
use rung_progression::{
    DecisionId, Event, EventBody, EventId, Judged, PlanState, decide, plan::Change,
};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{
    access::PlanAccess,
    clock::SharedAmbient,
    error::{Error, Result},
    rpc::due,
    storage::{
        Tx,
        check_in::Judgement,
        decision,
        decision::StoredDecision,
        plan::{
            self, Revision, Status, StoredPlan, goal,
            revision::{self, Amended},
        },
    },
};

/// What happened, and when.
#[derive(Clone)]
pub(crate) struct Happening {
    pub(crate) id: EventId,
    pub(crate) at: DateTime<Utc>,
    /// Civil date of `at` in the zone where it happened.
    pub(crate) date: NaiveDate,
    pub(crate) body: EventBody,
}

/// What became of it.
pub(crate) struct Applied {
    /// The plan after it.
    pub(crate) plan: StoredPlan,
    pub(crate) decisions: Vec<StoredDecision>,
    pub(crate) judged: Judgement,
    /// What of the definition is not as it was.
    pub(crate) changes: Vec<Change>,
}

/// Decides on an event of a plan that this transaction has locked, and stores event, state and decisions. The caller
/// has checked that the event fits the plan.
pub(crate) async fn apply(
    tx: &mut Tx<'_>,
    access: &PlanAccess,
    ambient: &SharedAmbient,
    locked: StoredPlan,
    happening: Happening,
) -> Result<Applied> {
    let event = event(&locked, happening);
    apply_event(tx, access, ambient, locked, event).await
}

/// [`apply`] for an event that was made before: of one that was done under an earlier revision.
pub(crate) async fn apply_event(
    tx: &mut Tx<'_>,
    access: &PlanAccess,
    ambient: &SharedAmbient,
    locked: StoredPlan,
    event: Event,
) -> Result<Applied> {
    let check_in = event.is_check_in();
    let step = decide(&locked.definition, &locked.state, &event);
    let judged = judged(step.judged)?;
    let now = ambient.now();
    let records = step.records(&locked.definition, &locked.state);
    let (plan, changes) = follow(&locked, &event, step.state, now)?;
    if let EventBody::Amend(amendment) = &event.body {
        let revision = Revision {
            definition: plan.definition.clone(),
            amendment: Some(Amended {
                seq: plan.version,
                reason: amendment.reason.clone(),
                changes: changes.clone(),
            }),
            created_at: now,
            created_by: access.person(),
        };
        revision::insert(tx, access.clinic(), access.plan(), &revision).await?;
    }
    plan::record(tx, access, &event, &plan, now).await?;
    let mut decisions = Vec::with_capacity(records.len());
    for record in records {
        let stored = StoredDecision {
            id: DecisionId::from(ambient.new_id()),
            check_in_id: check_in.then(|| event.id.uuid()),
            record: Json(record),
            decided_at: now,
            changes: (!changes.is_empty()).then(|| Json(changes.clone())),
        };
        decision::insert(tx, access, &stored).await?;
        decisions.push(stored);
    }
    Ok(Applied {
        plan,
        decisions,
        judged,
        changes,
    })
}

/// How much was judged of an event that had been checked.
pub(crate) fn judged(judged: Judged) -> Result<Judgement> {
    match judged {
        Judged::Fully => Ok(Judgement::Fully),
        Judged::RedFlagsOnly => Ok(Judgement::RedFlagsOnly),
        Judged::Refused => Err(Error::internal(
            "an event was refused that had been checked",
        )),
    }
}

/// The plan after an event that has led to this state, and what of its definition is not as it was.
pub(crate) fn follow(
    before: &StoredPlan,
    event: &Event,
    state: PlanState,
    now: DateTime<Utc>,
) -> Result<(StoredPlan, Vec<Change>)> {
    let mut plan = StoredPlan {
        version: event.seq.cast_signed(),
        status: Status::of(&state),
        state,
        ..before.clone()
    };
    if event.is_check_in() {
        plan.last_check_in_at = plan.last_check_in_at.max(Some(event.at));
    }
    let mut changes = Vec::new();
    if let EventBody::Amend(amendment) = &event.body {
        changes = before.prescribed().changes(&amendment.to);
        plan.goals = goal::carried_over(&before.goals, &amendment.to);
        plan.definition = amendment.to.clone();
    }
    plan.due_at = due::next(&plan, now)?;
    Ok((plan, changes))
}

/// The event that a happening would be: the next one of the plan.
pub(crate) fn event(plan: &StoredPlan, happening: Happening) -> Event {
    Event {
        id: happening.id,
        seq: plan.version.cast_unsigned() + 1,
        at: happening.at,
        date: happening.date,
        revision: plan.definition.revision,
        body: happening.body,
    }
}

/// What time alone has decided by `at` and nobody has stored: the state then, and the decisions.
pub(crate) fn tick(
    plan: &StoredPlan,
    at: DateTime<Utc>,
    date: NaiveDate,
) -> (PlanState, Vec<rung_progression::Decision>) {
    let tick = event(
        plan,
        Happening {
            id: EventId::from(Uuid::nil()),
            at,
            date,
            body: EventBody::Tick,
        },
    );
    let step = decide(&plan.definition, &plan.state, &tick);
    (step.state, step.decisions)
}

/// The plan as it stands at `at` with what time alone has decided by then.
pub(crate) fn settled(plan: &StoredPlan, at: DateTime<Utc>, date: NaiveDate) -> StoredPlan {
    let (state, _) = tick(plan, at, date);
    StoredPlan {
        status: Status::of(&state),
        state,
        ..plan.clone()
    }
}
