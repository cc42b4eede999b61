//! How the night answered (§6 Morning): for everything done before.

use super::Judged;
use super::calendar::{add_hours, days_between, hours_between};
use super::grade::{self, Graded};
use super::response::{self, Response};
use super::run::Run;
use super::session::push_latest;
use crate::decision::Outcome;
use crate::event::MorningReport;

use crate::reason::{Measure, Reason, ReasonCode, Value};
use crate::state::{Grade, LastSession};

/// A morning answers a session this many hours after it at the earliest.
pub(crate) const EARLIEST_HOURS: u32 = 4;
/// A morning acts on a session without a pending one for this many days.
const LATE_DAYS: i64 = 7;

/// What a morning is to one track.
enum Answer {
    /// It closes the pending session.
    Pending,
    /// The pending session is too young; it waits.
    TooEarly,
    /// The last session was closed before.
    Late,
    /// Nothing it could answer.
    None,
}

impl Run<'_> {
    pub(super) fn morning(&mut self, report: &MorningReport) -> Judged {
        let graded: Vec<(Answer, Graded)> = self
            .positions()
            .map(|index| {
                let definition = self.definition(index);
                (
                    self.answer(index),
                    grade::morning(definition, &self.plan.baseline, report),
                )
            })
            .collect();
        if let Some(paused) = self.state.paused {
            // Silent: whose limits say that a morning on a paused plan is RED; any
            // track's do.
            let worst = graded.iter().map(|(_, graded)| graded.grade).max();
            let worst = worst.unwrap_or(Grade::Green);
            let reason = paused
                .reason(Outcome::Pause)
                .saw(Measure::Grade, Value::code(worst.code()))
                .ask_if(worst == Grade::Red);
            self.decide_plan(true, vec![reason]);
            return Judged::Fully;
        }

        self.log_morning(report);
        // Silent: whether a RED or AMBER morning delays a track it answers no session of,
        // or one that is not RUNNING; by that track's own limits it does, on any kind.
        for (index, (_, graded)) in graded.iter().enumerate() {
            if graded.grade != Grade::Green {
                self.hold_from(index, self.event.date, self.event.at, 0);
            }
        }
        let mut red = Vec::new();
        for (index, (answer, graded)) in graded.iter().enumerate() {
            let acts = match answer {
                Answer::Pending => self.final_grade(index, graded) != Grade::Green,
                Answer::Late => graded.grade != Grade::Green,
                Answer::TooEarly | Answer::None => false,
            };
            if acts {
                self.not_green(index, graded);
                if graded.grade == Grade::Red {
                    red.push(index);
                }
            }
        }
        for (index, (answer, graded)) in graded.iter().enumerate() {
            if matches!(answer, Answer::Pending) && self.track(index).pending.is_some() {
                self.green(index, &red);
            } else {
                self.aside(index, answer, graded);
            }
        }
        self.hold_other_tracks(&red);
        if graded
            .iter()
            .all(|(answer, _)| matches!(answer, Answer::TooEarly | Answer::None))
        {
            self.unmatched(&graded);
        }
        Judged::Fully
    }

    /// A morning of which a correction says that it was RED by the limits of these tracks.
    pub(super) fn morning_turned_red(&mut self, turned: Vec<(usize, Graded)>) {
        let mut red = Vec::new();
        let mut unmatched = None;
        for (index, graded) in turned {
            self.hold_from(index, self.event.date, self.event.at, 0);
            match self.answer(index) {
                Answer::Pending | Answer::Late => {
                    self.not_green(index, &graded);
                    red.push(index);
                }
                Answer::TooEarly | Answer::None => unmatched = Some(graded),
            }
        }
        self.hold_other_tracks(&red);
        if let (true, Some(graded)) = (red.is_empty(), unmatched) {
            self.unmatched_as(&graded);
        }
    }

    /// Settling has closed what is older than the window.
    fn answer(&self, index: usize) -> Answer {
        let (date, at) = (self.event.date, self.event.at);
        let track = self.track(index);
        match (&track.pending, &track.last) {
            // A session of a later civil date, which zones can bring about, is no
            // earlier one either.
            (Some(pending), _)
                if pending.date >= date || at < add_hours(pending.at, EARLIEST_HOURS) =>
            {
                Answer::TooEarly
            }
            (Some(_), Some(_)) => Answer::Pending,
            (None, Some(last)) if (1..=LATE_DAYS).contains(&days_between(last.date, date)) => {
                Answer::Late
            }
            _ => Answer::None,
        }
    }

    fn final_grade(&self, index: usize, graded: &Graded) -> Grade {
        self.track(index)
            .last
            .as_ref()
            .map_or(Grade::Green, |last| last.grade)
            .max(graded.grade)
    }

    /// A final grade of RED or AMBER: closes the session, uncounted.
    fn not_green(&mut self, index: usize, graded: &Graded) {
        let rung = self.track(index).rung;
        let pending = self.track_mut(index).pending.take();
        let late = pending.is_none();
        self.track_mut(index).mornings_missing = 0;
        let mut reasons = Vec::new();
        if graded.grade != Grade::Green
            && let Some(last) = self.track(index).last.clone()
        {
            reasons.extend(self.worsen(index, graded, &last));
        }
        if late && let Some(last) = &self.track(index).last {
            reasons.push(
                Reason::new(ReasonCode::Late, Outcome::Repeat).saw(Measure::SessionDate, last.date),
            );
        }
        if let Some(pending) = pending {
            reasons.extend(pending.reasons());
        }
        self.decide(index, rung, reasons);
    }

    /// MORNING_RED and MORNING_AMBER: what the final grade would have done at the
    /// session, less what was already done. Silent: an AMBER morning after a RED
    /// session; the RED has done everything already, with the longer rest. A RED
    /// morning is judged in full even after a RED session, because a physio may have
    /// resumed or moved the track in between.
    fn worsen(&mut self, index: usize, graded: &Graded, last: &LastSession) -> Vec<Reason> {
        let grade = last.grade.max(graded.grade);
        let code = match graded.grade {
            Grade::Red => ReasonCode::MorningRed,
            Grade::Amber | Grade::Green => ReasonCode::MorningAmber,
        };
        let now = &mut self.track_mut(index).now;
        if grade > last.grade {
            if last.in_grades {
                now.grades.pop();
            }
            push_latest(&mut now.grades, grade);
        }
        now.not_green_after(&last.before, grade);
        let streak = now.streak;
        if let Some(held) = &mut self.track_mut(index).last {
            held.in_grades |= grade > last.grade;
            held.grade = grade;
        }
        if graded.grade < grade {
            let mut reason = Reason::new(code, Outcome::Repeat);
            reason.evidence = graded.evidence();
            return vec![reason];
        }
        self.respond(
            index,
            Response {
                grade,
                code,
                evidence: graded.evidence(),
                rung: last.rung,
                usual_rest: last.rest_days,
                rung_before: last.rung_before,
                streak,
                red_again: response::red_again(&last.before),
                date: last.date,
                at: last.at,
            },
        )
    }

    /// A GREEN final grade.
    fn green(&mut self, index: usize, red: &[usize]) {
        let rung = self.track(index).rung;
        let Some(pending) = self.track_mut(index).pending.take() else {
            return;
        };
        self.track_mut(index).mornings_missing = 0;
        let paused = self
            .state
            .paused
            .map(|paused| paused.reason(Outcome::Repeat));
        let mut blockers: Vec<Reason> = pending.reasons().collect();
        for reason in self.day_blockers(index, pending.date, self.event.date) {
            if blockers.iter().all(|known| known.code != reason.code) {
                blockers.push(reason);
            }
        }
        let reasons = if paused.is_some() || !blockers.is_empty() {
            paused.into_iter().chain(blockers).collect()
        } else {
            let held = self.other_track_red(red, index);
            self.count(index, &pending, held)
        };
        self.decide(index, rung, reasons);
    }

    /// A morning that closes nothing on this track: TOO_EARLY, or LATE and GREEN.
    fn aside(&mut self, index: usize, answer: &Answer, graded: &Graded) {
        let rung = self.track(index).rung;
        let (date, at) = (self.event.date, self.event.at);
        let reason = match answer {
            Answer::TooEarly => {
                let Some(pending) = &self.track(index).pending else {
                    return;
                };
                let (session, hours) = (pending.date, hours_between(pending.at, at));
                Reason::new(ReasonCode::TooEarly, Outcome::Hold)
                    .held(Measure::SessionDate, session, date)
                    .held(Measure::HoursSinceSession, hours, EARLIEST_HOURS)
            }
            Answer::Late if graded.grade == Grade::Green => {
                let Some(last) = &self.track(index).last else {
                    return;
                };
                let session = last.date;
                self.track_mut(index).mornings_missing = 0;
                Reason::new(ReasonCode::Late, Outcome::Hold).saw(Measure::SessionDate, session)
            }
            Answer::Late | Answer::Pending | Answer::None => return,
        };
        self.decide(index, rung, vec![reason]);
    }

    /// UNMATCHED_MORNING. Its grade is the worst over the running tracks, as for an
    /// unplanned activity; silent: a plan without running tracks; all tracks count.
    fn unmatched(&mut self, graded: &[(Answer, Graded)]) {
        let worst = self.judges().filter_map(|index| graded.get(index));
        let worst = worst.max_by_key(|(_, graded)| graded.grade);
        if let Some((_, worst)) = worst {
            self.unmatched_as(worst);
        }
    }

    fn unmatched_as(&mut self, worst: &Graded) {
        let running = self.running_positions();
        let mut reason = Reason::new(ReasonCode::UnmatchedMorning, Outcome::Hold)
            .saw(Measure::EventDate, self.event.date)
            .ask_if(worst.grade == Grade::Red);
        reason.evidence.extend(worst.evidence());
        if worst.grade == Grade::Green || running.clone().next().is_none() {
            self.decide_plan(true, vec![reason]);
            return;
        }
        let red_rest = running
            .clone()
            .map(|index| self.definition(index).policy.red_rest_days)
            .max();
        for index in running {
            if worst.grade == Grade::Red {
                self.hold_after_unmatched(index, red_rest.unwrap_or(0));
            }
            self.add_reason(index, reason.clone());
        }
    }
}
