//! The rules: from a plan, its state and one event to the next state and the
//! decisions.
//!
//! Settling (what time alone does) runs before every event; then the event is
//! judged; then tracks may open. How do I add a rule? A reason code, its sentence
//! in [`crate::explain`], the rule in the file of its event, facts it needs in
//! [`crate::state`], and a test named after it for both sides of its limit.
//!
//! Where the page of rules is silent the less aggressive reading was taken; each
//! such place says "Silent:" beside the rule.

mod amend;
mod approval;
mod blocker;
pub(crate) mod calendar;
mod correction;
mod count;
pub(crate) mod day;
mod distance;
mod grade;
mod late;
mod layoff;
pub(crate) mod morning;
mod physio;
mod response;
mod rest;
mod run;
mod session;
mod settle;
mod trend;
pub(crate) mod unlock;
mod unplanned;
mod wellness;

use serde::{Deserialize, Serialize};

use self::run::Run;
use crate::decision::Decision;
use crate::event::{Event, EventBody};
use crate::plan::PlanDefinition;
use crate::state::PlanState;

/// How much of an event was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Judged {
    /// All of it.
    Fully,
    /// It lies before the start of the plan: nothing but its red flags.
    RedFlagsOnly,
    /// It does not fit the plan, see [`PlanDefinition::check_event`]: nothing but its
    /// red flags, and what time alone does.
    Refused,
}

/// What an event leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The state after it.
    pub state: PlanState,
    /// In the order in which they were made: settling, the event's own tracks, other
    /// tracks, tracks that opened.
    pub decisions: Vec<Decision>,
    /// How much of the event was judged.
    pub judged: Judged,
}

/// Decides on one event. Total: an event that does not fit changes nothing but
/// `seq` and what its red flags and time demand.
pub fn decide(plan: &PlanDefinition, state: &PlanState, event: &Event) -> Step {
    let mut state = state.clone();
    let (decisions, judged) = decide_in_place(plan, &mut state, event);
    Step {
        state,
        decisions,
        judged,
    }
}

/// As [`decide`], for whoever has no more use for the state before: a replay goes on from
/// the one after.
pub fn decide_in_place(
    plan: &PlanDefinition,
    state: &mut PlanState,
    event: &Event,
) -> (Vec<Decision>, Judged) {
    let mut run = Run::new(plan, state, event);
    let begun = run.state.is_judged(event.date);
    if begun {
        run.settle();
        run.settled();
    }
    let judged = run.judge(begun);
    // A START makes its own date judged, so this asks again.
    if run.state.is_judged(event.date) {
        run.unlock();
    }
    (run.finish(), judged)
}

impl Run<'_> {
    fn judge(&mut self, begun: bool) -> Judged {
        let event = self.event;
        if !event.is_correction() && !event.red_flags().is_empty() {
            self.red_flag(event.red_flags(), None);
            return if begun {
                Judged::Fully
            } else {
                Judged::RedFlagsOnly
            };
        }
        match &event.body {
            EventBody::Wellness(report) => self.wellness(report, begun),
            EventBody::Correction(correction) => self.correction(correction, begun),
            body if body.is_check_in() && !begun => Judged::RedFlagsOnly,
            EventBody::Session(report) => self.session(report),
            EventBody::Unplanned(report) => self.unplanned(report),
            EventBody::Morning(report) => self.morning(report),
            EventBody::Start { effective } => self.start(*effective),
            EventBody::Pause { reason } => self.pause_by_physio(reason),
            EventBody::Resume { rungs, reason } => self.resume(rungs, reason),
            EventBody::MoveTo {
                track,
                rung,
                reason,
            } => self.move_to(*track, *rung, reason),
            EventBody::Approve { track, reason } => self.approve(*track, reason),
            EventBody::Decline { track, reason } => self.decline(*track, reason),
            EventBody::Amend(amendment) => self.amend(amendment),
            EventBody::Tick => Judged::Fully,
        }
    }
}
