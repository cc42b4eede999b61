//! Dates and instants without overflow: the far end of the calendar stays the
//! far end, so that an absurd date can only make an athlete wait.

use chrono::{DateTime, Days, NaiveDate, SubsecRound as _, TimeDelta, Utc};

pub(crate) fn add_days(date: NaiveDate, days: u32) -> NaiveDate {
    date.checked_add_days(Days::new(u64::from(days)))
        .unwrap_or(NaiveDate::MAX)
}

pub(crate) fn add_hours(at: DateTime<Utc>, hours: u32) -> DateTime<Utc> {
    TimeDelta::try_hours(i64::from(hours))
        .and_then(|delta| at.checked_add_signed(delta))
        .unwrap_or_else(end)
}

/// The last instant, in whole microseconds: a state's bytes keep no more.
fn end() -> DateTime<Utc> {
    DateTime::<Utc>::MAX_UTC.trunc_subsecs(6)
}

/// Whole days from `earlier` to `later`; negative if it is the other way round.
pub(crate) fn days_between(earlier: NaiveDate, later: NaiveDate) -> i64 {
    later.signed_duration_since(earlier).num_days()
}

/// Whether more than `hours` lie between the two.
pub(crate) fn is_older(then: DateTime<Utc>, now: DateTime<Utc>, hours: u32) -> bool {
    now > add_hours(then, hours)
}

/// Whole hours from `earlier` to `later`, for showing.
pub(crate) fn hours_between(earlier: DateTime<Utc>, later: DateTime<Utc>) -> i64 {
    later.signed_duration_since(earlier).num_hours()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_calendar_stays_the_end() {
        assert_eq!(add_days(NaiveDate::MAX, 3), NaiveDate::MAX);
        let last = add_hours(DateTime::<Utc>::MAX_UTC, 1);
        assert_eq!(last, add_hours(last, 1));
        assert_eq!(
            last.timestamp_micros(),
            DateTime::<Utc>::MAX_UTC.timestamp_micros()
        );
        // Seen failing with the nanoseconds kept: a state that does not read back as it was.
        assert_eq!(last.timestamp_subsec_nanos() % 1000, 0);
        assert!(days_between(NaiveDate::MIN, NaiveDate::MAX) > 0);
    }
}
