//! Random moves: what happens, and how long after the thing before, before it is known on
//! which rung a track is.

use proptest::prelude::*;
use proptest::sample::Index;

use super::answer::{self, Luck};
use super::change::{Change, change};
use super::prescription::RUNGS;
use super::worse::{Worse, worse};
use crate::event::{MorningReport, SessionReport, UnplannedReport, WellnessReport};
use crate::test::story::{pain, stiffness};

/// Which rung a session is on: the track's own at that moment, the one below it, or a
/// fixed one.
#[derive(Clone, Debug)]
pub(super) enum Target {
    Current,
    Below,
    Fixed(u32),
}

/// A session before it is known on which rung.
#[derive(Clone, Debug)]
pub(super) struct Effort {
    pub(super) track: usize,
    pub(super) target: Target,
    pub(super) report: SessionReport,
    /// Percent of the rung's dose.
    pub(super) percent: u32,
    /// How many hours ago it was.
    pub(super) back: i64,
    /// Whether it was done under the revision before, where there is one.
    pub(super) earlier: bool,
}

/// One thing that happens.
#[derive(Clone, Debug)]
pub(super) enum Move {
    Session(Effort),
    Unplanned(UnplannedReport),
    Morning(MorningReport),
    Wellness(WellnessReport),
    /// An earlier check-in was worse or, without a word, as good as can be.
    Correct(Index, Option<Worse>),
    Tick,
    Pause,
    Resume(Vec<(usize, u32)>),
    To(usize, u32),
    Approve,
    Decline,
    /// Approves or declines where a step up waits; else nobody says anything.
    Answer(bool),
    Amend(Change),
}

/// A move, so many hours after the one before, in a zone so many hours east.
#[derive(Clone, Debug)]
pub(super) struct Timed {
    pub(super) hours: i64,
    pub(super) zone: i64,
    pub(super) action: Move,
}

fn at_home(hours: i64, action: Move) -> Timed {
    Timed {
        hours,
        zone: 0,
        action,
    }
}

fn effort(luck: Luck, flagged: f64) -> impl Strategy<Value = Effort> {
    let (below, fixed, odd, late) = match luck {
        Luck::Good => (1, 0, 1, 0),
        Luck::Mixed => (4, 2, 4, 3),
    };
    let target = prop_oneof![
        24 => Just(Target::Current),
        below => Just(Target::Below),
        fixed => (0..RUNGS).prop_map(Target::Fixed),
    ];
    let percent = prop_oneof![24 => Just(100_u32), odd => 60_u32..90, odd => 105_u32..130];
    let back = prop_oneof![24 => Just(0_i64), late => 1_i64..120];
    let track = prop_oneof![4 => Just(0_usize), 2 => Just(1), 1 => Just(2)];
    let earlier = prop::bool::weighted(0.1);
    let report = answer::session(luck, flagged);
    (track, target, report, percent, back, earlier).prop_map(
        |(track, target, report, percent, back, earlier)| Effort {
            track,
            target,
            report,
            percent,
            back,
            earlier,
        },
    )
}

/// A session, mostly as hoped and with the rest it needs, the morning after, and the
/// physio's word where one is needed.
fn cycle(attended: bool, flagged: f64) -> impl Strategy<Value = Vec<Timed>> {
    let rest = prop_oneof![4 => Just(27_i64), 6 => Just(51), 1 => Just(3), 1 => Just(75)];
    let morning = prop::option::weighted(0.94, answer::morning(Luck::Good, flagged));
    let physio = any::<Option<bool>>().prop_map(move |word| word.filter(|_| attended));
    let session = (rest, effort(Luck::Good, flagged));
    (session, morning, physio).prop_map(|((hours, effort), morning, physio)| {
        let session = at_home(hours, Move::Session(effort));
        let morning = morning.map(|report| at_home(21, Move::Morning(report)));
        let physio = physio.map(|agrees| at_home(1, Move::Answer(agrees)));
        let all = [Some(session), morning, physio];
        all.into_iter().flatten().collect()
    })
}

/// A session of this pain, and a morning as hoped.
pub(super) fn plain(worst: u32, below: bool, hours: i64) -> Vec<Timed> {
    let effort = Effort {
        track: 0,
        target: if below {
            Target::Below
        } else {
            Target::Current
        },
        report: SessionReport {
            pain_during: pain(worst),
            ..answer::best_session()
        },
        percent: 100,
        back: 0,
        earlier: false,
    };
    vec![
        at_home(hours, Move::Session(effort)),
        at_home(21, Move::Morning(answer::best_morning())),
    ]
}

/// Three weeks in which mornings get stiffer, which no single one shows.
fn creeping() -> impl Strategy<Value = Vec<Timed>> {
    (0_u32..12).prop_map(|by| {
        let mornings = (0..7).map(|half_week| {
            let report = MorningReport {
                stiffness: Some(stiffness((half_week / 2) * by)),
                ..answer::best_morning()
            };
            at_home(84, Move::Morning(report))
        });
        mornings.collect()
    })
}

fn physio() -> impl Strategy<Value = Move> {
    prop_oneof![
        2 => Just(Move::Pause),
        14 => prop::collection::vec((0_usize..3, 0..RUNGS), 0..2).prop_map(Move::Resume),
        3 => (0_usize..3, 0..RUNGS).prop_map(|(track, rung)| Move::To(track, rung)),
        6 => Just(Move::Approve),
        2 => Just(Move::Decline),
        4 => change().prop_map(Move::Amend),
    ]
}

fn single(attended: bool, flagged: f64) -> impl Strategy<Value = Vec<Timed>> {
    let gap = prop_oneof![
        6 => Just(21_i64),
        6 => Just(27_i64),
        4 => 0_i64..60,
        1 => 0_i64..24 * 12,
        1 => 0_i64..24 * 60,
    ];
    let zone = prop_oneof![6 => Just(0_i64), 1 => -12_i64..15];
    let correction = (any::<Index>(), prop::option::weighted(0.7, worse()));
    let action = prop_oneof![
        8 => effort(Luck::Mixed, flagged).prop_map(Move::Session),
        5 => answer::morning(Luck::Mixed, flagged).prop_map(Move::Morning),
        3 => answer::wellness(flagged).prop_map(Move::Wellness),
        5 => answer::unplanned(flagged).prop_map(Move::Unplanned),
        2 => correction.prop_map(|(which, how)| Move::Correct(which, how)),
        1 => Just(Move::Tick),
        5 => physio().prop_map(move |act| if attended { act } else { Move::Tick }),
    ];
    (gap, zone, action).prop_map(|(hours, zone, action)| {
        vec![Timed {
            hours,
            zone,
            action,
        }]
    })
}

/// How the days are, one answer after the other, again and again; or nobody asks.
fn days(flagged: f64) -> impl Strategy<Value = Vec<WellnessReport>> {
    prop_oneof![
        2 => Just(Vec::new()),
        1 => prop::collection::vec(answer::wellness(flagged), 5..12),
    ]
}

/// A wellness check-in at six on every day that the moves touch or pass, up to a limit.
fn with_days(moves: Vec<Timed>, days: &[WellnessReport]) -> Vec<Timed> {
    const MOST: usize = 40;
    let (mut now, mut day, mut asked) = (6, 0, 0);
    let mut all = Vec::new();
    let mut before = now;
    let mut add = |at: i64, timed: Timed| {
        all.push(Timed {
            hours: at - before,
            ..timed
        });
        before = at;
    };
    for timed in moves {
        now += timed.hours;
        while day * 24 + 6 <= now && !days.is_empty() && asked < MOST {
            let report = days[asked % days.len()].clone();
            add(day * 24 + 6, at_home(0, Move::Wellness(report)));
            (day, asked) = (day + 1, asked + 1);
        }
        add(now, timed);
    }
    all
}

fn moves(attended: bool, flagged: f64) -> impl Strategy<Value = Vec<Timed>> {
    let unit = prop_oneof![
        120 => cycle(attended, flagged),
        40 => single(attended, flagged),
        1 => creeping(),
    ];
    (prop::collection::vec(unit, 1..20), days(flagged))
        .prop_map(|(units, days)| with_days(units.into_iter().flatten().collect(), &days))
}

/// Histories with everything in them.
pub(super) fn any_moves() -> impl Strategy<Value = Vec<Timed>> {
    moves(true, 0.008)
}

/// Histories without physio events.
pub(super) fn unattended() -> impl Strategy<Value = Vec<Timed>> {
    moves(false, 0.002)
}
