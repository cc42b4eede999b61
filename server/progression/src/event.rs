//! What the engine decides on: check-ins, a physio's instructions, and time.

mod check;
mod report;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use self::report::{
    Activity, EarlierRung, MorningReport, Report, SessionReport, Swelling, Symptoms,
    UnplannedReport, WellnessReport,
};
use crate::id::{EventId, TrackId};
use crate::plan::PlanDefinition;
use crate::red_flag::RedFlag;
use crate::scale::RungIndex;

/// A check-in corrected: a new event that names the old one and carries all values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The event of the check-in that was wrong, or of its latest correction.
    pub corrects: EventId,
    /// What it said.
    pub was: Report,
    /// What is right, of the same kind.
    pub now: Report,
}

/// A rung a physio sets for a track.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RungSetting {
    /// The track.
    pub track: TrackId,
    /// Its rung from now on.
    pub rung: RungIndex,
}

/// A new revision of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amendment {
    /// The plan from here on; its revision is the next one. A track is kept by its id.
    pub to: PlanDefinition,
    /// Where kept tracks go on; one that is not named keeps its rung.
    pub rungs: Vec<RungSetting>,
    /// Why, 1–1000 characters.
    pub reason: String,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventBody {
    /// The athlete did a session on a track.
    Session(SessionReport),
    /// The athlete did something beside the plan.
    Unplanned(UnplannedReport),
    /// The athlete says how the morning is.
    Morning(MorningReport),
    /// The athlete says how the day is.
    Wellness(WellnessReport),
    /// A check-in was wrong; `at` and `date` are those of what it is about.
    Correction(Box<Correction>),
    /// A physio starts the plan from a date on.
    Start {
        /// The first date that is judged.
        effective: NaiveDate,
    },
    /// A physio pauses the plan.
    Pause {
        /// Why, 1–1000 characters.
        reason: String,
    },
    /// A physio resumes a paused plan.
    Resume {
        /// Where tracks go on; a track that is not named keeps its rung.
        rungs: Vec<RungSetting>,
        /// Why, 1–1000 characters.
        reason: String,
    },
    /// A physio moves a track, as an override.
    MoveTo {
        /// The track.
        track: TrackId,
        /// Its rung from now on.
        rung: RungIndex,
        /// Why, 1–1000 characters.
        reason: String,
    },
    /// A physio agrees to the step up that waits for their word.
    Approve {
        /// The track.
        track: TrackId,
        /// Why, up to 1000 characters; may be empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// A physio does not agree to the step up that waits for their word.
    Decline {
        /// The track.
        track: TrackId,
        /// Why, 1–1000 characters.
        reason: String,
    },
    /// A physio amends the plan: from here on it is another revision.
    Amend(Box<Amendment>),
    /// Time went by.
    Tick,
}

/// Something the engine decides on, in the order the server accepted it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its id; storage removes duplicates by it before the engine.
    pub id: EventId,
    /// Its place in the order of acceptance, ascending.
    pub seq: u64,
    /// When the thing itself happened, in whole microseconds: the state keeps no more.
    pub at: DateTime<Utc>,
    /// The civil date of that, in the zone where it happened.
    pub date: NaiveDate,
    /// The plan revision it was done under.
    pub revision: u32,
    /// What happened.
    pub body: EventBody,
}

impl Event {
    /// Whether an athlete reported it, rather than a physio or time.
    pub const fn is_check_in(&self) -> bool {
        self.body.is_check_in()
    }

    /// Whether it corrects an earlier check-in.
    pub(crate) const fn is_correction(&self) -> bool {
        matches!(self.body, EventBody::Correction(_))
    }

    /// The red flags of a check-in; none for anything else.
    pub fn red_flags(&self) -> &[RedFlag] {
        match &self.body {
            EventBody::Session(report) => &report.red_flags,
            EventBody::Unplanned(report) => &report.red_flags,
            EventBody::Morning(report) => &report.red_flags,
            EventBody::Wellness(report) => &report.red_flags,
            EventBody::Correction(correction) => correction.now.red_flags(),
            EventBody::Start { .. }
            | EventBody::Pause { .. }
            | EventBody::Resume { .. }
            | EventBody::MoveTo { .. }
            | EventBody::Approve { .. }
            | EventBody::Decline { .. }
            | EventBody::Amend(_)
            | EventBody::Tick => &[],
        }
    }
}

impl EventBody {
    /// Whether an athlete reported it, rather than a physio or time.
    pub const fn is_check_in(&self) -> bool {
        matches!(
            self,
            Self::Session(_)
                | Self::Unplanned(_)
                | Self::Morning(_)
                | Self::Wellness(_)
                | Self::Correction(_)
        )
    }
}
