//! Made-up events over a made-up plan.

use rung_progression::{Event, EventId, Fault, PlanDefinition, PlanState, Step, decide};
use rung_proto::v1;
use tonic::Request;
use uuid::Uuid;

use super::{Simulations, event};
use crate::{
    access::Session,
    error::Result,
    rpc::{
        decision,
        field::Fields,
        ladder,
        plan::{convert, create},
    },
    storage::plan::Status,
};

/// Events that are run at once: two years of sessions, mornings and wellness.
const EVENTS: usize = 2000;

impl Simulations {
    pub(super) async fn simulate(
        &self,
        request: Request<v1::SimulatePlanRequest>,
    ) -> Result<v1::SimulatePlanResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let access = session.clinic()?;
        let mut f = Fields::new();
        let prescribed = f.required("definition", request.definition.as_ref());
        let prescribed = prescribed.cloned().unwrap_or_default();
        let parts = |f: &mut Fields| create::parts(f, &prescribed, &session);
        let (tracks, mut plan) = f.part("definition", parts);
        for (index, track) in tracks.into_iter().enumerate() {
            let Some(id) = track.ladder_id else { continue };
            let field = format!("definition.tracks[{index}].ladder_id");
            let ladder = ladder::published_in_clinic(&session, &access, id, &field).await?;
            plan.tracks.push(track.with_ladder(id, ladder));
        }
        // Nobody starts: what a physiotherapist would have to decide first is not asked about.
        let open = plan.entry_gaps();
        let mut faults = plan.validate();
        faults.retain(|fault| !open.contains(fault));
        f.part("definition", |f| {
            f.faults(faults.into_iter().map(create::named).collect());
        });
        if !f.is_clean() {
            return f.finish(None);
        }
        let steps = run(&mut f, &plan, &request.events);
        let steps = f.finish(Some(steps))?;
        Ok(v1::SimulatePlanResponse {
            steps: steps.iter().map(|step| told(&plan, step)).collect(),
        })
    }
}

/// Runs the events, as far as they fit: what comes after one that does not is not looked at.
fn run(f: &mut Fields, plan: &PlanDefinition, events: &[v1::SimulatedEvent]) -> Vec<Step> {
    let mut state = PlanState::new(plan);
    let mut steps = Vec::with_capacity(events.len());
    for (seq, sent) in (1_u64..).zip(f.at_most("events", events, EVENTS)) {
        let path = format!("events[{}]", seq - 1);
        let Some(read) = f.part(&path, |f| event::read(f, sent, plan)) else {
            break;
        };
        let event = Event {
            id: EventId::from(Uuid::from_u128(u128::from(seq))),
            seq,
            at: read.at,
            date: read.date,
            revision: plan.revision,
            body: read.body,
        };
        let faults = plan.check_event(&state, &event);
        if !faults.is_empty() {
            let what = sent.what.as_ref().map_or("", event::field);
            let under = |fault: Fault| Fault {
                path: match fault.path.as_str() {
                    "" => what.to_owned(),
                    path => format!("{what}.{path}"),
                },
                ..fault
            };
            f.part(&path, |f| {
                f.faults(faults.into_iter().map(under).map(create::named).collect());
            });
            break;
        }
        let step = decide(plan, &state, &event);
        state.clone_from(&step.state);
        steps.push(step);
    }
    steps
}

fn told(plan: &PlanDefinition, step: &Step) -> v1::SimulatedStep {
    let id = rung_progression::PlanId::from(Uuid::nil());
    let tracks = decision::names(plan);
    let voice = decision::PHYSIO.naming(&tracks);
    v1::SimulatedStep {
        decisions: step
            .decisions
            .iter()
            .map(|decided| v1::Decision {
                plan_id: String::new(),
                ..decision::preview(&voice, id, decided)
            })
            .collect(),
        judgement: match step.judged {
            rung_progression::Judged::RedFlagsOnly => v1::Judgement::RedFlagsOnly,
            rung_progression::Judged::Fully | rung_progression::Judged::Refused => {
                v1::Judgement::Full
            }
        }
        .into(),
        state: convert::state(Status::of(&step.state)).into(),
        tracks: convert::tracks(plan, &step.state),
    }
}
