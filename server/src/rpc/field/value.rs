//! What a raw field becomes: numbers on a scale, ids, texts, dates. Each answers `None` after it has noted a fault.

use std::{fmt::Display, ops::RangeInclusive};

use chrono::{DateTime, NaiveDate, Utc};
use rung_proto::v1;
use uuid::Uuid;

use super::Fields;

/// Years in which things happen: far enough from the ends of every calendar and format that adding days is safe.
const YEARS: RangeInclusive<i32> = 1900..=2999;

impl Fields {
    /// A number on a scale that has to be there. Missing is never read as zero.
    pub(crate) fn scale<T>(&mut self, path: &str, value: Option<impl Into<i64>>) -> Option<T>
    where
        T: TryFrom<i64>,
        T::Error: Display,
    {
        let value = self.required(path, value)?;
        self.check(path, T::try_from(value.into()))
    }

    /// A number on a scale that may be missing.
    #[expect(
        clippy::option_option,
        reason = "a fault noted, or a value that may be missing"
    )]
    pub(crate) fn optional_scale<T>(
        &mut self,
        path: &str,
        value: Option<impl Into<i64>>,
    ) -> Option<Option<T>>
    where
        T: TryFrom<i64>,
        T::Error: Display,
    {
        match value {
            None => Some(None),
            Some(value) => self.check(path, T::try_from(value.into())).map(Some),
        }
    }

    /// A whole number within a range.
    pub(crate) fn within(
        &mut self,
        path: &str,
        value: impl Into<i64>,
        range: RangeInclusive<i64>,
    ) -> Option<u32> {
        let value = value.into();
        match u32::try_from(value) {
            Ok(number) if range.contains(&value) => Some(number),
            _ => {
                self.fault(
                    path,
                    format!(
                        // Not repeated: it may be a measurement, and texts end up in logs.
                        "must be between {} and {}",
                        range.start(),
                        range.end()
                    ),
                );
                None
            }
        }
    }

    /// An enum value other than UNSPECIFIED.
    pub(crate) fn choice<E>(&mut self, path: &str, value: i32) -> Option<E>
    where
        E: TryFrom<i32> + Default + PartialEq,
    {
        match E::try_from(value) {
            Ok(choice) if choice != E::default() => Some(choice),
            Ok(_) => {
                self.fault(path, "is missing");
                None
            }
            Err(_) => {
                self.fault(path, format!("{value} is no known value"));
                None
            }
        }
    }

    /// A UUID.
    pub(crate) fn uuid(&mut self, path: &str, text: &str) -> Option<Uuid> {
        if text.is_empty() {
            self.fault(path, "is missing");
            return None;
        }
        // Only the form with hyphens: one id has one spelling.
        if text.len() == 36
            && let Ok(uuid) = Uuid::try_parse(text)
        {
            return Some(uuid);
        }
        self.fault(
            path,
            "must be a UUID such as 018f4e7e-8c5a-7c3e-9d5b-3f2a1b0c9d8e",
        );
        None
    }

    /// An id.
    pub(crate) fn id<T: From<Uuid>>(&mut self, path: &str, text: &str) -> Option<T> {
        self.uuid(path, text).map(T::from)
    }

    /// An id that may be empty.
    #[expect(
        clippy::option_option,
        reason = "a fault noted, or a value that may be missing"
    )]
    pub(crate) fn optional_id<T: From<Uuid>>(
        &mut self,
        path: &str,
        text: &str,
    ) -> Option<Option<T>> {
        if text.is_empty() {
            return Some(None);
        }
        self.id(path, text).map(Some)
    }

    /// A text of so many characters, without control characters: Postgres stores no NUL, and terminals obey the rest.
    pub(crate) fn text(
        &mut self,
        path: &str,
        text: &str,
        length: RangeInclusive<usize>,
    ) -> Option<String> {
        let trimmed = text.trim();
        let count = trimmed.chars().count();
        if count == 0 && *length.start() > 0 {
            self.fault(path, "is missing");
            return None;
        }
        if !length.contains(&count) {
            self.fault(
                path,
                format!(
                    "has {count} characters; {} to {} are allowed",
                    length.start(),
                    length.end()
                ),
            );
            return None;
        }
        if trimmed
            .chars()
            .any(|c| c.is_control() && c != '\n' && c != '\t')
        {
            self.fault(path, "holds control characters");
            return None;
        }
        Some(trimmed.to_owned())
    }

    /// A name: one line, and something to see on it.
    pub(crate) fn name(
        &mut self,
        path: &str,
        text: &str,
        length: RangeInclusive<usize>,
    ) -> Option<String> {
        let name = self.text(path, text, length)?;
        // Marks that turn the direction of writing, or that nobody sees, make one name look like another.
        let hidden = |c: char| {
            c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
        };
        if name.chars().any(hidden) {
            self.fault(path, "holds line breaks or invisible characters");
            return None;
        }
        Some(name)
    }

    /// A list of texts, none of them empty.
    pub(crate) fn texts(
        &mut self,
        path: &str,
        texts: &[String],
        count: usize,
        length: usize,
    ) -> Option<Vec<String>> {
        if self.at_most(path, texts, count).len() < texts.len() {
            return None;
        }
        let read: Vec<Option<String>> = texts
            .iter()
            .enumerate()
            .map(|(i, text)| self.text(&format!("{path}[{i}]"), text, 1..=length))
            .collect();
        read.into_iter().collect()
    }

    /// An e-mail address, lower-cased. What is after the "@" is the mail system's business.
    pub(crate) fn email(&mut self, path: &str, text: &str) -> Option<String> {
        let text = self.text(path, text, 1..=254)?;
        let plausible = text.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty() && !host.is_empty() && !host.contains('@')
        });
        if !plausible || text.chars().any(char::is_whitespace) {
            self.fault(path, "is no e-mail address");
            return None;
        }
        Some(text.to_lowercase())
    }

    /// The IANA name of a time zone.
    pub(crate) fn zone(&mut self, path: &str, name: &str) -> Option<chrono_tz::Tz> {
        if name.is_empty() {
            self.fault(path, "is missing");
            return None;
        }
        let zone = name
            .parse()
            .map_err(|_| "is no IANA time zone such as Europe/Berlin");
        self.check(path, zone)
    }

    /// An instant, in whole microseconds.
    pub(crate) fn instant(
        &mut self,
        path: &str,
        value: Option<&prost_types::Timestamp>,
    ) -> Option<DateTime<Utc>> {
        let value = self.required(path, value)?;
        let instant = u32::try_from(value.nanos)
            .ok()
            .filter(|nanos| *nanos < 1_000_000_000)
            .and_then(|nanos| DateTime::from_timestamp(value.seconds, nanos / 1000 * 1000))
            .filter(|at| YEARS.contains(&chrono::Datelike::year(at)));
        if instant.is_none() {
            self.fault(path, "is no instant between the years 1900 and 2999");
        }
        instant
    }

    /// An instant that may be missing.
    #[expect(
        clippy::option_option,
        reason = "whether it is right, and whether it is there"
    )]
    pub(crate) fn optional_instant(
        &mut self,
        path: &str,
        value: Option<&prost_types::Timestamp>,
    ) -> Option<Option<DateTime<Utc>>> {
        match value {
            None => Some(None),
            some => self.instant(path, some).map(Some),
        }
    }

    /// A civil date.
    pub(crate) fn date(&mut self, path: &str, value: Option<&v1::Date>) -> Option<NaiveDate> {
        let value = self.required(path, value)?;
        let date = u32::try_from(value.month)
            .ok()
            .zip(u32::try_from(value.day).ok())
            .and_then(|(month, day)| NaiveDate::from_ymd_opt(value.year, month, day))
            .filter(|_| YEARS.contains(&value.year));
        if date.is_none() {
            self.fault(path, "is no date between the years 1900 and 2999");
        }
        date
    }

    /// An etag as it was read.
    pub(crate) fn etag(&mut self, path: &str, text: &str) -> Option<i64> {
        if text.is_empty() {
            self.fault(path, "is missing; give back the one you read");
            return None;
        }
        self.check(path, text.parse().map_err(|_| "is no etag of this server"))
    }
}
