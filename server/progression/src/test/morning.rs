//! Mornings: what they answer, and what they add to a session.

use super::story::{Story, date, pain, plan, rung};
use crate::decision::Outcome::{Hold, Pause, Repeat, StepBack};
use crate::event::{EventBody, MorningReport, Swelling};
use crate::ladder::TrackKind;
use crate::policy::TissueProfile;
use crate::reason::Measure;
use crate::reason::ReasonCode::{
    AmberThrice, AtBottom, Counted, Late, Layoff, MorningAmber, MorningMissing, MorningRed, Moved,
    PainAmber, PainRed, Paused, RedAgain, RedFlag as RedFlagCode, TooEarly, UnmatchedMorning,
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
fn too_early_for_a_session_of_a_later_civil_date() {
    // The session in a zone where the next day has begun, the morning five hours later
    // in one where it has not.
    let mut story = Story::new();
    let session = EventBody::Session(story.report(0));
    story.event_dated(date(1), super::story::instant(0, 12), session);
    story.event_dated(date(0), super::story::instant(0, 17), report(0));
    story.gives(Hold, &[TooEarly]);
    assert!(story.track(0).pending.is_some());
}

#[test]
fn too_early_is_no_match() {
    let mut story = Story::new();
    story.green(0).event(0, 22, report(5));
    story.gives(Hold, &[TooEarly, UnmatchedMorning]);
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
