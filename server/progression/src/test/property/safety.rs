//! Worse answers and silence never help (invariants 4, 6 and 11).

use chrono::TimeDelta;
use proptest::prelude::*;

use super::config;
use super::history::{climbs, event, events, run, unattended};
use super::prescription::plans;
use super::worse::{Worse, worse, worsen};
use crate::decision::Outcome;
use crate::engine::{Step, decide};
use crate::event::{Event, EventBody, Swelling};
use crate::plan::PlanDefinition;
use crate::scale::{Confidence, Fear, PainScore, StiffnessMinutes};

/// No track is allowed a higher rung than in the better history, after any event.
fn never_higher(
    plan: &PlanDefinition,
    better: &[Step],
    worse: &[Step],
) -> Result<(), TestCaseError> {
    for (index, (better, worse)) in better.iter().zip(worse).enumerate() {
        for track in &plan.tracks {
            let (allowed, limit) = (
                worse.state.allowed_rung(track.id),
                better.state.allowed_rung(track.id),
            );
            prop_assert!(
                allowed <= limit,
                "after event {index}: {allowed:?} where the better history has {limit:?}\n\
                 better: {:#?}\nworse: {:#?}",
                better.state,
                worse.state
            );
        }
    }
    Ok(())
}

fn worse_is_never_higher(
    plan: &PlanDefinition,
    better: &[Event],
    changes: &[(prop::sample::Index, Worse)],
) -> Result<(), TestCaseError> {
    let mut worse = better.to_vec();
    for (index, how) in changes {
        let position = index.index(worse.len());
        worsen(&mut worse[position], how);
    }
    never_higher(plan, &run(plan, better), &run(plan, &worse))
}

fn is_green_morning(event: &Event) -> bool {
    match &event.body {
        EventBody::Morning(report) => {
            report.pain == PainScore::MIN
                && report
                    .stiffness
                    .is_none_or(|stiff| stiff == StiffnessMinutes::MIN)
                && report.swelling != Swelling::Increased
                && report.red_flags.is_empty()
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(config())]

    // Planted: pain from 9 on is graded AMBER.
    #[test]
    fn invariant_4_worse_answers_never_lead_to_a_higher_allowed_rung(
        plan in plans(),
        moves in unattended(),
        changes in prop::collection::vec(worse(), 1..5),
    ) {
        worse_is_never_higher(&plan, &events(&plan, &moves), &changes)?;
    }

    // Planted: `no_advance_from` does nothing, so that a worse history can use a step up
    // that the better one has spent.
    #[test]
    fn invariant_4_a_worse_climb_never_overtakes_a_better_one(
        (plan, moves) in climbs(),
        which in any::<prop::sample::Index>(),
        by in 3_u32..5,
    ) {
        let better = events(&plan, &moves);
        let steps = run(&plan, &better);
        // A session that led up, of all: it spends what the worse history keeps.
        let led_up = |step: &Step| {
            step.decisions.iter().any(|decision| decision.outcome == Outcome::Advance)
        };
        let ups: Vec<_> = (1..better.len()).filter(|index| led_up(&steps[*index])).collect();
        if ups.is_empty() {
            return Ok(());
        }
        let session = ups[which.index(ups.len())] - 1;
        let mut worse = better.clone();
        worsen(&mut worse[session], &Worse::During(by));
        never_higher(&plan, &steps, &run(&plan, &worse))?;
    }

    // Planted: `close_missing` counts the session twice.
    #[test]
    fn invariant_6_no_answer_is_never_better_than_a_green_morning(
        plan in plans(),
        moves in unattended(),
        which in any::<prop::sample::Index>(),
    ) {
        let told = events(&plan, &moves);
        let mornings: Vec<_> =
            (0..told.len()).filter(|index| is_green_morning(&told[*index])).collect();
        if mornings.is_empty() {
            return Ok(());
        }
        let silent_at = mornings[which.index(mornings.len())];
        let mut silent = told.clone();
        // What time alone does goes on.
        silent[silent_at].body = EventBody::Tick;
        never_higher(&plan, &run(&plan, &told), &run(&plan, &silent))?;
    }

    // Planted: pain during is not graded where pain before was not answered.
    #[test]
    fn invariant_6_an_optional_answer_left_out_is_never_better_than_its_best(
        plan in plans(),
        moves in unattended(),
        which in any::<prop::sample::Index>(),
        field in 0..4,
    ) {
        let mut told = events(&plan, &moves);
        let position = which.index(told.len());
        let mut silent = told.clone();
        if let (EventBody::Session(told), EventBody::Session(silent)) =
            (&mut told[position].body, &mut silent[position].body)
        {
            match field {
                0 => (told.pain_before, silent.pain_before) = (Some(PainScore::MIN), None),
                1 => (told.confidence, silent.confidence) = (Some(Confidence::MAX), None),
                2 => (told.fear, silent.fear) = (Some(Fear::MIN), None),
                _ => (told.feared_outcome, silent.feared_outcome) = (Some(false), None),
            }
        }
        never_higher(&plan, &run(&plan, &told), &run(&plan, &silent))?;
    }

    // Planted: no row of the layoff table acts from a gap of 20 days on.
    #[test]
    fn invariant_11_a_longer_layoff_never_gives_a_higher_rung(
        plan in plans(),
        moves in unattended(),
        shorter in 0_i64..60,
        longer in 0_i64..60,
    ) {
        let events = events(&plan, &moves);
        let steps = run(&plan, &events);
        let (Some(last), Some(step)) = (events.last(), steps.last()) else { return Ok(()) };
        let after = |days: i64| {
            let at = last.at + TimeDelta::days(days);
            let date = last.date + TimeDelta::days(days);
            decide(&plan, &step.state, &event(last.seq + 1, at, date, EventBody::Tick))
        };
        let short = after(shorter.min(longer));
        let long = after(shorter.max(longer));
        never_higher(&plan, &[short], &[long])?;
    }
}
