//! Dates: weeks, lighter weeks, days of illness and of low readiness.

use chrono::{Datelike, Days, NaiveDate};

use super::Model;

pub(crate) fn plus(date: NaiveDate, days: u32) -> NaiveDate {
    date.checked_add_days(Days::new(u64::from(days)))
        .expect("a date")
}

pub(crate) fn minus(date: NaiveDate, days: u32) -> NaiveDate {
    date.checked_sub_days(Days::new(u64::from(days)))
        .expect("a date")
}

/// Days from one date to another.
pub(crate) fn between(from: NaiveDate, to: NaiveDate) -> i64 {
    to.signed_duration_since(from).num_days()
}

pub(crate) fn monday(date: NaiveDate) -> NaiveDate {
    minus(date, date.weekday().num_days_from_monday())
}

pub(crate) fn dates(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    from.iter_days().take_while(move |date| *date <= to)
}

impl Model {
    /// Week ⌊(date − start) / 7⌋ is lighter if its index mod every = every − 1.
    pub(crate) fn is_deload(&self, track: usize, date: NaiveDate) -> bool {
        let every = i64::from(self.plan.tracks[track].policy.deload_every_weeks);
        let Some(start) = self.started else {
            return false;
        };
        every > 0 && between(start, date).div_euclid(7).rem_euclid(every) == every - 1
    }

    /// Ill, or not through the day of the first well answer.
    pub(crate) fn is_ill(&self, date: NaiveDate) -> bool {
        self.ill.is_some() || self.well_from.is_some_and(|well| date < well)
    }

    pub(crate) fn is_low(&self, date: NaiveDate) -> bool {
        // "Ring of 14 wellness answers" (§5 State). Adopted: 14 earlier ones, beside the
        // latest date's own.
        let kept = self.wellness.iter().rev().take(15);
        kept.into_iter()
            .any(|answers| answers.date == date && answers.low)
    }
}
