//! Days, instants and numbers as a history writes them. All is in 2026.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A day as "Mon 2 Mar", and what follows it.
pub(super) fn day(text: &str) -> (NaiveDate, &str) {
    let mut words = text.splitn(4, ' ');
    let mut word = || words.next().unwrap_or_default();
    let (weekday, number, month, rest) = (word(), word(), word(), word());
    let month = month.trim_end_matches(',');
    let month = MONTHS.iter().position(|name| *name == month);
    let month = u32::try_from(month.expect("a month")).expect("small") + 1;
    let day = NaiveDate::from_ymd_opt(2026, month, number.parse().expect("a day"));
    let day = day.expect("a date");
    assert_eq!(day.format("%a").to_string(), weekday, "in {text}");
    (day, rest)
}

pub(super) fn tell_day(date: NaiveDate) -> String {
    date.format("%a %-d %b").to_string()
}

pub(super) fn tell_instant(at: DateTime<Utc>) -> String {
    at.format("%a %-d %b %H:%M UTC").to_string()
}

/// A clock time as "10:00" or, in a zone, "10:00+9", and what follows it.
pub(super) fn clock(date: NaiveDate, text: &str) -> Option<(DateTime<Utc>, &str)> {
    let (word, rest) = text.split_once(' ')?;
    let (time, zone) = match word.find(['+', '-']) {
        Some(place) => word.split_at(place),
        None => (word, "0"),
    };
    let time = NaiveTime::parse_from_str(time, "%H:%M").ok()?;
    let zone = TimeDelta::hours(zone.parse().ok()?);
    Some((date.and_time(time).and_utc() - zone, rest))
}

pub(super) fn number(text: &str) -> u32 {
    let number = text.trim().parse();
    number.unwrap_or_else(|_| panic!("{text:?} is no number"))
}

/// Numbers as "100 200 300".
pub(super) fn numbers(text: &str) -> Vec<u32> {
    text.split_whitespace().map(number).collect()
}
