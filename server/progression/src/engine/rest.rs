//! Rest: the earliest next session, and the earliest session that can lead up (§6).

use chrono::{DateTime, NaiveDate, Utc};

use super::calendar::{add_days, add_hours};
use super::run::Run;
use crate::event::SessionReport;
use crate::state::{Grade, NotBefore};

impl Run<'_> {
    /// Rest earned by a session: n full days off, and n × 24 h between instants whatever
    /// zones are crossed. On a running track it holds on all of them. `usual` are the
    /// full days off after a GREEN one.
    pub(super) fn earn_rest(
        &mut self,
        index: usize,
        usual: u32,
        grade: Grade,
        date: NaiveDate,
        at: DateTime<Utc>,
    ) {
        let days = self.rest_days(index, usual, grade);
        self.hold_from(index, date, at, days);
    }

    /// Full days off after a session of this grade.
    pub(super) fn rest_days(&self, index: usize, usual: u32, grade: Grade) -> u32 {
        let more = usual.saturating_add(1);
        match grade {
            Grade::Green => usual,
            Grade::Amber => more,
            Grade::Red => self.definition(index).policy.red_rest_days.max(more),
        }
    }

    /// Full days off after a GREEN session on the rung done, as its own revision has it.
    pub(super) fn usual_rest(&self, index: usize, report: &SessionReport) -> u32 {
        let here = || self.definition(index).rest_days(report.rung);
        report.earlier.map_or_else(here, |rung| rung.rest_days)
    }

    /// `days` full days off after something on this track.
    pub(super) fn hold_from(
        &mut self,
        index: usize,
        date: NaiveDate,
        at: DateTime<Utc>,
        days: u32,
    ) {
        self.hold_until(
            index,
            NotBefore {
                date: add_days(date, days.saturating_add(1)),
                at: add_hours(at, days.saturating_mul(24)),
            },
        );
    }

    /// A running track's rest holds on every running one.
    fn hold_until(&mut self, index: usize, rest: NotBefore) {
        if self.definition(index).is_running() {
            self.hold_running_until(rest);
        } else {
            self.not_before(index, rest);
        }
    }

    /// Rest that every running track keeps.
    pub(super) fn hold_running_until(&mut self, rest: NotBefore) {
        for running in self.running_positions() {
            self.not_before(running, rest);
        }
    }

    /// The rest of a RED morning that answers no session: (date + n, at + n × 24 h),
    /// one date less than after a session, whose own day is the first.
    pub(super) fn hold_after_unmatched(&mut self, index: usize, days: u32) {
        let (date, at) = (self.event.date, self.event.at);
        let rest = NotBefore {
            date: add_days(date, days),
            at: add_hours(at, days.saturating_mul(24)),
        };
        self.hold_until(index, rest);
    }

    /// Rests combine by maximum, date and instant each for itself.
    fn not_before(&mut self, index: usize, rest: NotBefore) {
        let track = self.track_mut(index);
        track.not_before = Some(match track.not_before {
            None => rest,
            Some(known) => NotBefore {
                date: known.date.max(rest.date),
                at: known.at.max(rest.at),
            },
        });
    }

    /// No session before `date` + 7 leads up: without it a worse history could use a
    /// step up that a better one had spent.
    pub(super) fn no_advance_from(&mut self, index: usize, date: NaiveDate) {
        let until = add_days(date, 7);
        let track = self.track_mut(index);
        track.no_advance_before = track.no_advance_before.max(Some(until));
    }
}
