//! What a physio does.

use super::{Story, rung, track_id};
use crate::event::{Amendment, EventBody, RungSetting};
use crate::plan::PlanDefinition;

fn settings(rungs: &[(usize, u32)]) -> Vec<RungSetting> {
    let settings = rungs.iter().map(|(track, index)| RungSetting {
        track: track_id(*track),
        rung: rung(*index),
    });
    settings.collect()
}

impl Story {
    pub(crate) fn pause(&mut self, day: i64) -> &mut Self {
        let reason = "Let us talk first".to_owned();
        self.event(day, 12, EventBody::Pause { reason })
    }

    pub(crate) fn resume(&mut self, day: i64, rungs: &[(usize, u32)]) -> &mut Self {
        let rungs = settings(rungs);
        let reason = "Seen in clinic".to_owned();
        self.event(day, 12, EventBody::Resume { rungs, reason })
    }

    pub(crate) fn move_to(&mut self, day: i64, track: usize, index: u32) -> &mut Self {
        let body = EventBody::MoveTo {
            track: track_id(track),
            rung: rung(index),
            reason: "Feels strong".to_owned(),
        };
        self.event(day, 12, body)
    }

    pub(crate) fn approve(&mut self, day: i64) -> &mut Self {
        let body = EventBody::Approve {
            track: track_id(0),
            reason: String::new(),
        };
        self.event(day, 12, body)
    }

    pub(crate) fn decline(&mut self, day: i64) -> &mut Self {
        let body = EventBody::Decline {
            track: track_id(0),
            reason: "Not yet".to_owned(),
        };
        self.event(day, 12, body)
    }

    /// The next revision, changed by `edit`, with kept tracks on these rungs.
    pub(crate) fn amendment(
        &self,
        rungs: &[(usize, u32)],
        edit: impl FnOnce(&mut PlanDefinition),
    ) -> Amendment {
        let mut to = self.plan.clone();
        to.revision += 1;
        edit(&mut to);
        Amendment {
            to,
            rungs: settings(rungs),
            reason: "Another ladder fits better".to_owned(),
        }
    }

    pub(crate) fn amend(
        &mut self,
        day: i64,
        rungs: &[(usize, u32)],
        edit: impl FnOnce(&mut PlanDefinition),
    ) -> &mut Self {
        let amendment = Box::new(self.amendment(rungs, edit));
        self.event(day, 12, EventBody::Amend(amendment))
    }
}
