//! A session reported after a later one of its track (§6, "Late sessions").

use super::grade::Graded;
use super::response::{self, Response};
use super::run::Run;
use super::session::keep_latest;
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
        let mut reasons = vec![late.clone()];
        if graded.grade == Grade::Red {
            reasons.extend(self.late_red(index, report, graded, &last));
            self.block(
                index,
                Reason {
                    outcome: Outcome::Repeat,
                    ..late
                },
            );
        }
        self.decide(index, rung_before, reasons);
        if graded.grade == Grade::Red {
            self.hold_other_tracks(&[index]);
        }
    }

    fn late_red(
        &mut self,
        index: usize,
        report: &SessionReport,
        graded: &Graded,
        last: &LastSession,
    ) -> Vec<Reason> {
        let profile = self.definition(index).ladder.profile;
        let red_again = self.red_among_all(index, last);
        let track = self.track_mut(index);
        let rung_before = track.rung;
        enter_red(&mut track.now, last.in_grades);
        if let Some(last) = &mut track.last {
            enter_red(&mut last.before, false);
        }
        let streak = track.now.streak;
        self.respond(
            index,
            Response {
                grade: Grade::Red,
                code: response::session_code(profile, Grade::Red),
                evidence: graded.evidence(),
                rung: report.rung,
                rung_before,
                streak,
                red_again,
                date: self.event.date.max(last.date),
                at: self.event.at.max(last.at),
            },
        )
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
    facts.grades.insert(position, Grade::Red);
    keep_latest(&mut facts.grades);
    facts.streak = facts.streak.saturating_add(1);
    facts.stepped_back = true;
}
