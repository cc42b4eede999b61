//! What the random histories hold: everything, and mostly good.

#![expect(clippy::print_stdout, reason = "what the histories hold is told")]

use std::collections::BTreeMap;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::history::{Turn, events, run};
use super::moves::{any_moves, unattended};
use super::prescription::plans;
use crate::decision::Outcome;
use crate::event::{EventBody, Report, SessionReport};
use crate::ladder::TrackKind;
use crate::reason::ReasonCode;

/// As many histories as give every reason several times.
const HISTORIES: usize = 3_000;

fn kind(turn: &Turn) -> &'static str {
    let exposes = |report: &SessionReport| {
        let track = turn.plan.track(report.track);
        track.is_some_and(|(_, track)| track.ladder.kind == TrackKind::Exposure)
    };
    match &turn.event.body {
        EventBody::Session(report) if report.earlier.is_some() => "session of a revision before",
        EventBody::Session(report) if exposes(report) => "session of an EXPOSURE track",
        EventBody::Session(_) => "session",
        EventBody::Unplanned(_) => "unplanned",
        EventBody::Morning(_) => "morning",
        EventBody::Wellness(_) => "wellness",
        EventBody::Correction(correction) => match correction.now {
            Report::Session(_) => "correction of a session",
            Report::Unplanned(_) => "correction of an unplanned one",
            Report::Morning(_) => "correction of a morning",
            Report::Wellness(_) => "correction of a wellness",
        },
        EventBody::Start { .. } => "start",
        EventBody::Pause { .. } => "pause",
        EventBody::Resume { .. } => "resume",
        EventBody::MoveTo { .. } => "move",
        EventBody::Approve { .. } => "approve",
        EventBody::Decline { .. } => "decline",
        EventBody::Amend(_) => "amend",
        EventBody::Tick => "tick",
    }
}

const KINDS: usize = 18;

#[test]
fn histories_hold_every_event_and_every_reason_and_a_quarter_of_them_goes_up() {
    let mut runner = TestRunner::deterministic();
    let histories = (plans(), any_moves());
    let mut advancing = 0;
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut reasons: BTreeMap<ReasonCode, usize> = BTreeMap::new();
    for _ in 0..HISTORIES {
        let (plan, moves) = histories
            .new_tree(&mut runner)
            .expect("a history")
            .current();
        let events = events(&plan, &moves);
        let mut up = false;
        for turn in run(&plan, &events) {
            *kinds.entry(kind(&turn)).or_default() += 1;
            // The server takes nothing else; what depends on the moment it may refuse.
            let faults = turn.plan.check_event(&turn.before, turn.event);
            let of_the_moment = matches!(
                turn.event.body,
                EventBody::Resume { .. } | EventBody::Approve { .. } | EventBody::Decline { .. }
            );
            assert!(
                of_the_moment || faults.is_empty(),
                "{faults:?} {:?}",
                turn.event
            );
            for decision in &turn.step.decisions {
                up |= decision.automatic && decision.outcome == Outcome::Advance;
                for reason in &decision.reasons {
                    *reasons.entry(reason.code).or_default() += 1;
                }
            }
        }
        advancing += usize::from(up);
    }
    println!("{advancing} of {HISTORIES} histories go up; {kinds:?}; {reasons:?}");
    assert!(
        advancing * 4 >= HISTORIES,
        "only {advancing} of {HISTORIES} go up"
    );
    assert_eq!(kinds.len(), KINDS, "{kinds:?}");
    let missing: Vec<_> = ReasonCode::ALL
        .iter()
        .filter(|code| !reasons.contains_key(code))
        .collect();
    assert!(missing.is_empty(), "never given: {missing:?}");
}

#[test]
fn histories_without_a_physio_go_up_in_a_quarter_too() {
    let mut runner = TestRunner::deterministic();
    let histories = (plans(), unattended());
    let count = HISTORIES / 3;
    let goes_up = |_: &usize| {
        let (plan, moves) = histories
            .new_tree(&mut runner)
            .expect("a history")
            .current();
        let events = events(&plan, &moves);
        let mut decisions = run(&plan, &events)
            .into_iter()
            .flat_map(|turn| turn.step.decisions);
        decisions.any(|decision| decision.outcome == Outcome::Advance)
    };
    let advancing = (0..count).filter(goes_up).count();
    assert!(advancing * 4 >= count, "only {advancing} of {count} go up");
}
