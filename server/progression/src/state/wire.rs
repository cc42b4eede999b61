//! The state as bytes: what is stored beside a plan and what its fingerprint is made
//! of. Small, because every check-in reads and writes it; dates and instants are
//! numbers there, and text in JSON.

#![expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives it so")]

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::PlanState;

/// The first byte of a state. It changes whenever the shape of the state does.
pub const FORMAT: u8 = 2;

impl PlanState {
    /// The state as bytes: the same state always gives the same.
    pub fn encode(&self) -> Vec<u8> {
        // Writing to memory fails for types without a fixed shape alone, which these
        // are not; nothing reads back as no state, and the history is replayed.
        postcard::to_extend(self, vec![FORMAT]).unwrap_or_default()
    }

    /// The state of these bytes; none if they are of another format. The history then
    /// gives it again.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (format, body) = bytes.split_first()?;
        if *format != FORMAT {
            return None;
        }
        postcard::from_bytes(body).ok()
    }
}

/// Days since 1970-01-01 where a format is not for people.
pub(super) mod date {
    use super::{Deserialize, Deserializer, NaiveDate, Serialize, Serializer, day, number};

    pub(crate) fn serialize<S: Serializer>(date: &NaiveDate, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() {
            date.serialize(to)
        } else {
            number(*date).serialize(to)
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
        if from.is_human_readable() {
            NaiveDate::deserialize(from)
        } else {
            day(i32::deserialize(from)?)
        }
    }
}

/// As [`date`], where there may be none.
pub(super) mod optional_date {
    use super::{Deserialize, Deserializer, NaiveDate, Serialize, Serializer, day, number};

    #[expect(clippy::ref_option, reason = "serde gives it so")]
    pub(crate) fn serialize<S: Serializer>(
        date: &Option<NaiveDate>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() {
            date.serialize(to)
        } else {
            date.map(number).serialize(to)
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<NaiveDate>, D::Error> {
        if from.is_human_readable() {
            Option::deserialize(from)
        } else {
            Option::<i32>::deserialize(from)?.map(day).transpose()
        }
    }
}

/// As [`date`], several.
pub(super) mod dates {
    use super::{Deserialize, Deserializer, NaiveDate, Serialize, Serializer, day, number};

    pub(crate) fn serialize<S: Serializer>(dates: &[NaiveDate], to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() {
            dates.serialize(to)
        } else {
            to.collect_seq(dates.iter().copied().map(number))
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<NaiveDate>, D::Error> {
        if from.is_human_readable() {
            Vec::deserialize(from)
        } else {
            let days = Vec::<i32>::deserialize(from)?;
            days.into_iter().map(day).collect()
        }
    }
}

/// Microseconds since 1970 where a format is not for people.
pub(super) mod instant {
    use super::{DateTime, Deserialize, Deserializer, Serialize, Serializer, Utc};
    use serde::de::Error as _;

    pub(crate) fn serialize<S: Serializer>(at: &DateTime<Utc>, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() {
            at.serialize(to)
        } else {
            at.timestamp_micros().serialize(to)
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<DateTime<Utc>, D::Error> {
        if from.is_human_readable() {
            DateTime::deserialize(from)
        } else {
            DateTime::from_timestamp_micros(i64::deserialize(from)?)
                .ok_or_else(|| D::Error::custom("no instant"))
        }
    }
}

fn number(date: NaiveDate) -> i32 {
    date.to_epoch_days()
}

fn day<E: serde::de::Error>(number: i32) -> Result<NaiveDate, E> {
    NaiveDate::from_epoch_days(number).ok_or_else(|| E::custom("no date"))
}
