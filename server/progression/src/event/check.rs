//! Whether an event fits a plan, asked by the server before it stores one.
//!
//! [`crate::engine::decide`] stays total on anything; this is what makes the
//! difference between a refusal the caller can act on and a silent nothing.

use std::collections::BTreeSet;
use std::mem::discriminant;

use super::{Amendment, Event, EventBody, Report, SessionReport};
use crate::fault::{Fault, Faults};
use crate::id::TrackId;
use crate::plan::PlanDefinition;
use crate::red_flag::RedFlag;
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
                self.check_session(&mut faults, report, event.revision, &[]);
            }
            EventBody::Unplanned(report) => distinct(&mut faults, &report.red_flags),
            EventBody::Morning(report) => distinct(&mut faults, &report.red_flags),
            EventBody::Wellness(report) => distinct(&mut faults, &report.red_flags),
            EventBody::Correction(correction) => {
                let (was, now) = (&correction.was, &correction.now);
                match now {
                    Report::Session(now) => {
                        self.check_session(&mut faults, now, event.revision, was.red_flags());
                    }
                    now => distinct(&mut faults, now.red_flags()),
                }
                faults.check(
                    discriminant(was) == discriminant(now),
                    "",
                    "is of another kind than what it corrects",
                );
            }
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
            EventBody::Approve { track, reason } => {
                faults.optional_text("reason", reason, REASON_MAX);
                self.check_waits(&mut faults, state, *track);
            }
            EventBody::Decline { track, reason } => {
                faults.text("reason", reason, REASON_MAX);
                self.check_waits(&mut faults, state, *track);
            }
            EventBody::Amend(amendment) => self.check_amendment(&mut faults, amendment),
            EventBody::Tick => {}
        }
        faults.list
    }

    /// A session of this revision, of which these red flags are known.
    fn check_session(
        &self,
        faults: &mut Faults,
        report: &SessionReport,
        revision: u32,
        known: &[RedFlag],
    ) {
        // A rung of an earlier revision is looked up there.
        let rung = match report.earlier {
            Some(_) => RungIndex::MIN,
            None => report.rung,
        };
        // A red flag counts wherever it is said, also on a track that was closed since.
        let flagged = report.red_flags.iter().any(|flag| !known.contains(flag));
        let closed = revision < self.revision && self.track(report.track).is_none();
        if !(flagged && closed) {
            self.check_rung(faults, "", report.track, rung);
        }
        distinct(faults, &report.red_flags);
        if let Some(context) = &report.context {
            faults.text("context", context, 64);
        }
    }

    fn check_waits(&self, faults: &mut Faults, state: &PlanState, track: TrackId) {
        self.check_rung(faults, "", track, RungIndex::MIN);
        faults.check(
            state
                .track(track)
                .is_some_and(|track| track.awaiting_approval),
            "track",
            "has no step up that waits for approval",
        );
    }

    fn check_amendment(&self, faults: &mut Faults, amendment: &Amendment) {
        let to = &amendment.to;
        faults.text("reason", &amendment.reason, REASON_MAX);
        faults.under("to", to.validate());
        let next = self.revision.saturating_add(1);
        faults.check(
            to.revision == next,
            "to.revision",
            format!("is {}; the next one is {next}", to.revision),
        );
        let mut seen = BTreeSet::new();
        for (index, setting) in amendment.rungs.iter().enumerate() {
            let path = format!("rungs[{index}]");
            to.check_rung(faults, &path, setting.track, setting.rung);
            let path = format!("{path}.track");
            faults.check(
                self.track(setting.track).is_some(),
                &path,
                "is a new track; it begins on its start_rung",
            );
            faults.check(seen.insert(setting.track), &path, "is named twice");
        }
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

fn distinct(faults: &mut Faults, flags: &[RedFlag]) {
    let distinct: BTreeSet<_> = flags.iter().collect();
    faults.check(
        distinct.len() == flags.len(),
        "red_flags",
        "names a flag twice",
    );
}
