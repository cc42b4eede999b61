//! Values of the engine's scales, the ends more often than chance gives them.

use arbitrary::{Result, Unstructured};
use chrono::{DateTime, NaiveDate, SubsecRound as _, TimeDelta, Utc};
use rung_progression::{RedFlag, TrackId};
use uuid::Uuid;

/// A number that a scale takes.
pub(crate) fn within<T: TryFrom<u32>>(bytes: &mut Unstructured, max: u32) -> Result<T> {
    let value = match bytes.int_in_range(0_u8..=7)? {
        0 => max,
        1 => 0,
        _ => bytes.int_in_range(0..=max)?,
    };
    T::try_from(value).map_err(|_| arbitrary::Error::IncorrectFormat)
}

/// As [`within`], or none.
pub(crate) fn maybe<T: TryFrom<u32>>(bytes: &mut Unstructured, max: u32) -> Result<Option<T>> {
    bytes
        .arbitrary::<bool>()?
        .then(|| within(bytes, max))
        .transpose()
}

/// A limit: mostly small, sometimes anything.
pub(crate) fn limit(bytes: &mut Unstructured, usual: u32) -> Result<u32> {
    match bytes.int_in_range(0_u8..=7)? {
        0 => bytes.arbitrary(),
        1 => Ok(u32::MAX),
        2..=4 => Ok(usual),
        _ => bytes.int_in_range(0..=12),
    }
}

/// One of few tracks, so that they meet.
pub(crate) fn track(bytes: &mut Unstructured) -> Result<TrackId> {
    let number = bytes.int_in_range(0_u128..=9)?;
    Ok(TrackId::from(Uuid::from_u128(number)))
}

pub(crate) fn flags(bytes: &mut Unstructured) -> Result<Vec<RedFlag>> {
    if bytes.ratio(15, 16)? {
        return Ok(Vec::new());
    }
    let count = bytes.int_in_range(0..=3)?;
    let flags = (0..count).map(|_| bytes.choose(RedFlag::ALL).copied());
    flags.collect()
}

pub(crate) fn text(bytes: &mut Unstructured) -> Result<String> {
    Ok(bytes
        .choose(&["", "hill", "a b", "\u{1f3d4}\n"])?
        .to_string())
}

/// An instant and a date: mostly some hours after the last, sometimes anywhere.
pub(crate) fn time(bytes: &mut Unstructured, seq: u64) -> Result<(DateTime<Utc>, NaiveDate)> {
    let base = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_000);
    let day = i64::try_from(seq).unwrap_or(0);
    let at = match bytes.int_in_range(0_u8..=31)? {
        0 => DateTime::<Utc>::MIN_UTC,
        1 => DateTime::<Utc>::MAX_UTC.trunc_subsecs(6),
        2 => base + TimeDelta::days(bytes.int_in_range(-1_000..=1_000)?),
        _ => base + TimeDelta::days(day) + TimeDelta::hours(bytes.int_in_range(-48..=48)?),
    };
    let date = match bytes.int_in_range(0_u8..=31)? {
        0 => NaiveDate::MIN,
        1 => NaiveDate::MAX,
        2 => base.date_naive() + TimeDelta::days(bytes.int_in_range(-1_000..=1_000)?),
        _ => at.date_naive(),
    };
    Ok((at, date))
}
