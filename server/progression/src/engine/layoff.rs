//! LAYOFF (§5): a gap between sessions.

use chrono::NaiveDate;

use super::calendar::days_between;
use super::run::Run;
use crate::decision::Outcome;
use crate::ladder::Ladder;
use crate::plan::TrackDefinition;
use crate::policy::LayoffTarget;
use crate::reason::{Measure, Reason, ReasonCode};
use crate::scale::RungIndex;
use crate::state::LayoffBase;

/// Rows from this gap on also delay the next step up.
const DELAYS_FROM: u32 = 3;

impl Run<'_> {
    /// Silent: a gap that reaches beyond the date on which NEEDS_CLEARANCE fell due; it is
    /// counted to that date. A tick on that date would have paused the plan, which then does
    /// not settle again, and many ticks equal one.
    pub(super) fn layoff(&mut self, index: usize, counted_to: NaiveDate) {
        let definition = self.definition(index);
        let track = self.track(index);
        let Some(last) = &track.last else { return };
        let base = track.layoff_base;
        let since = base.map_or(last.date, |base| base.date.max(last.date));
        let reference = base.map_or(last.rung, |base| base.reference);
        let gap = days_between(since, counted_to) - spacing(definition, last.rest_days);
        let rows = &definition.policy.layoff;
        let level = rows
            .iter()
            .take_while(|row| i64::from(row.from_gap) <= gap)
            .count();
        let row = level.checked_sub(1).and_then(|position| rows.get(position));
        let level = u32::try_from(level).unwrap_or(u32::MAX);
        let Some(row) = row.filter(|_| level > track.layoff_level) else {
            return;
        };

        let (from, last_date) = (track.rung, last.date);
        // The target never raises the rung.
        let target = target(&definition.ladder, row.target, reference).min(from);
        let outcome = if target < from {
            Outcome::StepBack
        } else {
            Outcome::Repeat
        };
        let mut reason = Reason::new(ReasonCode::Layoff, outcome)
            .held(Measure::GapDays, gap, row.from_gap)
            .ask_if(row.ask);
        if let LayoffTarget::DosePercent(percent) = row.target {
            let left = dose_percent(&definition.ladder, target, reference);
            reason = reason.held(Measure::DosePercent, left, percent);
        }
        if counted_to < self.event.date {
            reason = reason.held(Measure::EventDate, self.event.date, counted_to);
        }
        // Without the gap's length, so that many ticks leave the same state as one.
        let blocker =
            Reason::new(ReasonCode::Layoff, Outcome::Repeat).saw(Measure::SessionDate, since);
        self.block(index, &blocker);
        self.set_rung(index, target);
        self.lose_count(index);
        self.track_mut(index).layoff_level = level;
        // Read by the row, not by the gap, so that many ticks equal one.
        if row.from_gap >= DELAYS_FROM || row.target != LayoffTarget::Repeat {
            self.no_advance_from(index, last_date);
        }
        self.decide(index, from, vec![reason]);
    }

    /// A session that is not dated before a RESUME or MOVE_TO becomes the base; one
    /// that is leaves it, but its rung may lower the reference.
    pub(super) fn rebase_layoff(&mut self, index: usize, rung: RungIndex) {
        let date = self.event.date;
        let track = self.track_mut(index);
        match &mut track.layoff_base {
            Some(base) if date < base.date => base.reference = rung.min(base.set),
            base => {
                *base = None;
                track.layoff_level = 0;
            }
        }
    }

    /// A RESUME or MOVE_TO starts the layoff count anew.
    pub(super) fn restart_layoff(&mut self, index: usize, reference: RungIndex) {
        let date = self.event.date;
        let track = self.track_mut(index);
        track.layoff_base = Some(LayoffBase {
            date,
            set: track.rung,
            reference,
        });
        track.layoff_level = 0;
    }
}

/// The usual days from one session to the next.
fn spacing(definition: &TrackDefinition, rest_days: u32) -> i64 {
    let by_schedule = 7_u32.div_ceil(definition.sessions_per_week.max(1));
    let by_rest = rest_days.saturating_add(1);
    i64::from(by_schedule.max(by_rest))
}

/// The dose of a rung in percent of the reference's, rounded up, so that it is over a
/// row's limit exactly if the dose is; 0 where there is no such dose.
fn dose_percent(ladder: &Ladder, rung: RungIndex, reference: RungIndex) -> i64 {
    let dose = |rung| {
        ladder
            .rung(rung)
            .map_or(0, |rung| i64::from(rung.dose.get()))
    };
    match dose(reference) {
        0 => 0,
        whole => (dose(rung) * 100 + whole - 1) / whole,
    }
}

/// The largest rung not above the reference with a dose of at most so many percent of
/// the reference's; the lowest if none fits.
fn target(ladder: &Ladder, target: LayoffTarget, reference: RungIndex) -> RungIndex {
    let percent = match target {
        LayoffTarget::Repeat => return ladder.top(),
        LayoffTarget::Bottom => return RungIndex::MIN,
        LayoffTarget::DosePercent(percent) => u64::from(percent),
    };
    let Some(dose) = ladder
        .rung(reference)
        .map(|rung| u64::from(rung.dose.get()))
    else {
        return RungIndex::MIN;
    };
    let fits = |rung: &crate::ladder::Rung| {
        u64::from(rung.dose.get()).saturating_mul(100) <= dose.saturating_mul(percent)
    };
    let mut below = ladder
        .rungs
        .iter()
        .take(reference.position().saturating_add(1));
    below
        .rposition(fits)
        .and_then(|position| u32::try_from(position).ok())
        .and_then(|position| RungIndex::try_from(position).ok())
        .unwrap_or(RungIndex::MIN)
}
