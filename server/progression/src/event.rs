//! What the engine decides on: check-ins, a physio's instructions, and time.

mod check;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{EventId, TrackId};
use crate::red_flag::RedFlag;
use crate::scale::{Confidence, Dose, Fear, PainScore, RungIndex, StiffnessMinutes};

/// Swelling compared with before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Swelling {
    /// No swelling.
    None,
    /// As much as before.
    Unchanged,
    /// More than before: the worst answer.
    Increased,
}

/// A session on a track, as far as the rules read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionReport {
    /// The track it was done on.
    pub track: TrackId,
    /// The rung that was done.
    pub rung: RungIndex,
    /// Pain before, NPRS 0–10, 10 worst.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pain_before: Option<PainScore>,
    /// Worst pain during, NPRS 0–10, 10 worst.
    pub pain_during: PainScore,
    /// Worst pain within 60 minutes after, NPRS 0–10, 10 worst.
    pub pain_after: PainScore,
    /// Whether it changed the way of moving.
    pub altered_gait: bool,
    /// Swelling after.
    pub swelling: Swelling,
    /// Red flags; empty means "none" was said explicitly.
    pub red_flags: Vec<RedFlag>,
    /// What was done, in the ladder's unit.
    pub dose_done: Dose,
    /// Confidence for the next session, 0–10, 0 worst.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// Fear during, 0–100, 100 worst.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fear: Option<Fear>,
    /// Whether the outcome the athlete feared beforehand happened; absent: no
    /// prediction was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feared_outcome: Option<bool>,
    /// Where it was done on an EXPOSURE track (terrain, surface, weather, alone …) as
    /// one key, 1–64 characters; absent: it adds no context.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
}

/// How it responded overnight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MorningReport {
    /// Pain now, NPRS 0–10, 10 worst.
    pub pain: PainScore,
    /// Stiffness, minutes 0–600, 600 worst.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stiffness: Option<StiffnessMinutes>,
    /// Swelling now.
    pub swelling: Swelling,
    /// Red flags; empty means "none" was said explicitly.
    pub red_flags: Vec<RedFlag>,
}

/// A rung a physio sets for a track.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RungSetting {
    /// The track.
    pub track: TrackId,
    /// Its rung from now on.
    pub rung: RungIndex,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventBody {
    /// The athlete did a session on a track.
    Session(SessionReport),
    /// The athlete says how the morning is.
    Morning(MorningReport),
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
    /// When the thing itself happened.
    pub at: DateTime<Utc>,
    /// The civil date of that, in the zone where it happened.
    pub date: NaiveDate,
    /// The plan revision it was done under.
    pub revision: u32,
    /// What happened.
    pub body: EventBody,
}

impl Event {
    /// The red flags of a check-in; none for anything else.
    pub fn red_flags(&self) -> &[RedFlag] {
        match &self.body {
            EventBody::Session(report) => &report.red_flags,
            EventBody::Morning(report) => &report.red_flags,
            EventBody::Start { .. }
            | EventBody::Pause { .. }
            | EventBody::Resume { .. }
            | EventBody::MoveTo { .. }
            | EventBody::Tick => &[],
        }
    }
}
