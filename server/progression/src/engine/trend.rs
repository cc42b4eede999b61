//! WEEKLY_TREND (§5): morning pain or stiffness rises week over week.

use chrono::NaiveDate;

use super::run::Run;
use crate::decision::Outcome;
use crate::event::MorningReport;
use crate::reason::{Measure, Reason, ReasonCode};
use crate::state::WeekSum;

/// So many mornings make a week's mean.
const MORNINGS: u32 = 2;

impl Run<'_> {
    /// On the first event of a new ISO week: HOLD + Ask for the whole plan, if the mean
    /// rose twice in a row by half a point of pain, or by half of ten minutes of
    /// stiffness. No rung moves. Silent: a week that begins after NEEDS_CLEARANCE fell
    /// due; as with LAYOFF, time is counted to that date, and many ticks equal one.
    pub(super) fn weekly_trend(&mut self, counted_to: NaiveDate) {
        if !self.state.weeks.roll(counted_to) {
            return;
        }
        let [_, last, before, first] = self.state.weeks.sums;
        let mut reason = Reason::new(ReasonCode::WeeklyTrend, Outcome::Hold).ask_if(true);
        let pain = |week: WeekSum| (week.pain, week.pains);
        if rises([first, before, last].map(pain), 1) {
            let (seen, limit) = (mean(pain(last)), mean(pain(before)));
            reason = reason.held(Measure::WeekMeanPain, seen, limit);
        }
        let stiffness = |week: WeekSum| (week.stiffness, week.stiffnesses);
        if rises([first, before, last].map(stiffness), 10) {
            let (seen, limit) = (mean(stiffness(last)), mean(stiffness(before)));
            reason = reason.held(Measure::WeekMeanStiffness, seen, limit);
        }
        if !reason.evidence.is_empty() {
            self.decide_plan(true, vec![reason]);
        }
    }

    /// Adds a morning to its week, if that is one of those kept.
    pub(super) fn log_morning(&mut self, report: &MorningReport) {
        let Some(week) = self.state.weeks.of(self.event.date) else {
            return;
        };
        week.pain = week.pain.saturating_add(report.pain.get());
        week.pains = week.pains.saturating_add(1);
        if let Some(stiffness) = report.stiffness {
            week.stiffness = week.stiffness.saturating_add(stiffness.get());
            week.stiffnesses = week.stiffnesses.saturating_add(1);
        }
    }
}

/// Whether the means of three weeks, oldest first, each `(sum, count)`, rise twice by at
/// least half a `unit`.
fn rises(weeks: [(u32, u32); 3], unit: i64) -> bool {
    let [first, second, third] = weeks.map(|(sum, count)| (i64::from(sum), i64::from(count)));
    // b / m − a / n ≥ unit / 2, without a division.
    let up = |(a, n): (i64, i64), (b, m): (i64, i64)| 2 * (b * n - a * m) >= unit * n * m;
    weeks.iter().all(|(_, count)| *count >= MORNINGS) && up(first, second) && up(second, third)
}

/// The mean in hundredths, rounded down.
fn mean((sum, count): (u32, u32)) -> i64 {
    (i64::from(sum) * 100)
        .checked_div(i64::from(count))
        .unwrap_or(0)
}
