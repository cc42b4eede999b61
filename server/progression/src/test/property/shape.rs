//! What every single history keeps to (invariants 1, 2, 3, 7, 8, 10 and 11).

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;

use super::config;
use super::history::{any_moves, event, events, run};
use super::prescription::plans;
use crate::decision::{ENGINE_VERSION, Outcome};
use crate::engine::decide;
use crate::event::{Event, EventBody};
use crate::explain::{headline, sentence};
use crate::plan::PlanDefinition;
use crate::reason::ReasonCode;
use crate::scale::Dose;
use crate::state::{Grade, NotBefore, PlanState, TrackStatus};
use crate::today::{Advice, today};

/// The state before each event.
fn befores(plan: &PlanDefinition, steps: &[crate::engine::Step]) -> Vec<PlanState> {
    let first = std::iter::once(PlanState::new(plan));
    first
        .chain(steps.iter().map(|step| step.state.clone()))
        .collect()
}

fn without_seq(state: &PlanState) -> PlanState {
    PlanState {
        seq: 0,
        ..state.clone()
    }
}

fn is_before(event: &Event, rest: Option<NotBefore>) -> bool {
    rest.is_some_and(|rest| event.date < rest.date || event.at < rest.at)
}

proptest! {
    #![proptest_config(config())]

    // Planted: the weekly cap lets one step up too many through.
    #[test]
    fn invariant_1_one_step_up_at_a_time_and_never_too_many_in_seven_dates(
        plan in plans(),
        moves in any_moves(),
    ) {
        let events = events(&plan, &moves);
        let mut ups: BTreeMap<_, Vec<NaiveDate>> = BTreeMap::new();
        for step in run(&plan, &events) {
            for decision in step.decisions.iter().filter(|decision| decision.automatic) {
                let (Some(track), Some(from), Some(to)) =
                    (decision.track, decision.from_rung, decision.to_rung)
                else {
                    continue;
                };
                prop_assert!(to.get() <= from.get() + 1, "{decision:#?}");
                prop_assert_eq!(to > from, decision.outcome == Outcome::Advance);
                if to < from {
                    prop_assert!(decision.outcome <= Outcome::StepBack, "{decision:#?}");
                }
                if to > from {
                    let last = step.state.track(track).and_then(|track| track.last.clone());
                    ups.entry(track).or_default().extend(last.map(|last| last.date));
                }
            }
        }
        for (track, dates) in ups {
            let (_, definition) = plan.track(track).expect("a track");
            for first in &dates {
                let within = dates
                    .iter()
                    .filter(|date| (0..7).contains(&(**date - *first).num_days()))
                    .count();
                prop_assert!(within <= definition.policy.max_advances_per_7_days as usize);
            }
        }
    }

    // Planted: a GREEN morning counts a session that has blockers.
    #[test]
    fn invariant_2_no_advance_on_a_bad_state(plan in plans(), moves in any_moves()) {
        let events = events(&plan, &moves);
        let steps = run(&plan, &events);
        let befores = befores(&plan, &steps);
        let mut too_early: BTreeMap<_, bool> = BTreeMap::new();
        for ((event, step), before) in events.iter().zip(&steps).zip(&befores) {
            for decision in &step.decisions {
                if decision.outcome != Outcome::Advance || !decision.automatic {
                    continue;
                }
                let id = decision.track.expect("a step up has a track");
                let now = step.state.track(id).expect("a track");
                let held = before.track(id).expect("a track");
                let EventBody::Morning(report) = &event.body else {
                    return Err(TestCaseError::fail("a step up without a morning"));
                };
                let (_, definition) = plan.track(id).expect("a track");
                let points = report.pain.get();
                prop_assert!(points < definition.policy.morning_red_points);
                prop_assert!(definition.policy.morning_amber_points.is_none_or(|p| points < p));
                prop_assert!(report.red_flags.is_empty());
                prop_assert_eq!(now.last.as_ref().map(|last| last.grade), Some(Grade::Green));
                prop_assert!(before.paused.is_none() && step.state.paused.is_none());
                prop_assert_eq!(held.status, TrackStatus::Active);
                prop_assert!(held.pending.as_ref().is_some_and(|p| p.blockers.is_empty()));
                prop_assert_eq!(too_early.get(&id), Some(&false), "rest was not met");
                let session = held.last.as_ref().map(|last| last.date);
                prop_assert!(held.no_advance_before.is_none_or(|until| session >= Some(until)));
            }
            if let EventBody::Session(report) = &event.body {
                let before = before.track(report.track).expect("a track");
                let in_order = before.last.as_ref().is_none_or(|last| event.at >= last.at);
                if in_order && step.state.paused.is_none() {
                    too_early.insert(report.track, is_before(event, before.not_before));
                }
            }
        }
    }

    // Planted: MOVE_TO ends a pause.
    #[test]
    fn invariant_3_a_red_flag_pauses_until_a_physio_resumes(plan in plans(), moves in any_moves()) {
        let events = events(&plan, &moves);
        let steps = run(&plan, &events);
        let befores = befores(&plan, &steps);
        for ((event, step), before) in events.iter().zip(&steps).zip(&befores) {
            let urgent = step.decisions.iter().filter(|d| d.ask.is_some_and(|ask| ask.urgent));
            let flagged = !event.red_flags().is_empty();
            prop_assert_eq!(urgent.count(), usize::from(flagged));
            if flagged {
                let cause = step.state.paused.map(|paused| paused.cause);
                prop_assert_eq!(cause, Some(ReasonCode::RedFlag));
            }
            let resumes = matches!(event.body, EventBody::Resume { .. });
            if before.paused.is_some() && !resumes {
                prop_assert!(step.state.paused.is_some());
                let moved = matches!(event.body, EventBody::MoveTo { .. });
                for (was, is) in before.tracks.iter().zip(&step.state.tracks) {
                    prop_assert!(moved || was.rung == is.rung);
                    prop_assert_eq!(step.state.allowed_rung(is.id), None);
                }
            }
            if before.paused.is_none() && step.state.paused.is_some() {
                let says = step.decisions.iter().any(|d| d.outcome == Outcome::Pause);
                prop_assert!(says, "a pause is a decision");
            }
        }
    }

    // Planted: `overdoing` is not stored with the state.
    #[test]
    fn invariant_7_the_same_history_gives_the_same_bytes(plan in plans(), moves in any_moves()) {
        let events = events(&plan, &moves);
        let bytes = |steps| serde_json::to_vec(&steps).expect("writes");
        prop_assert_eq!(bytes(run(&plan, &events)), bytes(run(&plan, &events)));
        // Through storage: state and plan as JSON and back before every event.
        let plan_json = serde_json::to_string(&plan).expect("writes");
        let stored: PlanDefinition = serde_json::from_str(&plan_json).expect("reads");
        let mut state = PlanState::new(&stored);
        for (event, step) in events.iter().zip(run(&plan, &events)) {
            let json = serde_json::to_string(&state).expect("writes");
            let read: PlanState = serde_json::from_str(&json).expect("reads");
            let again = decide(&stored, &read, event);
            prop_assert_eq!(&again, &step);
            state = again.state;
        }
    }

    // Planted: a pause for NEEDS_CLEARANCE dates from the tick that found it.
    #[test]
    fn invariant_7_many_ticks_equal_one(
        plan in plans(),
        moves in any_moves(),
        mut hours in prop::collection::vec(0_i64..24 * 70, 1..8),
    ) {
        let events = events(&plan, &moves);
        let steps = run(&plan, &events);
        let (Some(last), Some(step)) = (events.last(), steps.last()) else { return Ok(()) };
        hours.sort_unstable();
        let tick = |after: i64| {
            let at = last.at + TimeDelta::hours(after);
            event(last.seq + 1, at, at.date_naive(), EventBody::Tick)
        };
        let many = hours.iter().fold(step.state.clone(), |state, after| {
            decide(&plan, &state, &tick(*after)).state
        });
        let one = decide(&plan, &step.state, &tick(hours[hours.len() - 1])).state;
        prop_assert_eq!(without_seq(&many), without_seq(&one));
        let again = decide(&plan, &one, &tick(hours[hours.len() - 1]));
        prop_assert_eq!(again.state, one);
        prop_assert!(again.decisions.is_empty());
    }

    // Planted: a step up goes to rung 99; and, by itself, today's dose is the largest there
    // is.
    #[test]
    fn invariant_8_rungs_stay_on_the_ladder_and_doses_within_the_rung(
        plan in plans(),
        moves in any_moves(),
    ) {
        let events = events(&plan, &moves);
        for (event, step) in events.iter().zip(run(&plan, &events)) {
            for (track, definition) in step.state.tracks.iter().zip(&plan.tracks) {
                prop_assert!(track.rung <= definition.ladder.top());
            }
            let day = today(&plan, &step.state, event.at, event.date);
            for (track, definition) in day.tracks.iter().zip(&plan.tracks) {
                prop_assert!(!track.reasons.is_empty());
                if let Advice::Do { dose, .. } = &track.advice {
                    let limit = definition.rung(track.rung).map_or(Dose::MIN, |rung| rung.dose);
                    prop_assert!(*dose <= limit);
                    prop_assert_eq!(Some(track.rung), step.state.allowed_rung(track.track)
                        .map(|rung| rung.min(track.rung)));
                }
            }
        }
    }

    // Planted: AT_BOTTOM gives no evidence.
    #[test]
    fn invariant_10_every_decision_says_what_it_rests_on(plan in plans(), moves in any_moves()) {
        let events = events(&plan, &moves);
        let steps = run(&plan, &events);
        let befores = befores(&plan, &steps);
        for ((event, step), before) in events.iter().zip(&steps).zip(&befores) {
            let records = step.records(&plan, before);
            prop_assert_eq!(records.len(), step.decisions.len());
            for record in &records {
                prop_assert_eq!(&record.plan_hash, &plan.fingerprint());
                prop_assert_eq!(&record.state_before, &before.fingerprint());
                prop_assert_eq!(&record.state_after, &step.state.fingerprint());
            }
            for (ordinal, decision) in (0_u32..).zip(&step.decisions) {
                prop_assert_eq!(decision.ordinal, ordinal);
                prop_assert_eq!((decision.event, decision.seq), (event.id, event.seq));
                prop_assert_eq!(decision.engine_version, ENGINE_VERSION);
                prop_assert_eq!(decision.plan_revision, plan.revision);
                prop_assert!(!decision.reasons.is_empty());
                prop_assert!(decision.reasons.is_sorted_by_key(|reason| reason.outcome));
                prop_assert_eq!(decision.reasons[0].outcome, decision.outcome);
                prop_assert!(!headline(decision).is_empty());
                for reason in &decision.reasons {
                    prop_assert!(!reason.evidence.is_empty(), "{reason:?}");
                    let text = sentence(reason);
                    prop_assert!(!text.contains("unknown"), "{text} {reason:?}");
                }
            }
        }
    }

    // Planted: AMBER earns no more rest than GREEN.
    #[test]
    fn invariant_11_rest_is_never_shorter_than_its_days_and_hours(
        plan in plans(),
        moves in any_moves(),
    ) {
        let events = events(&plan, &moves);
        let steps = run(&plan, &events);
        let befores = befores(&plan, &steps);
        for ((event, step), before) in events.iter().zip(&steps).zip(&befores) {
            for (was, is) in before.tracks.iter().zip(&step.state.tracks) {
                let date = |rest: Option<NotBefore>| rest.map(|rest| rest.date);
                let at = |rest: Option<NotBefore>| rest.map(|rest| rest.at);
                prop_assert!(date(is.not_before) >= date(was.not_before), "rest got shorter");
                prop_assert!(at(is.not_before) >= at(was.not_before), "rest got shorter");
            }
            let EventBody::Session(report) = &event.body else { continue };
            let judged = step.state.track(report.track).and_then(|track| track.last.clone());
            let Some(last) = judged.filter(|last| {
                last.at == event.at && before.paused.is_none() && event.red_flags().is_empty()
            }) else {
                continue;
            };
            let (_, definition) = plan.track(report.track).expect("a track");
            let days = i64::from(definition.rest_days(last.rung))
                + i64::from(last.grade > Grade::Green);
            for (track, other) in step.state.tracks.iter().zip(&plan.tracks) {
                let shared = definition.is_running() && other.is_running();
                if (shared || track.id == report.track) && step.judged == crate::Judged::Fully {
                    let rest = track.not_before.expect("a rest");
                    prop_assert!(rest.at >= event.at + TimeDelta::hours(24 * days));
                    prop_assert!(rest.date > event.date + TimeDelta::days(days));
                }
            }
        }
    }

    // Planted: a date is added to without asking whether the calendar ends.
    #[test]
    fn decide_is_total_on_anything(
        plan in plans(),
        moves in any_moves(),
        far in prop::sample::select(vec![
            (NaiveDate::MIN, DateTime::<Utc>::MIN_UTC),
            (NaiveDate::MAX, DateTime::<Utc>::MAX_UTC),
            (NaiveDate::MIN, DateTime::<Utc>::MAX_UTC),
            (NaiveDate::MAX, DateTime::<Utc>::MIN_UTC),
        ]),
        which in any::<prop::sample::Index>(),
    ) {
        let mut events = events(&plan, &moves);
        let position = which.index(events.len());
        (events[position].date, events[position].at) = far;
        let mut fewer = plan.clone();
        fewer.tracks.pop();
        let mut empty = plan.clone();
        for track in &mut empty.tracks {
            track.ladder.rungs.clear();
        }
        for plan in [&plan, &fewer, &empty] {
            for (event, step) in events.iter().zip(run(plan, &events)) {
                let _ = today(plan, &step.state, event.at, event.date);
            }
        }
    }
}
