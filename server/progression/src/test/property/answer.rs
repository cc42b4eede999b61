//! Random reports: what an athlete answers, mostly good.

use proptest::prelude::*;
use proptest::sample::select;

use crate::event::{
    Activity, MorningReport, SessionReport, Swelling, UnplannedReport, WellnessReport,
};
use crate::red_flag::RedFlag;
use crate::scale::{Dose, Metres, RungIndex, SleepMinutes, WellnessScore};
use crate::test::story::{confidence, fear, pain, stiffness, track_id};

/// How often something is not as hoped.
#[derive(Clone, Copy, Debug)]
pub(super) enum Luck {
    /// As hoped, but for little things: what leads up a ladder.
    Good,
    /// Anything.
    Mixed,
}

/// The best session there is, its track, rung and dose still open.
pub(super) fn best_session() -> SessionReport {
    SessionReport {
        track: track_id(0),
        rung: RungIndex::MIN,
        pain_before: Some(pain(0)),
        pain_during: pain(0),
        pain_after: pain(0),
        altered_gait: false,
        swelling: Swelling::None,
        red_flags: Vec::new(),
        dose_done: Dose::MIN,
        confidence: Some(confidence(9)),
        fear: Some(fear(10)),
        feared_outcome: Some(false),
        context: Some("hill".to_owned()),
        distance: None,
        earlier: None,
    }
}

/// The best morning there is.
pub(super) fn best_morning() -> MorningReport {
    MorningReport {
        pain: pain(0),
        stiffness: Some(stiffness(0)),
        swelling: Swelling::None,
        red_flags: Vec::new(),
    }
}

fn score(luck: Luck) -> impl Strategy<Value = u32> {
    let (mild, bad) = match luck {
        Luck::Good => (1, 1),
        Luck::Mixed => (4, 2),
    };
    prop_oneof![24 => Just(0_u32), mild => 1_u32..3, mild => 3_u32..5, bad => 5_u32..11]
}

fn swelling(luck: Luck) -> impl Strategy<Value = Swelling> {
    let weight = match luck {
        Luck::Good => 1,
        Luck::Mixed => 4,
    };
    prop_oneof![
        48 => Just(Swelling::None),
        weight => Just(Swelling::Unchanged),
        weight => Just(Swelling::Increased),
    ]
}

fn flags(often: f64) -> impl Strategy<Value = Vec<RedFlag>> {
    prop::option::weighted(often, select(RedFlag::ALL.to_vec()))
        .prop_map(|flag| flag.into_iter().collect())
}

fn metres() -> impl Strategy<Value = Option<Metres>> {
    let far = prop_oneof![3 => 4_000_u32..6_000, 1 => 500_u32..12_000];
    prop::option::weighted(0.6, far).prop_map(|far| far.and_then(|far| Metres::try_from(far).ok()))
}

/// Sure enough, unsure, or no answer.
fn sureness(luck: Luck) -> impl Strategy<Value = Option<u32>> {
    let weight = match luck {
        Luck::Good => 1,
        Luck::Mixed => 6,
    };
    prop_oneof![30 => Just(Some(9_u32)), weight => Just(None), weight => (0_u32..11).prop_map(Some)]
}

/// A session, its track, rung and dose still open.
pub(super) fn session(luck: Luck, flagged: f64) -> impl Strategy<Value = SessionReport> {
    let contexts = select(vec!["hill", "trail", "alone"]);
    (
        (
            score(luck),
            score(luck),
            prop::option::weighted(0.7, score(luck)),
        ),
        (prop::bool::weighted(0.01), swelling(luck), flags(flagged)),
        sureness(luck),
        prop::option::weighted(0.2, 0_u32..101),
        prop_oneof![16 => Just(None), 8 => Just(Some(false)), 1 => Just(Some(true))],
        prop::option::weighted(0.9, contexts),
        metres(),
    )
        .prop_map(
            |((during, after, before), worst, sure, afraid, feared, context, distance)| {
                let (altered_gait, swelling, red_flags) = worst;
                SessionReport {
                    track: track_id(0),
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
                    distance,
                    earlier: None,
                }
            },
        )
}

pub(super) fn unplanned(flagged: f64) -> impl Strategy<Value = UnplannedReport> {
    (
        prop_oneof![3 => Just(Activity::Run), 1 => Just(Activity::Other)],
        (
            score(Luck::Mixed),
            score(Luck::Mixed),
            prop::option::of(score(Luck::Mixed)),
        ),
        (
            prop::bool::weighted(0.02),
            swelling(Luck::Mixed),
            flags(flagged),
        ),
        metres(),
    )
        .prop_map(|(activity, (during, after, before), worst, distance)| {
            let (altered_gait, swelling, red_flags) = worst;
            UnplannedReport {
                activity,
                pain_before: before.map(pain),
                pain_during: pain(during),
                pain_after: pain(after),
                altered_gait,
                swelling,
                red_flags,
                distance,
            }
        })
}

/// A morning on top of these baselines.
pub(super) fn morning(luck: Luck, flagged: f64) -> impl Strategy<Value = MorningReport> {
    let (mild, stiff) = match luck {
        Luck::Good => (1, 1),
        Luck::Mixed => (4, 3),
    };
    let points = prop_oneof![24 => Just(0_u32), mild => Just(1), mild => 2_u32..6];
    let minutes = prop_oneof![
        20 => Just(Some(0_u32)),
        2 => Just(None),
        stiff => (0_u32..120).prop_map(Some),
    ];
    (points, minutes, swelling(luck), flags(flagged)).prop_map(
        |(points, minutes, swelling, red_flags)| MorningReport {
            pain: pain(points),
            stiffness: minutes.map(stiffness),
            swelling,
            red_flags,
        },
    )
}

/// A day: usual, worse in some answers, after a short night, or ill.
pub(super) fn wellness(flagged: f64) -> impl Strategy<Value = WellnessReport> {
    let usual = || prop_oneof![6 => Just(4_u32), 2 => Just(5), 1 => Just(3)];
    let score = || prop_oneof![14 => usual().prop_map(Some), 1 => (1_u32..3).prop_map(Some), 1 => Just(None)];
    let sleep = prop_oneof![
        12 => (420_u32..500).prop_map(Some),
        1 => (200_u32..420).prop_map(Some),
        1 => Just(None),
    ];
    let items = (sleep, score(), score(), score(), score(), score());
    (prop::bool::weighted(0.03), items, flags(flagged)).prop_map(|(ill, items, red_flags)| {
        let (sleep, energy, calm, mood, freshness, fuelling) = items;
        let score =
            |score: Option<u32>| score.and_then(|score| WellnessScore::try_from(score).ok());
        WellnessReport {
            ill,
            red_flags,
            sleep: sleep.and_then(|sleep| SleepMinutes::try_from(sleep).ok()),
            energy: score(energy),
            calm: score(calm),
            mood: score(mood),
            freshness: score(freshness),
            fuelling: score(fuelling),
        }
    })
}
