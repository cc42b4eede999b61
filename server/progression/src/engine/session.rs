//! A session on a track (§6), reported in order.

use super::Judged;
use super::grade::{self, Graded};
use super::response::{self, Response};
use super::run::Run;
use crate::decision::Outcome;
use crate::event::SessionReport;
use crate::reason::Measure;
use crate::reason::{Reason, ReasonCode, Value};
use crate::state::{Context, Facts, Grade, LastSession, Pending};

impl Run<'_> {
    pub(super) fn session(&mut self, report: &SessionReport) -> Judged {
        let Some((index, definition)) = self.plan.track(report.track) else {
            return Judged::Refused;
        };
        let top = definition.ladder.top();
        let lowered;
        let report = match (report.earlier, definition.rung(report.rung)) {
            (_, Some(_)) => report,
            (None, None) => return Judged::Refused,
            // The revision it was done under had more rungs.
            (Some(_), None) => {
                lowered = SessionReport {
                    rung: top,
                    ..report.clone()
                };
                &lowered
            }
        };
        let graded = grade::effort(definition, report.symptoms());
        let last_at = self.track(index).last.as_ref().map(|last| last.at);
        if let Some(paused) = self.state.paused {
            // PAUSED: recorded, nothing moves. Silent: rest earned while paused; "nothing
            // moves" is taken at its word, and the physio who resumes sees the session.
            let reason = paused
                .reason(Outcome::Pause)
                .saw(Measure::Grade, Value::code(graded.grade.code()))
                .ask_if(graded.grade == Grade::Red);
            let rung = self.track(index).rung;
            self.decide(index, rung, vec![reason]);
            return Judged::Fully;
        }
        if last_at.is_some_and(|last| self.event.at < last) {
            self.late_session(index, report, &graded);
        } else {
            self.session_in_order(index, report, &graded);
        }
        self.log_distance(report.distance);
        Judged::Fully
    }

    fn session_in_order(&mut self, index: usize, report: &SessionReport, graded: &Graded) {
        let (date, at) = (self.event.date, self.event.at);
        self.close_missing(index, Some(date));
        let rung_before = self.track(index).rung;
        let before = self.track(index).now.clone();
        let blockers = self.blockers(index, report);
        let in_a_row = self.in_a_row(index, report, &blockers);

        let mut reasons = self.grade_in_order(index, report, graded, &before);
        // What the session's grade forbids comes first: the reason of the grade itself.
        let own = reasons
            .first()
            .filter(|_| graded.grade != Grade::Green)
            .cloned();
        let mut pending = Pending {
            at,
            date,
            blockers: Vec::new(),
            context: report.context.as_deref().map(Context::from),
        };
        for reason in own.iter().chain(&blockers) {
            pending.block(reason);
        }
        let rest_days = self.usual_rest(index, report);
        let track = self.track_mut(index);
        track.pending = Some(pending);
        track.last = Some(LastSession {
            at,
            date,
            rung: report.rung,
            rest_days,
            rung_before,
            grade: graded.grade,
            before,
            in_grades: true,
        });
        self.rebase_layoff(index, report.rung);
        self.state.last_session = self.state.last_session.max(Some(date));

        reasons.extend(blockers);
        reasons.extend(in_a_row);
        self.decide(index, rung_before, reasons);
        if graded.grade == Grade::Red {
            self.hold_other_tracks(&[index]);
        }
    }

    /// AWAIT_MORNING, PAIN_AMBER or PAIN_RED with what they entail.
    fn grade_in_order(
        &mut self,
        index: usize,
        report: &SessionReport,
        graded: &Graded,
        before: &Facts,
    ) -> Vec<Reason> {
        let (date, at) = (self.event.date, self.event.at);
        let rung_before = self.track(index).rung;
        let profile = self.definition(index).ladder.profile;
        let now = &mut self.track_mut(index).now;
        push_latest(&mut now.grades, graded.grade);
        if graded.grade == Grade::Green {
            now.streak = 0;
            now.stepped_back = false;
            now.thrice_asked = false;
            let usual = self.usual_rest(index, report);
            self.earn_rest(index, usual, Grade::Green, date, at);
            let mut reason = Reason::new(ReasonCode::AwaitMorning, Outcome::Hold);
            reason.evidence = graded.evidence();
            return vec![reason];
        }
        now.not_green_after(before, graded.grade);
        let streak = now.streak;
        self.respond(
            index,
            Response {
                grade: graded.grade,
                code: response::session_code(profile, graded.grade),
                evidence: graded.evidence(),
                rung: report.rung,
                usual_rest: self.usual_rest(index, report),
                rung_before,
                streak,
                red_again: response::red_again(before),
                date,
                at,
            },
        )
    }
}

/// Three grades are all any rule looks at.
const GRADES_KEPT: usize = 3;

/// The newest grade.
pub(super) fn push_latest(grades: &mut Vec<Grade>, grade: Grade) {
    insert_latest(grades, grades.len(), grade);
}

/// A grade at its place among the others, of which the oldest make room first: a list that
/// grows is copied.
pub(super) fn insert_latest(grades: &mut Vec<Grade>, place: usize, grade: Grade) {
    let surplus = grades.len().saturating_add(1).saturating_sub(GRADES_KEPT);
    if let Some(place) = place.checked_sub(surplus) {
        grades.drain(..surplus);
        grades.insert(place, grade);
    }
}

impl Facts {
    /// How things stand after a session that was not GREEN: `streak` moves once per
    /// session, whatever its morning adds.
    pub(super) fn not_green_after(&mut self, before: &Self, grade: Grade) {
        self.streak = before.streak.saturating_add(1);
        self.stepped_back =
            grade == Grade::Red || (grade == Grade::Amber && self.streak >= response::THRICE);
        self.thrice_asked |= before.thrice_asked;
    }
}
