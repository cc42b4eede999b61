//! Made-up events over a made-up plan.

use rung_progression::{Event, EventBody, EventId, PlanDefinition, PlanId, PlanState, decide};
use rung_proto::v1::{self, simulated_event::What};
use tonic::Request;
use uuid::Uuid;

use super::{Simulations, script::Script, shelf::Shelf};
use crate::{
    access::Session,
    error::{Bar, Error, Result},
    rpc::{
        apply, check_in, decision,
        field::Fields,
        plan::{act, snapshot::snapshot},
        time::date,
    },
};

/// Events that are run at once: two years of sessions, mornings and wellness.
const EVENTS: usize = 2000;

/// How many of them may amend: each brings a plan.
const AMENDMENTS: usize = 20;

impl Simulations {
    pub(super) async fn simulate(
        &self,
        request: Request<v1::SimulatePlanRequest>,
    ) -> Result<v1::SimulatePlanResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let access = session.clinic()?;
        let mut f = Fields::new();
        let mut events = f.at_most("events", &request.events, EVENTS);
        let plans: Vec<_> = events.iter().filter_map(amended).collect();
        if plans.len() > AMENDMENTS {
            let many = plans.len();
            f.fault(
                "events",
                format!("has {many} that amend; at most {AMENDMENTS} are allowed"),
            );
            events = &[];
        }
        let definitions = request.definition.iter().chain(plans);
        let ladders = Shelf::of(&session, &access, definitions.take(AMENDMENTS + 1)).await?;
        let mut script = Script::begin(&mut f, &session, ladders, request.definition.as_ref());
        let mut run = script.present().map(Run::new);
        let mut steps = Vec::with_capacity(events.len());
        for (index, sent) in events.iter().enumerate() {
            let plan = script.present().cloned();
            let event = f.part(&format!("events[{index}]"), |f| script.next(f, sent));
            // Once something is wrong, what follows is read for what else is, and no more.
            if let (Some(run), Some(plan), Some(event), true) =
                (&mut run, plan, event, script.is_sound(&f))
            {
                steps.push(run.step(&plan, event)?);
            }
        }
        script.finish(f, v1::SimulatePlanResponse { steps })
    }
}

fn amended(event: &v1::SimulatedEvent) -> Option<&v1::PlanDefinition> {
    match event.what.as_ref()? {
        What::Amend(amendment) => amendment.definition.as_ref(),
        _ => None,
    }
}

/// A plan to which one event after the other happens.
struct Run {
    state: PlanState,
    /// The place of the latest event that was accepted.
    seq: u64,
}

impl Run {
    fn new(plan: &PlanDefinition) -> Self {
        Self {
            state: PlanState::new(plan),
            seq: 0,
        }
    }

    /// Does an event as the services would, and tells what it leads to.
    fn step(&mut self, plan: &PlanDefinition, event: Event) -> Result<v1::SimulatedStep> {
        let event = Event {
            seq: self.seq + 1,
            ..event
        };
        if let Err(refused) = self.fits(plan, &event) {
            return Ok(v1::SimulatedStep {
                judgement: v1::Judgement::Refused.into(),
                after: Some(snapshot(plan, &self.state)),
                refusal: Some(refusal(refused)?),
                ..v1::SimulatedStep::default()
            });
        }
        let step = decide(plan, &self.state, &event);
        let judgement = check_in::judgement(apply::judged(step.judged)?);
        let (now, changes) = match &event.body {
            EventBody::Amend(amendment) => (&amendment.to, plan.changes(&amendment.to)),
            _ => (plan, Vec::new()),
        };
        let records = step.records(plan, &self.state);
        let tracks = decision::names(plan);
        let voice = decision::PHYSIO.naming(&tracks);
        let decisions = records.iter().map(|record| v1::Decision {
            plan_id: String::new(),
            changes: decision::changes_of(&record.decision, Some(&changes)),
            ..decision::recorded(&voice, PlanId::from(Uuid::nil()), record)
        });
        let told = v1::SimulatedStep {
            decisions: decisions.collect(),
            judgement: judgement.into(),
            after: Some(snapshot(now, &step.state)),
            refusal: None,
            changes: changes.iter().map(decision::change).collect(),
        };
        // Time that changes nothing is not stored in earnest, and takes no place.
        let idle = matches!(event.body, EventBody::Tick) && step.state == self.state;
        self.seq += u64::from(!idle);
        self.state = step.state;
        Ok(told)
    }

    /// Whether an act may be done where time alone has brought the plan by then.
    fn fits(&self, plan: &PlanDefinition, event: &Event) -> Result<()> {
        if event.body.is_check_in() {
            return Ok(());
        }
        let tick = Event {
            id: EventId::from(Uuid::nil()),
            body: EventBody::Tick,
            ..event.clone()
        };
        let settled = decide(plan, &self.state, &tick).state;
        act::fits(plan, &settled, event.date, &event.body)
    }
}

/// Why an act would not be done; anything else is a failure of this call.
fn refusal(error: Error) -> Result<v1::Refusal> {
    let (reason, bars) = match &error {
        Error::PlanState { .. } => (v1::ErrorReason::PlanState, Vec::new()),
        Error::AdvanceBarred(bars) => (
            v1::ErrorReason::AdvanceBarred,
            bars.iter().map(bar).collect(),
        ),
        _ => return Err(error),
    };
    Ok(v1::Refusal {
        reason: reason.into(),
        text: error.to_string(),
        bars,
    })
}

fn bar(bar: &Bar) -> v1::AdvanceBar {
    v1::AdvanceBar {
        code: decision::code_named(bar.code).into(),
        text: bar.text.clone(),
        until: bar.until.map(date),
    }
}
