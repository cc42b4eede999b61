//! What is remembered of one track.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::wire;
use super::{Grade, NotBefore, TrackStatus};
use crate::decision::Outcome;
use crate::id::TrackId;
use crate::plan::TrackDefinition;
use crate::reason::{Evidence, Measure, Reason, ReasonCode, Value};
use crate::scale::RungIndex;

/// What RED_AGAIN and AMBER_THRICE look at: how things stood before a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Grades of the last 3 sessions, oldest first.
    pub grades: Vec<Grade>,
    /// Sessions in a row that were not GREEN.
    pub streak: u32,
    /// Whether the last session, with its morning, was RED, or AMBER under AMBER_THRICE.
    pub stepped_back: bool,
    /// Whether AMBER_THRICE has asked the physio in this row.
    pub thrice_asked: bool,
}

/// The last session of a track that was judged in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastSession {
    /// When.
    #[serde(with = "wire::instant")]
    pub at: DateTime<Utc>,
    /// Its civil date.
    #[serde(with = "wire::date")]
    pub date: NaiveDate,
    /// The rung that was done.
    pub rung: RungIndex,
    /// Full days off after a GREEN session on it, as it was when it was done.
    pub rest_days: u32,
    /// The track's rung before it.
    pub rung_before: RungIndex,
    /// Its grade, with its morning as far as one came.
    pub grade: Grade,
    /// How things stood before it.
    pub before: Facts,
    /// Whether the track's grades hold it; a RESUME empties them.
    pub in_grades: bool,
}

/// A value that fits into a state: a number, or what can be counted as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Scalar {
    /// A whole number.
    Number(i64),
    /// A civil date.
    Date(#[serde(with = "wire::date")] NaiveDate),
    /// An instant.
    Instant(#[serde(with = "wire::instant")] DateTime<Utc>),
    /// Yes or no.
    Flag(bool),
    /// Swelling that increased.
    Increased,
}

impl Scalar {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => Some(Self::Number(*number)),
            Value::Date(date) => Some(Self::Date(*date)),
            Value::Instant(at) => Some(Self::Instant(*at)),
            Value::Flag(flag) => Some(Self::Flag(*flag)),
            Value::Code(code) if code == INCREASED => Some(Self::Increased),
            Value::Code(_) | Value::Track(_) | Value::Text(_) => None,
        }
    }
}

impl From<Scalar> for Value {
    fn from(scalar: Scalar) -> Self {
        match scalar {
            Scalar::Number(number) => Self::Number(number),
            Scalar::Date(date) => Self::Date(date),
            Scalar::Instant(at) => Self::Instant(at),
            Scalar::Flag(flag) => Self::Flag(flag),
            Scalar::Increased => Self::Code(Cow::Borrowed(INCREASED)),
        }
    }
}

const INCREASED: &str = "INCREASED";

/// Why a session will not count, as much of it as a small state can hold: the rule and
/// what it mainly rests on. The decision at the session has all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocker {
    /// The rule.
    pub code: ReasonCode,
    /// What was measured.
    pub measure: Measure,
    /// What was seen; absent: no answer was given.
    pub observed: Option<Scalar>,
    /// What it was held against.
    pub threshold: Option<Scalar>,
}

impl Blocker {
    /// Of a reason, its first evidence that fits. A reason without any is told by the
    /// date of the session.
    pub(crate) fn of(reason: &Reason, session: NaiveDate) -> Self {
        let fitting = reason.evidence.iter().find_map(|evidence| {
            let observed = evidence.observed.as_ref().map(Scalar::of);
            let threshold = evidence.threshold.as_ref().map(Scalar::of);
            let lost = observed == Some(None) || threshold == Some(None);
            (!lost).then(|| (evidence.measure, observed.flatten(), threshold.flatten()))
        });
        let told = (Measure::SessionDate, Some(Scalar::Date(session)), None);
        let (measure, observed, threshold) = fitting.unwrap_or(told);
        Self {
            code: reason.code,
            measure,
            observed,
            threshold,
        }
    }

    /// The reason at the closing of the session: REPEAT, and without a second alert for
    /// what was asked at the session.
    pub(crate) fn reason(self) -> Reason {
        let mut reason = Reason::new(self.code, Outcome::Repeat);
        reason.evidence.push(self.evidence());
        reason
    }

    /// What it mainly rests on.
    pub fn evidence(self) -> Evidence {
        Evidence {
            measure: self.measure,
            observed: self.observed.map(Value::from),
            threshold: self.threshold.map(Value::from),
        }
    }
}

/// A session that waits for its morning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// When it was.
    #[serde(with = "wire::instant")]
    pub at: DateTime<Utc>,
    /// Its civil date.
    #[serde(with = "wire::date")]
    pub date: NaiveDate,
    /// Why it will not count, each rule once; empty: it will, if the morning is GREEN.
    pub blockers: Vec<Blocker>,
    /// Where it was done, on an EXPOSURE track.
    pub context: Option<Context>,
}

impl Pending {
    /// Makes the session not count, once per rule.
    pub(crate) fn block(&mut self, reason: &Reason) {
        if self.blockers.iter().all(|known| known.code != reason.code) {
            self.blockers.push(Blocker::of(reason, self.date));
        }
    }

    /// Why it does not count, as reasons.
    pub(crate) fn reasons(&self) -> impl Iterator<Item = Reason> {
        self.blockers.iter().copied().map(Blocker::reason)
    }
}

/// A context key, as much of it as telling contexts apart takes: two keys that fall
/// together count as one, which can only keep an athlete longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Context(u64);

impl From<&str> for Context {
    /// FNV-1a, 64 bits.
    fn from(key: &str) -> Self {
        let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(hash)
    }
}

/// A physio's setting that the layoff rule counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayoffBase {
    /// The date of the RESUME or MOVE_TO.
    #[serde(with = "wire::date")]
    pub date: NaiveDate,
    /// The rung it set, or left.
    pub set: RungIndex,
    /// The rung the layoff rule reduces.
    pub reference: RungIndex,
}

/// What is remembered of one track.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackState {
    /// The track.
    pub id: TrackId,
    /// Whether it takes part.
    pub status: TrackStatus,
    /// Its current rung.
    pub rung: RungIndex,
    /// Whether the end of the ladder was reached; it is maintenance since.
    pub done: bool,
    /// Sessions that counted on this rung.
    pub counted: u32,
    /// Distinct contexts of the counted sessions; at most as many as are required.
    pub contexts: Vec<Context>,
    /// Whether a step up waits for the physio's word.
    pub awaiting_approval: bool,
    /// The session without a morning yet.
    pub pending: Option<Pending>,
    /// The earliest next session.
    pub not_before: Option<NotBefore>,
    /// Sessions before this date give no step up.
    #[serde(with = "wire::optional_date")]
    pub no_advance_before: Option<NaiveDate>,
    /// The last session.
    pub last: Option<LastSession>,
    /// How things stand now, after the last session and its morning.
    pub now: Facts,
    /// Dates of the latest steps up, ascending; at most 8, one more than any policy
    /// lets a track go up in 7 dates.
    #[serde(with = "wire::dates")]
    pub advances: Vec<NaiveDate>,
    /// Sessions in a row with missing or low confidence or high fear.
    pub confidence_repeats: u32,
    /// Sessions in a row too early or overdone.
    pub overdoing: u32,
    /// Sessions in a row closed without a morning.
    pub mornings_missing: u32,
    /// How many rows of the layoff table have acted since the base.
    pub layoff_level: u32,
    /// The base of the layoff rule, where it is not the last session.
    pub layoff_base: Option<LayoffBase>,
}

impl TrackState {
    /// A track nobody has trained yet.
    pub(crate) fn new(track: &TrackDefinition) -> Self {
        let status = if track.prerequisites.is_empty() {
            TrackStatus::Active
        } else {
            TrackStatus::Locked
        };
        Self {
            id: track.id,
            status,
            rung: track.start_rung.min(track.ladder.top()),
            done: false,
            counted: 0,
            contexts: Vec::new(),
            awaiting_approval: false,
            pending: None,
            not_before: None,
            no_advance_before: None,
            last: None,
            now: Facts::default(),
            advances: Vec::new(),
            confidence_repeats: 0,
            overdoing: 0,
            mornings_missing: 0,
            layoff_level: 0,
            layoff_base: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::story::{date, rung};

    // The published vectors of FNV-1a.
    #[test]
    fn a_context_is_the_hash_of_its_key() {
        assert_eq!(Context::from(""), Context(0xcbf2_9ce4_8422_2325));
        assert_eq!(Context::from("a"), Context(0xaf63_dc4c_8601_ec8c));
        assert_eq!(Context::from("foobar"), Context(0x8594_4171_f739_67e8));
    }

    #[test]
    fn a_blocker_keeps_the_first_evidence_that_fits_into_a_state() {
        let reason = Reason::new(ReasonCode::PainRed, Outcome::StepBack);
        let named = reason.saw(Measure::Grade, Value::code("RED"));
        let told = Blocker::of(&named, date(0));
        assert_eq!(told.measure, Measure::SessionDate);
        assert_eq!(told.observed, Some(Scalar::Date(date(0))));
        let told = Blocker::of(&named.held(Measure::Rung, rung(2), rung(3)), date(0));
        assert_eq!(told.measure, Measure::Rung);
        assert_eq!(told.observed, Some(Scalar::Number(2)));
        assert_eq!(told.threshold, Some(Scalar::Number(3)));
    }
}
