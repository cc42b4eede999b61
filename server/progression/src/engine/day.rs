//! What a day says of every session on it: illness, readiness, lighter weeks (§6).

use chrono::NaiveDate;

use super::calendar::days_between;
use super::run::Run;
use crate::decision::Outcome;
use crate::ladder::DoseUnit;
use crate::plan::TrackDefinition;
use crate::policy::Policy;
use crate::reason::{Measure, Reason, ReasonCode};
use crate::scale::Dose;
use crate::state::PlanState;

impl Run<'_> {
    /// ILLNESS, READINESS_LOW and DELOAD_WEEK on any date from `from` to `to`.
    pub(super) fn day_blockers(&self, index: usize, from: NaiveDate, to: NaiveDate) -> Vec<Reason> {
        let policy = &self.definition(index).policy;
        let low = low(self.state, from, to).map(|date| {
            let reason = Reason::new(ReasonCode::ReadinessLow, Outcome::Repeat);
            reason.saw(Measure::LowDate, date)
        });
        let deload = deload(policy, self.state, from, to)
            .map(|week| deload_reason(policy, week, Outcome::Repeat));
        let mut found = Vec::new();
        found.extend(ill(self.state, from, Outcome::Repeat));
        found.extend(low);
        found.extend(deload);
        found
    }
}

/// ILLNESS on any date from `from` on. Silent: an illness that is told of before the morning
/// is, and dated after it; it keeps the session from counting too, for nobody knows when it
/// really began.
pub(crate) fn ill(state: &PlanState, from: NaiveDate, outcome: Outcome) -> Option<Reason> {
    let reason = Reason::new(ReasonCode::Illness, outcome);
    if let Some(ill) = state.ill {
        return Some(reason.saw(Measure::IllSince, ill.since));
    }
    let well = state.well_from.filter(|well| from < *well)?;
    Some(reason.held(Measure::WellFrom, from, well))
}

/// The first date of low readiness among these.
pub(crate) fn low(state: &PlanState, from: NaiveDate, to: NaiveDate) -> Option<NaiveDate> {
    let mut dates = state.wellness.iter().filter(|day| day.low);
    let found = dates.find(|day| (from..=to).contains(&day.date))?;
    Some(found.date)
}

/// The first of these dates' weeks of the plan that is a lighter one, from 0. Weeks count
/// from the START date.
pub(crate) fn deload(
    policy: &Policy,
    state: &PlanState,
    from: NaiveDate,
    to: NaiveDate,
) -> Option<u32> {
    let every = i64::from(policy.deload_every_weeks);
    let start = state.started?;
    let week = |date| days_between(start, date).div_euclid(7);
    if every == 0 {
        return None;
    }
    let first = week(from).max(0);
    // Of as many weeks as lie between two lighter ones, one is lighter.
    let last = week(to).min(first.saturating_add(every));
    let found = (first..=last).find(|week| week % every == every - 1)?;
    u32::try_from(found).ok()
}

pub(crate) fn deload_reason(policy: &Policy, week: u32, outcome: Outcome) -> Reason {
    Reason::new(ReasonCode::DeloadWeek, outcome).held(
        Measure::DeloadWeek,
        week.saturating_add(1),
        policy.deload_every_weeks,
    )
}

/// The dose advised on a date, of a rung's: lower on a day of low readiness and in a
/// lighter week, rounded down, at least 1. Silent: a ladder without amounts; a share of
/// an ordinal is no rung, so it stays, and the reasons say that the day is a lighter one.
pub(crate) fn advised(
    track: &TrackDefinition,
    state: &PlanState,
    dose: Dose,
    date: NaiveDate,
) -> Dose {
    let policy = &track.policy;
    let readiness = low(state, date, date).map(|_| policy.readiness_percent);
    let deload = deload(policy, state, date, date).map(|_| policy.deload_percent);
    if track.ladder.unit == DoseUnit::Ordinal || (readiness.is_none() && deload.is_none()) {
        return dose;
    }
    let share = |percent: Option<u32>| u64::from(percent.unwrap_or(100).min(100));
    let amount = u64::from(dose.get()) * share(readiness) * share(deload) / 10_000;
    u32::try_from(amount.max(1))
        .ok()
        .and_then(|amount| Dose::try_from(amount).ok())
        .map_or(dose, |amount| amount.min(dose))
}
