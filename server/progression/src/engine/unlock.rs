//! UNLOCKED (§5): a track opens when its prerequisites hold. It never closes again.

use super::run::Run;
use crate::decision::Outcome;
use crate::plan::{Prerequisite, Requirement};
use crate::reason::{Measure, Reason, ReasonCode};
use crate::state::TrackStatus;

impl Run<'_> {
    /// Repeated until nothing changes: a track that opens may open another. Silent: a
    /// plan that the event has just paused; nothing opens while it stands still.
    pub(super) fn unlock(&mut self) {
        if self.state.paused.is_some() {
            return;
        }
        while let Some(index) = self.positions().find(|index| self.opens(*index)) {
            self.track_mut(index).status = TrackStatus::Active;
            let reason = Reason::new(ReasonCode::Unlocked, Outcome::Repeat);
            let prerequisites = &self.definition(index).prerequisites;
            let reason = prerequisites.iter().fold(reason, |reason, prerequisite| {
                let reason = reason.saw(Measure::Track, prerequisite.track);
                match prerequisite.requirement {
                    Requirement::Done => reason.held(Measure::TrackDone, true, true),
                    Requirement::AtLeast(rung) => {
                        let reached = self.state.track(prerequisite.track).map(|track| track.rung);
                        reason.held(Measure::Rung, reached.unwrap_or(rung), rung)
                    }
                }
            });
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
                .all(|asked| self.holds(*asked))
    }

    fn holds(&self, prerequisite: Prerequisite) -> bool {
        let Some(other) = self.state.track(prerequisite.track) else {
            return false;
        };
        match prerequisite.requirement {
            Requirement::Done => other.done,
            Requirement::AtLeast(rung) => {
                self.plan.concurrent && other.status == TrackStatus::Active && other.rung >= rung
            }
        }
    }
}
