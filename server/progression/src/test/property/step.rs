//! What every single step keeps to (invariants 1, 2 and 3).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::config;
use super::history::{Turn, events, events_from, run};
use super::moves::any_moves;
use super::prescription::plans;
use crate::decision::Outcome;
use crate::event::{Event, EventBody};
use crate::id::TrackId;
use crate::reason::ReasonCode;
use crate::red_flag::RedFlag;
use crate::state::{Grade, NotBefore, TrackStatus};

fn is_before(event: &Event, rest: Option<NotBefore>) -> bool {
    rest.is_some_and(|rest| event.date < rest.date || event.at < rest.at)
}

/// The red flags that a check-in is the first to say.
fn new_flags(event: &Event) -> Vec<RedFlag> {
    let known: &[RedFlag] = match &event.body {
        EventBody::Correction(correction) => correction.was.red_flags(),
        _ => &[],
    };
    let flags = event.red_flags().iter().copied();
    flags.filter(|flag| !known.contains(flag)).collect()
}

/// The tracks that went up in a turn by themselves or with a physio's approval, and the
/// date of that: of the session, or of the approval.
fn ups(turn: &Turn) -> Vec<(TrackId, NaiveDate)> {
    let up = turn.step.decisions.iter().filter(|decision| {
        let approved = |reason: &crate::reason::Reason| reason.code == ReasonCode::Approve;
        decision.outcome == Outcome::Advance
            && (decision.automatic || decision.reasons.iter().any(approved))
    });
    let dated = up.filter_map(|decision| {
        let track = turn.step.state.track(decision.track?)?;
        let session = track.last.as_ref().map(|last| last.date);
        let date = if decision.automatic {
            session?
        } else {
            turn.event.date
        };
        Some((track.id, date))
    });
    dated.collect()
}

/// Dates that no step up may touch, kept apart from the engine's own notes.
#[derive(Default)]
struct Days {
    /// The latest date of which a wellness check-in was taken.
    latest: Option<NaiveDate>,
    ill: bool,
    /// Dates from the first report of an illness to the one that ended it, inclusive.
    illnesses: Vec<(NaiveDate, NaiveDate)>,
    /// Nights that were too short.
    short: Vec<NaiveDate>,
}

impl Days {
    fn hear(&mut self, turn: &Turn) {
        let date = turn.event.date;
        let EventBody::Wellness(report) = &turn.event.body else {
            return;
        };
        if !report.red_flags.is_empty() || self.latest.is_some_and(|latest| date < latest) {
            return;
        }
        self.latest = Some(date);
        if report.sleep.is_some_and(|sleep| sleep.get() < 360) {
            self.short.push(date);
        }
        match (report.ill, self.ill) {
            (true, false) => self.illnesses.push((date, NaiveDate::MAX)),
            (false, true) => {
                if let Some((_, end)) = self.illnesses.last_mut() {
                    *end = date;
                }
            }
            _ => {}
        }
        self.ill = report.ill;
    }

    /// Whether any date from a session's to its morning's was one of illness or of too
    /// little sleep.
    fn touch(&self, from: NaiveDate, to: NaiveDate) -> bool {
        let ill = self
            .illnesses
            .iter()
            .any(|(begin, end)| *begin <= to && from <= *end);
        ill || self.short.iter().any(|date| (from..=to).contains(date))
    }
}

proptest! {
    #![proptest_config(config())]

    // Planted: the weekly cap lets one step up too many through; and, by itself, an
    // approval is not dated.
    #[test]
    fn invariant_1_one_step_up_at_a_time_and_never_too_many_in_seven_dates(
        plan in plans(),
        moves in any_moves(),
    ) {
        let events = events(&plan, &moves);
        let mut dates: BTreeMap<TrackId, Vec<NaiveDate>> = BTreeMap::new();
        for turn in run(&plan, &events) {
            for decision in turn.step.decisions.iter().filter(|decision| decision.automatic) {
                let (Some(from), Some(to)) = (decision.from_rung, decision.to_rung) else {
                    continue;
                };
                prop_assert!(to.get() <= from.get() + 1, "{decision:#?}");
                prop_assert_eq!(to > from, decision.outcome == Outcome::Advance);
                if to < from {
                    prop_assert!(decision.outcome <= Outcome::StepBack, "{decision:#?}");
                }
            }
            for (track, date) in ups(&turn) {
                let (_, definition) = turn.plan.track(track).expect("a track");
                let dates = dates.entry(track).or_default();
                dates.push(date);
                // The limit as it is now, of all seven dates in a row with this one.
                for first in dates.iter().filter(|first| (0..7).contains(&(date - **first).num_days())) {
                    let within = |other: &&NaiveDate| (0..7).contains(&(**other - *first).num_days());
                    let count = dates.iter().filter(within).count();
                    prop_assert!(count <= definition.policy.max_advances_per_7_days as usize);
                }
            }
        }
    }

    // Planted: a GREEN morning counts a session that has blockers; and, each by itself, a
    // session is not judged by illness, short nights or lighter weeks when it closes, and an
    // illness that is reported before START is forgotten.
    #[test]
    fn invariant_2_no_advance_on_a_bad_state(
        plan in plans(),
        start in 0_i64..3,
        moves in any_moves(),
    ) {
        let events = events_from(&plan, start, &moves);
        let mut too_early: BTreeMap<_, bool> = BTreeMap::new();
        let mut days = Days::default();
        for turn in run(&plan, &events) {
            let Turn { plan, before, event, step } = &turn;
            days.hear(&turn);
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
                let policy = &definition.policy;
                let points = report.pain.get().saturating_sub(plan.baseline.pain.get());
                prop_assert!(points < policy.morning_red_points);
                prop_assert!(policy.morning_amber_points.is_none_or(|p| points < p));
                prop_assert!(report.red_flags.is_empty());
                prop_assert_eq!(now.last.as_ref().map(|last| last.grade), Some(Grade::Green));
                prop_assert!(before.paused.is_none() && step.state.paused.is_none());
                prop_assert_eq!(held.status, TrackStatus::Active);
                let pending = held.pending.as_ref().expect("a session that waits");
                prop_assert!(pending.blockers.is_empty());
                prop_assert_eq!(too_early.get(&id), Some(&false), "rest was not met");
                prop_assert!(held.no_advance_before.is_none_or(|until| pending.date >= until));
                prop_assert!(!days.touch(pending.date, event.date), "ill, or too little sleep");
                let every = i64::from(policy.deload_every_weeks);
                let begun = before.started.expect("a start");
                let mut date = pending.date.max(begun);
                while every > 0 && date <= event.date {
                    let week = (date - begun).num_days() / 7;
                    prop_assert!((week + 1) % every != 0, "a lighter week");
                    date = date.succ_opt().expect("a date");
                }
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

    // Planted: MOVE_TO ends a pause; and, by itself, a correction's red flag does nothing.
    #[test]
    fn invariant_3_a_red_flag_pauses_until_a_physio_resumes(
        plan in plans(),
        start in 0_i64..3,
        moves in any_moves(),
    ) {
        let events = events_from(&plan, start, &moves);
        for turn in run(&plan, &events) {
            let Turn { before, event, step, .. } = &turn;
            let urgent = step.decisions.iter().filter(|d| d.ask.is_some_and(|ask| ask.urgent));
            let flagged = !new_flags(event).is_empty();
            prop_assert_eq!(urgent.count(), usize::from(flagged));
            if flagged {
                let cause = step.state.paused.map(|paused| paused.cause);
                prop_assert_eq!(cause, Some(ReasonCode::RedFlag));
            }
            let resumes = matches!(event.body, EventBody::Resume { .. });
            if before.paused.is_some() && !resumes {
                prop_assert!(step.state.paused.is_some());
                let moved = matches!(event.body, EventBody::MoveTo { .. } | EventBody::Amend(_));
                for is in &step.state.tracks {
                    let was = before.track(is.id).map(|was| was.rung);
                    prop_assert!(moved || was == Some(is.rung));
                    prop_assert_eq!(step.state.allowed_rung(is.id), None);
                }
            }
            if before.paused.is_none() && step.state.paused.is_some() {
                let says = step.decisions.iter().any(|d| d.outcome == Outcome::Pause);
                prop_assert!(says, "a pause is a decision");
            }
        }
    }
}
