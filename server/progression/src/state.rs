//! What the engine remembers of a plan between two events: small, bounded, and
//! enough to decide without reading the history.
//!
//! How do I add a fact? Give it a bound: nothing here may grow with the history. Then
//! count [`FORMAT`] up: a stored state of another format is told apart, and the
//! history is replayed in its place.

mod day;
mod track;
mod wire;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub(crate) use self::day::ITEMS;
pub use self::day::{Illness, Items, LongestOfDay, WeekSum, Weeks, WellnessDay};
pub use self::track::{
    Blocker, Context, Facts, LastSession, LayoffBase, Pending, Scalar, TrackState,
};
pub use self::wire::FORMAT;
use crate::decision::Outcome;
use crate::id::TrackId;
use crate::plan::PlanDefinition;
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
    #[serde(with = "wire::date")]
    pub date: NaiveDate,
    /// The first allowed instant.
    #[serde(with = "wire::instant")]
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
    #[serde(with = "wire::date")]
    pub since: NaiveDate,
}

impl Paused {
    /// The reason that stands for a pause that came before.
    pub(crate) fn reason(self, outcome: Outcome) -> Reason {
        Reason::new(ReasonCode::Paused, outcome)
            .saw(Measure::PauseCause, Value::code(self.cause.code()))
            .saw(Measure::PausedSince, self.since)
    }
}

/// What is remembered of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanState {
    /// The latest event that was applied.
    pub seq: u64,
    /// The first date that is judged, once the plan was started.
    #[serde(with = "wire::optional_date")]
    pub started: Option<NaiveDate>,
    /// Why the plan stands still, if it does.
    pub paused: Option<Paused>,
    /// The date of the latest RESUME.
    #[serde(with = "wire::optional_date")]
    pub resumed: Option<NaiveDate>,
    /// The date of the latest session, unplanned ones too.
    #[serde(with = "wire::optional_date")]
    pub last_session: Option<NaiveDate>,
    /// An illness that no wellness check-in has ended.
    pub ill: Option<Illness>,
    /// The first well date after the latest illness.
    #[serde(with = "wire::optional_date")]
    pub well_from: Option<NaiveDate>,
    /// The latest wellness answers, one per date, ascending; at most 15: the latest date's and
    /// those of the 14 before it.
    pub wellness: Vec<WellnessDay>,
    /// The longest run of each date, ascending; at most 31 dates.
    pub longest: Vec<LongestOfDay>,
    /// Morning pain and stiffness by ISO week.
    pub weeks: Weeks,
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
            ill: None,
            well_from: None,
            wellness: Vec::new(),
            longest: Vec::new(),
            weeks: Weeks::default(),
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
