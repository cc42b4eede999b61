//! Ladders as the contract has them.

use rung_progression::{
    Dose, Ladder, Rung, TissueProfile, TrackKind,
    ladder::{DoseUnit, EffortRange, EntryCriterion, Source},
};
use rung_proto::v1;

use crate::rpc::{field::Fields, policy};

/// Reads a definition as version `version` of its key, and judges it as a whole; `None` when a fault was noted.
pub(crate) fn ladder(f: &mut Fields, d: &v1::LadderDefinition, version: u32) -> Option<Ladder> {
    let profile = f.choice("profile", d.profile).map(profile_in);
    let kind = f.choice("kind", d.kind).map(kind_in);
    let unit = f.choice("unit", d.unit).map(unit_in);
    let sessions_per_week = f.within("sessions_per_week", d.sessions_per_week, 1..=7);
    let policy = f.part("policy", |f| policy::edits(f, d.policy.as_ref()));
    let source = f.required("source", d.source.as_ref());
    let rungs: Vec<Option<Rung>> = d
        .rungs
        .iter()
        .enumerate()
        .map(|(i, rung)| f.part(&format!("rungs[{i}]"), |f| read_rung(f, rung)))
        .collect();
    let rungs: Option<Vec<Rung>> = rungs.into_iter().collect();
    let source = source?;
    let ladder = Ladder {
        key: d.key.clone(),
        version,
        title: d.title.trim().to_owned(),
        summary: d.summary.trim().to_owned(),
        source: Source {
            citation: source.citation.trim().to_owned(),
            url: filled(&source.url),
        },
        profile: profile?,
        kind: kind?,
        unit: unit?,
        sessions_per_week: sessions_per_week?,
        entry_criteria: d
            .entry_criteria
            .iter()
            .map(|c| EntryCriterion {
                id: c.id.clone(),
                text: c.text.trim().to_owned(),
            })
            .collect(),
        policy: policy?,
        rungs: rungs?,
    };
    let faults = ladder.validate();
    if faults.is_empty() {
        return Some(ladder);
    }
    f.faults(faults);
    None
}

fn read_rung(f: &mut Fields, r: &v1::Rung) -> Option<Rung> {
    let dose: Option<Dose> = f.check("dose", Dose::try_from(r.dose));
    let rest_days = match r.rest_days {
        None => Some(None),
        Some(days) => f.within("rest_days", days, 0..=6).map(Some),
    };
    let effort = match &r.effort {
        None => Some(None),
        Some(range) => f.part("effort", |f| {
            let (min, max) = (f.scale("min", range.min), f.scale("max", range.max));
            Some(Some(EffortRange {
                min: min?,
                max: max?,
            }))
        }),
    };
    Some(Rung {
        title: r.title.trim().to_owned(),
        dose: dose?,
        instruction: r.instruction.trim().to_owned(),
        effort: effort?,
        terrain: filled(&r.terrain),
        surface: filled(&r.surface),
        cues: r.cues.clone(),
        rest_days: rest_days?,
        needs_approval: r.needs_approval,
    })
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A ladder's definition.
pub(crate) fn definition(l: &Ladder) -> v1::LadderDefinition {
    v1::LadderDefinition {
        key: l.key.clone(),
        title: l.title.clone(),
        summary: l.summary.clone(),
        source: Some(v1::Source {
            citation: l.source.citation.clone(),
            url: l.source.url.clone().unwrap_or_default(),
        }),
        profile: profile_out(l.profile).into(),
        kind: kind_out(l.kind).into(),
        unit: unit_out(l.unit).into(),
        sessions_per_week: l.sessions_per_week.cast_signed(),
        entry_criteria: l
            .entry_criteria
            .iter()
            .map(|c| v1::EntryCriterion {
                id: c.id.clone(),
                text: c.text.clone(),
            })
            .collect(),
        policy: Some(policy::changed(&l.policy)),
        rungs: l.rungs.iter().map(rung).collect(),
    }
}

/// A rung.
pub(crate) fn rung(r: &Rung) -> v1::Rung {
    v1::Rung {
        title: r.title.clone(),
        dose: r.dose.into(),
        instruction: r.instruction.clone(),
        effort: r.effort.map(|range| v1::EffortRange {
            min: Some(range.min.get().cast_signed()),
            max: Some(range.max.get().cast_signed()),
        }),
        terrain: r.terrain.clone().unwrap_or_default(),
        surface: r.surface.clone().unwrap_or_default(),
        cues: r.cues.clone(),
        rest_days: r.rest_days.map(u32::cast_signed),
        needs_approval: r.needs_approval,
    }
}

fn profile_in(profile: v1::TissueProfile) -> TissueProfile {
    use v1::TissueProfile as P;
    match profile {
        P::Tendon => TissueProfile::Tendon,
        P::BoneStress => TissueProfile::BoneStress,
        P::Joint => TissueProfile::Joint,
        P::Mtss => TissueProfile::Mtss,
        P::Muscle => TissueProfile::Muscle,
        P::PostOpKnee => TissueProfile::PostOpKnee,
        // `Fields::choice` has refused a missing one.
        P::UnspecifiedTissue | P::Unspecified => TissueProfile::Unspecified,
    }
}

fn profile_out(profile: TissueProfile) -> v1::TissueProfile {
    use v1::TissueProfile as P;
    match profile {
        TissueProfile::Tendon => P::Tendon,
        TissueProfile::BoneStress => P::BoneStress,
        TissueProfile::Joint => P::Joint,
        TissueProfile::Mtss => P::Mtss,
        TissueProfile::Muscle => P::Muscle,
        TissueProfile::PostOpKnee => P::PostOpKnee,
        TissueProfile::Unspecified => P::UnspecifiedTissue,
    }
}

fn kind_in(kind: v1::TrackKind) -> TrackKind {
    match kind {
        v1::TrackKind::Strength => TrackKind::Strength,
        v1::TrackKind::Exposure => TrackKind::Exposure,
        v1::TrackKind::Running | v1::TrackKind::Unspecified => TrackKind::Running,
    }
}

fn kind_out(kind: TrackKind) -> v1::TrackKind {
    match kind {
        TrackKind::Running => v1::TrackKind::Running,
        TrackKind::Strength => v1::TrackKind::Strength,
        TrackKind::Exposure => v1::TrackKind::Exposure,
    }
}

fn unit_in(unit: v1::DoseUnit) -> DoseUnit {
    use v1::DoseUnit as U;
    match unit {
        U::RunningSeconds => DoseUnit::RunningSeconds,
        U::RunningMetres => DoseUnit::RunningMetres,
        U::Repetitions => DoseUnit::Repetitions,
        U::Ordinal | U::Unspecified => DoseUnit::Ordinal,
    }
}

/// The unit of a ladder's doses.
pub(crate) fn unit_out(unit: DoseUnit) -> v1::DoseUnit {
    use v1::DoseUnit as U;
    match unit {
        DoseUnit::RunningSeconds => U::RunningSeconds,
        DoseUnit::RunningMetres => U::RunningMetres,
        DoseUnit::Repetitions => U::Repetitions,
        DoseUnit::Ordinal => U::Ordinal,
    }
}
