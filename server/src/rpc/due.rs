//! When time alone may change a plan next. The rules themselves are asked, on every occasion that the clock gives them:
//! nothing is known here of what they do.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{
    apply,
    time::{date_in, start_of},
};
use crate::{error::Result, storage::plan::StoredPlan};

/// Dates that are tried. A new week begins within them, and it alone changes a state.
const DATES: u64 = 15;

/// The first instant from `now` on at which a tick would change the state; none while nothing is judged.
pub(crate) fn next(plan: &StoredPlan, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
    let Some(started) = plan.state.started.filter(|_| plan.state.paused.is_none()) else {
        return Ok(None);
    };
    let zone = plan.zone()?;
    let occasions = occasions(plan, started, now, zone);
    let changes = |at: &&DateTime<Utc>| {
        let (state, _) = apply::tick(plan, **at, date_in(**at, zone));
        state != plan.state
    };
    // Where none of them changes anything, the last one is as good as any to look again.
    Ok(occasions.iter().find(changes).or(occasions.last()).copied())
}

/// Now, the beginnings of dates, and the ends of windows in which a morning would be taken.
fn occasions(
    plan: &StoredPlan,
    started: NaiveDate,
    now: DateTime<Utc>,
    zone: Tz,
) -> BTreeSet<DateTime<Utc>> {
    let first = date_in(now, zone).max(started);
    let dates = (0..DATES).filter_map(|days| first.checked_add_days(Days::new(days)));
    let windows = plan.definition.tracks.iter().filter_map(|track| {
        let pending = plan.state.track(track.id)?.pending.as_ref()?;
        let window = TimeDelta::hours(i64::from(track.policy.morning_window_hours));
        // A window ends after its last instant; an instant is a whole microsecond.
        pending
            .at
            .checked_add_signed(window + TimeDelta::microseconds(1))
    });
    let all = dates
        .map(|date| start_of(date, zone))
        .chain(windows)
        .chain([now]);
    all.filter(|at| *at >= now && date_in(*at, zone) >= started)
        .collect()
}

#[cfg(test)]
#[path = "due_test.rs"]
mod tests;
