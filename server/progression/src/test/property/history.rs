//! Histories: events made of moves, and what the rules make of the events.

use std::rc::Rc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::moves::{Effort, Move, Target, Timed};
use super::worse::{Worse, corrected, said};
use crate::engine::{Judged, Step, decide, decide_in_place};
use crate::event::{Correction, Event, EventBody, Report, RungSetting, SessionReport};
use crate::id::EventId;
use crate::plan::PlanDefinition;
use crate::state::PlanState;
use crate::test::story::{date, dose, instant, rung};

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

/// What was said, and by which event last.
struct Said {
    at: DateTime<Utc>,
    date: NaiveDate,
    revision: u32,
    by: EventId,
    report: Report,
}

/// A history as it is made. What depends on the state ("the current rung") is read from it
/// as it goes and then stands fixed.
struct Maker {
    /// Revisions of the plan, the present one last.
    plans: Vec<PlanDefinition>,
    state: PlanState,
    said: Vec<Said>,
    now: DateTime<Utc>,
    events: Vec<Event>,
}

/// Makes events of moves; the plan starts on this day.
pub(super) fn events_from(plan: &PlanDefinition, start: i64, moves: &[Timed]) -> Vec<Event> {
    let mut maker = Maker {
        plans: vec![plan.clone()],
        state: PlanState::new(plan),
        said: Vec::new(),
        now: instant(0, 6),
        events: Vec::new(),
    };
    let effective = date(start);
    maker.push(instant(0, 0), date(0), 1, EventBody::Start { effective });
    for timed in moves {
        maker.next(timed);
    }
    maker.events
}

/// Makes events of moves.
pub(super) fn events(plan: &PlanDefinition, moves: &[Timed]) -> Vec<Event> {
    events_from(plan, 0, moves)
}

impl Maker {
    fn plan(&self) -> &PlanDefinition {
        &self.plans[self.plans.len() - 1]
    }

    fn push(&mut self, at: DateTime<Utc>, date: NaiveDate, revision: u32, body: EventBody) {
        let seq = self.events.len() as u64 + 1;
        let next = Event {
            revision,
            ..event(seq, at, date, body)
        };
        let plan = &self.plans[self.plans.len() - 1];
        let (_, judged) = decide_in_place(plan, &mut self.state, &next);
        if let (EventBody::Amend(amendment), Judged::Fully) = (&next.body, judged) {
            self.plans.push(amendment.to.clone());
        }
        if let Some(report) = said(&next.body).filter(|_| !next.is_correction()) {
            self.said.push(Said {
                at,
                date,
                revision,
                by: next.id,
                report,
            });
        }
        self.events.push(next);
    }

    fn next(&mut self, timed: &Timed) {
        self.now += TimeDelta::hours(timed.hours);
        let (at, zone) = (self.now, TimeDelta::hours(timed.zone));
        let civil = (at + zone).date_naive();
        let (tracks, revision) = (self.plan().tracks.len(), self.plan().revision);
        let id = |index: usize| self.plan().tracks[index % tracks].id;
        let reason = "r".to_owned();
        let awaiting = || {
            let waits = self
                .state
                .tracks
                .iter()
                .find(|track| track.awaiting_approval);
            waits.map_or_else(|| id(0), |track| track.id)
        };
        let body = match &timed.action {
            Move::Session(effort) => return self.session(effort, zone),
            Move::Correct(which, how) => return self.correct(*which, how.as_ref()),
            Move::Unplanned(report) => EventBody::Unplanned(report.clone()),
            Move::Morning(report) => EventBody::Morning(report.clone()),
            Move::Wellness(report) => EventBody::Wellness(report.clone()),
            Move::Tick => EventBody::Tick,
            Move::Pause => EventBody::Pause { reason },
            Move::Resume(settings) => {
                let mut rungs: Vec<RungSetting> = Vec::new();
                for (index, to) in settings {
                    let (track, top) =
                        (id(*index), self.plan().tracks[index % tracks].ladder.top());
                    if rungs.iter().all(|setting| setting.track != track) {
                        let rung = rung(*to).min(top);
                        rungs.push(RungSetting { track, rung });
                    }
                }
                EventBody::Resume { rungs, reason }
            }
            Move::To(index, to) => EventBody::MoveTo {
                track: id(*index),
                rung: rung(*to).min(self.plan().tracks[index % tracks].ladder.top()),
                reason,
            },
            Move::Answer(_)
                if self
                    .state
                    .tracks
                    .iter()
                    .all(|track| !track.awaiting_approval) =>
            {
                return;
            }
            Move::Approve | Move::Answer(true) => EventBody::Approve {
                track: awaiting(),
                reason,
            },
            Move::Decline | Move::Answer(false) => EventBody::Decline {
                track: awaiting(),
                reason,
            },
            Move::Amend(change) => EventBody::Amend(Box::new(change.of(self.plan(), &self.state))),
        };
        self.push(at, civil, revision, body);
    }

    fn session(&mut self, effort: &Effort, zone: TimeDelta) {
        let at = (self.now - TimeDelta::hours(effort.back)).max(instant(0, 6));
        let civil = (at + zone).date_naive();
        let now = self.plan();
        let place = effort.track % now.tracks.len();
        let track = &now.tracks[place];
        let tick = event(self.events.len() as u64 + 1, at, civil, EventBody::Tick);
        let current = decide(now, &self.state, &tick).state.tracks[place].rung;
        let rung = match effort.target {
            Target::Current => current,
            Target::Below => current.checked_down(1).unwrap_or(current),
            Target::Fixed(index) => rung(index).min(track.ladder.top()),
        };
        let former = self
            .plans
            .len()
            .checked_sub(2)
            .map(|place| &self.plans[place]);
        let earlier = former.filter(|_| effort.earlier).and_then(|former| {
            let earlier = former.earlier_rung(now, track.id, rung)?;
            Some((former.revision, earlier))
        });
        let advised = earlier.map_or(track.ladder.rungs[rung.position()].dose, |(_, rung)| {
            rung.dose
        });
        let report = SessionReport {
            track: track.id,
            rung,
            dose_done: dose(advised.get() * effort.percent / 100),
            earlier: earlier.map(|(_, rung)| rung),
            ..effort.report.clone()
        };
        let revision = earlier.map_or(now.revision, |(revision, _)| revision);
        self.push(at, civil, revision, EventBody::Session(report));
    }

    /// Corrects what was said, with the rung as its own revision had it.
    fn correct(&mut self, which: prop::sample::Index, how: Option<&Worse>) {
        if self.said.is_empty() {
            return;
        }
        let place = which.index(self.said.len());
        let said = &self.said[place];
        let (at, date, revision) = (said.at, said.date, said.revision);
        let mut now = corrected(&said.report, how);
        if let Report::Session(report) = &mut now {
            // The server takes no correction of a session on a track that is closed.
            if self.plan().track(report.track).is_none() {
                return;
            }
            let former = self.plans.iter().find(|plan| plan.revision == revision);
            report.earlier = former
                .filter(|former| former.revision != self.plan().revision)
                .and_then(|former| former.earlier_rung(self.plan(), report.track, report.rung));
        }
        let correction = Correction {
            corrects: said.by,
            was: said.report.clone(),
            now: now.clone(),
        };
        self.push(
            at,
            date,
            revision,
            EventBody::Correction(Box::new(correction)),
        );
        let by = self.events[self.events.len() - 1].id;
        let said = &mut self.said[place];
        (said.by, said.report) = (by, now);
    }
}

/// One event with all that led to it and came of it.
pub(super) struct Turn<'e> {
    /// The plan before it.
    pub(super) plan: Rc<PlanDefinition>,
    pub(super) before: PlanState,
    pub(super) event: &'e Event,
    pub(super) step: Step,
}

/// Every turn of a history.
pub(super) fn run<'e>(plan: &PlanDefinition, events: &'e [Event]) -> Vec<Turn<'e>> {
    let mut plan = Rc::new(plan.clone());
    let mut state = PlanState::new(&plan);
    let mut turns = Vec::with_capacity(events.len());
    for event in events {
        let step = decide(&plan, &state, event);
        let before = std::mem::replace(&mut state, step.state.clone());
        let next = match (&event.body, step.judged) {
            (EventBody::Amend(amendment), Judged::Fully) => Rc::new(amendment.to.clone()),
            _ => Rc::clone(&plan),
        };
        turns.push(Turn {
            plan: std::mem::replace(&mut plan, next),
            before,
            event,
            step,
        });
    }
    turns
}
