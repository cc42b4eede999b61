//! A plan: what a physio prescribed one athlete, as the engine reads it.

mod content;
mod diff;
mod validate;

use chrono::Weekday;
use serde::{Deserialize, Serialize};

pub use self::content::{BodySite, CopingKind, CopingTool, MicroGoal, Side, Site, Target};
pub use self::diff::Change;
use crate::id::{LadderId, TrackId};
use crate::ladder::{Ladder, Rung, TrackKind};
use crate::policy::Policy;
use crate::scale::{PainScore, RungIndex, StiffnessMinutes};

/// What a prerequisite asks of the other track. The forms do not imply each
/// other: a track that is done does not satisfy a rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Requirement {
    /// The other track reached the end of its ladder.
    Done,
    /// The other track is ACTIVE at this rung or above; only in a concurrent plan.
    AtLeast(RungIndex),
}

/// What must hold on another track before this one opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prerequisite {
    /// The other track.
    pub track: TrackId,
    /// What it must have reached.
    pub requirement: Requirement,
}

/// A physio's word on one entry criterion of a track's ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryConfirmation {
    /// The criterion's id.
    pub criterion: String,
    /// Whether it holds.
    pub confirmed: bool,
    /// Why the plan starts although it does not, 1–1000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// One ladder inside a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackDefinition {
    /// Its id, kept over revisions.
    pub id: TrackId,
    /// The version of the ladder that was copied in.
    pub ladder_id: LadderId,
    /// The copy: a later version of the ladder never touches a running plan.
    pub ladder: Ladder,
    /// The limits: profile, ladder and plan resolved into one.
    pub policy: Policy,
    /// Where the athlete begins.
    pub start_rung: RungIndex,
    /// What must hold before it opens; all of them.
    #[serde(default)]
    pub prerequisites: Vec<Prerequisite>,
    /// Sessions a week, 1–7.
    pub sessions_per_week: u32,
    /// One entry per criterion of the ladder.
    #[serde(default)]
    pub entry: Vec<EntryConfirmation>,
}

impl TrackDefinition {
    /// Whether rest and RED responses are shared with the other running tracks.
    pub fn is_running(&self) -> bool {
        self.ladder.kind == TrackKind::Running
    }

    /// A rung of the copied ladder.
    pub fn rung(&self, index: RungIndex) -> Option<&Rung> {
        self.ladder.rung(index)
    }

    /// Full days off after a GREEN session on a rung: its own or the policy's.
    pub fn rest_days(&self, index: RungIndex) -> u32 {
        self.rung(index)
            .and_then(|rung| rung.rest_days)
            .unwrap_or(self.policy.rest_days)
    }
}

/// How the athlete is before the first session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// Pain on an ordinary morning, NPRS 0–10, 10 worst.
    pub pain: PainScore,
    /// Stiffness on an ordinary morning, minutes 0–600, 600 worst.
    pub stiffness: StiffnessMinutes,
    /// Why the plan starts although the pain is over a track's `green_max`, 1–1000
    /// characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over_limit_reason: Option<String>,
}

/// One revision of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanDefinition {
    /// 1 or more; an amendment makes the next.
    pub revision: u32,
    /// 1–8; the order is that of decisions of one event.
    pub tracks: Vec<TrackDefinition>,
    /// What mornings are compared with.
    pub baseline: Baseline,
    /// Whether several running tracks may be in progress at a time.
    #[serde(default)]
    pub concurrent: bool,
    /// Days the athlete can train, each once; empty: any.
    #[serde(default)]
    pub weekdays: Vec<Weekday>,
    /// Fixed rituals before and after, up to 12 of 1–300 characters.
    #[serde(default)]
    pub anchors: Vec<String>,
    /// Small goals beside the ladder, up to 12.
    #[serde(default)]
    pub micro_goals: Vec<MicroGoal>,
    /// Cue words, breathing, reframing; up to 12.
    #[serde(default)]
    pub coping_tools: Vec<CopingTool>,
    /// Where on the body it is, each place once; up to 8.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<Site>,
}

impl PlanDefinition {
    /// A track and its position.
    pub fn track(&self, id: TrackId) -> Option<(usize, &TrackDefinition)> {
        self.tracks
            .iter()
            .enumerate()
            .find(|(_, track)| track.id == id)
    }
}
