//! Sessions reported after a later one of their track.

use super::story::{Story, date, not_before, pain};
use crate::decision::Outcome::{Hold, Pause, Repeat, StepBack};
use crate::policy::TissueProfile;
use crate::reason::ReasonCode::{
    AtBottom, AwaitMorning, BonePain, Counted, Late, Moved, OtherTrackRed, PainRed, RedAgain,
    RedFlag as RedFlagCode,
};
use crate::red_flag::RedFlag;
use crate::scale::RungIndex;
use crate::state::Grade;

#[test]
fn a_late_session_that_is_not_red_moves_nothing() {
    for value in [0, 4] {
        let mut story = Story::new();
        story.green(4);
        let before = story.state.clone();
        story.pain(2, value).gives(Hold, &[Late]);
        story.state.seq = before.seq;
        assert_eq!(story.state, before, "pain {value}");
        story.morning(5, 0).gives(Repeat, &[Counted]);
    }
}

#[test]
fn a_session_at_the_instant_of_the_last_one_is_not_late() {
    let mut story = Story::new();
    story.green(4).green(4);
    assert!(story.codes().contains(&AwaitMorning));
    assert!(!story.codes().contains(&Late));
}

#[test]
fn a_late_red_acts_and_the_pending_session_does_not_count() {
    let mut story = Story::new();
    story
        .counted(1)
        .green(4)
        .red(2)
        .gives(StepBack, &[PainRed, Late]);
    assert_eq!((story.rung(), story.track(0).counted), (1, 0));
    // Rest and the wait for a step up from the later of the two sessions.
    assert_eq!(story.track(0).not_before, Some(not_before(7, 6, 10)));
    assert_eq!(story.track(0).no_advance_before, Some(date(11)));
    story.morning(5, 0).gives(Repeat, &[Late, Moved]);
    assert_eq!(story.track(0).counted, 0);
}

#[test]
fn a_late_red_enters_the_facts_before_the_last_session_and_the_tracks() {
    let mut story = Story::new();
    story.move_to(0, 0, 5).counted(1).green(4).red(2);
    let track = story.track(0);
    assert_eq!(track.now.grades, [Grade::Green, Grade::Red, Grade::Green]);
    assert_eq!((track.now.streak, track.now.stepped_back), (1, true));
    let before = &track.last.as_ref().expect("a session").before;
    assert_eq!(before.grades, [Grade::Green, Grade::Red]);
    assert_eq!((before.streak, before.stepped_back), (1, true));
    // So the morning of the last session is RED again.
    story.morning(5, 2);
    assert!(story.codes().contains(&RedAgain));
}

#[test]
fn a_late_red_is_red_again_by_any_grade_held() {
    let mut story = Story::new();
    story
        .move_to(0, 0, 5)
        .red(0)
        .morning(1, 0)
        .counted(4)
        .counted(6);
    assert_eq!(
        story.track(0).now.grades,
        [Grade::Red, Grade::Green, Grade::Green]
    );
    story.red(5).gives(Pause, &[RedAgain, PainRed, Late]);
    assert_eq!(story.asking(), [RedAgain]);
    let mut story = Story::new();
    story
        .move_to(0, 0, 5)
        .counted(4)
        .counted(6)
        .red(5)
        .gives(StepBack, &[PainRed, Late]);
}

#[test]
fn a_late_red_looks_no_further_back_than_three_sessions() {
    let mut story = Story::new();
    story.move_to(0, 0, 5).red(0).morning(1, 0);
    story.counted(4).counted(6).counted(8);
    assert_eq!(story.track(0).now.grades, [Grade::Green; 3]);
    story.red(7).gives(StepBack, &[PainRed, Late]);
}

#[test]
fn a_late_red_is_red_again_by_what_was_held_before_a_resume() {
    let mut story = Story::new();
    story.move_to(0, 0, 5).red(4).pause(4).resume(5, &[(0, 4)]);
    assert!(story.track(0).now.grades.is_empty());
    story.red(2);
    assert!(story.codes().contains(&RedAgain));
}

#[test]
fn a_late_red_is_red_again_after_an_amber_that_stepped_back() {
    let mut story = Story::new();
    story.move_to(0, 0, 5);
    story
        .amber(0)
        .morning(1, 0)
        .amber(3)
        .morning(4, 0)
        .amber(6)
        .morning(7, 0)
        .green(9);
    story.red(8).gives(Pause, &[RedAgain, PainRed, Late]);
}

#[test]
fn a_late_red_at_the_bottom_pauses_and_on_bone_it_asks() {
    let mut plan = Story::of(TissueProfile::BoneStress).plan;
    plan.tracks[0].start_rung = RungIndex::MIN;
    let mut story = Story::started(plan);
    story
        .green(4)
        .pain(2, 1)
        .gives(Pause, &[AtBottom, BonePain, Late]);
    assert_eq!(story.asking(), [AtBottom, BonePain]);
}

#[test]
fn a_late_red_on_a_running_track_holds_the_others() {
    let mut story = Story::running(2);
    story.session_on(0, 4, |_| {});
    story.session_on(0, 2, |report| report.pain_during = pain(9));
    story
        .gives_on(0, StepBack, &[PainRed, Late])
        .gives_on(1, Hold, &[OtherTrackRed]);
}

#[test]
fn a_red_flag_on_a_late_session_pauses() {
    let mut story = Story::new();
    story
        .green(4)
        .session(2, |report| report.red_flags = vec![RedFlag::ChestPain]);
    story.gives_plan(Pause, &[RedFlagCode]);
}

#[test]
fn late_is_a_matter_of_one_track() {
    let mut story = Story::running(2);
    story.session_on(0, 4, |_| {}).session_on(1, 2, |_| {});
    assert!(
        story
            .decision(1)
            .reasons
            .iter()
            .all(|reason| reason.code != Late)
    );
}

#[test]
fn a_late_red_after_a_resume_is_not_taken_for_the_last_session() {
    let mut story = Story::new();
    story.move_to(0, 0, 5).green(4).pause(4).resume(4, &[]);
    story.red(2);
    assert_eq!(story.track(0).now.grades, [Grade::Red]);
    // The late morning of the last session enters beside it, not in its place.
    story.morning(5, 1);
    assert_eq!(story.track(0).now.grades, [Grade::Red, Grade::Amber]);
}

#[test]
fn a_late_red_stays_held_beside_a_grade_that_a_resume_let_go() {
    let mut story = Story::new();
    story.move_to(0, 0, 5).amber(4).pause(4).resume(4, &[]);
    // The same grade again brings nothing back.
    story.morning(5, 1);
    assert_eq!(story.track(0).now.grades, []);
    story.red(2);
    assert_eq!(story.track(0).now.grades, [Grade::Red]);
    story.morning(5, 2);
    assert_eq!(story.track(0).now.grades, [Grade::Red, Grade::Red]);
}
