//! What an athlete reports, as far as the rules read it.

use serde::{Deserialize, Serialize};

use crate::id::TrackId;
use crate::red_flag::RedFlag;
use crate::scale::{
    Confidence, Dose, Fear, Metres, PainScore, RungIndex, SleepMinutes, StiffnessMinutes,
    WellnessScore,
};

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

/// How the body answered an effort: what a grade is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symptoms {
    /// Pain before, NPRS 0–10, 10 worst.
    pub pain_before: Option<PainScore>,
    /// Worst pain during, NPRS 0–10, 10 worst.
    pub pain_during: PainScore,
    /// Worst pain within 60 minutes after, NPRS 0–10, 10 worst.
    pub pain_after: PainScore,
    /// Whether it changed the way of moving.
    pub altered_gait: bool,
    /// Swelling after.
    pub swelling: Swelling,
}

/// A rung as an earlier revision of the plan had it, for a session that was done under
/// that revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierRung {
    /// Its dose there.
    pub dose: Dose,
    /// Full days off after it there.
    pub rest_days: u32,
    /// Whether the present revision has the same rung, by dose and criteria, at the
    /// same index; only then can the session count.
    pub same: bool,
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
    /// How far it went, metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance: Option<Metres>,
    /// The rung as the revision had it that the session was done under, if that is not
    /// the present one; see [`PlanDefinition::earlier_rung`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<EarlierRung>,
}

impl SessionReport {
    /// How the body answered.
    pub const fn symptoms(&self) -> Symptoms {
        Symptoms {
            pain_before: self.pain_before,
            pain_during: self.pain_during,
            pain_after: self.pain_after,
            altered_gait: self.altered_gait,
            swelling: self.swelling,
        }
    }
}

/// What an unplanned activity was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Activity {
    /// A run: it earns rest, and its distance is watched.
    Run,
    /// Anything else.
    Other,
}

impl Activity {
    /// The stored and transmitted name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Run => "RUN",
            Self::Other => "OTHER",
        }
    }
}

/// An effort beside the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnplannedReport {
    /// What it was.
    pub activity: Activity,
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
    /// How far it went, metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance: Option<Metres>,
}

impl UnplannedReport {
    /// How the body answered.
    pub const fn symptoms(&self) -> Symptoms {
        Symptoms {
            pain_before: self.pain_before,
            pain_during: self.pain_during,
            pain_after: self.pain_after,
            altered_gait: self.altered_gait,
            swelling: self.swelling,
        }
    }
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

/// How the athlete is today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WellnessReport {
    /// Whether they are ill.
    pub ill: bool,
    /// Red flags; empty means "none" was said explicitly.
    pub red_flags: Vec<RedFlag>,
    /// Minutes of sleep, 0–1440, 0 worst.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sleep: Option<SleepMinutes>,
    /// Energy, 1–5, 1 worst.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub energy: Option<WellnessScore>,
    /// Calm (the opposite of stress), 1–5, 1 worst.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calm: Option<WellnessScore>,
    /// Mood, 1–5, 1 worst.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mood: Option<WellnessScore>,
    /// Freshness (the opposite of soreness and fatigue), 1–5, 1 worst.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freshness: Option<WellnessScore>,
    /// Fuelling, 1–5, 1 worst.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fuelling: Option<WellnessScore>,
}

/// What an athlete can report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Report {
    /// A session on a track.
    Session(SessionReport),
    /// An effort beside the plan.
    Unplanned(UnplannedReport),
    /// How the morning is.
    Morning(MorningReport),
    /// How the day is.
    Wellness(WellnessReport),
}

impl Report {
    /// Its red flags.
    pub fn red_flags(&self) -> &[RedFlag] {
        match self {
            Self::Session(report) => &report.red_flags,
            Self::Unplanned(report) => &report.red_flags,
            Self::Morning(report) => &report.red_flags,
            Self::Wellness(report) => &report.red_flags,
        }
    }
}
