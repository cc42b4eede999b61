//! What a check-in holds: what is judged, as the engine reads it, and beside it what is not.

use rung_progression::{
    EventBody, MorningReport, Rpe, SessionReport, UnplannedReport, WellnessReport, event,
};
use serde::{Deserialize, Serialize};

/// What was reported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Report {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) note: String,
    #[serde(flatten)]
    pub(crate) body: ReportBody,
}

/// What is judged, and beside it what is not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", tag = "type")]
pub(crate) enum ReportBody {
    Session {
        judged: Box<SessionReport>,
        detail: Box<Detail>,
        #[serde(default, skip_serializing_if = "Reflection::is_empty")]
        reflection: Reflection,
    },
    Unplanned {
        judged: Box<UnplannedReport>,
        detail: Box<Detail>,
    },
    Morning {
        judged: MorningReport,
    },
    Wellness {
        judged: WellnessReport,
    },
}

impl ReportBody {
    /// What the engine reads of it.
    pub(crate) fn judged(&self) -> event::Report {
        match self {
            Self::Session { judged, .. } => event::Report::Session((**judged).clone()),
            Self::Unplanned { judged, .. } => event::Report::Unplanned((**judged).clone()),
            Self::Morning { judged } => event::Report::Morning(judged.clone()),
            Self::Wellness { judged } => event::Report::Wellness(judged.clone()),
        }
    }

    /// What happened, for the engine, when it corrects nothing.
    pub(crate) fn happened(&self) -> EventBody {
        match self.judged() {
            event::Report::Session(report) => EventBody::Session(report),
            event::Report::Unplanned(report) => EventBody::Unplanned(report),
            event::Report::Morning(report) => EventBody::Morning(report),
            event::Report::Wellness(report) => EventBody::Wellness(report),
        }
    }
}

/// What the report of an effort holds beside what the engine reads.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Detail {
    pub(crate) rpe: Option<Rpe>,
    pub(crate) measurement: Option<Measurement>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) cues_held: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) anchors_done: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) sensory_cues: Vec<String>,
    pub(crate) paused_and_resumed_lighter: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) went_well: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) discomfort_site: String,
    pub(crate) discomfort_side: Option<BodySide>,
}

/// What came of a prediction, beside what the engine reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Reflection {
    /// 0–100, 100 the most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) surprise: Option<u32>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) lesson: String,
}

impl Reflection {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Which side of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum BodySide {
    Left,
    Right,
    Both,
}

/// What was measured: metres, seconds, steps per minute, metres climbed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Measurement {
    pub(crate) distance_m: Option<u32>,
    pub(crate) duration_s: Option<u32>,
    pub(crate) cadence_spm: Option<u32>,
    pub(crate) ascent_m: Option<u32>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) source: String,
}
