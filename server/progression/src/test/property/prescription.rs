//! Random plans.

use proptest::prelude::*;
use proptest::sample::select;

use crate::ladder::TrackKind;
use crate::plan::{PlanDefinition, Requirement};
use crate::policy::TissueProfile;
use crate::test::story::{dose, needs, pain, plan, rung, stiffness};

/// Rungs of every ladder here.
pub(super) const RUNGS: u32 = 6;

fn kind() -> impl Strategy<Value = TrackKind> {
    prop_oneof![
        4 => Just(TrackKind::Running),
        1 => Just(TrackKind::Strength),
        1 => Just(TrackKind::Exposure),
    ]
}

fn profile() -> impl Strategy<Value = TissueProfile> {
    prop_oneof![4 => Just(TissueProfile::Unspecified), 3 => select(TissueProfile::ALL.to_vec())]
}

/// What varies in one track beside kind and profile.
#[derive(Clone, Debug)]
struct Knobs {
    doses: Vec<u32>,
    rests: Vec<Option<u32>>,
    approvals: Vec<bool>,
    policy: (u32, u32, u32, u32, bool),
    window: u32,
    start: u32,
    per_week: u32,
    prerequisite: Option<bool>,
    deload: u32,
    contexts: u32,
}

fn knobs() -> impl Strategy<Value = Knobs> {
    let rungs = RUNGS as usize;
    (
        prop_oneof![
            3 => Just(vec![100, 200, 300, 400, 500, 600]),
            1 => prop::collection::vec(1_u32..700, rungs),
        ],
        prop::collection::vec(prop::option::weighted(0.2, 0_u32..4), rungs),
        prop::collection::vec(prop::bool::weighted(0.1), rungs),
        (1_u32..3, 0_u32..2, 0_u32..4, 1_u32..3, any::<bool>()),
        prop_oneof![3 => Just(48_u32), 1 => 12_u32..168],
        0..RUNGS,
        (1_u32..8, prop::option::weighted(0.4, any::<bool>())),
        (
            prop_oneof![2 => Just(0_u32), 1 => Just(4), 1 => 2_u32..6],
            1_u32..3,
        ),
    )
        .prop_map(
            |(doses, rests, approvals, policy, window, start, week, (deload, contexts))| Knobs {
                doses,
                rests,
                approvals,
                policy,
                window,
                start,
                per_week: week.0,
                prerequisite: week.1,
                deload,
                contexts,
            },
        )
}

/// Plans of one to three tracks that [`PlanDefinition::validate`] takes.
pub(super) fn plans() -> impl Strategy<Value = PlanDefinition> {
    let baseline = prop_oneof![3 => Just((0_u32, 0_u32)), 1 => (0_u32..3, 0_u32..40)];
    let tracks = prop::collection::vec((kind(), profile(), knobs()), 1..4);
    (tracks, baseline).prop_map(|(tracks, (aches, stiff))| {
        let kinds: Vec<_> = tracks
            .iter()
            .map(|(kind, profile, _)| (*kind, *profile))
            .collect();
        let mut plan = plan(&kinds);
        for (index, (_, _, knobs)) in tracks.into_iter().enumerate() {
            let track = &mut plan.tracks[index];
            for (position, rung) in track.ladder.rungs.iter_mut().enumerate() {
                rung.dose = dose(knobs.doses[position]);
                rung.rest_days = knobs.rests[position];
                rung.needs_approval = knobs.approvals[position];
            }
            let (successes, rest, red_rest, advances, strict) = knobs.policy;
            track.policy.successes_to_advance = successes;
            track.policy.rest_days = rest;
            track.policy.red_rest_days = red_rest;
            track.policy.max_advances_per_7_days = advances;
            track.policy.require_confidence = strict;
            track.policy.morning_window_hours = knobs.window;
            track.policy.contexts_required = knobs.contexts;
            track.policy.deload_every_weeks = knobs.deload;
            track.start_rung = rung(knobs.start);
            track.sessions_per_week = knobs.per_week;
            if let (Some(done), Some(other)) = (knobs.prerequisite, index.checked_sub(1)) {
                let requirement = if done {
                    Requirement::Done
                } else {
                    Requirement::AtLeast(rung(3))
                };
                track.prerequisites = vec![needs(other, requirement)];
            }
        }
        plan.baseline.pain = pain(aches);
        plan.baseline.stiffness = stiffness(stiff);
        if aches > 0 {
            plan.baseline.over_limit_reason = Some("Has had it for years".to_owned());
        }
        assert_eq!(plan.validate(), []);
        plan
    })
}
