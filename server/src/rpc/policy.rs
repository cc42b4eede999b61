//! Policies as the contract has them.

use rung_progression::{
    Policy, PolicyEdits,
    policy::{LayoffRow, LayoffTarget},
};
use rung_proto::v1;

use super::field::Fields;

/// Reads what a ladder or a plan changes in a policy. Ranges are the domain's: it judges the result as a whole.
pub(crate) fn edits(f: &mut Fields, policy: Option<&v1::Policy>) -> Option<PolicyEdits> {
    let Some(p) = policy else {
        return Some(PolicyEdits::default());
    };
    let mut complete = true;
    let mut number = |path: &str, value: Option<i32>| {
        value.and_then(|value| {
            let read = f.within(path, value, 0..=100_000);
            complete &= read.is_some();
            read
        })
    };
    let edits = PolicyEdits {
        green_max: number("green_max", p.green_max),
        amber_max: number("amber_max", p.amber_max),
        morning_amber_points: number("morning_amber_points", p.morning_amber_points),
        morning_red_points: number("morning_red_points", p.morning_red_points),
        successes_to_advance: number("successes_to_advance", p.successes_to_advance),
        rest_days: number("rest_days", p.rest_days),
        red_rest_days: number("red_rest_days", p.red_rest_days),
        max_advances_per_7_days: number("max_advances_per_7_days", p.max_advances_per_7_days),
        confidence_min: number("confidence_min", p.confidence_min),
        require_confidence: p.require_confidence,
        fear_max: number("fear_max", p.fear_max),
        completion_min: number("completion_min", p.completion_min),
        completion_max: number("completion_max", p.completion_max),
        morning_window_hours: number("morning_window_hours", p.morning_window_hours),
        stiffness_amber_minutes: number("stiffness_amber_minutes", p.stiffness_amber_minutes),
        contexts_required: number("contexts_required", p.contexts_required),
        deload_every_weeks: number("deload_every_weeks", p.deload_every_weeks),
        deload_percent: number("deload_percent", p.deload_percent),
        readiness_percent: number("readiness_percent", p.readiness_percent),
        layoff: None,
    };
    let layoff: Option<Vec<LayoffRow>> = f
        .at_most("layoff", &p.layoff, 12)
        .iter()
        .enumerate()
        .map(|(i, row)| f.part(&format!("layoff[{i}]"), |f| layoff_row(f, row)))
        .collect::<Vec<_>>()
        .into_iter()
        .collect();
    let layoff = layoff?;
    complete.then_some(PolicyEdits {
        layoff: (!layoff.is_empty()).then_some(layoff),
        ..edits
    })
}

fn layoff_row(f: &mut Fields, row: &v1::LayoffRow) -> Option<LayoffRow> {
    use v1::layoff_row::Target;
    let from_gap = f.within("from_gap", row.from_gap, 1..=365);
    let target = match row.target {
        Some(Target::Repeat(true)) => Some(LayoffTarget::Repeat),
        Some(Target::Bottom(true)) => Some(LayoffTarget::Bottom),
        Some(Target::DosePercent(percent)) => f
            .within("dose_percent", percent, 1..=100)
            .map(LayoffTarget::DosePercent),
        Some(Target::Repeat(false) | Target::Bottom(false)) | None => {
            f.fault("target", "must be one of repeat, dose_percent, bottom");
            None
        }
    };
    Some(LayoffRow {
        from_gap: from_gap?,
        target: target?,
        ask: row.ask,
    })
}

/// A whole policy, every number set.
pub(crate) fn policy(p: &Policy) -> v1::Policy {
    let edits = PolicyEdits {
        green_max: Some(p.green_max),
        amber_max: Some(p.amber_max),
        morning_amber_points: p.morning_amber_points,
        morning_red_points: Some(p.morning_red_points),
        successes_to_advance: Some(p.successes_to_advance),
        rest_days: Some(p.rest_days),
        red_rest_days: Some(p.red_rest_days),
        max_advances_per_7_days: Some(p.max_advances_per_7_days),
        confidence_min: Some(p.confidence_min),
        require_confidence: Some(p.require_confidence),
        fear_max: Some(p.fear_max),
        completion_min: Some(p.completion_min),
        completion_max: Some(p.completion_max),
        morning_window_hours: Some(p.morning_window_hours),
        stiffness_amber_minutes: Some(p.stiffness_amber_minutes),
        contexts_required: Some(p.contexts_required),
        deload_every_weeks: Some(p.deload_every_weeks),
        deload_percent: Some(p.deload_percent),
        readiness_percent: Some(p.readiness_percent),
        layoff: Some(p.layoff.clone()),
    };
    changed(&edits)
}

/// What is changed, and nothing else.
pub(crate) fn changed(p: &PolicyEdits) -> v1::Policy {
    use v1::layoff_row::Target;
    let number = |value: Option<u32>| value.map(u32::cast_signed);
    v1::Policy {
        green_max: number(p.green_max),
        amber_max: number(p.amber_max),
        morning_amber_points: number(p.morning_amber_points),
        morning_red_points: number(p.morning_red_points),
        successes_to_advance: number(p.successes_to_advance),
        rest_days: number(p.rest_days),
        red_rest_days: number(p.red_rest_days),
        max_advances_per_7_days: number(p.max_advances_per_7_days),
        confidence_min: number(p.confidence_min),
        require_confidence: p.require_confidence,
        fear_max: number(p.fear_max),
        completion_min: number(p.completion_min),
        completion_max: number(p.completion_max),
        morning_window_hours: number(p.morning_window_hours),
        stiffness_amber_minutes: number(p.stiffness_amber_minutes),
        contexts_required: number(p.contexts_required),
        deload_every_weeks: number(p.deload_every_weeks),
        deload_percent: number(p.deload_percent),
        readiness_percent: number(p.readiness_percent),
        layoff: p
            .layoff
            .iter()
            .flatten()
            .map(|row| v1::LayoffRow {
                from_gap: row.from_gap.cast_signed(),
                target: Some(match row.target {
                    LayoffTarget::Repeat => Target::Repeat(true),
                    LayoffTarget::DosePercent(percent) => {
                        Target::DosePercent(percent.cast_signed())
                    }
                    LayoffTarget::Bottom => Target::Bottom(true),
                }),
                ask: row.ask,
            })
            .collect(),
    }
}
