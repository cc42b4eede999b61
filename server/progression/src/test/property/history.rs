//! Random histories.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

use super::prescription::RUNGS;
use crate::engine::{Step, decide};
use crate::event::{Event, EventBody, MorningReport, RungSetting, SessionReport, Swelling};
use crate::id::EventId;
use crate::ladder::TrackKind;
use crate::plan::PlanDefinition;
use crate::policy::TissueProfile;
use crate::red_flag::RedFlag;
use crate::scale::{Dose, RungIndex};
use crate::state::PlanState;
use crate::test::story::{
    confidence, date, dose, fear, instant, pain, plan, rung, stiffness, track_id,
};

/// One running track without approvals that goes up with every success but only
/// `cap` times in seven dates: where a worse history could use what a better one spent.
pub(super) fn climbs() -> impl Strategy<Value = (PlanDefinition, Vec<Timed>)> {
    let few = || prop_oneof![4 => Just(1_u32), 1 => Just(2)];
    let plan = (few(), 0_u32..2, few()).prop_map(|(successes, rest, cap)| {
        let mut plan = plan(&[(TrackKind::Running, TissueProfile::Unspecified)]);
        let policy = &mut plan.tracks[0].policy;
        policy.successes_to_advance = successes;
        policy.rest_days = rest;
        policy.max_advances_per_7_days = cap;
        plan
    });
    let moves = prop::collection::vec(cycle(3), 4..14)
        .prop_map(|units| units.into_iter().flatten().collect());
    (plan, moves)
}

/// Which rung a session is on: the track's own at that moment, or a fixed one.
#[derive(Clone, Debug)]
pub(super) enum Target {
    Current,
    Below,
    Fixed(u32),
}

/// One thing that happens, before it is known on which rung.
#[derive(Clone, Debug)]
pub(super) enum Move {
    Session {
        track: usize,
        target: Target,
        report: SessionReport,
        percent: u32,
        back: i64,
    },
    Morning(MorningReport),
    Tick,
    Pause,
    Resume(Vec<(usize, u32)>),
    To(usize, u32),
}

#[derive(Clone, Debug)]
pub(super) struct Timed {
    hours: i64,
    zone: i64,
    action: Move,
}

fn score() -> impl Strategy<Value = u32> {
    prop_oneof![12 => Just(0_u32), 2 => 1_u32..3, 2 => 3_u32..5, 1 => 5_u32..11]
}

fn swelling() -> impl Strategy<Value = Swelling> {
    prop_oneof![
        12 => Just(Swelling::None),
        1 => Just(Swelling::Unchanged),
        1 => Just(Swelling::Increased),
    ]
}

fn flags(weight: f64) -> impl Strategy<Value = Vec<RedFlag>> {
    prop::option::weighted(weight, select(RedFlag::ALL.to_vec()))
        .prop_map(|flag| flag.into_iter().collect())
}

fn session(flagged: f64) -> impl Strategy<Value = Move> {
    let target = prop_oneof![
        8 => Just(Target::Current),
        2 => Just(Target::Below),
        1 => (0..RUNGS).prop_map(Target::Fixed),
    ];
    let report = (
        (score(), score(), prop::option::of(score())),
        (prop::bool::weighted(0.03), swelling(), flags(flagged)),
        prop_oneof![6 => Just(Some(9_u32)), 1 => Just(None), 1 => (0_u32..11).prop_map(Some)],
        prop::option::weighted(0.2, 0_u32..101),
        prop::option::weighted(0.1, any::<bool>()),
        prop::option::weighted(0.8, select(vec!["hill", "trail"])),
    );
    let percent = prop_oneof![8 => Just(100_u32), 1 => 60_u32..90, 1 => 105_u32..130];
    let back = prop_oneof![9 => Just(0_i64), 1 => 1_i64..120];
    (0_usize..3, target, report, percent, back).prop_map(
        |(track, target, report, percent, back)| {
            let (
                (during, after, before),
                (altered_gait, swelling, red_flags),
                sure,
                afraid,
                feared,
                context,
            ) = report;
            let report = SessionReport {
                track: track_id(track),
                rung: RungIndex::MIN,
                pain_before: before.map(pain),
                pain_during: pain(during),
                pain_after: pain(after),
                altered_gait,
                swelling,
                red_flags,
                dose_done: Dose::MIN,
                confidence: sure.map(confidence),
                fear: afraid.map(fear),
                feared_outcome: feared,
                context: context.map(str::to_owned),
                distance: None,
                earlier: None,
            };
            Move::Session {
                track,
                target,
                report,
                percent,
                back,
            }
        },
    )
}

fn morning(flagged: f64) -> impl Strategy<Value = Move> {
    let stiff =
        prop_oneof![6 => Just(Some(0_u32)), 1 => Just(None), 1 => (0_u32..120).prop_map(Some)];
    let value = prop_oneof![12 => Just(0_u32), 2 => Just(1), 1 => 2_u32..6];
    (value, stiff, swelling(), flags(flagged)).prop_map(|(value, stiff, swelling, red_flags)| {
        Move::Morning(MorningReport {
            pain: pain(value),
            stiffness: stiff.map(stiffness),
            swelling,
            red_flags,
        })
    })
}

fn physio() -> impl Strategy<Value = Move> {
    prop_oneof![
        1 => Just(Move::Pause),
        4 => prop::collection::vec((0_usize..3, 0..RUNGS), 0..2).prop_map(Move::Resume),
        2 => (0_usize..3, 0..RUNGS).prop_map(|(track, rung)| Move::To(track, rung)),
    ]
}

/// A session as hoped on the current rung, or one that is not, and the morning after:
/// what leads up a ladder, which single random things hardly ever do.
fn cycle(setbacks: u32) -> impl Strategy<Value = Vec<Timed>> {
    let rest = prop_oneof![4 => Just(27_i64), 4 => Just(51), 1 => Just(3), 1 => Just(75)];
    let worst = prop_oneof![9 => Just(0_u32), 1 => Just(4), setbacks => Just(6)];
    let target = prop_oneof![8 => Just(Target::Current), 2 * setbacks => Just(Target::Below)];
    let track = prop_oneof![4 => Just(0_usize), 2 => Just(1), 1 => Just(2)];
    let after = prop_oneof![14 => Just(Some(0_u32)), 1 => Just(Some(1)), 1 => Just(Some(2)), 1 => Just(None)];
    (rest, worst, target, track, after).prop_map(|(hours, worst, target, track, after)| {
        let report = SessionReport {
            track: track_id(track),
            rung: RungIndex::MIN,
            pain_before: Some(pain(0)),
            pain_during: pain(worst),
            pain_after: pain(0),
            altered_gait: false,
            swelling: Swelling::None,
            red_flags: Vec::new(),
            dose_done: Dose::MIN,
            confidence: Some(confidence(9)),
            fear: Some(fear(10)),
            feared_outcome: None,
            context: Some("hill".to_owned()),
            distance: None,
            earlier: None,
        };
        let session = Move::Session {
            track,
            target,
            report,
            percent: 100,
            back: 0,
        };
        let morning = after.map(|after| Timed {
            hours: 21,
            zone: 0,
            action: Move::Morning(MorningReport {
                pain: pain(after),
                stiffness: Some(stiffness(0)),
                swelling: Swelling::None,
                red_flags: Vec::new(),
            }),
        });
        std::iter::once(Timed {
            hours,
            zone: 0,
            action: session,
        })
        .chain(morning)
        .collect()
    })
}

/// Histories: sessions with their mornings more often than not, in hours since the
/// thing before, in zones that change.
fn moves(physio_weight: u32, flagged: f64) -> impl Strategy<Value = Vec<Timed>> {
    let gap = prop_oneof![
        6 => Just(21_i64),
        6 => Just(27_i64),
        4 => 0_i64..60,
        1 => 0_i64..24 * 12,
        1 => 0_i64..24 * 60,
    ];
    let zone = prop_oneof![6 => Just(0_i64), 1 => -12_i64..15];
    let action = if physio_weight == 0 {
        prop_oneof![
            8 => session(flagged),
            5 => morning(flagged),
            1 => Just(Move::Tick),
        ]
        .boxed()
    } else {
        prop_oneof![
            8 => session(flagged),
            5 => morning(flagged),
            1 => Just(Move::Tick),
            physio_weight => physio(),
        ]
        .boxed()
    };
    let single = (gap, zone, action).prop_map(|(hours, zone, action)| {
        vec![Timed {
            hours,
            zone,
            action,
        }]
    });
    let unit = prop_oneof![3 => cycle(1), 1 => single];
    prop::collection::vec(unit, 1..24).prop_map(|units| units.into_iter().flatten().collect())
}

/// Histories with everything in them.
pub(super) fn any_moves() -> impl Strategy<Value = Vec<Timed>> {
    moves(2, 0.02)
}

/// Histories without physio events.
pub(super) fn unattended() -> impl Strategy<Value = Vec<Timed>> {
    moves(0, 0.004)
}

pub(super) fn event(seq: u64, at: DateTime<Utc>, date: NaiveDate, body: EventBody) -> Event {
    let id = EventId::from(Uuid::from_u128(u128::from(seq)));
    Event {
        id,
        seq,
        at,
        date,
        revision: 1,
        body,
    }
}

/// Makes events of moves: what depends on the state ("the current rung") is read from
/// the history as it goes and then stands fixed.
pub(super) fn events(plan: &PlanDefinition, moves: &[Timed]) -> Vec<Event> {
    let mut state = PlanState::new(plan);
    let mut events = vec![event(
        1,
        instant(0, 0),
        date(0),
        EventBody::Start { effective: date(0) },
    )];
    state = decide(plan, &state, &events[0]).state;
    let mut now = instant(0, 6);
    for (seq, timed) in (2..).zip(moves) {
        now += TimeDelta::hours(timed.hours);
        let mut at = now;
        let body = match timed.action.clone() {
            Move::Session {
                track,
                target,
                mut report,
                percent,
                back,
            } => {
                let track = track % plan.tracks.len();
                at = (now - TimeDelta::hours(back)).max(instant(0, 6));
                let civil = (at + TimeDelta::hours(timed.zone)).date_naive();
                let settled = decide(plan, &state, &event(seq, at, civil, EventBody::Tick)).state;
                report.track = track_id(track);
                report.rung = match target {
                    Target::Current => settled.tracks[track].rung,
                    Target::Below => {
                        let current = settled.tracks[track].rung;
                        current.checked_down(1).unwrap_or(current)
                    }
                    Target::Fixed(index) => rung(index),
                };
                let amount = plan.tracks[track].ladder.rungs[report.rung.position()].dose;
                report.dose_done = dose(amount.get() * percent / 100);
                EventBody::Session(report)
            }
            Move::Morning(report) => EventBody::Morning(report),
            Move::Tick => EventBody::Tick,
            Move::Pause => EventBody::Pause {
                reason: "r".to_owned(),
            },
            Move::Resume(rungs) => EventBody::Resume {
                rungs: rungs
                    .into_iter()
                    .map(|(track, index)| RungSetting {
                        track: track_id(track % plan.tracks.len()),
                        rung: rung(index),
                    })
                    .collect(),
                reason: "r".to_owned(),
            },
            Move::To(track, index) => EventBody::MoveTo {
                track: track_id(track % plan.tracks.len()),
                rung: rung(index),
                reason: "r".to_owned(),
            },
        };
        let civil = (at + TimeDelta::hours(timed.zone)).date_naive();
        let next = event(seq, at, civil, body);
        state = decide(plan, &state, &next).state;
        events.push(next);
    }
    events
}

/// Every step of a history.
pub(super) fn run(plan: &PlanDefinition, events: &[Event]) -> Vec<Step> {
    let mut state = PlanState::new(plan);
    let mut steps = Vec::with_capacity(events.len());
    for event in events {
        let step = decide(plan, &state, event);
        state = step.state.clone();
        steps.push(step);
    }
    steps
}
