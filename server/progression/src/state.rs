//! What the engine remembers of a plan between two events: small, bounded, and
//! enough to decide without reading the history.
//!
//! How do I add a fact? Give it `#[serde(default)]`, so that stored states go on
//! reading, and a bound: nothing here may grow with the history.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::decision::Outcome;
use crate::id::TrackId;
use crate::plan::{PlanDefinition, TrackDefinition};
use crate::reason::{Measure, Reason, ReasonCode, Value};
use crate::scale::RungIndex;

/// The response to a session; the worst is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Grade {
    /// As hoped.
    Green,
    /// More than hoped, less than feared: not to be built on.
    Amber,
    /// Too much.
    Red,
}

impl Grade {
    /// The stored and transmitted name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Green => "GREEN",
            Self::Amber => "AMBER",
            Self::Red => "RED",
        }
    }
}

/// The earliest next session: not before the date *and* not before the instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotBefore {
    /// The first allowed civil date.
    pub date: NaiveDate,
    /// The first allowed instant.
    pub at: DateTime<Utc>,
}

/// Whether a track takes part yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TrackStatus {
    /// It can be trained.
    Active,
    /// Its prerequisites do not hold yet.
    Locked,
}

/// Why and since when a plan stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paused {
    /// RED_FLAG, RED_AGAIN, AT_BOTTOM, NEEDS_CLEARANCE or PAUSE; the first one,
    /// unless a red flag came later.
    pub cause: ReasonCode,
    /// The date of the event that paused it.
    pub since: NaiveDate,
}

impl Paused {
    /// The reason that stands for a pause that came before.
    pub(crate) fn reason(self, outcome: Outcome) -> Reason {
        Reason::new(ReasonCode::Paused, outcome)
            .saw(
                Measure::PauseCause,
                Value::Code(self.cause.code().to_owned()),
            )
            .saw(Measure::PausedSince, self.since)
    }
}

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
    #[serde(default)]
    pub thrice_asked: bool,
}

/// The last session of a track that was judged in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastSession {
    /// When.
    pub at: DateTime<Utc>,
    /// Its civil date.
    pub date: NaiveDate,
    /// The rung that was done.
    pub rung: RungIndex,
    /// The track's rung before it.
    pub rung_before: RungIndex,
    /// Its grade, with its morning as far as one came.
    pub grade: Grade,
    /// How things stood before it.
    pub before: Facts,
    /// Whether the track's grades hold it; a RESUME empties them.
    pub in_grades: bool,
}

/// A session that waits for its morning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// When it was.
    pub at: DateTime<Utc>,
    /// Its civil date.
    pub date: NaiveDate,
    /// Why it will not count; empty: it will, if the morning is GREEN.
    pub blockers: Vec<Reason>,
    /// Where it was done, on an EXPOSURE track.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
}

/// A physio's setting that the layoff rule counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayoffBase {
    /// The date of the RESUME or MOVE_TO.
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
    #[serde(default)]
    pub contexts: Vec<String>,
    /// Whether a step up waits for the physio's word.
    pub awaiting_approval: bool,
    /// The session without a morning yet.
    pub pending: Option<Pending>,
    /// The earliest next session.
    pub not_before: Option<NotBefore>,
    /// Sessions before this date give no step up.
    pub no_advance_before: Option<NaiveDate>,
    /// The last session.
    pub last: Option<LastSession>,
    /// How things stand now, after the last session and its morning.
    pub now: Facts,
    /// Dates of the latest steps up, ascending; at most 16.
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

/// What is remembered of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanState {
    /// The latest event that was applied.
    pub seq: u64,
    /// The first date that is judged, once the plan was started.
    pub started: Option<NaiveDate>,
    /// Why the plan stands still, if it does.
    pub paused: Option<Paused>,
    /// The date of the latest RESUME.
    pub resumed: Option<NaiveDate>,
    /// The date of the latest session on any track.
    pub last_session: Option<NaiveDate>,
    /// In the order of the plan's tracks.
    pub tracks: Vec<TrackState>,
}

impl PlanState {
    /// The state of a plan to which nothing has happened.
    pub fn new(plan: &PlanDefinition) -> Self {
        Self {
            seq: 0,
            started: None,
            paused: None,
            resumed: None,
            last_session: None,
            tracks: plan.tracks.iter().map(TrackState::new).collect(),
        }
    }

    /// A track by its id.
    pub fn track(&self, id: TrackId) -> Option<&TrackState> {
        self.tracks.iter().find(|track| track.id == id)
    }

    /// The rung an athlete may do; `None` while the track is LOCKED or the plan
    /// paused. `None` is below every rung, so that comparing works.
    pub fn allowed_rung(&self, id: TrackId) -> Option<RungIndex> {
        let track = self.track(id)?;
        (self.paused.is_none() && track.status == TrackStatus::Active).then_some(track.rung)
    }

    /// Whether an event of this date is judged in full.
    pub fn is_judged(&self, date: NaiveDate) -> bool {
        self.started.is_some_and(|start| date >= start)
    }
}
