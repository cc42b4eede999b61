//! Lighter weeks (§6): they count from the start of the plan, so that they begin on its
//! weekday, not on Monday.

use chrono::NaiveDate;

use super::civil::plan_week;
use crate::ladder::DoseUnit;
use crate::plan::TrackDefinition;
use crate::policy::Policy;
use crate::scale::Dose;

/// The week of the plan, from 1, if a date lies in a lighter one.
pub(super) fn deload_week(
    policy: &Policy,
    start: Option<NaiveDate>,
    date: NaiveDate,
) -> Option<u32> {
    let week = plan_week(start?, date)?.saturating_add(1);
    let every = policy.deload_every_weeks;
    (every > 0 && week % every == 0).then_some(week)
}

/// The share of a dose in a lighter week: rounded down, at least 1, never above the dose.
/// Silent: a ladder without amounts; a share of an ordinal is no rung, so it stays.
pub(super) fn lighter(track: &TrackDefinition, dose: Dose) -> Dose {
    if track.ladder.unit == DoseUnit::Ordinal {
        return dose;
    }
    let percent = u64::from(track.policy.deload_percent.min(100));
    let amount = u64::from(dose.get()) * percent / 100;
    u32::try_from(amount.max(1))
        .ok()
        .and_then(|amount| Dose::try_from(amount).ok())
        .map_or(dose, |amount| amount.min(dose))
}
