//! Mornings for a session that was closed before they came.

use super::story::{Story, not_before, pain};
use crate::decision::Outcome::{Hold, Repeat, StepBack};
use crate::engine::Judged;
use crate::event::{EventBody, MorningReport, Swelling};
use crate::reason::ReasonCode::{
    AmberThrice, Late, MorningAmber, MorningRed, OtherTrackRed, UnmatchedMorning,
};
use crate::state::Grade;

fn report(value: u32) -> EventBody {
    EventBody::Morning(MorningReport {
        pain: pain(value),
        stiffness: None,
        swelling: Swelling::None,
        red_flags: Vec::new(),
    })
}

#[test]
fn a_late_morning_acts_when_red_or_amber_and_does_nothing_when_green() {
    let mut story = Story::new();
    story.green(0).tick(3).morning(4, 0).gives(Hold, &[Late]);
    assert_eq!((story.rung(), story.track(0).counted), (2, 0));
    let mut story = Story::new();
    story
        .counted(0)
        .morning(2, 1)
        .gives(Repeat, &[MorningAmber, Late]);
    assert_eq!(story.track(0).counted, 0);
    assert_eq!(story.track(0).not_before, Some(not_before(3, 2, 10)));
    story.morning(3, 2).gives(StepBack, &[MorningRed, Late]);
    assert_eq!(story.rung(), 1);
    story.morning(4, 2).gives(Hold, &[MorningRed, Late]);
    assert_eq!(story.rung(), 1, "at most one step back per session");
    assert_eq!(story.track(0).now.streak, 1);
    assert_eq!(story.track(0).now.grades, [Grade::Red]);
}

#[test]
fn a_late_morning_reaches_back_seven_days_and_not_to_the_same_date() {
    let spaced = |day: i64| {
        let mut story = Story::new();
        story.plan.tracks[0].sessions_per_week = 1;
        story.counted(0).morning(day, 5);
        story
    };
    spaced(7).gives(StepBack, &[MorningRed, Late]);
    let mut eighth = spaced(8);
    assert_eq!(eighth.rung(), 2);
    assert!(eighth.codes().contains(&UnmatchedMorning));
    eighth.judged = Judged::Fully;
    let mut story = Story::new();
    story.green(0).state.tracks[0].pending = None;
    story
        .event(0, 20, report(5))
        .gives(Hold, &[UnmatchedMorning]);
}

#[test]
fn a_late_morning_after_resume_is_judged_by_the_facts_kept() {
    let mut story = Story::new();
    story
        .move_to(0, 0, 5)
        .amber(0)
        .morning(1, 0)
        .amber(3)
        .morning(4, 0)
        .green(6);
    story.pause(6).resume(6, &[]);
    assert_eq!(story.track(0).now.streak, 0);
    story
        .morning(7, 1)
        .gives(StepBack, &[AmberThrice, MorningAmber, Late]);
    assert_eq!((story.rung(), story.track(0).now.streak), (4, 3));
    assert_eq!(
        story.track(0).now.grades,
        [Grade::Amber],
        "it got worse, so it enters"
    );
    let mut story = Story::new();
    story.move_to(0, 0, 5).amber(0).pause(0).resume(0, &[]);
    story.morning(1, 1).gives(Repeat, &[MorningAmber, Late]);
    assert_eq!(story.track(0).now.streak, 1);
    assert!(story.track(0).now.grades.is_empty(), "it did not get worse");
}

#[test]
fn a_red_morning_after_resume_is_judged_in_full() {
    let mut story = Story::new();
    story.move_to(0, 0, 5).red(0).pause(0).resume(0, &[(0, 5)]);
    story.morning(1, 2).gives(StepBack, &[MorningRed, Late]);
    assert_eq!(story.rung(), 4);
}

#[test]
fn a_late_red_morning_on_a_running_track_holds_the_others() {
    let mut story = Story::running(2);
    story.session_on(0, 0, |_| {}).morning(1, 0).morning(2, 5);
    story.gives_on(0, StepBack, &[MorningRed, Late]);
    story.gives_on(1, Hold, &[OtherTrackRed]);
}

#[test]
fn a_late_morning_after_resume_enters_the_grades_once_and_a_worse_one_takes_its_place() {
    let mut story = Story::new();
    story.move_to(0, 0, 5).green(0).pause(0).resume(0, &[]);
    story.morning(1, 1);
    assert_eq!(story.track(0).now.grades, [Grade::Amber]);
    story.morning(2, 2);
    assert_eq!(story.track(0).now.grades, [Grade::Red]);
}
