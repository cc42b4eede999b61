//! A worse history never leads higher than a better one (invariants 4 and 6).

use std::collections::HashMap;
use std::time::Instant;

use chrono::TimeDelta;

use super::alphabet::{ATHLETE, Letter, WORSE, started};
use super::small::{self, Small};
use crate::engine::decide;
use crate::state::{Illness, NotBefore, PlanState};
use crate::test::story::{date, instant};

/// So many events, within the time that CI has for them.
const EVENTS: u32 = 5;

/// States of a better and of a worse history.
type Pair = [Vec<u8>; 2];

/// A state before the event of this number as bytes, without what no rung rests on any
/// more, so that more histories meet: what can only raise an alert (rows of missing
/// mornings, of doubt and of overdoing, and what weeks of mornings said), the runs, which
/// are all equally long, and days that lie behind.
fn bytes(small: &Small, mut state: PlanState, number: u32) -> Vec<u8> {
    let day = i64::from(number) * small.days;
    // Nothing is dated further back than a session of yesterday that is told late; and a
    // session waits for its morning for no more than two days.
    let (yesterday, waiting) = (day - 1, date(0) + TimeDelta::days(day - 3));
    let is_over = |rest: &NotBefore| {
        rest.date <= date(0) + TimeDelta::days(yesterday) && rest.at <= instant(yesterday, 0)
    };
    state.weeks.sums = Default::default();
    state.longest.clear();
    state.ill = state.ill.map(|ill| Illness {
        asked: false,
        ..ill
    });
    // One answer a day is too little to be compared with others.
    state.wellness.retain(|day| day.low && day.date >= waiting);
    for day in &mut state.wellness {
        day.items = Default::default();
    }
    for track in &mut state.tracks {
        track.mornings_missing = 0;
        track.confidence_repeats = 0;
        track.overdoing = 0;
        track.now.thrice_asked = false;
        track.not_before = track.not_before.filter(|rest| !is_over(rest));
        track.no_advance_before = track.no_advance_before.filter(|until| *until > waiting);
        track
            .advances
            .retain(|up| *up + TimeDelta::days(7) > waiting);
        if let Some(last) = &mut track.last {
            last.before.thrice_asked = false;
        }
        if let Some(pending) = &mut track.pending {
            pending.blockers.sort_by_key(|blocker| blocker.code);
            for blocker in &mut pending.blockers {
                (blocker.observed, blocker.threshold) = (None, None);
            }
        }
    }
    state.encode()
}

fn after(
    small: &Small,
    before: &PlanState,
    of: &PlanState,
    letter: Letter,
    number: u32,
) -> PlanState {
    // What is done stands fixed by the better history.
    decide(&small.plan, before, &letter.event(small, of, number)).state
}

fn assert_not_above(small: &Small, better: &PlanState, worse: &PlanState, letters: [Letter; 2]) {
    for track in &small.plan.tracks {
        let (allowed, limit) = (worse.allowed_rung(track.id), better.allowed_rung(track.id));
        assert!(
            allowed <= limit,
            "{}: {allowed:?} after {:?} where the better history has {limit:?} after {:?}\n\
             better: {better:#?}\nworse: {worse:#?}",
            small.name,
            letters[1],
            letters[0],
        );
    }
}

/// Pairs of histories, and steps that were tried for them.
fn search(small: &Small, events: u32) -> (u128, usize) {
    let mut same: HashMap<Vec<u8>, u128> = HashMap::from([(started(small).encode(), 1)]);
    let mut parted: HashMap<Pair, u128> = HashMap::new();
    let (mut pairs, mut steps) = (0, 0);
    for number in 1..=events {
        let mut next: HashMap<Pair, u128> = HashMap::new();
        let left = events - number;
        let mut meet =
            |better: &PlanState, worse: &PlanState, letters: [Letter; 2], count: u128| {
                assert_not_above(small, better, worse, letters);
                pairs += count;
                steps += 1;
                if number == events {
                    return;
                }
                let pair = [better, worse].map(|state| bytes(small, state.clone(), number + 1));
                // A plan that a worse history has paused allows nothing any more: no
                // physio is here. Equal states stay so, whatever comes.
                if worse.paused.is_some() || pair[0] == pair[1] {
                    let letters = ATHLETE.len() as u128;
                    pairs += (1..=left)
                        .map(|length| count * letters.pow(length))
                        .sum::<u128>();
                } else {
                    *next.entry(pair).or_default() += count;
                }
            };
        for ([better, worse], count) in &parted {
            let better = PlanState::decode(better).expect("a state");
            let worse = PlanState::decode(worse).expect("a state");
            for letter in ATHLETE {
                let pair = [&better, &worse].map(|it| after(small, it, &better, letter, number));
                meet(&pair[0], &pair[1], [letter; 2], *count);
            }
        }
        let mut going: HashMap<Vec<u8>, u128> = HashMap::new();
        for (state, count) in &same {
            let state = PlanState::decode(state).expect("a state");
            for (good, bad) in WORSE {
                let pair = [good, bad].map(|letter| after(small, &state, &state, letter, number));
                meet(&pair[0], &pair[1], [good, bad], *count);
            }
            for letter in ATHLETE {
                let after = bytes(
                    small,
                    after(small, &state, &state, letter, number),
                    number + 1,
                );
                *going.entry(after).or_default() += count;
            }
        }
        (parted, same) = (next, going);
    }
    (pairs, steps)
}

// Planted: pain from 6 on is graded AMBER; `no_advance_from` does nothing; `close_missing`
// counts the session.
#[test]
fn of_every_two_short_histories_the_worse_never_leads_higher() {
    let events = super::depth(EVENTS);
    for small in small::all() {
        let begun = Instant::now();
        let (pairs, steps) = search(&small, events);
        println!(
            "{}: {pairs} pairs of histories of up to {events} events, in {steps} steps and {:?}",
            small.name,
            begun.elapsed()
        );
        let (letters, worse) = (ATHLETE.len() as u128, WORSE.len() as u128);
        let of_length = |length: u32| u128::from(length) * worse * letters.pow(length - 1);
        assert_eq!(pairs, (1..=events).map(of_length).sum::<u128>());
    }
}
