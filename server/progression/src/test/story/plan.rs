//! Plans and ladders as a test writes them.

use uuid::Uuid;

use super::value::{dose, pain, rung};
use crate::id::{LadderId, TrackId};
use crate::ladder::{DoseUnit, Ladder, Rung, Source, TrackKind};
use crate::plan::{Baseline, PlanDefinition, Prerequisite, Requirement, TrackDefinition};
use crate::policy::{PolicyEdits, TissueProfile};
use crate::scale::StiffnessMinutes;

pub(crate) fn track_id(index: usize) -> TrackId {
    TrackId::from(Uuid::from_u128(100 + index as u128))
}

/// A ladder with these doses.
pub(crate) fn ladder(kind: TrackKind, profile: TissueProfile, doses: &[u32]) -> Ladder {
    let rungs = doses.iter().enumerate().map(|(index, amount)| Rung {
        title: format!("Rung {index}"),
        dose: dose(*amount),
        instruction: "Run easily".to_owned(),
        effort: None,
        terrain: None,
        surface: None,
        cues: Vec::new(),
        rest_days: None,
        needs_approval: false,
        sets: None,
        prediction: None,
        note: None,
        proposal: false,
    });
    Ladder {
        key: "test".to_owned(),
        version: 1,
        title: "Test".to_owned(),
        summary: "A ladder for tests.".to_owned(),
        source: Source {
            citation: "None".to_owned(),
            url: None,
        },
        proposal: None,
        profile,
        kind,
        unit: DoseUnit::RunningSeconds,
        sessions_per_week: 3,
        entry_criteria: Vec::new(),
        policy: PolicyEdits::default(),
        rungs: rungs.collect(),
    }
}

/// A plan of ladders with six rungs of 100 to 600, beginning on rung 2. One session a
/// week keeps layoffs out of tests that are not about them.
pub(crate) fn plan(tracks: &[(TrackKind, TissueProfile)]) -> PlanDefinition {
    let tracks = tracks.iter().enumerate().map(|(index, (kind, profile))| {
        let ladder = ladder(*kind, *profile, &[100, 200, 300, 400, 500, 600]);
        TrackDefinition {
            id: track_id(index),
            ladder_id: LadderId::from(Uuid::from_u128(200 + index as u128)),
            policy: ladder.resolved_policy(),
            ladder,
            start_rung: rung(2),
            prerequisites: Vec::new(),
            sessions_per_week: 1,
            entry: Vec::new(),
        }
    });
    PlanDefinition {
        revision: 1,
        tracks: tracks.collect(),
        baseline: Baseline {
            pain: pain(0),
            stiffness: StiffnessMinutes::MIN,
            over_limit_reason: None,
        },
        concurrent: true,
        weekdays: Vec::new(),
        anchors: Vec::new(),
        micro_goals: Vec::new(),
        coping_tools: Vec::new(),
        sites: Vec::new(),
    }
}

pub(crate) fn needs(track: usize, requirement: Requirement) -> Prerequisite {
    Prerequisite {
        track: track_id(track),
        requirement,
    }
}
