//! How a session and a morning are graded (§6).

use crate::event::{MorningReport, Swelling, Symptoms};
use crate::plan::{Baseline, TrackDefinition};
use crate::reason::{Evidence, Measure, Value};
use crate::scale::PainScore;
use crate::state::Grade;

/// What one answer contributes.
type Item = (Grade, Evidence);

/// As many answers as an effort has; a morning has fewer. No list: grading is on the way
/// of every session.
const ITEMS: usize = 5;

/// A grade and what each answer contributed to it.
pub(super) struct Graded {
    pub(super) grade: Grade,
    items: [Option<Item>; ITEMS],
}

impl Graded {
    fn of(items: [Option<Item>; ITEMS]) -> Self {
        let grades = items.iter().flatten().map(|(grade, _)| *grade);
        let grade = grades.max().unwrap_or(Grade::Green);
        Self { grade, items }
    }

    /// The answers that made the grade what it is.
    pub(super) fn evidence(&self) -> Vec<Evidence> {
        let items = self.items.iter().flatten();
        let decisive = items.filter(|(grade, _)| *grade == self.grade);
        let mut evidence = Vec::with_capacity(ITEMS);
        evidence.extend(decisive.map(|(_, evidence)| evidence.clone()));
        evidence
    }
}

/// "The worst of": pain during and after by their bands, pain before by its band
/// but at most AMBER, altered gait, swelling.
pub(super) fn effort(track: &TrackDefinition, report: Symptoms) -> Graded {
    let before = report.pain_before.map(|before| {
        let (grade, _) = pain(track, Measure::PainBefore, before);
        let limit = track.policy.green_max;
        let evidence = held(Measure::PainBefore, before.get(), limit);
        (grade.min(Grade::Amber), evidence)
    });
    let gait = if report.altered_gait {
        Grade::Red
    } else {
        Grade::Green
    };
    let gait_evidence = held(Measure::AlteredGait, report.altered_gait, false);
    Graded::of([
        Some(pain(track, Measure::PainDuring, report.pain_during)),
        Some(pain(track, Measure::PainAfter, report.pain_after)),
        before,
        Some((gait, gait_evidence)),
        Some(swelling(track, report.swelling)),
    ])
}

/// Pain and stiffness over baseline, swelling as for sessions.
pub(super) fn morning(
    track: &TrackDefinition,
    baseline: &Baseline,
    report: &MorningReport,
) -> Graded {
    let policy = &track.policy;
    let points = report.pain.get().saturating_sub(baseline.pain.get());
    let red = policy.morning_red_points;
    let (grade, limit) = match policy.morning_amber_points {
        _ if points >= red => (Grade::Red, red),
        Some(amber) if points >= amber => (Grade::Amber, amber),
        amber => (Grade::Green, amber.unwrap_or(red)),
    };
    let pain = (grade, held(Measure::MorningPainOverBaseline, points, limit));
    let stiffness = report.stiffness.map(|stiffness| {
        let minutes = stiffness.get().saturating_sub(baseline.stiffness.get());
        let limit = policy.stiffness_amber_minutes;
        let grade = if minutes >= limit {
            Grade::Amber
        } else {
            Grade::Green
        };
        (grade, held(Measure::StiffnessOverBaseline, minutes, limit))
    });
    let swelling = swelling(track, report.swelling);
    Graded::of([Some(pain), stiffness, Some(swelling), None, None])
}

fn pain(track: &TrackDefinition, measure: Measure, pain: PainScore) -> Item {
    let (green, amber) = (track.policy.green_max, track.policy.amber_max);
    let (grade, limit) = match pain.get() {
        value if value > amber => (Grade::Red, amber),
        value if value > green => (Grade::Amber, green),
        _ => (Grade::Green, green),
    };
    (grade, held(measure, pain.get(), limit))
}

fn swelling(track: &TrackDefinition, swelling: Swelling) -> Item {
    let (grade, seen) = match swelling {
        Swelling::None => (Grade::Green, "NONE"),
        Swelling::Unchanged => (Grade::Green, "UNCHANGED"),
        Swelling::Increased if track.ladder.profile.swelling_is_red() => (Grade::Red, "INCREASED"),
        Swelling::Increased => (Grade::Amber, "INCREASED"),
    };
    let limit = Value::code("INCREASED");
    (grade, held(Measure::Swelling, Value::code(seen), limit))
}

fn held(measure: Measure, observed: impl Into<Value>, threshold: impl Into<Value>) -> Evidence {
    Evidence {
        measure,
        observed: Some(observed.into()),
        threshold: Some(threshold.into()),
    }
}
