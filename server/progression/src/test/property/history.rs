//! Random plans and random histories, and how to make a history worse.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

use crate::engine::{Step, decide};
use crate::event::{Event, EventBody, MorningReport, RungSetting, SessionReport, Swelling};
use crate::id::EventId;
use crate::ladder::TrackKind;
use crate::plan::{PlanDefinition, Requirement};
use crate::policy::TissueProfile;
use crate::red_flag::RedFlag;
use crate::scale::{Dose, RungIndex};
use crate::state::PlanState;
use crate::test::story::{
    confidence, date, dose, fear, instant, needs, pain, plan, rung, stiffness, track_id,
};

/// Rungs of every ladder here.
const RUNGS: u32 = 6;

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
        1_u32..8,
        prop::option::weighted(0.4, any::<bool>()),
    )
        .prop_map(
            |(doses, rests, approvals, policy, window, start, per_week, prerequisite)| Knobs {
                doses,
                rests,
                approvals,
                policy,
                window,
                start,
                per_week,
                prerequisite,
            },
        )
}

/// Plans of one to three tracks that [`PlanDefinition::validate`] takes.
pub(super) fn plans() -> impl Strategy<Value = PlanDefinition> {
    prop::collection::vec((kind(), profile(), knobs()), 1..4).prop_map(|tracks| {
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
            track.policy.contexts_required = 1;
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
        assert_eq!(plan.validate(), []);
        plan
    })
}

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
fn moves(physio_weight: u32, flagged: f64, late: bool) -> impl Strategy<Value = Vec<Timed>> {
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
    let single = (gap, zone, action).prop_map(move |(hours, zone, mut action)| {
        if let (Move::Session { back, .. }, false) = (&mut action, late) {
            *back = 0;
        }
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
    moves(2, 0.02, true)
}

/// Histories without physio events.
pub(super) fn unattended() -> impl Strategy<Value = Vec<Timed>> {
    moves(0, 0.004, true)
}

/// As [`unattended`], each thing reported before the next one happens, in one zone.
pub(super) fn unattended_in_order() -> impl Strategy<Value = Vec<Timed>> {
    moves(0, 0.002, false).prop_map(|mut moves| {
        for timed in &mut moves {
            timed.zone = 0;
        }
        moves
    })
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

/// A way to make one check-in worse.
#[derive(Clone, Debug)]
pub(super) enum Worse {
    During(u32),
    After(u32),
    Before(u32),
    Fear(u32),
    Confidence(u32),
    Gait,
    Swelling,
    Flag,
}

pub(super) fn worse() -> impl Strategy<Value = (prop::sample::Index, Worse)> {
    let how = prop_oneof![
        4 => (1_u32..7).prop_map(Worse::During),
        2 => (1_u32..7).prop_map(Worse::After),
        2 => (1_u32..7).prop_map(Worse::Before),
        1 => (1_u32..101).prop_map(Worse::Fear),
        2 => (1_u32..11).prop_map(Worse::Confidence),
        1 => Just(Worse::Gait),
        1 => Just(Worse::Swelling),
        1 => Just(Worse::Flag),
    ];
    (any::<prop::sample::Index>(), how)
}

/// Makes a check-in worse; for mornings, pain before stands for stiffness.
pub(super) fn worsen(event: &mut Event, how: &Worse) {
    let up = |value: u32, by: u32, max: u32| (value + by).min(max);
    match &mut event.body {
        EventBody::Session(report) => match how {
            Worse::During(by) => report.pain_during = pain(up(report.pain_during.get(), *by, 10)),
            Worse::After(by) => report.pain_after = pain(up(report.pain_after.get(), *by, 10)),
            Worse::Before(by) => {
                report.pain_before = report.pain_before.map(|p| pain(up(p.get(), *by, 10)));
            }
            Worse::Fear(by) => report.fear = report.fear.map(|f| fear(up(f.get(), *by, 100))),
            Worse::Confidence(by) => {
                let lower = |c: u32| confidence(c.saturating_sub(*by));
                report.confidence = report.confidence.map(|c| lower(c.get()));
            }
            Worse::Gait => report.altered_gait = true,
            Worse::Swelling => report.swelling = Swelling::Increased,
            Worse::Flag => report.red_flags = vec![RedFlag::NewLimp],
        },
        EventBody::Morning(report) => match how {
            Worse::During(by) | Worse::After(by) => {
                report.pain = pain(up(report.pain.get(), *by, 10));
            }
            Worse::Before(by) => {
                let stiff = |s: u32| stiffness(up(s, by * 15, 600));
                report.stiffness = report.stiffness.map(|s| stiff(s.get()));
            }
            Worse::Fear(_) | Worse::Confidence(_) | Worse::Gait => {}
            Worse::Swelling => report.swelling = Swelling::Increased,
            Worse::Flag => report.red_flags = vec![RedFlag::NewLimp],
        },
        EventBody::Start { .. }
        | EventBody::Pause { .. }
        | EventBody::Resume { .. }
        | EventBody::MoveTo { .. }
        | EventBody::Tick => {}
    }
}
