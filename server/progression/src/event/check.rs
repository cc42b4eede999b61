//! Whether an event fits a plan, asked by the server before it stores one.
//!
//! [`crate::engine::decide`] stays total on anything; this is what makes the
//! difference between a refusal the caller can act on and a silent nothing.

use std::collections::BTreeSet;

use super::{Event, EventBody};
use crate::fault::{Fault, Faults};
use crate::id::TrackId;
use crate::plan::PlanDefinition;
use crate::scale::RungIndex;
use crate::state::PlanState;

const REASON_MAX: usize = 1000;

impl PlanDefinition {
    /// What does not fit, with paths relative to the event's body.
    pub fn check_event(&self, state: &PlanState, event: &Event) -> Vec<Fault> {
        let mut faults = Faults::new();
        faults.check(
            (1..=self.revision).contains(&event.revision),
            "revision",
            format!("is {}; the plan's is {}", event.revision, self.revision),
        );
        let utc = event.at.date_naive();
        faults.check(
            event.date.signed_duration_since(utc).num_days().abs() <= 1,
            "date",
            format!("is {}, which no zone had at {}", event.date, event.at),
        );
        match &event.body {
            EventBody::Session(report) => {
                self.check_rung(&mut faults, "", report.track, report.rung);
                distinct(&mut faults, &report.red_flags);
                if let Some(context) = &report.context {
                    faults.text("context", context, 64);
                }
            }
            EventBody::Morning(report) => distinct(&mut faults, &report.red_flags),
            EventBody::Start { .. } => faults.check(
                state.started.is_none(),
                "effective",
                "is set: the plan was started before",
            ),
            EventBody::Pause { reason } => faults.text("reason", reason, REASON_MAX),
            EventBody::Resume { rungs, reason } => {
                faults.text("reason", reason, REASON_MAX);
                faults.check(state.paused.is_some(), "", "the plan is not paused");
                let mut seen = BTreeSet::new();
                for (index, setting) in rungs.iter().enumerate() {
                    let path = format!("rungs[{index}]");
                    self.check_rung(&mut faults, &path, setting.track, setting.rung);
                    faults.check(
                        seen.insert(setting.track),
                        &format!("{path}.track"),
                        "is named twice",
                    );
                }
            }
            EventBody::MoveTo {
                track,
                rung,
                reason,
            } => {
                faults.text("reason", reason, REASON_MAX);
                self.check_rung(&mut faults, "", *track, *rung);
            }
            EventBody::Tick => {}
        }
        faults.list
    }

    fn check_rung(&self, faults: &mut Faults, path: &str, track: TrackId, rung: RungIndex) {
        let mut part = Faults::new();
        match self.track(track) {
            None => part.add("track", "is no track of this plan"),
            Some((_, definition)) => part.check(
                definition.rung(rung).is_some(),
                "rung",
                format!(
                    "is {rung}; the ladder's highest rung is {}",
                    definition.ladder.top()
                ),
            ),
        }
        faults.under(path, part.list);
    }
}

fn distinct(faults: &mut Faults, flags: &[crate::red_flag::RedFlag]) {
    let distinct: BTreeSet<_> = flags.iter().collect();
    faults.check(
        distinct.len() == flags.len(),
        "red_flags",
        "names a flag twice",
    );
}
