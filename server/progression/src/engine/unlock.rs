//! UNLOCKED (§5): a track opens when its prerequisites hold. It never closes again.

use super::run::Run;
use crate::decision::Outcome;
use crate::plan::{PlanDefinition, Prerequisite, Requirement, TrackDefinition};
use crate::reason::{Measure, Reason, ReasonCode};
use crate::state::{PlanState, TrackStatus};

impl Run<'_> {
    /// Repeated until nothing changes: a track that opens may open another. Silent: a
    /// plan that the event has just paused; nothing opens while it stands still.
    pub(super) fn unlock(&mut self) {
        if self.state.paused.is_some() {
            return;
        }
        // Each pass opens one track, so there are no more passes than tracks.
        for _ in self.positions() {
            let Some(index) = self.positions().find(|index| self.opens(*index)) else {
                return;
            };
            self.track_mut(index).status = TrackStatus::Active;
            let asked = &self.definition(index).prerequisites;
            let reason = Reason::new(ReasonCode::Unlocked, Outcome::Repeat);
            let reason = match asked.as_slice() {
                // An amendment took away what it waited for.
                [] => reason.saw(Measure::Revision, self.plan.revision),
                asked => asked
                    .iter()
                    .fold(reason, |reason, asked| show(self.state, reason, *asked)),
            };
            let rung = self.track(index).rung;
            self.decide(index, rung, vec![reason]);
        }
    }

    fn opens(&self, index: usize) -> bool {
        self.track(index).status == TrackStatus::Locked
            && self
                .definition(index)
                .prerequisites
                .iter()
                .all(|asked| holds(self.plan, self.state, *asked))
    }
}

/// LOCKED, with the prerequisites that do not hold.
pub(crate) fn locked(
    plan: &PlanDefinition,
    state: &PlanState,
    track: &TrackDefinition,
    outcome: Outcome,
) -> Reason {
    let asked = track.prerequisites.iter();
    let unmet = asked.filter(|asked| !holds(plan, state, **asked));
    unmet.fold(Reason::new(ReasonCode::Locked, outcome), |reason, asked| {
        show(state, reason, *asked)
    })
}

/// What a prerequisite asks for and how far it is. A rung is shown as the allowed one,
/// −1 while that track is LOCKED itself.
fn show(state: &PlanState, reason: Reason, asked: Prerequisite) -> Reason {
    let other = state.track(asked.track);
    let reason = reason.saw(Measure::Track, asked.track);
    match asked.requirement {
        Requirement::Done => {
            let done = other.is_some_and(|track| track.done);
            reason.held(Measure::TrackDone, done, true)
        }
        Requirement::AtLeast(rung) => {
            let open = other.filter(|track| track.status == TrackStatus::Active);
            let reached = open.map_or(-1, |track| i64::from(track.rung.get()));
            reason.held(Measure::Rung, reached, rung)
        }
    }
}

fn holds(plan: &PlanDefinition, state: &PlanState, asked: Prerequisite) -> bool {
    let Some(other) = state.track(asked.track) else {
        return false;
    };
    match asked.requirement {
        Requirement::Done => other.done,
        Requirement::AtLeast(rung) => {
            plan.concurrent && other.status == TrackStatus::Active && other.rung >= rung
        }
    }
}
