//! Dates and instants as the contract has them.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, TimeDelta, Utc};
use prost_types::Timestamp;
use rung_proto::v1;

/// A civil date.
pub(crate) fn date(date: NaiveDate) -> v1::Date {
    v1::Date {
        year: date.year(),
        // 1 to 12 and 1 to 31: always fit.
        month: date.month().cast_signed(),
        day: date.day().cast_signed(),
    }
}

/// An instant.
pub(crate) fn timestamp(at: DateTime<Utc>) -> Timestamp {
    Timestamp {
        seconds: at.timestamp(),
        nanos: at.timestamp_subsec_nanos().cast_signed(),
    }
}

/// The civil date of an instant in a zone.
pub(crate) fn date_in(at: DateTime<Utc>, zone: chrono_tz::Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// The first instant of a civil date in a zone.
pub(crate) fn start_of(date: NaiveDate, zone: chrono_tz::Tz) -> DateTime<Utc> {
    let midnight = date.and_time(NaiveTime::MIN);
    // Where a clock change skips midnight, the hour after it is the first of the date; where a zone has skipped a whole
    // date, as at the date line, that of the next one.
    let first = (0..=24).find_map(|hours| {
        (midnight + TimeDelta::hours(hours))
            .and_local_timezone(zone)
            .earliest()
    });
    first.map_or_else(|| midnight.and_utc(), |first| first.to_utc())
}
