//! Mornings: what they answer, and what they add to a session.

use super::story::{Story, date, needs, not_before, pain, plan, rung};
use crate::decision::Outcome::{Advance, Hold, Pause, Repeat, StepBack};
use crate::engine::Judged;
use crate::event::{EventBody, MorningReport, Swelling};
use crate::ladder::TrackKind;
use crate::plan::Requirement;
use crate::policy::TissueProfile;
use crate::reason::Measure;
use crate::reason::ReasonCode::{
    AmberThrice, AtBottom, Counted, LadderDone, Late, Layoff, MorningAmber, MorningMissing,
    MorningRed, Moved, OtherTrackRed, PainAmber, PainRed, Paused, RedAgain, RedFlag as RedFlagCode,
    RestNotMet, TooEarly, UnmatchedMorning,
};
use crate::red_flag::RedFlag;
use crate::scale::RungIndex;
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
fn too_early_on_the_date_of_the_session_holds_and_stays_pending() {
    let mut story = Story::new();
    story
        .green(0)
        .event(0, 22, report(0))
        .gives(Hold, &[TooEarly]);
    assert!(story.track(0).pending.is_some());
    story.morning(1, 0).gives(Repeat, &[Counted]);
}

#[test]
fn too_early_less_than_four_hours_after_the_session() {
    let late_evening = |hours: i64| {
        let mut story = Story::new();
        let session = EventBody::Session(story.report(0));
        story.event_dated(date(0), super::story::instant(0, 22), session);
        let at = super::story::instant(0, 22 + hours);
        story.event_dated(date(1), at, report(0));
        story
    };
    late_evening(3).gives(Hold, &[TooEarly]);
    late_evening(4).gives(Repeat, &[Counted]);
}

#[test]
fn too_early_is_no_match() {
    let mut story = Story::new();
    story.green(0).event(0, 22, report(5));
    assert_eq!(story.codes(), [TooEarly, UnmatchedMorning]);
    assert_eq!(story.asks(), Some(false));
    assert!(story.track(0).pending.is_some());
}

#[test]
fn a_morning_within_the_window_counts_and_one_after_it_is_late() {
    let mut story = Story::new();
    story
        .green(0)
        .event(2, 10, report(0))
        .gives(Repeat, &[Counted]);
    let mut story = Story::new();
    story.green(0).event(2, 11, report(0));
    assert_eq!(story.codes(), [MorningMissing, Late]);
    assert_eq!(story.track(0).counted, 0);
}

#[test]
fn morning_red_steps_back_once_from_the_rung_before_the_session() {
    let mut story = Story::new();
    story.green(0).morning(1, 2).gives(StepBack, &[MorningRed]);
    assert_eq!(story.rung(), 1);
    // A RED session has stepped back already.
    let mut story = Story::new();
    story
        .red(0)
        .morning(1, 2)
        .gives(Hold, &[MorningRed, PainRed]);
    assert_eq!(story.rung(), 1);
    // An AMBER one has not.
    let mut story = Story::new();
    story
        .amber(0)
        .morning(1, 2)
        .gives(StepBack, &[MorningRed, PainAmber]);
    assert_eq!(story.rung(), 1);
}

#[test]
fn morning_red_never_raises_a_rung_that_went_lower_meanwhile() {
    let mut story = Story::new();
    story.move_to(0, 0, 5).green(0);
    story.state.tracks[0].rung = rung(1);
    story.morning(1, 2).gives(Hold, &[MorningRed]);
    assert_eq!(story.rung(), 1);
}

#[test]
fn morning_red_after_amber_thrice_takes_the_target_of_red_not_a_second_step() {
    let mut story = Story::new();
    story.move_to(0, 0, 5);
    story.amber(0).morning(1, 0).amber(3).morning(4, 0).amber(6);
    assert_eq!(story.rung(), 4);
    story.morning(7, 2);
    assert_eq!(story.rung(), 4, "one step per session");
    assert_eq!(
        story.track(0).now.streak,
        3,
        "the streak moves once per session"
    );
}

#[test]
fn morning_red_judges_at_bottom_again() {
    let mut plan = plan(&[(TrackKind::Running, TissueProfile::Unspecified)]);
    plan.tracks[0].start_rung = RungIndex::MIN;
    let mut story = Story::started(plan);
    story
        .green(0)
        .morning(1, 2)
        .gives(Pause, &[AtBottom, MorningRed]);
    assert_eq!(
        story.state.paused.map(|paused| paused.cause),
        Some(AtBottom)
    );
}

#[test]
fn morning_red_is_red_again_by_the_facts_before_the_session() {
    let mut story = Story::new();
    story.move_to(0, 0, 5).red(0).morning(1, 0);
    story
        .green(4)
        .morning(5, 2)
        .gives(Pause, &[RedAgain, MorningRed]);
    assert_eq!(story.rung(), 3);
    // The session's own RED is not one before it.
    let mut story = Story::new();
    story.red(0).morning(1, 2);
    assert_eq!(story.state.paused, None);
}

#[test]
fn morning_amber_repeats_uncounted() {
    let mut story = Story::new();
    story
        .counted(0)
        .green(2)
        .morning(3, 1)
        .gives(Repeat, &[MorningAmber]);
    assert_eq!((story.rung(), story.track(0).counted), (2, 0));
    assert_eq!(
        story.numbers(MorningAmber, Measure::MorningPainOverBaseline),
        (1, 1)
    );
    assert_eq!(story.track(0).now.grades, [Grade::Green, Grade::Amber]);
}

#[test]
fn morning_amber_is_amber_thrice_by_the_facts_before_the_session() {
    let mut story = Story::new();
    story.amber(0).morning(1, 0).amber(3).morning(4, 0);
    story
        .green(6)
        .morning(7, 1)
        .gives(StepBack, &[AmberThrice, MorningAmber]);
    assert_eq!((story.rung(), story.asks()), (1, Some(false)));
    assert_eq!(story.track(0).no_advance_before, Some(date(13)));
    story.red(9);
    assert!(story.codes().contains(&RedAgain));
}

#[test]
fn morning_amber_after_a_red_session_adds_only_its_own_rest() {
    let mut story = Story::new();
    story
        .red(0)
        .morning(1, 1)
        .gives(Repeat, &[PainRed, MorningAmber]);
    assert_eq!(story.rung(), 1);
    assert!(story.track(0).pending.is_none());
}

#[test]
fn a_red_session_closes_uncounted_with_a_green_morning() {
    let mut story = Story::new();
    story.red(0).morning(1, 0).gives(Repeat, &[PainRed]);
    assert_eq!((story.rung(), story.asks()), (1, None));
    assert!(story.track(0).pending.is_none());
}

#[test]
fn moved_does_not_count() {
    let mut story = Story::new();
    story
        .green(0)
        .move_to(0, 0, 3)
        .morning(1, 0)
        .gives(Repeat, &[Moved]);
    assert_eq!(story.track(0).counted, 0);
    // Back again is moved too; to the same rung is not.
    let mut story = Story::new();
    story
        .green(0)
        .move_to(0, 0, 3)
        .move_to(0, 0, 2)
        .morning(1, 0)
        .gives(Repeat, &[Moved]);
    let mut story = Story::new();
    story
        .green(0)
        .move_to(0, 0, 2)
        .morning(1, 0)
        .gives(Repeat, &[Counted]);
}

#[test]
fn layoff_makes_a_pending_session_not_count() {
    let mut story = Story::new();
    story.plan.tracks[0].sessions_per_week = 7;
    story.plan.tracks[0].policy.rest_days = 0;
    story.green(0).event(2, 9, report(0));
    assert_eq!(story.codes(), [Layoff, Layoff]);
    assert_eq!(story.track(0).counted, 0);
    let mut story = Story::new();
    story.plan.tracks[0].sessions_per_week = 7;
    story
        .green(0)
        .event(2, 9, report(0))
        .gives(Repeat, &[Counted]);
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
fn paused_records_a_morning_and_asks_only_about_a_red() {
    let mut story = Story::new();
    story.green(0).pause(0);
    let before = story.state.clone();
    story.morning(1, 1).gives_plan(Pause, &[Paused]);
    assert_eq!((story.step.len(), story.asks()), (1, None));
    story.morning(2, 2).gives_plan(Pause, &[Paused]);
    assert_eq!(story.asks(), Some(false));
    story.state.seq = before.seq;
    assert_eq!(story.state, before);
}

#[test]
fn a_red_flag_in_the_morning_pauses_and_leaves_the_session_pending() {
    let mut story = Story::new();
    story
        .green(0)
        .flag(1, RedFlag::NightOrRestPain)
        .gives_plan(Pause, &[RedFlagCode]);
    assert!(story.track(0).pending.is_some());
}

#[test]
fn unmatched_morning_holds_and_a_red_one_rests_every_running_track_and_asks() {
    let mut story = Story::new();
    story.morning(1, 0).gives_plan(Hold, &[UnmatchedMorning]);
    assert_eq!((story.asks(), story.track(0).not_before), (None, None));
    let tracks = [TrackKind::Running, TrackKind::Running, TrackKind::Strength];
    let mut story = Story::started(plan(&tracks.map(|kind| (kind, TissueProfile::Unspecified))));
    story.plan.tracks[1].policy.red_rest_days = 3;
    story.morning(1, 2).gives_on(0, Hold, &[UnmatchedMorning]);
    story.gives_on(1, Hold, &[UnmatchedMorning]);
    assert_eq!(story.asks(), Some(false));
    assert_eq!(
        story.track(0).not_before,
        Some(not_before(4, 4, 7)),
        "the largest red rest"
    );
    assert_eq!(story.track(2).not_before, None);
    // Its own day is kept free even without any red rest.
    let mut story = Story::new();
    story.plan.tracks[0].policy.red_rest_days = 0;
    story.morning(1, 2).gives(Hold, &[UnmatchedMorning]);
    assert_eq!(story.track(0).not_before, Some(not_before(2, 1, 7)));
    // An AMBER one keeps its own day free, as every AMBER morning does.
    let mut story = Story::new();
    story.morning(1, 1).gives(Hold, &[UnmatchedMorning]);
    assert_eq!(story.track(0).not_before, Some(not_before(2, 1, 7)));
    assert_eq!(story.asks(), None);
}

#[test]
fn a_morning_answers_every_track_of_an_earlier_date() {
    let tracks = [TrackKind::Running, TrackKind::Strength];
    let mut story = Story::started(plan(&tracks.map(|kind| (kind, TissueProfile::Unspecified))));
    story.session_on(0, 0, |_| {}).session_on(1, 0, |_| {});
    story
        .morning(1, 0)
        .gives_on(0, Repeat, &[Counted])
        .gives_on(1, Repeat, &[Counted]);
}

#[test]
fn red_and_amber_come_before_green_and_a_paused_plan_closes_green_uncounted() {
    // The second track is bone at its bottom: +1 is RED there and pauses. The first one
    // takes +1 as GREEN and comes first in the plan.
    let mut plan = plan(&[
        (TrackKind::Strength, TissueProfile::Unspecified),
        (TrackKind::Strength, TissueProfile::BoneStress),
    ]);
    plan.tracks[0].policy.morning_amber_points = Some(2);
    plan.tracks[0].policy.morning_red_points = 3;
    plan.tracks[1].start_rung = RungIndex::MIN;
    let mut story = Story::started(plan);
    story
        .session_on(0, 0, |_| {})
        .session_on(1, 0, |_| {})
        .morning(1, 1);
    story.gives_on(1, Pause, &[AtBottom, MorningRed]);
    story.gives_on(0, Repeat, &[Paused]);
    assert_eq!(story.track(0).counted, 0);
    assert!(story.track(0).pending.is_none());
}

#[test]
fn red_and_amber_still_act_after_another_track_paused_the_plan() {
    let mut plan = plan(&[
        (TrackKind::Strength, TissueProfile::BoneStress),
        (TrackKind::Strength, TissueProfile::Unspecified),
    ]);
    plan.tracks[0].start_rung = RungIndex::MIN;
    let mut story = Story::started(plan);
    story
        .session_on(0, 0, |_| {})
        .session_on(1, 0, |_| {})
        .morning(1, 2);
    story.gives_on(0, Pause, &[AtBottom, MorningRed]);
    story.gives_on(1, StepBack, &[MorningRed]);
    assert_eq!(story.track(1).rung, rung(1));
}

#[test]
fn other_track_red_in_the_morning_holds_a_step_up_that_was_due() {
    let mut plan = plan(&[
        (TrackKind::Running, TissueProfile::Unspecified),
        (TrackKind::Running, TissueProfile::BoneStress),
    ]);
    plan.tracks[0].policy.morning_amber_points = Some(2);
    plan.tracks[0].policy.morning_red_points = 3;
    plan.tracks[0].policy.successes_to_advance = 1;
    let mut story = Story::started(plan);
    story.plan.tracks[0].policy.rest_days = 0;
    story.plan.tracks[1].policy.rest_days = 0;
    let mut green = story.clone();
    story
        .session_on(0, 0, |_| {})
        .session_on(1, 0, |_| {})
        .morning(1, 1);
    story.gives_on(1, StepBack, &[MorningRed, RestNotMet]);
    // Both sessions were on one day, so the second was too early; the first was not.
    story.gives_on(0, Hold, &[OtherTrackRed, Counted]);
    assert_eq!((story.rung(), story.track(0).counted), (2, 1));
    green
        .session_on(0, 0, |_| {})
        .session_on(1, 0, |_| {})
        .morning(1, 0);
    green.gives_on(0, Advance, &[Counted]);
}

#[test]
fn the_end_of_a_ladder_opens_what_waited_for_it() {
    let mut plan = plan(&[
        (TrackKind::Running, TissueProfile::Unspecified),
        (TrackKind::Running, TissueProfile::Unspecified),
    ]);
    plan.tracks[1].prerequisites = vec![needs(0, Requirement::Done)];
    let mut story = Story::started(plan);
    story.move_to(0, 0, 5).counted(0);
    assert!(!story.is_active(1));
    story.counted(2).gives_on(0, Repeat, &[LadderDone, Counted]);
    assert!(story.is_active(1));
}
