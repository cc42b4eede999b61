//! Ladders as the contract has them.

use rung_progression::{
    Dose, Ladder, Rung, TissueProfile, TrackKind,
    ladder::{DoseUnit, EffortRange, EntryCriterion, Sets, Source},
};
use rung_proto::v1;

use crate::rpc::{field::Fields, policy};

/// The most entries that are looked at; the domain's own bounds are not above these.
const RUNGS: usize = 100;
const CRITERIA: usize = 30;

/// Reads a definition as version `version` of its key, and judges it as a whole; `None` when a fault was noted. Where a
/// field does not read, a harmless one stands in, so that everything else is judged all the same.
pub(crate) fn ladder(f: &mut Fields, d: &v1::LadderDefinition, version: u32) -> Option<Ladder> {
    let profile = f.choice("profile", d.profile).map(profile_in);
    let kind = f.choice("kind", d.kind).map(kind_in);
    let unit = f.choice("unit", d.unit).map(unit_in);
    let sessions_per_week = f.within("sessions_per_week", d.sessions_per_week, 1..=7);
    let policy = f.part("policy", |f| policy::edits(f, d.policy.as_ref()));
    let source = f
        .required("source", d.source.as_ref())
        .cloned()
        .unwrap_or_default();
    let criteria = f.at_most("entry_criteria", &d.entry_criteria, CRITERIA);
    let rungs = f.at_most("rungs", &d.rungs, RUNGS);
    let ladder = Ladder {
        key: d.key.clone(),
        version,
        title: d.title.trim().to_owned(),
        summary: d.summary.trim().to_owned(),
        source: Source {
            citation: source.citation.trim().to_owned(),
            url: filled(&source.url),
        },
        proposal: filled(&d.proposal),
        profile: profile.unwrap_or(TissueProfile::Unspecified),
        kind: kind.unwrap_or(TrackKind::Running),
        unit: unit.unwrap_or(DoseUnit::RunningSeconds),
        sessions_per_week: sessions_per_week.unwrap_or(1),
        entry_criteria: criteria
            .iter()
            .map(|c| EntryCriterion {
                id: c.id.clone(),
                text: c.text.trim().to_owned(),
                proposal: c.proposal,
            })
            .collect(),
        policy: policy.unwrap_or_default(),
        rungs: rungs
            .iter()
            .enumerate()
            .map(|(i, rung)| f.part(&format!("rungs[{i}]"), |f| read_rung(f, rung)))
            .collect(),
    };
    f.faults(ladder.validate());
    f.is_clean().then_some(ladder)
}

fn read_rung(f: &mut Fields, r: &v1::Rung) -> Rung {
    let dose = f.check("dose", Dose::try_from(r.dose));
    let effort = r.effort.as_ref().and_then(|range| {
        f.part("effort", |f| {
            let (min, max) = (f.scale("min", range.min), f.scale("max", range.max));
            Some(EffortRange {
                min: min?,
                max: max?,
            })
        })
    });
    Rung {
        title: r.title.trim().to_owned(),
        dose: dose.unwrap_or(Dose::MIN),
        instruction: r.instruction.trim().to_owned(),
        effort,
        terrain: filled(&r.terrain),
        surface: filled(&r.surface),
        cues: r.cues.clone(),
        rest_days: r
            .rest_days
            .and_then(|days| f.within("rest_days", days, 0..=6)),
        needs_approval: r.needs_approval,
        sets: r
            .sets
            .as_ref()
            .and_then(|sets| f.part("sets", |f| read_sets(f, sets))),
        prediction: filled(&r.prediction),
        note: filled(&r.note),
        proposal: r.proposal,
    }
}

fn read_sets(f: &mut Fields, s: &v1::Sets) -> Option<Sets> {
    let count = f.within("count", s.count, 1..=20);
    let repetitions = f.within("repetitions", s.repetitions, 1..=200);
    Some(Sets {
        count: count?,
        repetitions: repetitions?,
        each_side: s.each_side,
        load: filled(&s.load),
        tempo: filled(&s.tempo),
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
        proposal: l.proposal.clone().unwrap_or_default(),
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
                proposal: c.proposal,
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
        sets: r.sets.as_ref().map(|sets| v1::Sets {
            count: sets.count.cast_signed(),
            repetitions: sets.repetitions.cast_signed(),
            each_side: sets.each_side,
            load: sets.load.clone().unwrap_or_default(),
            tempo: sets.tempo.clone().unwrap_or_default(),
        }),
        prediction: r.prediction.clone().unwrap_or_default(),
        note: r.note.clone().unwrap_or_default(),
        proposal: r.proposal,
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

/// What a ladder trains.
pub(crate) fn kind_out(kind: TrackKind) -> v1::TrackKind {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn what_does_not_read_and_what_is_out_of_range_is_told_together() {
        let mut definition =
            definition(&crate::storage::conformance::fixture::definition().tracks[0].ladder);
        definition.kind = 0;
        definition.title = String::new();
        definition.rungs[1].dose = -1;
        definition.rungs[2].title = String::new();
        definition.policy = Some(v1::Policy {
            amber_max: Some(50),
            ..Default::default()
        });
        let mut f = Fields::under("definition");
        let read = ladder(&mut f, &definition, 1);
        let Err(Error::InvalidFields(found)) = f.finish(read) else {
            panic!("faults were noted");
        };
        let paths: Vec<_> = found.iter().map(|v| v.field.as_str()).collect();
        assert_eq!(
            paths,
            [
                "definition.kind",
                "definition.rungs[1].dose",
                "definition.title",
                "definition.policy.amber_max",
                "definition.rungs[2].title",
            ]
        );
    }

    // Seen failing with the load of the sets left out.
    #[test]
    fn a_ladder_reads_back_what_it_writes() {
        for (_, written) in crate::library::Library::load().unwrap().all() {
            let mut f = Fields::new();
            let read = ladder(&mut f, &definition(written), written.version);
            assert_eq!(&f.finish(read).unwrap(), written);
        }
    }

    #[test]
    fn nothing_is_made_of_a_list_that_is_too_long() {
        let mut definition =
            definition(&crate::storage::conformance::fixture::definition().tracks[0].ladder);
        definition.rungs = vec![v1::Rung::default(); 20_000];
        let mut f = Fields::new();
        let read = ladder(&mut f, &definition, 1);
        let Err(Error::InvalidFields(found)) = f.finish(read) else {
            panic!("a fault was noted");
        };
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].field, "rungs");
    }
}
