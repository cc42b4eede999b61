//! Ladder files: read with the engine's own reader, so that a check on this machine and one on the server agree.

use std::path::Path;

use rung_progression::ladder::file::{self, LineFault, Reading};
use rung_progression::ladder::{DoseUnit, Ladder, Rung, TrackKind};
use rung_progression::policy::{LayoffRow, LayoffTarget, PolicyEdits, TissueProfile};
use rung_proto::v1;

use crate::error::{Failure, Result};

/// Larger than any ladder; keeps a wrong file out of memory.
const MAX_BYTES: u64 = 1024 * 1024;

/// The text of a ladder file.
pub(crate) fn text(path: &Path) -> Result<String> {
    let fault = |e: &std::io::Error| Failure::file(path, e);
    let size = std::fs::metadata(path).map_err(|e| fault(&e))?.len();
    if size > MAX_BYTES {
        return Err(Failure::bad_input(
            "FILE",
            format!(
                "{}: {size} bytes are no ladder; at most 1 MiB",
                path.display()
            ),
        ));
    }
    std::fs::read_to_string(path).map_err(|e| fault(&e))
}

/// The ladder and what is unusual in it, or everything that is wrong with it.
pub(crate) fn read(text: &str) -> std::result::Result<Reading, Vec<LineFault>> {
    file::read_with_warnings(text)
}

/// A ladder as the contract carries it.
pub(crate) fn definition(ladder: &Ladder) -> v1::LadderDefinition {
    let kind = match ladder.kind {
        TrackKind::Running => v1::TrackKind::Running,
        TrackKind::Strength => v1::TrackKind::Strength,
        TrackKind::Exposure => v1::TrackKind::Exposure,
    };
    let unit = match ladder.unit {
        DoseUnit::RunningSeconds => v1::DoseUnit::RunningSeconds,
        DoseUnit::RunningMetres => v1::DoseUnit::RunningMetres,
        DoseUnit::Repetitions => v1::DoseUnit::Repetitions,
        DoseUnit::Ordinal => v1::DoseUnit::Ordinal,
    };
    let profile = match ladder.profile {
        TissueProfile::Tendon => v1::TissueProfile::Tendon,
        TissueProfile::BoneStress => v1::TissueProfile::BoneStress,
        TissueProfile::Joint => v1::TissueProfile::Joint,
        TissueProfile::Mtss => v1::TissueProfile::Mtss,
        TissueProfile::Muscle => v1::TissueProfile::Muscle,
        TissueProfile::PostOpKnee => v1::TissueProfile::PostOpKnee,
        TissueProfile::Unspecified => v1::TissueProfile::UnspecifiedTissue,
    };
    let criteria = ladder
        .entry_criteria
        .iter()
        .map(|criterion| v1::EntryCriterion {
            id: criterion.id.clone(),
            text: criterion.text.clone(),
        });
    v1::LadderDefinition {
        key: ladder.key.clone(),
        title: ladder.title.clone(),
        summary: ladder.summary.clone(),
        source: Some(v1::Source {
            citation: ladder.source.citation.clone(),
            url: ladder.source.url.clone().unwrap_or_default(),
        }),
        profile: profile.into(),
        kind: kind.into(),
        unit: unit.into(),
        sessions_per_week: number(ladder.sessions_per_week),
        entry_criteria: criteria.collect(),
        policy: policy(&ladder.policy),
        rungs: ladder.rungs.iter().map(rung).collect(),
    }
}

fn number(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

fn rung(rung: &Rung) -> v1::Rung {
    let effort = |value: rung_progression::Rpe| Some(number(value.get()));
    v1::Rung {
        title: rung.title.clone(),
        dose: i64::from(rung.dose.get()),
        instruction: rung.instruction.clone(),
        effort: rung.effort.map(|e| v1::EffortRange {
            min: effort(e.min),
            max: effort(e.max),
        }),
        terrain: rung.terrain.clone().unwrap_or_default(),
        surface: rung.surface.clone().unwrap_or_default(),
        cues: rung.cues.clone(),
        rest_days: rung.rest_days.map(number),
        needs_approval: rung.needs_approval,
    }
}

/// Absent when nothing is edited. Destructured: a number the contract does not carry must not get lost silently.
fn policy(edits: &PolicyEdits) -> Option<v1::Policy> {
    if edits.is_empty() {
        return None;
    }
    let PolicyEdits {
        green_max,
        amber_max,
        morning_amber_points,
        morning_red_points,
        successes_to_advance,
        rest_days,
        red_rest_days,
        max_advances_per_7_days,
        confidence_min,
        require_confidence,
        fear_max,
        completion_min,
        completion_max,
        morning_window_hours,
        stiffness_amber_minutes,
        contexts_required,
        deload_every_weeks,
        deload_percent,
        readiness_percent,
        layoff,
    } = edits;
    Some(v1::Policy {
        green_max: green_max.map(number),
        amber_max: amber_max.map(number),
        morning_amber_points: morning_amber_points.map(number),
        morning_red_points: morning_red_points.map(number),
        successes_to_advance: successes_to_advance.map(number),
        rest_days: rest_days.map(number),
        red_rest_days: red_rest_days.map(number),
        max_advances_per_7_days: max_advances_per_7_days.map(number),
        confidence_min: confidence_min.map(number),
        require_confidence: *require_confidence,
        fear_max: fear_max.map(number),
        completion_min: completion_min.map(number),
        completion_max: completion_max.map(number),
        morning_window_hours: morning_window_hours.map(number),
        stiffness_amber_minutes: stiffness_amber_minutes.map(number),
        deload_every_weeks: deload_every_weeks.map(number),
        deload_percent: deload_percent.map(number),
        readiness_percent: readiness_percent.map(number),
        contexts_required: contexts_required.map(number),
        layoff: layoff.iter().flatten().map(layoff_row).collect(),
    })
}

fn layoff_row(row: &LayoffRow) -> v1::LayoffRow {
    use v1::layoff_row::Target;
    let target = match row.target {
        LayoffTarget::Repeat => Target::Repeat(true),
        LayoffTarget::DosePercent(percent) => Target::DosePercent(number(percent)),
        LayoffTarget::Bottom => Target::Bottom(true),
    };
    v1::LayoffRow {
        from_gap: number(row.from_gap),
        target: Some(target),
        ask: row.ask,
    }
}
