//! What every single history keeps to, whatever led to it.

use std::collections::HashMap;
use std::time::Instant;

use super::alphabet::{ATHLETE, Answer, Letter, PHYSIO, started};
use super::small::{self, Small};
use crate::decision::Outcome;
use crate::engine::{Step, decide};
use crate::event::Event;
use crate::reason::ReasonCode;
use crate::state::{NotBefore, PlanState};

/// So many events, within the time that CI has for them.
const EVENTS: u32 = 5;

/// What a path has seen, kept apart from the engine's own notes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Seen {
    /// The days with which either track went up, as far as they still matter.
    ups: [Vec<i64>; 2],
    /// The last session of either track in order, and the worst that was said of it or of
    /// one before it since.
    last: [Option<(i64, Answer)>; 2],
    ill: bool,
    /// The last day of an illness, or of too little sleep.
    bad_day: Option<i64>,
}

/// Where some histories have come to.
#[derive(PartialEq, Eq, Hash)]
struct Place {
    state: Vec<u8>,
    seen: Seen,
}

fn moved_up(step: &Step) -> impl Iterator<Item = usize> {
    let ups = step
        .decisions
        .iter()
        .filter(|it| it.outcome == Outcome::Advance);
    let approved = |it: &&crate::decision::Decision| {
        it.automatic
            || it
                .reasons
                .iter()
                .any(|reason| reason.code == ReasonCode::Approve)
    };
    let tracks = ups.filter(approved).filter_map(|it| it.track);
    tracks.filter_map(move |id| step.state.tracks.iter().position(|track| track.id == id))
}

/// One event on one place.
struct Try<'t> {
    small: &'t Small,
    seen: &'t Seen,
    before: &'t PlanState,
    letter: Letter,
    event: &'t Event,
    day: i64,
    step: &'t Step,
}

impl Try<'_> {
    fn check(&self) {
        self.steps();
        self.advances();
        self.pauses();
        self.records();
        self.bounds();
    }

    /// Invariant 1.
    fn steps(&self) {
        for decision in self.step.decisions.iter().filter(|it| it.automatic) {
            let (Some(from), Some(to)) = (decision.from_rung, decision.to_rung) else {
                continue;
            };
            assert!(to.get() <= from.get() + 1, "{decision:#?}");
            assert_eq!(
                to > from,
                decision.outcome == Outcome::Advance,
                "{decision:#?}"
            );
        }
    }

    /// Invariant 2, and the weekly cap of invariant 1.
    fn advances(&self) {
        for track in moved_up(self.step) {
            let policy = &self.small.plan.tracks[track].policy;
            let dated = self.dated(track);
            let recent = self.seen.ups[track]
                .iter()
                .filter(|up| dated - **up < 7)
                .count();
            assert!(
                recent < policy.max_advances_per_7_days as usize,
                "too often"
            );
            assert!(self.before.paused.is_none() && self.step.state.paused.is_none());
            if self.letter == Letter::Approve {
                continue;
            }
            assert_eq!(self.letter, Letter::Morning(Answer::Good), "no morning");
            let (session, answer) = self.seen.last[track].expect("a session");
            assert_eq!(answer, Answer::Good, "not a good session");
            assert!(!self.seen.ill, "ill");
            assert!(
                self.seen.bad_day.is_none_or(|bad| bad < session),
                "a bad day"
            );
            let every = i64::from(policy.deload_every_weeks);
            let light = |week: i64| every > 0 && (week + 1) % every == 0;
            assert!(!(session / 7..=self.day / 7).any(light), "a lighter week");
        }
    }

    fn dated(&self, track: usize) -> i64 {
        let session = self.seen.last[track].map(|(day, _)| day);
        let own = session.filter(|_| self.letter != Letter::Approve);
        own.unwrap_or(self.day)
    }

    /// Invariant 3.
    fn pauses(&self) {
        let urgent = self
            .step
            .decisions
            .iter()
            .filter(|it| it.ask.is_some_and(|ask| ask.urgent));
        let flagged = self.letter == Letter::Flag;
        assert_eq!(urgent.count(), usize::from(flagged));
        if flagged {
            let cause = self.step.state.paused.map(|paused| paused.cause);
            assert_eq!(cause, Some(ReasonCode::RedFlag));
        }
        if self.before.paused.is_some() && self.letter != Letter::Resume {
            assert!(self.step.state.paused.is_some(), "resumed by itself");
            let tracks = self.before.tracks.iter().zip(&self.step.state.tracks);
            let same = tracks.into_iter().all(|(was, is)| was.rung == is.rung);
            assert!(same || self.letter == Letter::Move, "moved while paused");
        }
    }

    /// Invariants 7 and 10.
    fn records(&self) {
        for decision in &self.step.decisions {
            let first = decision.reasons.first().expect("a reason");
            assert_eq!(first.outcome, decision.outcome);
            assert!(
                decision
                    .reasons
                    .iter()
                    .all(|reason| !reason.evidence.is_empty())
            );
        }
        if self.letter == Letter::Nothing {
            let again = decide(&self.small.plan, &self.step.state, self.event);
            assert_eq!(again.state, self.step.state, "many ticks equal one");
            assert_eq!(again.decisions, []);
        }
    }

    /// Invariants 8 and 11.
    fn bounds(&self) {
        let tracks = self.before.tracks.iter().zip(&self.step.state.tracks);
        for ((was, is), track) in tracks.zip(&self.small.plan.tracks) {
            assert!(is.rung <= track.ladder.top());
            let date = |rest: Option<NotBefore>| rest.map(|rest| rest.date);
            let at = |rest: Option<NotBefore>| rest.map(|rest| rest.at);
            assert!(
                date(is.not_before) >= date(was.not_before),
                "rest got shorter"
            );
            assert!(at(is.not_before) >= at(was.not_before), "rest got shorter");
        }
    }

    fn seen(&self) -> Seen {
        let mut seen = self.seen.clone();
        for track in moved_up(self.step) {
            seen.ups[track].push(self.dated(track));
        }
        for ups in &mut seen.ups {
            ups.retain(|up| self.day - up < 7);
        }
        match self.letter {
            Letter::Session(track, answer) => seen.last[track] = Some((self.day, answer)),
            Letter::Late(answer) if self.in_order() => {
                seen.last[0] = Some((self.day - 1, answer));
            }
            Letter::Late(Answer::Red) | Letter::Correct(Answer::Red) => {
                if let Some((_, answer)) = &mut seen.last[0] {
                    *answer = Answer::Red;
                }
            }
            Letter::Day { ill, short } => {
                if ill || short || seen.ill {
                    seen.bad_day = Some(self.day);
                }
                seen.ill = ill;
            }
            _ => {}
        }
        seen
    }

    /// Whether a session that is told late was the latest all the same.
    fn in_order(&self) -> bool {
        let last = self.before.tracks[0].last.as_ref();
        last.is_none_or(|last| last.at <= self.event.at)
    }
}

fn search(small: &Small, events: u32) -> (u128, usize) {
    let letters: Vec<Letter> = ATHLETE.into_iter().chain(PHYSIO).collect();
    let first = Place {
        state: started(small).encode(),
        seen: Seen::default(),
    };
    let mut level: HashMap<Place, u128> = HashMap::from([(first, 1)]);
    let (mut histories, mut states) = (0, 0);
    for number in 1..=events {
        let mut next: HashMap<Place, u128> = HashMap::new();
        for (place, count) in &level {
            let before = PlanState::decode(&place.state).expect("a state");
            for letter in &letters {
                let event = letter.event(small, &before, number);
                let step = decide(&small.plan, &before, &event);
                let tried = Try {
                    small,
                    seen: &place.seen,
                    before: &before,
                    letter: *letter,
                    event: &event,
                    day: i64::from(number) * small.days,
                    step: &step,
                };
                tried.check();
                histories += count;
                states += 1;
                if number < events {
                    let seen = tried.seen();
                    let state = step.state.encode();
                    assert!(state.len() <= 4096);
                    *next.entry(Place { state, seen }).or_default() += count;
                }
            }
        }
        level = next;
    }
    (histories, states)
}

// Planted: the weekly cap lets one step up too many through; a GREEN morning counts a
// session that has blockers; MOVE_TO ends a pause; rest is set and not combined.
#[test]
fn every_short_history_keeps_the_invariants() {
    let events = super::depth(EVENTS);
    for small in small::all() {
        let begun = Instant::now();
        let (histories, steps) = search(&small, events);
        println!(
            "{}: {histories} histories of up to {events} events, in {steps} steps and {:?}",
            small.name,
            begun.elapsed()
        );
        let letters = (ATHLETE.len() + PHYSIO.len()) as u128;
        let all: u128 = (1..=events).map(|length| letters.pow(length)).sum();
        assert_eq!(histories, all);
    }
}
