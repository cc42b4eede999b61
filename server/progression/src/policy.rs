//! The numbers the rules are held against: defaults by tissue profile
//! (`clinical.md` §2 and §3), edited by a ladder and by a physio per plan.
//!
//! The rules themselves are fixed and versioned; a policy only moves their limits.

mod edits;

use serde::{Deserialize, Serialize};

pub use self::edits::PolicyEdits;
use crate::fault::{Fault, Faults};

/// The tissue a ladder loads; it decides the default limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TissueProfile {
    /// Tendon pain (pain-monitoring model, Silbernagel 2007).
    Tendon,
    /// Bone stress injury: no pain at all is expected.
    BoneStress,
    /// Patellofemoral and other joints (Esculier 2018).
    Joint,
    /// Medial tibial stress syndrome.
    Mtss,
    /// Muscle strain (Hickey 2020).
    Muscle,
    /// Knee after an operation.
    PostOpKnee,
    /// Anything else.
    Unspecified,
}

impl TissueProfile {
    /// Every profile.
    pub const ALL: [Self; 7] = [
        Self::Tendon,
        Self::BoneStress,
        Self::Joint,
        Self::Mtss,
        Self::Muscle,
        Self::PostOpKnee,
        Self::Unspecified,
    ];

    /// Whether increased swelling alone is RED; it is AMBER for the others.
    pub const fn swelling_is_red(self) -> bool {
        matches!(self, Self::Joint | Self::PostOpKnee)
    }
}

/// What a row of the layoff table does to the rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LayoffTarget {
    /// Stay, start counting again.
    Repeat,
    /// The largest rung not above the reference whose dose is at most this
    /// percentage (1–100) of the reference's; the lowest rung if none is.
    DosePercent(u32),
    /// The lowest rung.
    Bottom,
}

impl LayoffTarget {
    /// Higher is stricter; only used to check that a table is monotone.
    fn strictness(self) -> u32 {
        match self {
            Self::Repeat => 0,
            Self::DosePercent(percent) => 1000_u32.saturating_sub(percent),
            Self::Bottom => 1001,
        }
    }
}

/// One row of the layoff table: it holds from its gap on, until the next row's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayoffRow {
    /// Days beyond the usual spacing of sessions, 1 or more.
    pub from_gap: u32,
    /// What it does.
    pub target: LayoffTarget,
    /// Whether the physio has to look.
    pub ask: bool,
}

/// The limits of one track. Build it with [`Policy::for_profile`] and edits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Highest pain that is GREEN, NPRS 0–10, inclusive.
    pub green_max: u32,
    /// Highest pain that is AMBER, NPRS 0–9, inclusive; above it is RED.
    pub amber_max: u32,
    /// Morning pain in points over baseline from which it is AMBER, 1–9; none: never.
    pub morning_amber_points: Option<u32>,
    /// Morning pain in points over baseline from which it is RED, 1–10.
    pub morning_red_points: u32,
    /// Sessions that must count before a step up, 1–10.
    pub successes_to_advance: u32,
    /// Full days off after a GREEN session, 0–6; a rung may set its own.
    pub rest_days: u32,
    /// Full days off after a RED session at least, 0–14.
    pub red_rest_days: u32,
    /// Steps up of one track within any 7 dates, 1–7.
    pub max_advances_per_7_days: u32,
    /// Lowest confidence that counts, 0–10.
    pub confidence_min: u32,
    /// Whether a session without a confidence answer cannot count.
    pub require_confidence: bool,
    /// Highest fear that counts, 0–100, inclusive.
    pub fear_max: u32,
    /// Lowest completion that counts, percent of the advised dose, 1–100.
    pub completion_min: u32,
    /// Highest completion that counts, percent of the advised dose, 100–1000.
    pub completion_max: u32,
    /// Hours within which a morning answers a session, 12–168.
    pub morning_window_hours: u32,
    /// Morning stiffness in minutes over baseline from which it is AMBER, 1–600.
    pub stiffness_amber_minutes: u32,
    /// Distinct contexts an EXPOSURE rung has to be done in, 1–10.
    pub contexts_required: u32,
    /// Every how many weeks one is lighter, 2–52; 0: never.
    pub deload_every_weeks: u32,
    /// Share of the dose in a lighter week, percent 1–100.
    pub deload_percent: u32,
    /// Share of the dose on a day of low readiness, percent 1–100.
    pub readiness_percent: u32,
    /// What a gap between sessions does, ascending by gap.
    pub layoff: Vec<LayoffRow>,
}

impl Policy {
    /// The defaults of a profile.
    pub fn for_profile(profile: TissueProfile) -> Self {
        let (green_max, amber_max, morning_amber_points, morning_red_points, successes) =
            match profile {
                TissueProfile::Tendon => (3, 5, Some(1), 2, 2),
                TissueProfile::BoneStress => (0, 0, None, 1, 3),
                TissueProfile::Joint => (2, 3, Some(1), 2, 2),
                TissueProfile::Mtss | TissueProfile::Muscle | TissueProfile::Unspecified => {
                    (2, 4, Some(1), 2, 2)
                }
                TissueProfile::PostOpKnee => (1, 2, Some(1), 2, 2),
            };
        Self {
            green_max,
            amber_max,
            morning_amber_points,
            morning_red_points,
            successes_to_advance: successes,
            rest_days: 1,
            red_rest_days: 2,
            max_advances_per_7_days: 2,
            confidence_min: 7,
            require_confidence: true,
            fear_max: 69,
            completion_min: 80,
            completion_max: 110,
            morning_window_hours: 48,
            stiffness_amber_minutes: 30,
            contexts_required: 2,
            deload_every_weeks: 4,
            deload_percent: 60,
            readiness_percent: 70,
            layoff: default_layoff(),
        }
    }

    /// This policy with the given values replaced.
    #[must_use]
    pub fn with(self, edits: &PolicyEdits) -> Self {
        edits.apply(self)
    }

    /// Everything that is not sane, one message per field.
    pub fn validate(&self) -> Vec<Fault> {
        let mut faults = Faults::new();
        faults.check(
            self.green_max <= self.amber_max,
            "green_max",
            format!(
                "is {}; it must not be above amber_max, which is {}",
                self.green_max, self.amber_max
            ),
        );
        faults.within("amber_max", self.amber_max, 0, 9);
        faults.within("morning_red_points", self.morning_red_points, 1, 10);
        if let Some(points) = self.morning_amber_points {
            faults.check(
                points >= 1 && points < self.morning_red_points,
                "morning_amber_points",
                format!(
                    "is {points}; it must be at least 1 and below morning_red_points, which is {}",
                    self.morning_red_points
                ),
            );
        }
        faults.within("successes_to_advance", self.successes_to_advance, 1, 10);
        faults.within("rest_days", self.rest_days, 0, 6);
        faults.within("red_rest_days", self.red_rest_days, 0, 14);
        faults.within(
            "max_advances_per_7_days",
            self.max_advances_per_7_days,
            1,
            7,
        );
        faults.within("confidence_min", self.confidence_min, 0, 10);
        faults.within("fear_max", self.fear_max, 0, 100);
        faults.within("completion_min", self.completion_min, 1, 100);
        faults.within("completion_max", self.completion_max, 100, 1000);
        faults.within("morning_window_hours", self.morning_window_hours, 12, 168);
        faults.within(
            "stiffness_amber_minutes",
            self.stiffness_amber_minutes,
            1,
            600,
        );
        faults.within("contexts_required", self.contexts_required, 1, 10);
        if self.deload_every_weeks != 0 {
            faults.check(
                (2..=52).contains(&self.deload_every_weeks),
                "deload_every_weeks",
                format!(
                    "is {}; it must be 0 (never) or between 2 and 52",
                    self.deload_every_weeks
                ),
            );
        }
        faults.within("deload_percent", self.deload_percent, 1, 100);
        faults.within("readiness_percent", self.readiness_percent, 1, 100);
        if let Some(message) = layoff_fault(&self.layoff) {
            faults.add("layoff", message);
        }
        faults.list
    }
}

fn default_layoff() -> Vec<LayoffRow> {
    let row = |from_gap, target, ask| LayoffRow {
        from_gap,
        target,
        ask,
    };
    vec![
        row(1, LayoffTarget::Repeat, false),
        row(3, LayoffTarget::DosePercent(65), false),
        row(8, LayoffTarget::DosePercent(50), true),
        row(26, LayoffTarget::DosePercent(25), true),
        row(40, LayoffTarget::Bottom, true),
    ]
}

/// A longer gap must never be treated more lightly, or waiting would help.
fn layoff_fault(rows: &[LayoffRow]) -> Option<String> {
    if !(1..=12).contains(&rows.len()) {
        return Some(format!("has {} rows; 1 to 12 are allowed", rows.len()));
    }
    for row in rows {
        if !(1..=365).contains(&row.from_gap) {
            return Some(format!(
                "has a gap of {} days; it must be between 1 and 365",
                row.from_gap
            ));
        }
        if let LayoffTarget::DosePercent(percent) = row.target
            && !(1..=100).contains(&percent)
        {
            return Some(format!(
                "has {percent} percent; it must be between 1 and 100"
            ));
        }
    }
    for pair in rows.windows(2) {
        let [earlier, later] = pair else { continue };
        if later.from_gap <= earlier.from_gap {
            return Some("must be in ascending order of gaps, each gap once".to_owned());
        }
        let milder = later.target.strictness() < earlier.target.strictness();
        if milder || (earlier.ask && !later.ask) {
            return Some(format!(
                "treats a gap of {} days more lightly than one of {} days",
                later.from_gap, earlier.from_gap
            ));
        }
    }
    None
}
