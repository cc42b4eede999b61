//! Unplanned activity (§6): what an athlete did beside the plan.

use super::Judged;
use super::grade::{self, Graded};
use super::run::Run;
use crate::decision::Outcome;
use crate::event::{Activity, UnplannedReport};
use crate::reason::{Measure, Reason, ReasonCode, Value};
use crate::state::Grade;

impl Run<'_> {
    /// Silent: whether RED beside the plan bars steps up for seven days, as that of a session
    /// on a track does; it does not: it asks, and holds every running track.
    pub(super) fn unplanned(&mut self, report: &UnplannedReport) -> Judged {
        let Some(graded) = self.worst_effort(report) else {
            return Judged::Refused;
        };
        if let Some(paused) = self.state.paused {
            let reason = paused
                .reason(Outcome::Pause)
                .saw(Measure::Grade, Value::code(graded.grade.code()))
                .ask_if(graded.grade == Grade::Red);
            self.decide_plan(true, vec![reason]);
            return Judged::Fully;
        }
        self.state.last_session = self.state.last_session.max(Some(self.event.date));
        let run = report.activity == Activity::Run;
        let spike = if run {
            self.spike(report.distance)
        } else {
            None
        };
        if run || graded.grade == Grade::Red {
            self.rest_running(graded.grade, u32::from(spike.is_some()));
        }
        if run {
            self.log_distance(report.distance);
        }
        let grade = match graded.grade {
            Grade::Green => None,
            Grade::Amber => Some(Reason::new(ReasonCode::PainAmber, Outcome::Repeat)),
            Grade::Red => Some(unplanned_red()),
        };
        let grade = grade.map(|mut reason| {
            reason.evidence = graded.evidence();
            reason.saw(Measure::Activity, Value::code(report.activity.code()))
        });
        let holds = run || graded.grade == Grade::Red;
        self.tell_running(grade.into_iter().chain(spike).collect(), holds);
        Judged::Fully
    }

    /// UNPLANNED_RED, of a correction: the old report was not RED.
    pub(super) fn unplanned_turned_red(&mut self, report: &UnplannedReport) {
        let Some(graded) = self.worst_effort(report) else {
            return;
        };
        self.rest_running(Grade::Red, 0);
        let mut reason = unplanned_red();
        reason.evidence = graded.evidence();
        let activity = Value::code(report.activity.code());
        self.tell_running(vec![reason.saw(Measure::Activity, activity)], true);
    }

    /// The worst grade over the running tracks. Silent: a plan without any; the worst
    /// over all of its tracks.
    pub(super) fn worst_effort(&self, report: &UnplannedReport) -> Option<Graded> {
        self.judges()
            .map(|index| grade::effort(self.definition(index), report.symptoms()))
            .max_by_key(|graded| graded.grade)
    }

    /// Every running track rests by its own policy; rests combine by maximum.
    fn rest_running(&mut self, grade: Grade, more: u32) {
        let (date, at) = (self.event.date, self.event.at);
        for index in self.running_positions() {
            let usual = self.definition(index).policy.rest_days;
            let days = self.rest_days(index, usual, grade).saturating_add(more);
            self.hold_from(index, date, at, days);
        }
    }

    /// One decision per running track; one for the plan where there is none, or where
    /// nothing holds them.
    fn tell_running(&mut self, reasons: Vec<Reason>, holds: bool) {
        if reasons.is_empty() {
            return;
        }
        if self.running_positions().next().is_none() || !holds {
            self.decide_plan(true, reasons);
            return;
        }
        for index in self.running_positions() {
            let rung = self.track(index).rung;
            self.decide(index, rung, reasons.clone());
        }
    }
}

fn unplanned_red() -> Reason {
    Reason::new(ReasonCode::UnplannedRed, Outcome::Hold).ask_if(true)
}
