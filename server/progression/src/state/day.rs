//! What is remembered of days and weeks, whatever the track.

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::wire;
use crate::event::WellnessReport;
use crate::scale::Metres;

/// An illness that no wellness check-in has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Illness {
    /// The date of the first wellness check-in that reported it.
    #[serde(with = "wire::date")]
    pub since: NaiveDate,
    /// Whether ILLNESS_LONG has asked the physio.
    pub asked: bool,
}

/// The items of a wellness check-in that are compared with the person's own mean, the
/// lower the worse: sleep in minutes, then energy, calm, mood, freshness and fuelling.
pub type Items = [Option<u16>; 6];

/// The names of [`Items`].
pub(crate) const ITEMS: [&str; 6] = ["SLEEP", "ENERGY", "CALM", "MOOD", "FRESHNESS", "FUELLING"];

/// The wellness answers of one date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WellnessDay {
    /// The date.
    #[serde(with = "wire::date")]
    pub date: NaiveDate,
    /// The latest answers of the date.
    pub items: Items,
    /// Whether any check-in of the date showed low readiness.
    pub low: bool,
}

impl WellnessReport {
    pub(crate) fn items(&self) -> Items {
        let score = |score: Option<crate::scale::WellnessScore>| score.map(|s| small(s.get()));
        [
            self.sleep.map(|sleep| small(sleep.get())),
            score(self.energy),
            score(self.calm),
            score(self.mood),
            score(self.freshness),
            score(self.fuelling),
        ]
    }
}

fn small(value: u32) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}

/// The longest run of one date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LongestOfDay {
    /// The date.
    #[serde(with = "wire::date")]
    pub date: NaiveDate,
    /// How far.
    pub distance: Metres,
}

/// The mornings of one ISO week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekSum {
    /// Sum of morning pain, NPRS.
    pub pain: u32,
    /// How many mornings said it.
    pub pains: u32,
    /// Sum of morning stiffness, minutes.
    pub stiffness: u32,
    /// How many mornings said it.
    pub stiffnesses: u32,
}

/// The current ISO week and the three before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weeks {
    /// The Monday of the current week; none before the first event that was judged.
    #[serde(with = "wire::optional_date")]
    pub monday: Option<NaiveDate>,
    /// The current week, then the one before it, and so on.
    pub sums: [WeekSum; 4],
}

impl Weeks {
    /// Makes the week of `date` the current one, if it is a later one. Says whether it
    /// is a new week after an earlier one.
    pub(crate) fn roll(&mut self, date: NaiveDate) -> bool {
        let Some(current) = self.monday else {
            self.monday = Some(monday_of(date));
            return false;
        };
        let weeks = date.signed_duration_since(current).num_days().div_euclid(7);
        if weeks <= 0 {
            return false;
        }
        let shift = usize::try_from(weeks).unwrap_or(usize::MAX).min(4);
        self.sums.rotate_right(shift % 4);
        for sum in self.sums.iter_mut().take(shift) {
            *sum = WeekSum::default();
        }
        self.monday = Some(monday_of(date));
        true
    }

    /// The sums of the week of `date`, if it is one of the four.
    pub(crate) fn of(&mut self, date: NaiveDate) -> Option<&mut WeekSum> {
        let back = self
            .monday?
            .signed_duration_since(monday_of(date))
            .num_weeks();
        self.sums.get_mut(usize::try_from(back).ok()?)
    }
}

/// The Monday of a date's ISO week; the far end of the calendar stays the far end.
fn monday_of(date: NaiveDate) -> NaiveDate {
    let days = u64::from(date.weekday().num_days_from_monday());
    date.checked_sub_days(Days::new(days)).unwrap_or(date)
}
