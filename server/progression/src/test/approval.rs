//! APPROVE and DECLINE: a step up that waits for the physio's word.

use super::story::{Story, date, not_before, plan, track_id};
use crate::decision::Outcome::{Advance, Hold, Repeat};
use crate::engine::Judged;
use crate::event::EventBody;
use crate::ladder::TrackKind;
use crate::policy::TissueProfile;
use crate::reason::ReasonCode::{
    self, Approve, Counted, Decline, DeloadWeek, Illness, Locked, Moved, NeedsApproval, Paused,
    ReadinessLow, WeeklyCap,
};
use crate::reason::{Measure, Value};
use crate::red_flag::RedFlag;

/// A track whose next rung needs the physio's word, one session away from asking.
fn before_asking() -> Story {
    let mut story = Story::new();
    story.plan.tracks[0].policy.successes_to_advance = 1;
    story.plan.tracks[0].ladder.rungs[3].needs_approval = true;
    story
}

/// The same, waiting for the word since the morning of day 1.
fn waiting() -> Story {
    let mut story = before_asking();
    story.counted(0).gives(Hold, &[NeedsApproval, Counted]);
    assert!(story.track(0).awaiting_approval);
    story
}

fn bars(story: &Story, day: i64) -> Vec<ReasonCode> {
    let bars = story
        .plan
        .bars_to_approval(&story.state, track_id(0), date(day));
    bars.iter().map(|reason| reason.code).collect()
}

/// The physio approves: what bars it, which must be what is done.
#[track_caller]
fn approved(story: &Story, day: i64) -> Vec<ReasonCode> {
    let bars = bars(story, day);
    let mut story = story.clone();
    let before = story.state.clone();
    story.approve(day);
    if bars.is_empty() {
        story.gives(Advance, &[Approve]);
    } else {
        assert_eq!((story.judged, story.step.len()), (Judged::Refused, 0));
        assert_eq!(story.state.tracks, before.tracks);
    }
    bars
}

#[test]
fn approve_is_a_step_up_of_exactly_one_by_the_physio() {
    let mut story = waiting();
    story.approve(2).gives(Advance, &[Approve]);
    assert!(!story.step[0].automatic);
    assert_eq!(story.asks(), None);
    assert_eq!((story.rung(), story.track(0).counted), (3, 0));
    assert!(!story.track(0).awaiting_approval);
    // Dated by its own date.
    assert_eq!(story.track(0).advances, [date(2)]);
    assert_eq!(story.numbers(Approve, Measure::Rung), (3, 2));
    assert_eq!(approved(&story, 2), [NeedsApproval], "not twice");
}

#[test]
fn a_reason_is_told_where_the_physio_gave_one() {
    let mut story = waiting();
    story.approve(2);
    let told = |story: &Story| {
        let evidence = story.step[0].reasons[0].evidence.iter();
        evidence
            .filter(|evidence| evidence.measure == Measure::PhysioReason)
            .count()
    };
    assert_eq!(told(&story), 0);
    let mut story = waiting();
    let (track, reason) = (track_id(0), "Strong enough".to_owned());
    story.event(2, 12, EventBody::Approve { track, reason });
    let seen = story.evidence(Approve, Measure::PhysioReason).0;
    assert_eq!(seen, Some(Value::Text("Strong enough".to_owned())));
}

#[test]
fn approve_is_refused_unless_a_step_up_waits() {
    let mut story = before_asking();
    assert_eq!(approved(&story, 0), [NeedsApproval]);
    story.green(0);
    assert_eq!(approved(&story, 0), [NeedsApproval]);
    assert!(approved(&waiting(), 1).is_empty());
    // A merely blocked session leaves it waiting, and so does a counted one.
    let mut story = waiting();
    story.session(2, |report| report.confidence = None);
    story.morning(3, 0);
    assert!(approved(&story, 3).is_empty());
    story.counted(4).gives(Hold, &[NeedsApproval, Counted]);
    assert!(approved(&story, 5).is_empty());
}

#[test]
fn approve_is_refused_while_ill_and_through_the_first_well_date() {
    let mut story = waiting();
    story.ill(2);
    assert_eq!(approved(&story, 2), [Illness]);
    story.well(4);
    assert_eq!(approved(&story, 4), [Illness]);
    assert!(approved(&story, 5).is_empty());
}

#[test]
fn approve_is_refused_on_a_date_of_low_readiness() {
    let mut story = waiting();
    story.short_night(3);
    assert!(bars(&story, 2).is_empty());
    assert_eq!(approved(&story, 3), [ReadinessLow]);
    assert!(approved(&story, 4).is_empty());
}

#[test]
fn approve_is_refused_in_a_deload_week() {
    let mut story = before_asking();
    story.counted(18);
    assert!(approved(&story, 20).is_empty());
    assert_eq!(approved(&story, 21), [DeloadWeek]);
    let policy = &mut story.plan.tracks[0].policy;
    policy.deload_every_weeks = 0;
    assert!(approved(&story, 21).is_empty());
}

#[test]
fn approve_is_refused_while_capped_by_its_own_date() {
    let mut story = waiting();
    story.state.tracks[0].advances = vec![date(1), date(1)];
    assert_eq!(approved(&story, 5), [WeeklyCap]);
    assert_eq!(bars(&story, 7), [WeeklyCap]);
    assert!(bars(&story, 8).is_empty());
    story.state.tracks[0].advances = vec![date(1)];
    assert!(approved(&story, 5).is_empty());
    story.state.tracks[0].no_advance_before = Some(date(6));
    assert_eq!(approved(&story, 5), [WeeklyCap]);
    assert!(approved(&story, 6).is_empty());
}

#[test]
fn approve_is_refused_while_paused_and_a_pause_ends_the_wait() {
    let mut story = waiting();
    story.pause(1);
    assert_eq!(approved(&story, 1), [Paused, NeedsApproval]);
    story.resume(1, &[]);
    assert_eq!(approved(&story, 1), [NeedsApproval]);
    let mut story = waiting();
    story.flag(2, RedFlag::NewLimp);
    assert!(!story.track(0).awaiting_approval);
}

#[test]
fn every_loss_of_what_counted_ends_the_wait() {
    type Act = fn(&mut Story);
    let acts: [(&str, Act); 8] = [
        ("an AMBER session", |story| {
            story.amber(2);
        }),
        ("a RED session", |story| {
            story.red(2);
        }),
        ("a RED morning", |story| {
            story.green(2).morning(3, 2);
        }),
        ("a LATE morning", |story| {
            story.morning(2, 1);
        }),
        ("a gap", |story| {
            story.tick(8);
        }),
        ("a move to the same rung", |story| {
            story.move_to(2, 0, 2);
        }),
        ("a correction", |story| {
            story.correct_pain(0, 5);
        }),
        ("another dose", |story| {
            story.amend(2, &[], |plan| {
                plan.tracks[0].ladder.rungs[2].dose = super::story::dose(350);
            });
        }),
    ];
    for (name, act) in acts {
        let mut story = waiting();
        act(&mut story);
        assert!(!story.track(0).awaiting_approval, "{name}");
        assert_eq!(story.track(0).counted, 0, "{name}");
    }
}

#[test]
fn a_session_that_waits_when_the_physio_approves_does_not_count() {
    let mut story = waiting();
    story.green(2).approve(2).gives(Advance, &[Approve]);
    story.morning(3, 0).gives(Repeat, &[Moved]);
    assert_eq!(story.track(0).counted, 0);
}

#[test]
fn an_approved_step_up_counts_for_the_cap_and_a_moved_one_does_not() {
    let mut story = before_asking();
    story.plan.tracks[0].policy.max_advances_per_7_days = 1;
    story.counted(0).approve(1);
    story.counted(2).gives(Hold, &[WeeklyCap, Counted]);
    let mut story = before_asking();
    story.plan.tracks[0].policy.max_advances_per_7_days = 1;
    story.counted(0).move_to(1, 0, 3);
    story.counted(2).gives(Advance, &[Counted]);
}

#[test]
fn decline_takes_back_what_counted() {
    let mut story = waiting();
    story.decline(1).gives(Repeat, &[Decline]);
    assert!(!story.step[0].automatic);
    assert_eq!((story.rung(), story.track(0).counted), (2, 0));
    assert!(!story.track(0).awaiting_approval);
    let reason = story.evidence(Decline, Measure::PhysioReason).0;
    assert_eq!(reason, Some(Value::Text("Not yet".to_owned())));
    // It is earned anew, and asked anew.
    story.counted(2).gives(Hold, &[NeedsApproval, Counted]);
    assert_eq!(story.asking(), [NeedsApproval]);
    // Nothing bars it but that nothing waits.
    let mut story = waiting();
    story.ill(2).decline(2).gives(Repeat, &[Decline]);
    let before = story.state.clone();
    story.decline(3);
    assert_eq!((story.judged, story.step.len()), (Judged::Refused, 0));
    story.state.seq = before.seq;
    assert_eq!(story.state, before);
}

#[test]
fn neither_moves_the_rest() {
    let mut story = waiting();
    story.green(2);
    let rest = Some(not_before(4, 3, 10));
    assert_eq!(story.track(0).not_before, rest);
    let mut declined = story.clone();
    declined.decline(2);
    assert_eq!(declined.track(0).not_before, rest);
    story.approve(2);
    assert_eq!(story.track(0).not_before, rest);
}

#[test]
fn an_unknown_track_has_nothing_that_could_be_approved() {
    let mut story = waiting();
    let codes = story
        .plan
        .bars_to_approval(&story.state, track_id(7), date(1));
    assert_eq!(codes[0].code, Locked);
    for body in [
        EventBody::Approve {
            track: track_id(7),
            reason: String::new(),
        },
        EventBody::Decline {
            track: track_id(7),
            reason: "No".to_owned(),
        },
    ] {
        story.event(1, 12, body);
        assert_eq!((story.judged, story.step.len()), (Judged::Refused, 0));
    }
}

#[test]
fn only_the_track_that_is_named_goes_up() {
    let mut two = plan(&[(TrackKind::Strength, TissueProfile::Unspecified); 2]);
    for track in &mut two.tracks {
        track.policy.successes_to_advance = 1;
        track.ladder.rungs[3].needs_approval = true;
    }
    let mut story = Story::started(two);
    story.session_on(0, 0, |_| {}).session_on(1, 0, |_| {});
    story.morning(1, 0).approve(1);
    assert_eq!((story.rung(), story.track(1).rung.get()), (3, 2));
    assert!(story.track(1).awaiting_approval);
    assert_eq!(story.step.len(), 1);
}
