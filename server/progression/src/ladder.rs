//! Ladders: versioned templates of ordered rungs. Immutable once published.

pub mod diff;
pub mod file;
pub mod lint;
mod validate;

use serde::{Deserialize, Serialize};

use crate::policy::{Policy, PolicyEdits, TissueProfile};
use crate::scale::{Dose, Rpe, RungIndex};

/// What a track trains; the rules differ in rest and in what fear means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TrackKind {
    /// Running volume or intensity: rest and RED responses are shared between these.
    Running,
    /// Strength work.
    Strength,
    /// Feared situations: the prediction has to fail, the fear need not fall.
    Exposure,
}

/// The unit of every dose of one ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DoseUnit {
    /// Seconds of running; walking does not count.
    RunningSeconds,
    /// Metres of running; walking does not count.
    RunningMetres,
    /// Repetitions over all sets; of one side, where each side is done.
    Repetitions,
    /// No amount: the dose is the rung's index + 1.
    Ordinal,
}

/// Where a ladder was published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The citation, 1–1000 characters.
    pub citation: String,
    /// Where it can be read, http or https, up to 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// What must hold before the first session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryCriterion {
    /// A slug, unique within the ladder.
    pub id: String,
    /// The criterion in words, 1–500 characters.
    pub text: String,
    /// Whether the author of the ladder proposes it; the source does not ask for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub proposal: bool,
}

/// The effort a rung is meant to be done at, CR10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffortRange {
    /// The easy end.
    pub min: Rpe,
    /// The hard end, not below `min`.
    pub max: Rpe,
}

/// How the repetitions of a rung are divided, and against what they are done. The
/// rung's dose is `count` × `repetitions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sets {
    /// How many sets, 1–20.
    pub count: u32,
    /// Repetitions of one set, 1–200; of one side, if `each_side`.
    pub repetitions: u32,
    /// Whether every set is done once with each side.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub each_side: bool,
    /// What is moved ("body weight"), 1–120 characters; kilograms are the plan's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<String>,
    /// Whole seconds, each 0–60: lowering, holding, lifting ("3-1-1").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tempo: Option<String>,
}

/// One level of exposure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    /// A short name, 1–120 characters.
    pub title: String,
    /// How much, in the ladder's unit, 1 or more.
    pub dose: Dose,
    /// How it is done ("5 x (2 min walk, 3 min run)"), 1–1000 characters.
    pub instruction: String,
    /// How hard it should feel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<EffortRange>,
    /// Flat, rolling, hills …, up to 120 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terrain: Option<String>,
    /// Track, treadmill, grass …, up to 120 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surface: Option<String>,
    /// Form cues, up to 12 of 1–120 characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cues: Vec<String>,
    /// Full days off after this rung, 0–6; absent: the policy's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest_days: Option<u32>,
    /// Whether a physio has to agree before the athlete goes up to this rung.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_approval: bool,
    /// Sets, load and tempo; only where doses are repetitions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sets: Option<Sets>,
    /// What the athlete answers in writing before the session, so that what happens can
    /// be held against it; 1–300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prediction: Option<String>,
    /// Why the dose falls, stays or jumps, 1–500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether the author of the ladder proposes this rung; the source does not have it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub proposal: bool,
}

/// A version of a ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ladder {
    /// A slug that names the ladder over its versions: `a-z`, `0-9`, `-`, 2–64 characters, starting with a letter.
    pub key: String,
    /// 1 or more.
    pub version: u32,
    /// 1–120 characters.
    pub title: String,
    /// What it is for and what it does, 1–2000 characters.
    pub summary: String,
    /// Where it comes from.
    pub source: Source,
    /// What in it the source does not say and its author proposes, in words, 1–1000
    /// characters; absent: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<String>,
    /// The tissue it loads.
    pub profile: TissueProfile,
    /// What it trains.
    pub kind: TrackKind,
    /// The unit of its doses.
    pub unit: DoseUnit,
    /// How often a week it is meant to be done, 1–7; a plan may say otherwise.
    pub sessions_per_week: u32,
    /// What must hold before the first session, up to 30.
    #[serde(default)]
    pub entry_criteria: Vec<EntryCriterion>,
    /// What it changes in its profile's policy.
    #[serde(default)]
    pub policy: PolicyEdits,
    /// From the lowest up, 1–100.
    pub rungs: Vec<Rung>,
}

impl Ladder {
    /// The highest rung; the lowest one for a ladder without rungs, which
    /// [`Ladder::validate`] refuses.
    pub fn top(&self) -> RungIndex {
        let last = u32::try_from(self.rungs.len().saturating_sub(1)).unwrap_or(u32::MAX);
        RungIndex::try_from(last).unwrap_or(RungIndex::MAX)
    }

    /// The rung at an index, if there is one.
    pub fn rung(&self, index: RungIndex) -> Option<&Rung> {
        self.rungs.get(index.position())
    }

    /// The profile's policy with this ladder's edits.
    pub fn resolved_policy(&self) -> Policy {
        Policy::for_profile(self.profile).with(&self.policy)
    }
}
