//! Corrections (§6): a check-in was wrong, and a new event says what is right.
//!
//! A red flag or RED acts if the old one was not; anything else moves nothing, and what
//! the old one did stays. Always asks. Silent: how a correction of a correction is read;
//! the old one is what was said last.

use super::Judged;
use super::grade;
use super::run::Run;
use crate::decision::Outcome;
use crate::event::{Correction, MorningReport, Report, SessionReport, UnplannedReport};
use crate::reason::{Measure, Reason, ReasonCode, Value};
use crate::state::Grade;

impl Run<'_> {
    pub(super) fn correction(&mut self, correction: &Correction, begun: bool) -> Judged {
        let corrected = Reason::new(ReasonCode::Corrected, Outcome::Hold)
            .saw(
                Measure::CorrectedEvent,
                Value::Text(correction.corrects.to_string()),
            )
            .ask_if(true);
        let (was, now) = (&correction.was, &correction.now);
        let known = was.red_flags();
        if now.red_flags().iter().any(|flag| !known.contains(flag)) {
            self.red_flag(now.red_flags(), begun.then_some(corrected));
            return if begun {
                Judged::Fully
            } else {
                Judged::RedFlagsOnly
            };
        }
        if !begun {
            return Judged::RedFlagsOnly;
        }
        match (was, now) {
            (Report::Session(was), Report::Session(now)) => {
                return self.correct_session(was, now, corrected);
            }
            (Report::Unplanned(was), Report::Unplanned(now)) => {
                self.correct_unplanned(was, now);
            }
            (Report::Morning(was), Report::Morning(now)) => self.correct_morning(was, now),
            (Report::Wellness(_), Report::Wellness(_)) => {}
            _ => return Judged::Refused,
        }
        let paused = self
            .state
            .paused
            .map(|paused| paused.reason(Outcome::Pause));
        let reasons = std::iter::once(corrected).chain(paused);
        self.decide_plan(true, reasons.collect());
        Judged::Fully
    }

    fn correct_session(
        &mut self,
        was: &SessionReport,
        now: &SessionReport,
        corrected: Reason,
    ) -> Judged {
        let Some((index, definition)) = self.plan.track(now.track) else {
            return Judged::Refused;
        };
        let graded = grade::effort(definition, now.symptoms());
        let was_red = self.plan.track(was.track).is_some_and(|(_, definition)| {
            grade::effort(definition, was.symptoms()).grade == Grade::Red
        });
        let rung = self.track(index).rung;
        let mut reasons = vec![corrected];
        if let Some(paused) = self.state.paused {
            reasons.push(paused.reason(Outcome::Pause));
            self.decide(index, rung, reasons);
            return Judged::Fully;
        }
        let turned_red = graded.grade == Grade::Red && !was_red;
        if turned_red {
            let top = definition.ladder.top();
            let now = SessionReport {
                rung: now.rung.min(top),
                ..now.clone()
            };
            reasons.extend(self.late_red(index, &now, &graded));
        }
        self.decide(index, rung, reasons);
        if turned_red {
            self.hold_other_tracks(&[index]);
        }
        Judged::Fully
    }

    fn correct_unplanned(&mut self, was: &UnplannedReport, now: &UnplannedReport) {
        let red = |report| {
            let graded = self.worst_effort(report);
            graded.is_some_and(|graded| graded.grade == Grade::Red)
        };
        if self.state.paused.is_none() && red(now) && !red(was) {
            self.unplanned_turned_red(now);
        }
    }

    /// RED by the limits of a track by which it was not: as a morning that comes late.
    fn correct_morning(&mut self, was: &MorningReport, now: &MorningReport) {
        if self.state.paused.is_some() {
            return;
        }
        let baseline = &self.plan.baseline;
        let turned = self.positions().map(|index| {
            let definition = self.definition(index);
            let before = grade::morning(definition, baseline, was);
            let graded = grade::morning(definition, baseline, now);
            let red = graded.grade == Grade::Red && before.grade != Grade::Red;
            red.then_some((index, graded))
        });
        let turned: Vec<_> = turned.flatten().collect();
        self.morning_turned_red(turned);
    }
}
