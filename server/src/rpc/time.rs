//! Dates and instants as the contract has them.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
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
