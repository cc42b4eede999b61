//! Plans, valid and not.

use arbitrary::{Result, Unstructured};
use rung_progression::ladder::DoseUnit;
use rung_progression::ladder::file::read;
use rung_progression::plan::{Baseline, Prerequisite, Requirement};
use rung_progression::policy::{LayoffRow, LayoffTarget};
use rung_progression::{
    Dose, Ladder, LadderId, PlanDefinition, Policy, PolicyEdits, Rung, TissueProfile,
    TrackDefinition, TrackKind,
};
use uuid::Uuid;

use crate::value::{limit, maybe, track, within};

/// A plan of up to eight tracks.
pub(crate) fn any(bytes: &mut Unstructured) -> Result<PlanDefinition> {
    let count = bytes.int_in_range(0..=8)?;
    let wild = bytes.ratio(1, 4)?;
    let tracks = (0..count).map(|_| one_track(bytes, wild));
    let tracks = tracks.collect::<Result<_>>()?;
    Ok(PlanDefinition {
        revision: bytes.int_in_range(0..=3)?,
        tracks,
        baseline: Baseline {
            pain: within(bytes, 10)?,
            stiffness: within(bytes, 600)?,
            over_limit_reason: Some("r".to_owned()),
        },
        concurrent: bytes.ratio(7, 8)?,
        weekdays: Vec::new(),
        anchors: Vec::new(),
        micro_goals: Vec::new(),
        coping_tools: Vec::new(),
        sites: Vec::new(),
    })
}

fn one_track(bytes: &mut Unstructured, wild: bool) -> Result<TrackDefinition> {
    let ladder = ladder(bytes, wild)?;
    let mut policy = ladder.resolved_policy();
    if bytes.arbitrary()? {
        change(bytes, &mut policy, wild)?;
    }
    let count = bytes.int_in_range(0..=3)? % 3;
    let prerequisites = (0..count)
        .map(|_| prerequisite(bytes))
        .collect::<Result<_>>()?;
    let top = ladder.top().get();
    Ok(TrackDefinition {
        id: track(bytes)?,
        ladder_id: LadderId::from(Uuid::nil()),
        prerequisites,
        policy,
        start_rung: within(bytes, if wild { 99 } else { top })?,
        sessions_per_week: if wild { limit(bytes, 3)? } else { 3 },
        entry: Vec::new(),
        ladder,
    })
}

fn prerequisite(bytes: &mut Unstructured) -> Result<Prerequisite> {
    let requirement = if bytes.arbitrary()? {
        Requirement::Done
    } else {
        Requirement::AtLeast(within(bytes, 5)?)
    };
    Ok(Prerequisite {
        track: track(bytes)?,
        requirement,
    })
}

/// A ladder of the library, with other rungs, another tissue and kind.
fn ladder(bytes: &mut Unstructured, wild: bool) -> Result<Ladder> {
    let text = include_str!("../../../ladders/oxsport-walk-run.toml");
    let mut ladder = read(text).map_err(|_| arbitrary::Error::IncorrectFormat)?;
    ladder.policy = PolicyEdits::default();
    ladder.profile = *bytes.choose(&TissueProfile::ALL)?;
    ladder.kind = *bytes.choose(&[TrackKind::Running, TrackKind::Strength, TrackKind::Exposure])?;
    ladder.unit = *bytes.choose(&[
        DoseUnit::RunningSeconds,
        DoseUnit::RunningMetres,
        DoseUnit::Repetitions,
        DoseUnit::Ordinal,
    ])?;
    let first = ladder.rungs.remove(0);
    let count = bytes.int_in_range(u32::from(!wild)..=6)?;
    let rungs = (1..=count).map(|number| {
        let mut rung: Rung = first.clone();
        rung.dose = match (wild, ladder.unit) {
            (true, _) => within(bytes, 1_000_000)?,
            (false, DoseUnit::Ordinal) => exactly(number)?,
            (false, _) => exactly(bytes.int_in_range(1..=1_000_000)?)?,
        };
        rung.rest_days = match bytes.int_in_range(0_u8..=3)? {
            0 if wild => Some(bytes.arbitrary()?),
            1 => Some(bytes.int_in_range(0..=6)?),
            _ => None,
        };
        rung.needs_approval = bytes.ratio(1, 8)?;
        Ok(rung)
    });
    ladder.rungs = rungs.collect::<Result<_>>()?;
    Ok(ladder)
}

fn exactly(dose: u32) -> Result<Dose> {
    Dose::try_from(dose).map_err(|_| arbitrary::Error::IncorrectFormat)
}

/// Sane limits that differ, or any.
fn change(bytes: &mut Unstructured, policy: &mut Policy, wild: bool) -> Result<()> {
    policy.successes_to_advance = bytes.int_in_range(1..=10)?;
    policy.rest_days = bytes.int_in_range(0..=6)?;
    policy.max_advances_per_7_days = bytes.int_in_range(1..=7)?;
    policy.contexts_required = bytes.int_in_range(1..=10)?;
    policy.require_confidence = bytes.arbitrary()?;
    policy.deload_every_weeks = *bytes.choose(&[0, 2, 4, 52])?;
    if !wild {
        return Ok(());
    }
    policy.morning_amber_points = maybe(bytes, 12)?;
    for field in [
        &mut policy.green_max,
        &mut policy.amber_max,
        &mut policy.morning_red_points,
        &mut policy.successes_to_advance,
        &mut policy.rest_days,
        &mut policy.red_rest_days,
        &mut policy.max_advances_per_7_days,
        &mut policy.confidence_min,
        &mut policy.fear_max,
        &mut policy.completion_min,
        &mut policy.completion_max,
        &mut policy.morning_window_hours,
        &mut policy.stiffness_amber_minutes,
        &mut policy.contexts_required,
        &mut policy.deload_every_weeks,
        &mut policy.deload_percent,
        &mut policy.readiness_percent,
    ] {
        *field = limit(bytes, *field)?;
    }
    let count = bytes.int_in_range(0..=4)?;
    let rows = (0..count).map(|_| {
        Ok(LayoffRow {
            from_gap: limit(bytes, 3)?,
            target: match bytes.int_in_range(0_u8..=2)? {
                0 => LayoffTarget::Repeat,
                1 => LayoffTarget::DosePercent(limit(bytes, 50)?),
                _ => LayoffTarget::Bottom,
            },
            ask: bytes.arbitrary()?,
        })
    });
    policy.layoff = rows.collect::<Result<_>>()?;
    Ok(())
}
