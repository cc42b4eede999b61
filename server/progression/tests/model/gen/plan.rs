//! Random plans that a physio could have written.

use proptest::prelude::*;
use rung_progression::ladder::{DoseUnit, Source};
use rung_progression::plan::{Baseline, Prerequisite, Requirement};
use rung_progression::policy::{LayoffRow, LayoffTarget};
use rung_progression::{
    Dose, Ladder, LadderId, PainScore, PlanDefinition, PolicyEdits, Rung, RungIndex,
    StiffnessMinutes, TissueProfile, TrackDefinition, TrackId, TrackKind,
};
use uuid::Uuid;

pub(crate) fn track_id(number: usize) -> TrackId {
    TrackId::from(Uuid::from_u128(100 + number as u128))
}

fn edits() -> impl Strategy<Value = PolicyEdits> {
    let often = prop::option::weighted::<BoxedStrategy<u32>>;
    let limits = (
        often(0.8, (1..=2_u32).boxed()),
        often(0.5, (0..=2_u32).boxed()),
        often(0.4, (0..=4_u32).boxed()),
        often(0.5, (1..=4_u32).boxed()),
        often(0.3, (0..=8_u32).boxed()),
        prop::option::weighted(0.4, any::<bool>()),
        often(0.3, (12..=80_u32).boxed()),
        often(0.4, (1..=3_u32).boxed()),
        often(0.5, prop_oneof![Just(0), 2..=5_u32].boxed()),
        prop::option::weighted(0.3, layoff()),
    );
    limits.prop_map(
        |(successes, rest, red, cap, confidence, require, window, contexts, deload, layoff)| {
            PolicyEdits {
                successes_to_advance: successes,
                rest_days: rest,
                red_rest_days: red,
                max_advances_per_7_days: cap,
                confidence_min: confidence,
                require_confidence: require,
                morning_window_hours: window,
                contexts_required: contexts,
                deload_every_weeks: deload,
                layoff,
                ..PolicyEdits::default()
            }
        },
    )
}

fn layoff() -> impl Strategy<Value = Vec<LayoffRow>> {
    let gaps = prop::collection::btree_set(1..=12_u32, 1..=3);
    (gaps, 0..=3_usize, 30..=90_u32).prop_map(|(gaps, mild, percent)| {
        let rows = gaps
            .into_iter()
            .enumerate()
            .map(|(place, from_gap)| LayoffRow {
                from_gap,
                target: match place + 3 - mild {
                    0..=2 => LayoffTarget::Repeat,
                    3..=4 => LayoffTarget::DosePercent(percent),
                    _ => LayoffTarget::Bottom,
                },
                ask: place >= 1,
            });
        rows.collect()
    })
}

fn rungs(unit: DoseUnit) -> impl Strategy<Value = Vec<Rung>> {
    let one = (
        20..=90_u32,
        prop::option::weighted(0.2, 0..=2_u32),
        prop::bool::weighted(0.12),
    );
    prop::collection::vec(one, 2..=6).prop_map(move |rungs| {
        let mut dose = 100;
        let rungs =
            rungs
                .into_iter()
                .enumerate()
                .map(|(place, (rise, rest_days, needs_approval))| {
                    dose += rise;
                    let amount = if unit == DoseUnit::Ordinal {
                        u32::try_from(place + 1).expect("small")
                    } else {
                        dose
                    };
                    Rung {
                        title: format!("rung {place}"),
                        dose: Dose::try_from(amount).expect("in range"),
                        instruction: "as told".to_owned(),
                        effort: None,
                        terrain: None,
                        surface: None,
                        cues: Vec::new(),
                        rest_days,
                        needs_approval,
                        sets: None,
                        prediction: None,
                        note: None,
                        proposal: false,
                    }
                });
        rungs.collect()
    })
}

fn ladder() -> impl Strategy<Value = Ladder> {
    let kind = prop_oneof![
        5 => Just(TrackKind::Running),
        2 => Just(TrackKind::Strength),
        3 => Just(TrackKind::Exposure),
    ];
    let unit = prop_oneof![
        4 => Just(DoseUnit::RunningSeconds),
        1 => Just(DoseUnit::Ordinal),
    ];
    let profile = prop::sample::select(&TissueProfile::ALL[..]);
    let parts = (kind, unit, profile, edits(), 1..=7_u32);
    parts.prop_flat_map(|(kind, unit, profile, policy, week)| {
        rungs(unit).prop_map(move |rungs| Ladder {
            key: "a-ladder".to_owned(),
            version: 1,
            title: "a ladder".to_owned(),
            summary: "for a test".to_owned(),
            proposal: None,
            source: Source {
                citation: "none".to_owned(),
                url: None,
            },
            profile,
            kind,
            unit,
            sessions_per_week: week,
            entry_criteria: Vec::new(),
            policy: policy.clone(),
            rungs,
        })
    })
}

/// A track without prerequisites.
fn track() -> impl Strategy<Value = TrackDefinition> {
    (ladder(), 0..=2_u32).prop_map(|(ladder, start)| {
        let start_rung = RungIndex::try_from(start)
            .expect("a rung")
            .min(ladder.top());
        TrackDefinition {
            id: track_id(0),
            ladder_id: LadderId::from(Uuid::from_u128(1)),
            policy: ladder.resolved_policy(),
            start_rung,
            prerequisites: Vec::new(),
            sessions_per_week: ladder.sessions_per_week,
            entry: Vec::new(),
            ladder,
        }
    })
}

/// Up to three wishes for prerequisites: the later track, the earlier one, the rung.
type Wish = (usize, usize, Option<u32>);

pub(crate) fn plan() -> impl Strategy<Value = PlanDefinition> {
    let wish = (0..4_usize, 0..4_usize, prop::option::of(0..3_u32));
    let wishes = prop::collection::vec(wish, 0..=3);
    let baseline = (0..=3_u32, 0..=40_u32);
    let size = prop_oneof![3 => Just(1), 4 => Just(2), 2 => Just(3), 1 => Just(4)];
    let tracks = size.prop_flat_map(|size: usize| prop::collection::vec(track(), size));
    (tracks, any::<bool>(), wishes, baseline).prop_map(
        |(mut tracks, concurrent, wishes, baseline)| {
            for (number, track) in tracks.iter_mut().enumerate() {
                track.id = track_id(number);
            }
            let mut plan = PlanDefinition {
                revision: 1,
                tracks,
                baseline: Baseline {
                    pain: PainScore::try_from(baseline.0).expect("in range"),
                    stiffness: StiffnessMinutes::try_from(baseline.1).expect("in range"),
                    over_limit_reason: Some("known".to_owned()),
                },
                concurrent,
                weekdays: Vec::new(),
                anchors: Vec::new(),
                micro_goals: Vec::new(),
                coping_tools: Vec::new(),
                sites: Vec::new(),
            };
            connect(&mut plan, &wishes);
            plan
        },
    )
}

/// Adds the prerequisites that are wished for, and those that keep running tracks apart.
fn connect(plan: &mut PlanDefinition, wishes: &[Wish]) {
    let add = |plan: &mut PlanDefinition, later: usize, earlier: usize, rung: Option<u32>| {
        let top = plan.tracks[earlier].ladder.top();
        let requirement = match rung {
            Some(rung) if plan.concurrent => {
                Requirement::AtLeast(RungIndex::try_from(rung).expect("a rung").min(top))
            }
            _ => Requirement::Done,
        };
        let track = plan.tracks[earlier].id;
        plan.tracks[later]
            .prerequisites
            .push(Prerequisite { track, requirement });
    };
    for (one, other, rung) in wishes {
        let (later, earlier) = (*one.max(other), *one.min(other));
        if later < plan.tracks.len() && later != earlier {
            add(plan, later, earlier, *rung);
        }
    }
    if !plan.concurrent {
        let running: Vec<_> = (0..plan.tracks.len())
            .filter(|n| plan.tracks[*n].is_running())
            .collect();
        for pair in running.windows(2) {
            add(plan, pair[1], pair[0], None);
        }
    }
}
