//! Ladders: versioned templates of ordered rungs. Immutable once published.

pub mod file;
pub mod lint;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::fault::{Fault, Faults};
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
    /// Repetitions over all sets.
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
}

/// The effort a rung is meant to be done at, CR10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffortRange {
    /// The easy end.
    pub min: Rpe,
    /// The hard end, not below `min`.
    pub max: Rpe,
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

    /// Everything that is wrong, all at once. What is only unusual is
    /// [`lint::warnings`]'s.
    pub fn validate(&self) -> Vec<Fault> {
        let mut faults = Faults::new();
        slug(&mut faults, "key", &self.key);
        faults.within("version", self.version, 1, 1_000_000);
        faults.text("title", &self.title, 120);
        faults.text("summary", &self.summary, 2000);
        faults.text("source.citation", &self.source.citation, 1000);
        if let Some(url) = &self.source.url {
            faults.text("source.url", url, 500);
            faults.check(
                url.starts_with("https://") || url.starts_with("http://"),
                "source.url",
                "must start with https:// or http://",
            );
        }
        faults.within("sessions_per_week", self.sessions_per_week, 1, 7);
        faults.count("entry_criteria", self.entry_criteria.len(), 0, 30);
        let mut seen = BTreeSet::new();
        for (index, criterion) in self.entry_criteria.iter().enumerate() {
            let path = format!("entry_criteria[{index}]");
            slug(&mut faults, &format!("{path}.id"), &criterion.id);
            faults.text(&format!("{path}.text"), &criterion.text, 500);
            faults.check(
                seen.insert(&criterion.id),
                &format!("{path}.id"),
                format!("\"{}\" is used twice", criterion.id),
            );
        }
        faults.under("policy", self.resolved_policy().validate());
        faults.count("rungs", self.rungs.len(), 1, 100);
        for (index, rung) in self.rungs.iter().enumerate() {
            faults.under(&format!("rungs[{index}]"), rung.validate());
            if self.unit == DoseUnit::Ordinal {
                let ordinal = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
                faults.check(
                    rung.dose.get() == ordinal,
                    &format!("rungs[{index}].dose"),
                    format!(
                        "is {}; with the unit ORDINAL it must be {ordinal}",
                        rung.dose
                    ),
                );
            }
        }
        faults.list
    }
}

impl Rung {
    fn validate(&self) -> Vec<Fault> {
        let mut faults = Faults::new();
        faults.text("title", &self.title, 120);
        faults.check(self.dose.get() >= 1, "dose", "is 0; it must be at least 1");
        faults.text("instruction", &self.instruction, 1000);
        if let Some(effort) = self.effort {
            faults.check(
                effort.min <= effort.max,
                "effort",
                format!("goes from {} down to {}", effort.min, effort.max),
            );
        }
        for (path, text) in [("terrain", &self.terrain), ("surface", &self.surface)] {
            if let Some(text) = text {
                faults.text(path, text, 120);
            }
        }
        faults.count("cues", self.cues.len(), 0, 12);
        for (index, cue) in self.cues.iter().enumerate() {
            faults.text(&format!("cues[{index}]"), cue, 120);
        }
        if let Some(days) = self.rest_days {
            faults.within("rest_days", days, 0, 6);
        }
        faults.list
    }
}

fn slug(faults: &mut Faults, path: &str, text: &str) {
    let legal = (2..=64).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    faults.check(
        legal,
        path,
        "must be 2 to 64 of a-z, 0-9 and -, starting with a letter",
    );
}
