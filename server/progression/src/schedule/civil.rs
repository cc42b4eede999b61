//! Dates of a zone, and the seven days of a week.

use chrono::{DateTime, Datelike, Days, NaiveDate, Offset, TimeZone, Utc, Weekday};

use super::Done;
use crate::engine::calendar::add_days;
use crate::id::TrackId;
use crate::plan::PlanDefinition;

/// Days of a week as bits, Monday the lowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct DaySet(u8);

impl DaySet {
    const ALL: [usize; 7] = [0, 1, 2, 3, 4, 5, 6];

    pub(super) fn with(self, day: usize) -> Self {
        Self(self.0 | bit(day))
    }

    pub(super) fn holds(self, day: usize) -> bool {
        self.0 & bit(day) != 0
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// From a day, 0–7, on.
    pub(super) fn from(self, first: usize) -> Self {
        self.iter().filter(|day| *day >= first).collect()
    }

    pub(super) fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// Ascending; the other way round, descending.
    pub(super) fn iter(self) -> impl DoubleEndedIterator<Item = usize> {
        Self::ALL.into_iter().filter(move |day| self.holds(*day))
    }
}

impl FromIterator<usize> for DaySet {
    fn from_iter<I: IntoIterator<Item = usize>>(days: I) -> Self {
        days.into_iter().fold(Self::default(), Self::with)
    }
}

fn bit(day: usize) -> u8 {
    u32::try_from(day)
        .ok()
        .and_then(|day| 1_u8.checked_shl(day))
        .unwrap_or(0)
}

/// The civil date of an instant in a zone. Beyond the end of the calendar it is the end.
pub(super) fn date_in<Z: TimeZone>(at: DateTime<Utc>, zone: &Z) -> NaiveDate {
    let utc = at.naive_utc();
    let offset = zone.offset_from_utc_datetime(&utc).fix();
    let end = if offset.local_minus_utc().is_positive() {
        NaiveDate::MAX
    } else {
        NaiveDate::MIN
    };
    utc.checked_add_offset(offset)
        .map_or(end, |local| local.date())
}

/// The Monday of a date's ISO week; none before the calendar begins.
pub(super) fn monday(date: NaiveDate) -> Option<NaiveDate> {
    let gone = u64::from(date.weekday().num_days_from_monday());
    date.checked_sub_days(Days::new(gone))
}

/// One ISO week: its dates, and what of it is taken or over.
pub(super) struct Grid {
    dates: Vec<NaiveDate>,
    /// Days on which the athlete can train.
    pub(super) available: DaySet,
    /// Those of them on which it is not too late, nor too early for the plan.
    pub(super) left: DaySet,
    done: Vec<Done>,
}

impl Grid {
    /// None where the calendar ends within the week. `begins`: nothing is laid before it.
    pub(super) fn new(
        plan: &PlanDefinition,
        done: &[Done],
        monday: NaiveDate,
        begins: NaiveDate,
    ) -> Option<Self> {
        let dates: Option<Vec<NaiveDate>> = DaySet::ALL
            .iter()
            .map(|day| monday.checked_add_days(Days::new(u64::try_from(*day).ok()?)))
            .collect();
        let dates = dates?;
        let available = DaySet::ALL
            .into_iter()
            .zip(&dates)
            .filter(|(_, date)| is_available(&plan.weekdays, date.weekday()))
            .map(|(day, _)| day)
            .collect::<DaySet>();
        let done = done.iter().filter(|done| dates.contains(&done.date));
        let mut grid = Self {
            done: done.copied().collect(),
            left: available,
            available,
            dates,
        };
        grid.left = available.from(grid.first(begins));
        Some(grid)
    }

    /// The Monday after it.
    pub(super) fn next(&self) -> Option<NaiveDate> {
        self.dates.last()?.checked_add_days(Days::new(1))
    }

    /// Its days with their dates.
    pub(super) fn days(&self) -> impl Iterator<Item = (usize, NaiveDate)> {
        DaySet::ALL.into_iter().zip(self.dates.iter().copied())
    }

    /// The first of its days, 0–7, on which a date has come.
    pub(super) fn first(&self, date: NaiveDate) -> usize {
        self.dates.iter().take_while(|day| **day < date).count()
    }

    /// The date `days` after a day of the week.
    pub(super) fn after(&self, day: usize, days: u32) -> NaiveDate {
        self.dates
            .get(day)
            .map_or(NaiveDate::MAX, |date| add_days(*date, days))
    }

    /// What was done on a day.
    pub(super) fn done_on(&self, date: NaiveDate) -> impl Iterator<Item = &Done> {
        self.done.iter().filter(move |done| done.date == date)
    }

    /// Sessions of a track that were done in the week.
    pub(super) fn count(&self, track: TrackId) -> u32 {
        let done = self.done.iter().filter(|done| done.track == Some(track));
        u32::try_from(done.count()).unwrap_or(u32::MAX)
    }

    /// Days on which something was done of which `is` holds.
    pub(super) fn done_days(&self, is: impl Fn(Option<TrackId>) -> bool) -> DaySet {
        self.days()
            .filter(|(_, date)| self.done_on(*date).any(|done| is(done.track)))
            .map(|(day, _)| day)
            .collect()
    }

    /// Days without anything done.
    pub(super) fn idle(&self) -> DaySet {
        DaySet::ALL
            .into_iter()
            .collect::<DaySet>()
            .without(self.done_days(|_| true))
    }

    /// How much was done on each day.
    pub(super) fn load(&self) -> [u32; 7] {
        let mut load = [0; 7];
        for (sum, (_, date)) in load.iter_mut().zip(self.days()) {
            *sum = u32::try_from(self.done_on(date).count()).unwrap_or(u32::MAX);
        }
        load
    }
}

fn is_available(weekdays: &[Weekday], day: Weekday) -> bool {
    weekdays.is_empty() || weekdays.contains(&day)
}

#[cfg(test)]
mod tests {
    use chrono::FixedOffset;

    use super::*;

    #[test]
    fn a_day_that_is_in_both_is_in_the_sum() {
        let days = DaySet::default().with(1).with(3);
        assert_eq!(days.with(3), days);
        assert_eq!(days.or(DaySet::default().with(3).with(5)).count(), 3);
    }

    #[test]
    fn beyond_the_end_of_the_calendar_it_is_the_end() {
        let zone = |hours: i32| FixedOffset::east_opt(hours * 3600).expect("an offset");
        for hours in [-1, 0, 1] {
            let last = date_in(DateTime::<Utc>::MAX_UTC, &zone(hours));
            assert_eq!(last, NaiveDate::MAX);
            let first = date_in(DateTime::<Utc>::MIN_UTC, &zone(hours));
            assert_eq!(first, NaiveDate::MIN);
        }
    }
}
