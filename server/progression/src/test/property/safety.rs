//! Worse answers and silence never help (invariants 4, 6 and 11).

use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::sample::Index;

use super::config;
use super::history::{event, events, run};
use super::moves::{Timed, any_moves, plain, unattended};
use super::prescription::plans;
use super::worse::{Worse, chain, is_no_worse, rewrite, worse, worsen};
use crate::decision::Outcome;
use crate::engine::{decide, decide_in_place};
use crate::event::{Activity, Event, EventBody, Report, Swelling};
use crate::ladder::TrackKind;
use crate::plan::PlanDefinition;
use crate::policy::TissueProfile;
use crate::scale::{Confidence, Fear, Metres, PainScore, StiffnessMinutes};
use crate::state::PlanState;
use crate::test::story::plan;

/// No track is allowed a higher rung than in the better history, after any event. Of
/// histories without amendments.
pub(super) fn never_higher(
    plans: [&PlanDefinition; 2],
    better: &[Event],
    worse: &[Event],
) -> Result<(), TestCaseError> {
    let mut states = plans.map(PlanState::new);
    for (index, pair) in better.iter().zip(worse).enumerate() {
        let events = [pair.0, pair.1];
        for ((state, plan), event) in states.iter_mut().zip(plans).zip(events) {
            decide_in_place(plan, state, event);
        }
        not_above(&states, index)?;
    }
    Ok(())
}

fn not_above([better, worse]: &[PlanState; 2], index: usize) -> Result<(), TestCaseError> {
    for track in &better.tracks {
        let (allowed, limit) = (worse.allowed_rung(track.id), better.allowed_rung(track.id));
        prop_assert!(
            allowed <= limit,
            "after event {index}: {allowed:?} where the better history has {limit:?}\n\
             better: {better:#?}\nworse: {worse:#?}",
        );
    }
    Ok(())
}

/// One running track without approvals that goes up with every success but only `cap`
/// times in seven dates: where a worse history could use what a better one spent.
fn climbs() -> impl Strategy<Value = (PlanDefinition, Vec<Timed>)> {
    let few = || prop_oneof![4 => Just(1_u32), 1 => Just(2)];
    let plan = (few(), 0_u32..2, few()).prop_map(|(successes, rest, cap)| {
        let mut plan = plan(&[(TrackKind::Running, TissueProfile::Unspecified)]);
        let policy = &mut plan.tracks[0].policy;
        policy.successes_to_advance = successes;
        policy.rest_days = rest;
        policy.max_advances_per_7_days = cap;
        policy.deload_every_weeks = 0;
        plan
    });
    let worst = prop_oneof![9 => Just(0_u32), 1 => Just(4), 3 => Just(6)];
    let hours = prop_oneof![4 => Just(27_i64), 4 => Just(51), 1 => Just(3), 1 => Just(75)];
    let unit = (worst, prop::bool::weighted(0.3), hours);
    let moves = prop::collection::vec(unit, 4..14).prop_map(|units| {
        let units = units.into_iter();
        units
            .flat_map(|(worst, below, hours)| plain(worst, below, hours))
            .collect()
    });
    (plan, moves)
}

/// A morning that says nothing bad, and of which nobody says so later.
fn stays_green(events: &[Event], position: usize) -> bool {
    let EventBody::Morning(report) = &events[position].body else {
        return false;
    };
    let green = report.pain == PainScore::MIN
        && report
            .stiffness
            .is_none_or(|stiff| stiff == StiffnessMinutes::MIN)
        && report.swelling != Swelling::Increased
        && report.red_flags.is_empty();
    let corrections = chain(events, position).into_iter().skip(1);
    green
        && corrections
            .into_iter()
            .all(|place| match &events[place].body {
                EventBody::Correction(correction) => is_no_worse(&correction.was, &correction.now),
                _ => false,
            })
}

/// An optional answer of a session.
#[derive(Clone, Copy, Debug)]
enum Optional {
    PainBefore,
    Confidence,
    Fear,
    FearedOutcome,
    Context,
    /// Of a session on a track. An unplanned run's has no best value: a longer one is a
    /// spike today, a shorter one makes a later one a spike.
    Distance,
    Stiffness,
}

impl Optional {
    const ALL: [Self; 7] = [
        Self::PainBefore,
        Self::Confidence,
        Self::Fear,
        Self::FearedOutcome,
        Self::Context,
        Self::Distance,
        Self::Stiffness,
    ];

    /// The best answer, or none.
    fn answer(self, report: &mut Report, told: bool) {
        match report {
            Report::Session(report) => match self {
                Self::PainBefore => report.pain_before = told.then_some(PainScore::MIN),
                Self::Confidence => report.confidence = told.then_some(Confidence::MAX),
                Self::Fear => report.fear = told.then_some(Fear::MIN),
                Self::FearedOutcome => report.feared_outcome = told.then_some(false),
                // One where nobody was before.
                Self::Context => report.context = told.then(|| "moor".to_owned()),
                Self::Distance => report.distance = told.then_some(Metres::MAX),
                Self::Stiffness => {}
            },
            Report::Unplanned(report) => {
                if matches!(self, Self::PainBefore) {
                    report.pain_before = told.then_some(PainScore::MIN);
                }
                if matches!(self, Self::Distance) && report.activity == Activity::Other {
                    report.distance = told.then_some(Metres::MAX);
                }
            }
            Report::Morning(report) => {
                if matches!(self, Self::Stiffness) {
                    report.stiffness = told.then_some(StiffnessMinutes::MIN);
                }
            }
            Report::Wellness(_) => {}
        }
    }
}

proptest! {
    #![proptest_config(config())]

    // Planted: pain from 9 on is graded AMBER.
    #[test]
    fn invariant_4_worse_answers_never_lead_to_a_higher_allowed_rung(
        plan in plans(),
        moves in unattended(),
        changes in prop::collection::vec((any::<Index>(), worse()), 1..5),
    ) {
        let better = events(&plan, &moves);
        let mut worse = better.clone();
        for (index, how) in &changes {
            let position = index.index(worse.len());
            worsen(&mut worse, position, how);
        }
        never_higher([&plan, &plan], &better, &worse)?;
    }

    // Planted: `no_advance_from` does nothing, so that a worse history can use a step up
    // that the better one has spent.
    #[test]
    fn invariant_4_a_worse_climb_never_overtakes_a_better_one(
        (plan, moves) in climbs(),
        which in any::<Index>(),
        by in 3_u32..5,
    ) {
        let better = events(&plan, &moves);
        let turns = run(&plan, &better);
        // A session that led up, of all: it spends what the worse history keeps.
        let led_up = |index: &usize| {
            let mut decisions = turns[*index].step.decisions.iter();
            decisions.any(|decision| decision.outcome == Outcome::Advance)
        };
        let ups: Vec<_> = (1..better.len()).filter(led_up).collect();
        if ups.is_empty() {
            return Ok(());
        }
        let session = ups[which.index(ups.len())] - 1;
        let mut worse = better.clone();
        worsen(&mut worse, session, &Worse::During(by));
        never_higher([&plan, &plan], &better, &worse)?;
    }

    // Planted: `close_missing` counts the session twice.
    #[test]
    fn invariant_6_no_answer_is_never_better_than_a_green_morning(
        plan in plans(),
        moves in unattended(),
        which in any::<Index>(),
    ) {
        let told = events(&plan, &moves);
        let mornings: Vec<_> = (0..told.len()).filter(|place| stays_green(&told, *place)).collect();
        if mornings.is_empty() {
            return Ok(());
        }
        let mut silent = told.clone();
        for place in chain(&told, mornings[which.index(mornings.len())]) {
            // What time alone does goes on.
            silent[place].body = EventBody::Tick;
        }
        never_higher([&plan, &plan], &told, &silent)?;
    }

    // Planted: pain during is not graded where pain before was not answered.
    #[test]
    fn invariant_6_an_optional_answer_left_out_is_never_better_than_its_best(
        plan in plans(),
        moves in unattended(),
        which in any::<Index>(),
        optional in prop::sample::select(Optional::ALL.to_vec()),
    ) {
        let mut told = events(&plan, &moves);
        let position = which.index(told.len());
        let mut silent = told.clone();
        if !told[position].is_correction() {
            rewrite(&mut told, position, |report| optional.answer(report, true));
            rewrite(&mut silent, position, |report| optional.answer(report, false));
        }
        never_higher([&plan, &plan], &told, &silent)?;
    }

    // Planted: no row of the layoff table acts from a gap of 20 days on.
    #[test]
    fn invariant_11_a_longer_layoff_never_gives_a_higher_rung(
        plan in plans(),
        moves in any_moves(),
        shorter in 0_i64..60,
        longer in 0_i64..60,
    ) {
        let events = events(&plan, &moves);
        let turns = run(&plan, &events);
        let Some(turn) = turns.last() else { return Ok(()) };
        let last = turn.event;
        let after = |days: i64| {
            let at = last.at + TimeDelta::days(days);
            let date = last.date + TimeDelta::days(days);
            let tick = event(last.seq + 1, at, date, EventBody::Tick);
            decide(&turn.plan, &turn.step.state, &tick).state
        };
        let short = after(shorter.min(longer));
        let long = after(shorter.max(longer));
        not_above(&[short, long], events.len())?;
    }
}
