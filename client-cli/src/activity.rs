//! Recordings of a watch (FIT): when it began, how far, how long, at which cadence, how much uphill.
//!
//! What the athlete has to say (pain, confidence, the dose) is not in a recording and is never inferred from it.

mod envelope;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use chrono::{DateTime, Utc};
use fitparser::profile::MesgNum;
use fitparser::{FitDataRecord, Value};

use crate::error::{Failure, Result};

/// Far above a day of recording every second; keeps a wrong file out of memory.
const MAX_BYTES: u64 = 32 * 1024 * 1024;

/// Sports whose steps load a ladder's tissue, by their names in the FIT profile.
const ON_FOOT: [&str; 3] = ["running", "walking", "hiking"];

/// What a recording says about one session on foot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Activity {
    pub(crate) started_at: DateTime<Utc>,
    /// Metres.
    pub(crate) distance_m: Option<i64>,
    /// Seconds with the timer running: pauses left out.
    pub(crate) duration_s: Option<i64>,
    /// Steps per minute, both legs.
    pub(crate) cadence_spm: Option<i32>,
    /// Metres.
    pub(crate) ascent_m: Option<i32>,
}

/// Reads a recording.
pub(crate) fn read(path: &Path) -> Result<Activity> {
    let bytes = bytes(path)?;
    parse(&bytes).map_err(|(reason, message)| {
        Failure::bad_input(reason, format!("{}: {message}", path.display()))
    })
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    let fault = |e: &std::io::Error| Failure::file(path, e);
    let refuse =
        |why: &str| Failure::bad_input("ACTIVITY_UNREADABLE", format!("{}: {why}", path.display()));
    // Asked before opening: opening a pipe would wait for somebody to write into it.
    if !std::fs::metadata(path).map_err(|e| fault(&e))?.is_file() {
        return Err(refuse("is not a file"));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|e| fault(&e))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(refuse("is larger than 32 MiB, which no recording is"));
    }
    Ok(bytes)
}

/// A machine-readable reason and the fault in words.
type Fault = (&'static str, String);

fn parse(bytes: &[u8]) -> std::result::Result<Activity, Fault> {
    envelope::check(bytes)?;
    let records = fitparser::from_bytes(bytes).map_err(|e| {
        (
            "ACTIVITY_UNREADABLE",
            format!("is not a readable FIT file ({e})"),
        )
    })?;
    let kind = text(&records, MesgNum::FileId, "type").unwrap_or_default();
    if kind != "activity" {
        let what = if kind.is_empty() {
            "of no kind".to_owned()
        } else {
            format!("of kind {kind:?}")
        };
        return Err((
            "ACTIVITY_NOT_ONE",
            format!("is a FIT file {what}, not a recorded activity"),
        ));
    }
    let sessions: Vec<&FitDataRecord> = records
        .iter()
        .filter(|r| r.kind() == MesgNum::Session)
        .collect();
    let on_foot: Vec<&FitDataRecord> = sessions
        .iter()
        .copied()
        .filter(|s| sport(s).is_some_and(|s| ON_FOOT.contains(&s)))
        .collect();
    match (on_foot.as_slice(), sessions.as_slice()) {
        ([one], _) => summary(one),
        ([], []) => Err((
            "ACTIVITY_NOT_ONE",
            "holds no session: the recording was not ended".to_owned(),
        )),
        ([], [first, ..]) => Err((
            "ACTIVITY_NOT_ON_FOOT",
            format!(
                "is a recording of {:?}, not of running or walking",
                sport(first).unwrap_or("unknown sport")
            ),
        )),
        (several, _) => Err((
            "ACTIVITY_SEVERAL",
            format!(
                "holds {} sessions on foot; give the values of one by --at, --distance-m, --duration-s and --cadence",
                several.len()
            ),
        )),
    }
}

fn summary(session: &FitDataRecord) -> std::result::Result<Activity, Fault> {
    let started_at = match value(session, "start_time") {
        Some(Value::Timestamp(at)) => at.to_utc(),
        _ => {
            return Err((
                "ACTIVITY_UNREADABLE",
                "does not say when it began".to_owned(),
            ));
        }
    };
    Ok(Activity {
        started_at,
        distance_m: number(session, "total_distance").and_then(rounded),
        duration_s: number(session, "total_timer_time").and_then(rounded),
        cadence_spm: cadence(session).and_then(rounded),
        ascent_m: number(session, "total_ascent").and_then(rounded),
    })
}

/// FIT counts the strides of one leg, whole and fraction apart; people count steps.
fn cadence(session: &FitDataRecord) -> Option<f64> {
    let strides = ["avg_running_cadence", "avg_walking_cadence", "avg_cadence"]
        .iter()
        .find_map(|name| number(session, name))?;
    let fraction = number(session, "avg_fractional_cadence").unwrap_or(0.0);
    Some(2.0 * (strides + fraction))
}

/// To the nearest whole number; nothing if it is none.
#[expect(
    clippy::cast_possible_truncation,
    reason = "bounded on the line before"
)]
fn rounded<N: TryFrom<i64>>(value: f64) -> Option<N> {
    let whole = value.round();
    if !(0.0..=1e9).contains(&whole) {
        return None;
    }
    N::try_from(whole as i64).ok()
}

fn value<'a>(record: &'a FitDataRecord, name: &str) -> Option<&'a Value> {
    let field = record.fields().iter().find(|f| f.name() == name)?;
    Some(field.value()).filter(|v| !matches!(v, Value::Invalid))
}

fn number(record: &FitDataRecord, name: &str) -> Option<f64> {
    match value(record, name)?.clone() {
        Value::Array(_) | Value::String(_) | Value::Timestamp(_) => None,
        other => other.try_into().ok(),
    }
}

fn sport(session: &FitDataRecord) -> Option<&str> {
    match value(session, "sport")? {
        Value::String(name) => Some(name),
        _ => None,
    }
}

fn text(records: &[FitDataRecord], kind: MesgNum, name: &str) -> Option<String> {
    let record = records.iter().find(|r| r.kind() == kind)?;
    Some(value(record, name)?.to_string())
}

#[cfg(test)]
#[path = "activity_test.rs"]
mod tests;
