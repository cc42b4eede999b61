//! What is done beside the plan (§6 Unplanned activity).

use rung_progression::{Activity, Event, Grade, Metres, Outcome, ReasonCode, UnplannedReport};

use super::calendar::{minus, plus};
use super::rest::later;
use super::{Fired, Model, fired, rest};

impl Model {
    pub(crate) fn unplanned(&mut self, event: &Event, report: &UnplannedReport) {
        let grade = self.unplanned_grade(report.symptoms());
        if self.paused.is_some() {
            let paused = fired(ReasonCode::Paused, Outcome::Pause).ask_if(grade == Grade::Red);
            return self.decide(None, vec![paused]);
        }
        let run = report.activity == Activity::Run;
        let spike = run && self.is_spike(event, report.distance);
        let mut reasons = Vec::new();
        match grade {
            Grade::Green => {}
            Grade::Amber => reasons.push(fired(ReasonCode::PainAmber, Outcome::Repeat)),
            Grade::Red => reasons.push(fired(ReasonCode::UnplannedRed, Outcome::Hold).ask()),
        }
        if spike {
            reasons.push(fired(ReasonCode::Spike, Outcome::Hold).ask());
        }
        if run || grade == Grade::Red {
            self.rest_all(event, grade, u32::from(spike));
        }
        self.say_on_running(reasons, run || grade == Grade::Red);
        self.log(event.date, report.distance.filter(|_| run));
    }

    /// All RUNNING tracks rest by the grade, as long as the strictest of them.
    pub(crate) fn rest_all(&mut self, event: &Event, grade: Grade, more: u32) {
        let running = self.running();
        let policies = running.iter().map(|track| &self.plan.tracks[*track].policy);
        let n = policies
            .map(|policy| rest::days(grade, policy.rest_days, policy))
            .max();
        let n = n.unwrap_or(0) + more;
        self.hold(&running, plus(event.date, n + 1), later(event.at, n));
    }

    /// Adopted: one decision per RUNNING track; one for the plan where there is none, or
    /// where nothing holds them.
    pub(crate) fn say_on_running(&mut self, reasons: Vec<Fired>, holds: bool) {
        let running = self.running();
        if reasons.is_empty() {
            return;
        }
        if running.is_empty() || !holds {
            return self.decide(None, reasons);
        }
        for track in running {
            self.decide(Some(track), reasons.clone());
        }
    }

    /// "A RUN with a distance × 100 > 110 × the longest of the dates [date − 30, date − 1],
    /// at least 3 of them with a distance."
    fn is_spike(&self, event: &Event, distance: Option<Metres>) -> bool {
        let Some(distance) = distance else {
            return false;
        };
        let window = minus(event.date, 30)..=minus(event.date, 1);
        let before: Vec<_> = self
            .distances
            .iter()
            .filter(|(date, _)| window.contains(date))
            .collect();
        let mut dates: Vec<_> = before.iter().map(|(date, _)| *date).collect();
        dates.sort();
        dates.dedup();
        let longest = before.iter().map(|(_, metres)| *metres).max().unwrap_or(0);
        dates.len() >= 3 && i64::from(distance.get()) * 100 > 110 * longest
    }
}
