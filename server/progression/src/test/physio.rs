//! A physio's PAUSE, RESUME and MOVE_TO, and what is refused.

use super::story::{Story, date, not_before, plan, rung, track_id};
use crate::decision::Outcome::{Advance, Pause as PauseOutcome, Repeat, StepBack};
use crate::engine::Judged;
use crate::event::{Event, EventBody, RungSetting};
use crate::id::EventId;
use crate::ladder::TrackKind;
use crate::policy::TissueProfile;
use crate::reason::Measure;
use crate::reason::ReasonCode::{AtBottom, MoveTo, Pause, Paused, RedFlag as RedFlagCode, Resume};
use crate::reason::Value;
use crate::red_flag::RedFlag;

#[test]
fn pause_stops_the_plan() {
    let mut story = Story::new();
    story.pause(0).gives_plan(PauseOutcome, &[Pause]);
    assert!(!story.step[0].automatic);
    assert_eq!(story.state.allowed_rung(track_id(0)), None);
    assert_eq!(story.asks(), None);
    let reason = Some(Value::Text("Let us talk first".to_owned()));
    assert_eq!(story.evidence(Pause, Measure::PhysioReason).0, reason);
    story.pause(1).gives_plan(PauseOutcome, &[Paused, Pause]);
}

#[test]
fn resume_is_the_only_way_out_and_clears_what_the_page_lists() {
    let mut story = Story::new();
    story
        .move_to(0, 0, 5)
        .counted(0)
        .amber(3)
        .morning(4, 0)
        .red(6);
    story.flag(7, RedFlag::NewLimp);
    let kept = story.track(0).clone();
    story.green(8).morning(9, 0).tick(10).move_to(10, 0, 4);
    assert!(story.state.paused.is_some());
    story.resume(11, &[(0, 3)]).gives(StepBack, &[Resume]);
    assert!(!story.step[0].automatic);
    let track = story.track(0);
    assert_eq!(story.state.paused, None);
    assert_eq!(track.rung, rung(3));
    assert!(track.pending.is_none() && track.now.grades.is_empty());
    assert_eq!(
        (track.now.streak, track.now.stepped_back, track.counted),
        (0, false, 0)
    );
    assert_eq!(track.not_before, kept.not_before, "rest is kept");
    assert_eq!(track.no_advance_before, kept.no_advance_before);
    let last = track.last.as_ref().expect("kept");
    assert_eq!(last.before, kept.last.expect("a session").before);
}

#[test]
fn resume_keeps_the_rung_of_a_track_it_does_not_name() {
    let kinds = [(TrackKind::Running, TissueProfile::Unspecified); 2];
    let mut story = Story::started(plan(&kinds));
    story.pause(0).resume(1, &[(0, 4)]);
    story
        .gives_on(0, Advance, &[Resume])
        .gives_on(1, Repeat, &[Resume]);
    assert_eq!(
        [story.track(0).rung, story.track(1).rung],
        [rung(4), rung(2)]
    );
}

#[test]
fn resume_of_a_plan_that_is_not_paused_changes_nothing() {
    let mut story = Story::new();
    story.counted(0);
    let before = story.state.clone();
    story.resume(1, &[(0, 5)]);
    assert_eq!((story.judged, story.step.len()), (Judged::Refused, 0));
    story.state.seq = before.seq;
    assert_eq!(story.state, before);
}

#[test]
fn move_to_skips_rungs_and_takes_back_what_counted_also_on_the_same_rung() {
    let mut story = Story::new();
    story.counted(0).move_to(1, 0, 5).gives(Advance, &[MoveTo]);
    assert!(!story.step[0].automatic);
    assert_eq!((story.rung(), story.track(0).counted), (5, 0));
    assert!(
        story.track(0).advances.is_empty(),
        "not a step up for the weekly cap"
    );
    let mut story = Story::new();
    story.counted(0).move_to(1, 0, 2).gives(Repeat, &[MoveTo]);
    assert_eq!(story.track(0).counted, 0);
    story.move_to(1, 0, 0).gives(StepBack, &[MoveTo]);
}

#[test]
fn move_to_does_not_clear_a_pause() {
    let mut story = Story::new();
    story
        .pause(0)
        .move_to(1, 0, 4)
        .gives(PauseOutcome, &[Paused, MoveTo]);
    assert_eq!(story.rung(), 4);
    assert!(story.state.paused.is_some());
}

#[test]
fn what_does_not_fit_the_plan_is_refused_and_changes_nothing() {
    let mut story = Story::new();
    let before = story.state.clone();
    story.move_to(0, 0, 6);
    assert_eq!(story.judged, Judged::Refused);
    story.move_to(0, 7, 0);
    assert_eq!(story.judged, Judged::Refused);
    story.session(0, |report| report.rung = rung(6));
    assert_eq!(story.judged, Judged::Refused);
    story.session(0, |report| report.track = track_id(7));
    assert_eq!(story.judged, Judged::Refused);
    story.state.seq = before.seq;
    assert_eq!(story.state, before);
    // A red flag acts whatever else is wrong.
    story.session(0, |report| {
        report.track = track_id(7);
        report.red_flags = vec![RedFlag::ChestPain];
    });
    story.gives_plan(PauseOutcome, &[RedFlagCode]);
    story.pause(0).resume(0, &[(0, 6)]);
    assert_eq!(story.judged, Judged::Refused);
    assert!(story.state.paused.is_some());
}

fn faults(story: &Story, body: EventBody) -> Vec<String> {
    let event = Event {
        id: EventId::from(uuid::Uuid::from_u128(9)),
        seq: 9,
        at: super::story::instant(1, 9),
        date: date(1),
        revision: 1,
        body,
    };
    let faults = story.plan.check_event(&story.state, &event);
    faults.into_iter().map(|fault| fault.path).collect()
}

#[test]
fn check_event_names_every_fault_of_an_event() {
    let story = Story::new();
    let mut report = story.report(0);
    assert!(faults(&story, EventBody::Session(report.clone())).is_empty());
    report.rung = rung(6);
    report.red_flags = vec![RedFlag::NewLimp, RedFlag::NewLimp];
    assert_eq!(
        faults(&story, EventBody::Session(report)),
        ["rung", "red_flags"]
    );
    let resume = EventBody::Resume {
        rungs: vec![
            RungSetting {
                track: track_id(0),
                rung: rung(1),
            },
            RungSetting {
                track: track_id(0),
                rung: rung(9),
            },
            RungSetting {
                track: track_id(5),
                rung: rung(1),
            },
        ],
        reason: " ".to_owned(),
    };
    let expected = [
        "reason",
        "",
        "rungs[1].rung",
        "rungs[1].track",
        "rungs[2].track",
    ];
    assert_eq!(faults(&story, resume), expected);
    assert_eq!(
        faults(&story, EventBody::Start { effective: date(3) }),
        ["effective"]
    );
    assert_eq!(
        faults(
            &story,
            EventBody::Pause {
                reason: String::new()
            }
        ),
        ["reason"]
    );
    let event = Event {
        id: EventId::from(uuid::Uuid::from_u128(9)),
        seq: 9,
        at: super::story::instant(1, 9),
        date: date(4),
        revision: 2,
        body: EventBody::Tick,
    };
    let faults = story.plan.check_event(&story.state, &event);
    let paths: Vec<_> = faults.iter().map(|fault| fault.path.as_str()).collect();
    assert_eq!(paths, ["revision", "date"]);
}

#[test]
fn the_first_cause_of_a_pause_stays() {
    let mut story = Story::new();
    story.move_to(0, 0, 0).red(0).pause(1);
    assert_eq!(
        story.state.paused.map(|paused| paused.cause),
        Some(AtBottom)
    );
    assert_eq!(story.state.paused.map(|paused| paused.since), Some(date(0)));
    assert_eq!(story.track(0).not_before, Some(not_before(3, 2, 10)));
}

#[test]
fn resume_takes_back_what_counted() {
    let mut story = Story::new();
    story.counted(0).pause(1);
    assert_eq!(story.track(0).counted, 1);
    story.resume(1, &[]);
    assert_eq!(story.track(0).counted, 0);
}
