//! A session reported after a later one of its track (§6, "Late sessions").

use super::grade::Graded;
use super::response::{self, Response};
use super::run::Run;
use super::session::insert_latest;
use crate::decision::Outcome;
use crate::event::SessionReport;
use crate::reason::{Measure, Reason, ReasonCode};
use crate::state::{Facts, Grade, LastSession};

impl Run<'_> {
    /// LATE: a RED acts with all effects of a RED, anything else moves nothing. Silent:
    /// whether it delays NEEDS_CLEARANCE or is a base for LAYOFF; it does not.
    pub(super) fn late_session(&mut self, index: usize, report: &SessionReport, graded: &Graded) {
        let rung_before = self.track(index).rung;
        let Some(last) = self.track(index).last.clone() else {
            return;
        };
        let late = Reason::new(ReasonCode::Late, Outcome::Hold).held(
            Measure::SessionAt,
            self.event.at,
            last.at,
        );
        let mut reasons = vec![late];
        if graded.grade == Grade::Red {
            reasons.extend(self.late_red(index, report, graded));
        }
        self.decide(index, rung_before, reasons);
        if graded.grade == Grade::Red {
            self.hold_other_tracks(&[index]);
        }
    }

    /// What a RED does that comes in late: everything, with rest and the wait for a step
    /// up from the later of its own and the last session's date. Silent: a track without a
    /// last session, of which only a correction can know; its own date is the later one.
    pub(super) fn late_red(
        &mut self,
        index: usize,
        report: &SessionReport,
        graded: &Graded,
    ) -> Vec<Reason> {
        let profile = self.definition(index).ladder.profile;
        let usual_rest = self.usual_rest(index, report);
        let (date, at) = (self.event.date, self.event.at);
        let last = self.track(index).last.clone();
        let red_again = match &last {
            Some(last) => self.red_among_all(index, last),
            None => response::red_again(&self.track(index).now),
        };
        let track = self.track_mut(index);
        let rung_before = track.rung;
        enter_red(
            &mut track.now,
            last.as_ref().is_some_and(|last| last.in_grades),
        );
        if let Some(last) = &mut track.last {
            enter_red(&mut last.before, false);
        }
        let streak = track.now.streak;
        let reasons = self.respond(
            index,
            Response {
                grade: Grade::Red,
                code: response::session_code(profile, Grade::Red),
                evidence: graded.evidence(),
                rung: report.rung,
                usual_rest,
                rung_before,
                streak,
                red_again,
                date: last.as_ref().map_or(date, |last| date.max(last.date)),
                at: last.as_ref().map_or(at, |last| at.max(last.at)),
            },
        );
        let late = Reason::new(ReasonCode::Late, Outcome::Repeat).saw(Measure::SessionAt, at);
        self.block(index, &late);
        reasons
    }

    /// "RED_AGAIN looks at all grades held": those of the last 3 sessions. Silent:
    /// whether a RESUME, which empties them, lets go of the last session and the 2
    /// before it; the facts kept with it still hold them. `stepped_back` is that of
    /// before the last session too, which is where a late one stands.
    fn red_among_all(&self, index: usize, last: &LastSession) -> Option<Reason> {
        let before = last.before.grades.iter().rev().take(2);
        let held = before.chain(std::iter::once(&last.grade));
        let reds = held.filter(|grade| **grade == Grade::Red).count();
        let stepped_back = self.track(index).now.stepped_back || last.before.stepped_back;
        response::red_again_of(reds, stepped_back)
    }
}

/// RED among the grades, before the last session's own if they hold it.
fn enter_red(facts: &mut Facts, before_last: bool) {
    let position = facts.grades.len().saturating_sub(usize::from(before_last));
    insert_latest(&mut facts.grades, position, Grade::Red);
    facts.streak = facts.streak.saturating_add(1);
    facts.stepped_back = true;
}
