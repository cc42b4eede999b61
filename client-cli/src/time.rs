//! Instants and dates: from and to the contract, as programs and as people read them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use prost_types::Timestamp;
use rung_proto::v1;

use crate::out::Style;

/// An instant of the contract; `None` when it is out of range.
pub(crate) fn instant(timestamp: &Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(timestamp.seconds, u32::try_from(timestamp.nanos).ok()?)
}

/// An instant for the contract.
pub(crate) fn timestamp(at: DateTime<Utc>) -> Timestamp {
    Timestamp {
        seconds: at.timestamp(),
        nanos: i32::try_from(at.timestamp_subsec_nanos().min(999_999_999)).unwrap_or(0),
    }
}

/// A date for the contract.
pub(crate) fn date(date: NaiveDate) -> v1::Date {
    v1::Date {
        year: date.year(),
        month: i32::try_from(date.month()).unwrap_or(0),
        day: i32::try_from(date.day()).unwrap_or(0),
    }
}

/// A date of the contract; `None` when there is no such day.
pub(crate) fn naive(date: &v1::Date) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(
        date.year,
        u32::try_from(date.month).ok()?,
        u32::try_from(date.day).ok()?,
    )
}

/// Reads `YYYY-MM-DD`.
pub(crate) fn parse_date(text: &str) -> std::result::Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .map_err(|_| "a date looks like 2026-03-01".to_owned())
}

/// Reads RFC 3339.
pub(crate) fn parse_instant(text: &str) -> std::result::Result<DateTime<Utc>, String> {
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.to_utc())
        .map_err(|_| {
            "an instant looks like 2026-03-01T07:30:00+01:00 or 2026-03-01T06:30:00Z".to_owned()
        })
}

/// A day, or an instant: what a person says when asked from when or until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// A whole day.
    Day(NaiveDate),
    /// As it is.
    At(DateTime<Utc>),
}

impl Moment {
    /// The instant; of a day its first one.
    pub(crate) fn begin(self, zone: Tz) -> Timestamp {
        timestamp(match self {
            Self::Day(day) => first_instant(day, zone),
            Self::At(at) => at,
        })
    }

    /// The instant; of a day the one after it.
    pub(crate) fn end(self, zone: Tz) -> Timestamp {
        match self {
            Self::Day(day) => Self::Day(day.succ_opt().unwrap_or(day)).begin(zone),
            Self::At(_) => self.begin(zone),
        }
    }
}

/// Where midnight does not exist, because the clocks jump over it, the day begins an hour later.
fn first_instant(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    zone.from_local_datetime(&midnight)
        .earliest()
        .or_else(|| {
            zone.from_local_datetime(&(midnight + TimeDelta::hours(1)))
                .earliest()
        })
        .map_or_else(|| midnight.and_utc(), |at| at.to_utc())
}

/// Reads `YYYY-MM-DD` or RFC 3339.
pub(crate) fn parse_moment(text: &str) -> std::result::Result<Moment, String> {
    parse_date(text)
        .map(Moment::Day)
        .or_else(|_| parse_instant(text).map(Moment::At))
        .map_err(|_| {
            "a day looks like 2026-03-01, an instant like 2026-03-01T07:30:00+01:00".to_owned()
        })
}

/// RFC 3339 in UTC, for programs; empty when missing.
pub(crate) fn machine(timestamp: Option<&Timestamp>) -> String {
    timestamp
        .and_then(instant)
        .map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
        .unwrap_or_default()
}

/// `2026-03-01`, for programs; empty when missing.
pub(crate) fn machine_date(date: Option<&v1::Date>) -> String {
    date.and_then(naive)
        .map(|d| d.to_string())
        .unwrap_or_default()
}

/// `Sun 1 Mar 2026, 07:30` in the zone of the style; a dash when missing.
pub(crate) fn human(timestamp: Option<&Timestamp>, style: &Style) -> String {
    human_in(timestamp, style.zone)
}

/// `Sun 1 Mar 2026, 07:30` in a named zone; in that of the style when the name is unknown.
pub(crate) fn human_in_zone(timestamp: Option<&Timestamp>, zone: &str, style: &Style) -> String {
    human_in(timestamp, zone.parse().unwrap_or(style.zone))
}

fn human_in(timestamp: Option<&Timestamp>, zone: chrono_tz::Tz) -> String {
    timestamp.and_then(instant).map_or_else(
        || "–".to_owned(),
        |at| {
            at.with_timezone(&zone)
                .format("%a %-d %b %Y, %H:%M")
                .to_string()
        },
    )
}

/// `Sun 1 Mar 2026`; a dash when missing.
pub(crate) fn human_date(date: Option<&v1::Date>) -> String {
    date.and_then(naive)
        .map_or_else(|| "–".to_owned(), |d| d.format("%a %-d %b %Y").to_string())
}

/// When the next session may be: the date, and the hour too where the instant bars more than the date does.
pub(crate) fn not_before(bar: &v1::NotBefore, style: &Style) -> String {
    let date = bar.date.as_ref().and_then(naive);
    let instant = bar
        .instant
        .as_ref()
        .and_then(instant)
        .map(|at| at.with_timezone(&style.zone));
    match (date, instant) {
        (Some(date), Some(at)) if at.date_naive() < date => date.format("%a %-d %b %Y").to_string(),
        (_, Some(at)) => at.format("%a %-d %b %Y, %H:%M").to_string(),
        (Some(date), None) => date.format("%a %-d %b %Y").to_string(),
        (None, None) => "–".to_owned(),
    }
}

/// Seconds as `47 min 12 s` or `1 h 02 min`.
pub(crate) fn duration(seconds: i64) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes, rest) {
        (0, 0, s) => format!("{s} s"),
        (0, m, 0) => format!("{m} min"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, m, 0) => format!("{h} h {m:02} min"),
        (h, m, s) => format!("{h} h {m:02} min {s} s"),
    }
}

/// Metres as `9.01 km`, rounded, or `800 m`.
pub(crate) fn distance(metres: i64) -> String {
    if metres < 1000 {
        return format!("{metres} m");
    }
    let hundredths = metres.saturating_add(5) / 10;
    format!("{}.{:02} km", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_told_in_the_units_of_people() {
        assert_eq!(distance(9008), "9.01 km");
        assert_eq!(distance(999), "999 m");
        assert_eq!(distance(1994), "1.99 km");
        assert_eq!(distance(1995), "2.00 km");
        assert_eq!(duration(2832), "47 min 12 s");
        assert_eq!(duration(59), "59 s");
        assert_eq!(duration(3720), "1 h 02 min");
        assert_eq!(duration(3661), "1 h 01 min 1 s");
    }

    #[test]
    fn a_bar_names_the_hour_only_where_it_bars_more_than_the_date() {
        let style = Style {
            width: 80,
            color: false,
            zone: chrono_tz::Tz::Europe__Berlin,
        };
        let bar = |instant: &str| v1::NotBefore {
            date: Some(date(NaiveDate::from_ymd_opt(2026, 3, 3).unwrap())),
            instant: Some(timestamp(parse_instant(instant).unwrap())),
        };
        let told = |instant| not_before(&bar(instant), &style);
        assert_eq!(told("2026-03-02T18:00:00Z"), "Tue 3 Mar 2026");
        assert_eq!(told("2026-03-03T17:30:00Z"), "Tue 3 Mar 2026, 18:30");
        assert_eq!(told("2026-03-04T17:30:00Z"), "Wed 4 Mar 2026, 18:30");
    }

    // Seen failing with the end of a day taken as its beginning.
    #[test]
    fn a_day_lasts_from_its_midnight_to_the_next_where_people_are() {
        let told = |text, zone: Tz| {
            let moment = parse_moment(text).unwrap();
            let (from, until) = (moment.begin(zone), moment.end(zone));
            (machine(Some(&from)), machine(Some(&until)))
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        // The clocks go forward on this day: it has 23 hours.
        assert_eq!(
            told("2026-03-29", Tz::Europe__Berlin),
            pair("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")
        );
        // Here they do so at midnight.
        assert_eq!(
            told("2026-04-24", Tz::Africa__Cairo),
            pair("2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z")
        );
        let at = "2026-03-01T06:30:00Z";
        assert_eq!(told(at, Tz::Europe__Berlin), pair(at, at));
        assert!(parse_moment("tomorrow").is_err());
    }

    #[test]
    fn instants_and_dates_survive_the_way_there_and_back() {
        let at = parse_instant("2026-03-01T07:30:00.25+01:00").unwrap();
        assert_eq!(instant(&timestamp(at)), Some(at));
        assert_eq!(machine(Some(&timestamp(at))), "2026-03-01T06:30:00.250Z");
        let day = parse_date("2024-02-29").unwrap();
        assert_eq!(naive(&date(day)), Some(day));
        assert!(parse_date("2023-02-29").is_err() && parse_date("1.3.2026").is_err());
        assert!(parse_instant("2026-03-01 07:30").is_err());
    }
}
