//! Random histories as steps whose times and rungs are relative, so that leaving one out
//! leaves a history; [`super::play`] makes events of them.

use proptest::prelude::*;
use rung_progression::{Activity, Swelling};

/// How an effort or a night went.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Body {
    pub(crate) before: Option<u32>,
    pub(crate) during: u32,
    pub(crate) after: u32,
    pub(crate) gait: bool,
    pub(crate) swelling: Swelling,
    pub(crate) flag: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub(crate) track: usize,
    /// Whether to wait until the rest is over.
    pub(crate) ready: bool,
    /// From the current rung.
    pub(crate) rung: i32,
    /// Percent of the rung's dose.
    pub(crate) dose: u32,
    pub(crate) body: Body,
    pub(crate) confidence: Option<u32>,
    pub(crate) fear: Option<u32>,
    pub(crate) feared: Option<bool>,
    pub(crate) context: Option<u32>,
    pub(crate) distance: Option<u32>,
    /// Revisions back.
    pub(crate) revision: u32,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Night {
    /// Points of pain and minutes of stiffness over baseline.
    pub(crate) pain: u32,
    pub(crate) stiffness: Option<u32>,
    pub(crate) swelling: Swelling,
    pub(crate) flag: bool,
    /// Whether to wait for the next civil date.
    pub(crate) next: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Day {
    pub(crate) ill: bool,
    pub(crate) flag: bool,
    pub(crate) sleep: Option<u32>,
    pub(crate) items: [Option<u32>; 5],
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Change {
    Nothing,
    /// Another policy for a track: the seed of its few edits.
    Policy {
        track: usize,
        successes: u32,
        rest: u32,
    },
    Dose {
        track: usize,
        rung: u32,
        dose: u32,
    },
    /// One rung more.
    Rung {
        track: usize,
    },
    /// One rung less.
    Shorten {
        track: usize,
    },
    /// Other words on a rung.
    Cue {
        track: usize,
        rung: u32,
    },
    /// The step up to a rung needs the physio's word, or no longer.
    Approval {
        track: usize,
        rung: u32,
    },
    Drop {
        track: usize,
    },
    Add {
        track: usize,
    },
}

#[derive(Clone, Debug)]
pub(crate) enum What {
    Session(Effort),
    Unplanned {
        activity: Activity,
        body: Body,
        distance: Option<u32>,
    },
    Morning(Night),
    Wellness(Day),
    /// Says something else about the check-in so many back.
    Correct {
        back: usize,
        body: Body,
        pain: u32,
    },
    Pause,
    Resume {
        set: Option<(usize, u32)>,
    },
    MoveTo {
        track: usize,
        rung: u32,
    },
    Approve {
        track: usize,
    },
    Decline {
        track: usize,
    },
    Amend {
        change: Change,
        set: Option<(usize, u32)>,
    },
    Zone {
        hours: i32,
    },
    Tick,
}

/// After `minutes`, or reported now but done `back` minutes ago.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) minutes: u32,
    pub(crate) back: u32,
    pub(crate) what: What,
}

fn swelling() -> impl Strategy<Value = Swelling> {
    prop_oneof![
        90 => Just(Swelling::None),
        5 => Just(Swelling::Unchanged),
        5 => Just(Swelling::Increased),
    ]
}

fn body() -> impl Strategy<Value = Body> {
    let pain = || prop_oneof![85 => Just(0), 12 => 0..=5_u32, 3 => 0..=10_u32];
    let before = prop::option::weighted(0.3, pain());
    let parts = (
        before,
        pain(),
        pain(),
        prop::bool::weighted(0.02),
        swelling(),
        prop::bool::weighted(0.01),
    );
    let free = parts.prop_map(|(before, during, after, gait, swelling, flag)| Body {
        before,
        during,
        after,
        gait,
        swelling,
        flag,
    });
    prop_oneof![3 => Just(GOOD), 2 => free]
}

pub(crate) const GOOD: Body = Body {
    before: None,
    during: 0,
    after: 0,
    gait: false,
    swelling: Swelling::None,
    flag: false,
};

fn effort() -> impl Strategy<Value = Effort> {
    let where_to = (
        prop_oneof![3 => Just(0), 2 => 0..4_usize],
        prop::bool::weighted(0.85),
        prop_oneof![85 => Just(0), 15 => -2..=2_i32],
        prop_oneof![85 => Just(100), 15 => 0..=300_u32],
        body(),
    );
    let mind = (
        prop::option::weighted(0.93, prop_oneof![85 => Just(9), 15 => 0..=10_u32]),
        prop::option::weighted(0.3, prop_oneof![85 => Just(20), 15 => 0..=100_u32]),
        prop::option::weighted(0.3, prop::bool::weighted(0.2)),
        prop::option::weighted(0.7, 0..4_u32),
        prop::option::weighted(0.4, 1000..12_000_u32),
        prop_oneof![8 => Just(0), 2 => 0..2_u32],
    );
    (where_to, mind).prop_map(|((track, ready, rung, dose, body), mind)| {
        let (confidence, fear, feared, context, distance, revision) = mind;
        Effort {
            track,
            ready,
            rung,
            dose,
            body,
            confidence,
            fear,
            feared,
            context,
            distance,
            revision,
        }
    })
}

fn night() -> impl Strategy<Value = Night> {
    let parts = (
        prop_oneof![85 => Just(0), 12 => 0..=2_u32, 3 => 0..=8_u32],
        prop::option::weighted(0.5, prop_oneof![85 => 0..=12_u32, 15 => 0..=80_u32]),
        swelling(),
        prop::bool::weighted(0.01),
        prop::bool::weighted(0.9),
    );
    parts.prop_map(|(pain, stiffness, swelling, flag, next)| Night {
        pain,
        stiffness,
        swelling,
        flag,
        next,
    })
}

fn day() -> impl Strategy<Value = Day> {
    let item = || prop::option::weighted(0.8, prop_oneof![6 => 3..=5_u32, 1 => 1..=5_u32]);
    let parts = (
        prop::bool::weighted(0.04),
        prop::bool::weighted(0.005),
        prop::option::weighted(0.8, prop_oneof![9 => 400..=500_u32, 1 => 200..=500_u32]),
        [item(), item(), item(), item(), item()],
    );
    parts.prop_map(|(ill, flag, sleep, items)| Day {
        ill,
        flag,
        sleep,
        items,
    })
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Nothing),
        (0..4_usize, 1..=3_u32, 0..=3_u32).prop_map(|(track, successes, rest)| Change::Policy {
            track,
            successes,
            rest
        }),
        (0..4_usize, 0..4_u32, 50..400_u32).prop_map(|(track, rung, dose)| Change::Dose {
            track,
            rung,
            dose
        }),
        (0..4_usize).prop_map(|track| Change::Rung { track }),
        (0..4_usize).prop_map(|track| Change::Shorten { track }),
        (0..4_usize, 0..4_u32).prop_map(|(track, rung)| Change::Cue { track, rung }),
        (0..4_usize, 0..4_u32).prop_map(|(track, rung)| Change::Approval { track, rung }),
        (0..4_usize).prop_map(|track| Change::Drop { track }),
        (0..4_usize).prop_map(|track| Change::Add { track }),
    ]
}

fn physio() -> impl Strategy<Value = What> {
    let set = || prop::option::of((0..4_usize, 0..5_u32));
    prop_oneof![
        1 => Just(What::Pause),
        3 => set().prop_map(|set| What::Resume { set }),
        2 => (0..4_usize, 0..5_u32).prop_map(|(track, rung)| What::MoveTo { track, rung }),
        4 => (0..4_usize).prop_map(|track| What::Approve { track }),
        1 => (0..4_usize).prop_map(|track| What::Decline { track }),
        2 => (change(), set()).prop_map(|(change, set)| What::Amend { change, set }),
    ]
}

fn unplanned() -> impl Strategy<Value = What> {
    let activity = prop_oneof![3 => Just(Activity::Run), 1 => Just(Activity::Other)];
    let distance = prop::option::weighted(0.8, 2000..9000_u32);
    (activity, body(), distance).prop_map(|(activity, body, distance)| What::Unplanned {
        activity,
        body,
        distance,
    })
}

fn what() -> impl Strategy<Value = What> {
    prop_oneof![
        8 => effort().prop_map(What::Session),
        6 => night().prop_map(What::Morning),
        3 => day().prop_map(What::Wellness),
        2 => unplanned(),
        2 => (0..6_usize, body(), 0..=10_u32)
            .prop_map(|(back, body, pain)| What::Correct { back, body, pain }),
        4 => physio(),
        1 => (-11..=13_i32).prop_map(|hours| What::Zone { hours }),
        2 => Just(What::Tick),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let minutes = prop_oneof![
        6 => 0..=300_u32,
        3 => 0..=3000_u32,
        1 => 0..=20_000_u32,
    ];
    let back = prop_oneof![85 => Just(0), 15 => 0..=6000_u32];
    (minutes, back, what()).prop_map(|(minutes, back, what)| Step {
        minutes,
        back,
        what,
    })
}

fn then(minutes: u32, what: What) -> Step {
    Step {
        minutes,
        back: 0,
        what,
    }
}

/// Sessions with their mornings.
fn training() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((effort(), night()), 1..=5).prop_map(|days| {
        let day = |(effort, night)| {
            [
                then(60, What::Session(effort)),
                then(0, What::Morning(night)),
            ]
        };
        days.into_iter().flat_map(day).collect()
    })
}

/// Good ones on one track.
fn good_training() -> impl Strategy<Value = Vec<Step>> {
    (0..4_usize, 1..=6_usize).prop_map(|(track, sessions)| {
        let day = |number: usize| {
            let effort = Effort {
                track,
                ready: true,
                rung: 0,
                dose: 100,
                body: GOOD,
                confidence: Some(9),
                fear: None,
                feared: None,
                context: Some(u32::try_from(number).expect("small")),
                distance: None,
                revision: 0,
            };
            let night = Night {
                pain: 0,
                stiffness: None,
                swelling: Swelling::None,
                flag: false,
                next: true,
            };
            [
                then(60, What::Session(effort)),
                then(0, What::Morning(night)),
            ]
        };
        (0..sessions).flat_map(day).collect()
    })
}

/// An answer a day over weeks, with trainings in between.
fn wellness_series() -> impl Strategy<Value = Vec<Step>> {
    let one = (day(), prop::option::weighted(0.3, (effort(), night())));
    prop::collection::vec(one, 5..=26).prop_map(|days| {
        let mut steps = Vec::new();
        for (day, training) in days {
            steps.push(then(1440, What::Wellness(day)));
            if let Some((effort, night)) = training {
                steps.push(then(30, What::Session(effort)));
                steps.push(then(0, What::Morning(night)));
            }
        }
        steps
    })
}

/// Mornings over weeks, from which a trend may come.
fn mornings_series() -> impl Strategy<Value = Vec<Step>> {
    let one = (0..=3_u32, 0..=8_u32, prop::bool::weighted(0.7));
    prop::collection::vec(one, 8..=24).prop_map(|days| {
        let steps = days
            .into_iter()
            .enumerate()
            .map(|(number, (pain, stiffness, stiff))| {
                let week = u32::try_from(number / 7).expect("small");
                let night = Night {
                    pain: pain.min(week),
                    stiffness: stiff.then_some(stiffness + 6 * week),
                    swelling: Swelling::None,
                    flag: false,
                    next: true,
                };
                then(600, What::Morning(night))
            });
        steps.collect()
    })
}

fn runs_series() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((600..=2800_u32, unplanned()), 3..=8).prop_map(|runs| {
        runs.into_iter()
            .map(|(minutes, run)| then(minutes, run))
            .collect()
    })
}

/// The date of START from the first event, and what follows.
pub(crate) fn history() -> impl Strategy<Value = (i64, Vec<Vec<Step>>)> {
    let block = prop_oneof![
        6 => good_training(),
        6 => training(),
        6 => prop::collection::vec(step(), 1..=6),
        1 => wellness_series(),
        1 => mornings_series(),
        1 => runs_series(),
    ];
    (
        prop_oneof![6 => Just(0), 1 => -1..=6_i64],
        prop::collection::vec(block, 1..=10),
    )
}
