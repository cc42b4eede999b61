//! The same history is decided the same, however it is told (invariant 7), and anything is
//! decided at all.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::sample::Index;

use super::config;
use super::history::{event, events, run};
use super::moves::any_moves;
use super::prescription::plans;
use crate::engine::decide;
use crate::event::{Event, EventBody};
use crate::plan::PlanDefinition;
use crate::state::PlanState;
use crate::today::today;

fn without_seq(state: &PlanState) -> PlanState {
    PlanState {
        seq: 0,
        ..state.clone()
    }
}

proptest! {
    #![proptest_config(config())]

    // Planted: `overdoing` is not stored with the state; and, by itself, not among its
    // bytes.
    #[test]
    fn invariant_7_the_same_history_gives_the_same_bytes(plan in plans(), moves in any_moves()) {
        let events = events(&plan, &moves);
        let turns = run(&plan, &events);
        // Once more, through storage: plan, state and event as they are kept and back
        // before every event; the state in either of its forms.
        for (index, turn) in turns.iter().enumerate() {
            let plan = serde_json::to_string(&*turn.plan).expect("writes");
            let plan: PlanDefinition = serde_json::from_str(&plan).expect("reads");
            let event = serde_json::to_string(turn.event).expect("writes");
            let event: Event = serde_json::from_str(&event).expect("reads");
            let state = if index % 2 == 0 {
                let state = serde_json::to_string(&turn.before).expect("writes");
                serde_json::from_str(&state).expect("reads")
            } else {
                PlanState::decode(&turn.before.encode()).expect("reads")
            };
            let again = decide(&plan, &state, &event);
            prop_assert_eq!(&again, &turn.step);
            prop_assert_eq!(again.state.encode(), turn.step.state.encode());
            prop_assert!(again.state.encode().len() <= 4096);
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
        let turns = run(&plan, &events);
        let Some(turn) = turns.last() else { return Ok(()) };
        let (plan, state, last) = (&turn.plan, &turn.step.state, turn.event);
        hours.sort_unstable();
        let tick = |after: i64| {
            let at = last.at + TimeDelta::hours(after);
            event(last.seq + 1, at, at.date_naive(), EventBody::Tick)
        };
        let many = hours.iter().fold(state.clone(), |state, after| {
            decide(plan, &state, &tick(*after)).state
        });
        let one = decide(plan, state, &tick(hours[hours.len() - 1])).state;
        prop_assert_eq!(without_seq(&many), without_seq(&one));
        let again = decide(plan, &one, &tick(hours[hours.len() - 1]));
        prop_assert_eq!(again.state, one);
        prop_assert!(again.decisions.is_empty());
    }

    // Planted: LAYOFF counts its rows from the last tick that found one.
    #[test]
    fn invariant_7_ticks_on_the_way_lead_nowhere_else(
        plan in plans(),
        moves in any_moves(),
        ticks in prop::collection::vec((any::<Index>(), 0_u32..101), 1..6),
    ) {
        let events = events(&plan, &moves);
        let end = |events: &[Event]| run(&plan, events).pop().map(|turn| without_seq(&turn.step.state));
        let mut ticked = events.clone();
        for (index, percent) in ticks {
            let place = index.index(ticked.len());
            let Some(next) = ticked.get(place + 1) else { continue };
            let (from, to) = (ticked[place].clone(), next.clone());
            // Between two things of which the second was the later one, also by its date.
            if from.at > to.at || from.date > to.date {
                continue;
            }
            let way = (to.at - from.at).num_minutes() * i64::from(percent) / 100;
            let at = from.at + TimeDelta::minutes(way);
            let date = at.date_naive().clamp(from.date, to.date);
            let tick = event(from.seq, at, date, EventBody::Tick);
            ticked.insert(place + 1, tick);
        }
        // A tick that finds nothing left to do leaves no trace, so that a recorded one after
        // it is the one that does.
        prop_assert_eq!(end(&ticked), end(&events));
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
        which in any::<Index>(),
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
            for turn in run(plan, &events) {
                let _ = today(&turn.plan, &turn.step.state, turn.event.at, turn.event.date);
            }
        }
    }
}
