//! Sessions: outcomes by grade, blockers, what is asked.

use super::story::{Story, confidence, dose, fear, pain, plan, rung};
use crate::decision::Outcome::{Hold, Pause, Repeat, StepBack};
use crate::engine::Judged;
use crate::event::EventBody;
use crate::ladder::TrackKind;
use crate::policy::TissueProfile;
use crate::reason::Measure;
use crate::reason::ReasonCode::{
    AmberThrice, AtBottom, AwaitMorning, ConfidenceLow, ConfidenceMissing, Counted, FearHigh,
    FearedOutcome, MorningMissing, Overdone, PainAmber, PainRed, Paused, RedAgain,
    RedFlag as RedFlagCode, RestNotMet, Underdone,
};
use crate::red_flag::RedFlag;
use crate::scale::{Percent, RungIndex};

/// A story on the lowest rung.
fn at_bottom() -> Story {
    let mut plan = plan(&[(TrackKind::Running, TissueProfile::Unspecified)]);
    plan.tracks[0].start_rung = RungIndex::MIN;
    Story::started(plan)
}

fn exposure() -> Story {
    Story::started(plan(&[(TrackKind::Exposure, TissueProfile::Unspecified)]))
}

#[test]
fn await_morning_holds_a_green_session() {
    let mut story = Story::new();
    story.green(0).gives(Hold, &[AwaitMorning]);
    assert!(story.track(0).pending.is_some());
    assert_eq!(
        (story.rung(), story.track(0).counted, story.asks()),
        (2, 0, None)
    );
}

#[test]
fn pain_amber_repeats_and_takes_back_what_counted() {
    let mut story = Story::new();
    story.counted(0);
    assert_eq!(story.track(0).counted, 1);
    story.amber(2).gives(Repeat, &[PainAmber]);
    assert_eq!((story.rung(), story.track(0).counted), (2, 0));
    story.morning(3, 0).gives(Repeat, &[PainAmber]);
    assert_eq!(story.track(0).counted, 0);
}

#[test]
fn pain_red_steps_back_from_the_lower_of_current_rung_and_rung_done() {
    let mut story = Story::new();
    story.counted(0).red(2).gives(StepBack, &[PainRed]);
    assert_eq!((story.rung(), story.track(0).counted), (1, 0));
    let mut story = Story::new();
    story.session(0, |report| {
        report.rung = rung(1);
        report.dose_done = dose(200);
        report.pain_during = pain(5);
    });
    story.gives(StepBack, &[PainRed, Underdone]);
    assert_eq!(story.rung(), 0);
    let mut story = Story::new();
    story.session(0, |report| {
        report.rung = rung(4);
        report.dose_done = dose(500);
        report.pain_during = pain(5);
    });
    story.gives(StepBack, &[PainRed, Overdone]);
    assert_eq!(story.rung(), 1);
}

#[test]
fn at_bottom_pauses_when_there_is_no_rung_below() {
    let mut story = at_bottom();
    story.red(0).gives(Pause, &[AtBottom, PainRed]);
    assert_eq!(story.rung(), 0);
    assert_eq!(story.asks(), Some(false));
    assert_eq!(
        story.state.paused.map(|paused| paused.cause),
        Some(AtBottom)
    );
    // The rung done can be the bottom while the current one is not.
    let mut story = Story::new();
    story.session(0, |report| {
        report.rung = rung(0);
        report.dose_done = dose(100);
        report.pain_during = pain(5);
    });
    assert_eq!(story.decision(0).outcome, Pause);
    assert_eq!(story.rung(), 0);
    // One rung above it there is one.
    let mut story = Story::new();
    story.move_to(0, 0, 1).red(1).gives(StepBack, &[PainRed]);
    assert_eq!((story.rung(), story.state.paused), (0, None));
}

#[test]
fn red_again_pauses_after_a_red_among_the_two_sessions_before() {
    let mut story = Story::new();
    story.move_to(0, 0, 5).red(0).morning(1, 0);
    story.counted(4);
    story.red(8).gives(Pause, &[RedAgain, PainRed]);
    assert_eq!(story.rung(), 3);
    assert_eq!(story.asking(), [RedAgain]);
    assert_eq!(story.numbers(RedAgain, Measure::RedSessions), (1, 1));
    // The third session before is far enough back.
    let mut story = Story::new();
    story.move_to(0, 0, 5).red(0).morning(1, 0);
    story.counted(4).counted(6);
    story.red(8).gives(StepBack, &[PainRed]);
}

#[test]
fn red_again_pauses_after_an_amber_that_stepped_back() {
    let mut story = Story::new();
    story.move_to(0, 0, 5);
    story
        .amber(0)
        .morning(1, 0)
        .amber(3)
        .morning(4, 0)
        .amber(6)
        .morning(7, 0);
    story.red(9).gives(Pause, &[RedAgain, PainRed]);
    // Two AMBER do not step back, and a RED after them is the first.
    let mut story = Story::new();
    story.move_to(0, 0, 5);
    story.amber(0).morning(1, 0).amber(3).morning(4, 0);
    story.red(6).gives(StepBack, &[PainRed]);
}

#[test]
fn amber_thrice_steps_back_from_the_third_on_and_asks_at_the_first() {
    let mut story = Story::new();
    story.move_to(0, 0, 5);
    story.amber(0).morning(1, 0).amber(3).morning(4, 0);
    assert_eq!(story.rung(), 5);
    story.amber(6).gives(StepBack, &[AmberThrice, PainAmber]);
    assert_eq!((story.rung(), story.asks()), (4, Some(false)));
    assert_eq!(story.numbers(AmberThrice, Measure::NotGreenInARow), (3, 3));
    story
        .morning(7, 0)
        .amber(9)
        .gives(StepBack, &[AmberThrice, PainAmber]);
    assert_eq!((story.rung(), story.asks()), (3, None));
    // GREEN ends the row, and the next row asks anew.
    story.morning(10, 0).counted(12);
    story.amber(14).gives(Repeat, &[PainAmber]);
}

#[test]
fn amber_thrice_asks_again_in_a_new_row() {
    let mut story = Story::new();
    story.move_to(0, 0, 5);
    story
        .amber(0)
        .morning(1, 0)
        .amber(3)
        .morning(4, 0)
        .amber(6)
        .morning(7, 0);
    story.counted(9);
    story.amber(12).morning(13, 0).amber(15).morning(16, 0);
    story.amber(18).gives(StepBack, &[AmberThrice, PainAmber]);
    assert_eq!(story.asking(), [AmberThrice]);
}

#[test]
fn amber_thrice_asks_at_its_first_also_after_a_red_in_the_row() {
    let mut story = Story::new();
    story.move_to(0, 0, 5);
    story
        .amber(0)
        .morning(1, 0)
        .amber(3)
        .morning(4, 0)
        .red(6)
        .morning(7, 0);
    story.amber(10).gives(StepBack, &[AmberThrice, PainAmber]);
    assert_eq!(story.asking(), [AmberThrice]);
}

#[test]
fn amber_thrice_at_the_bottom_repeats_and_asks() {
    let mut story = at_bottom();
    story.amber(0).morning(1, 0).amber(3).morning(4, 0);
    story
        .amber(6)
        .gives(Repeat, &[AtBottom, AmberThrice, PainAmber]);
    assert_eq!((story.rung(), story.state.paused), (0, None));
    assert!(story.asking().contains(&AtBottom));
    story
        .morning(7, 0)
        .amber(9)
        .gives(Repeat, &[AtBottom, AmberThrice, PainAmber]);
    assert_eq!(story.asking(), [AtBottom]);
    // It leaves `stepped_back` although the rung could not go lower.
    story.morning(10, 0).red(12);
    assert!(story.codes().contains(&RedAgain));
}

#[test]
fn a_red_flag_pauses_urgently_and_nothing_else_of_the_check_in_is_judged() {
    let mut story = Story::new();
    story.session(0, |report| {
        report.pain_during = pain(9);
        report.red_flags = vec![RedFlag::CalfSwelling, RedFlag::ChestPain];
    });
    story.gives_plan(Pause, &[RedFlagCode]);
    assert_eq!(story.step.len(), 1);
    assert_eq!(story.asks(), Some(true));
    assert_eq!((story.rung(), story.track(0).last.is_none()), (2, true));
    assert_eq!(story.judged, Judged::Fully);
    // Also while paused: each its own alert.
    story
        .flag(1, RedFlag::NewLimp)
        .gives_plan(Pause, &[RedFlagCode]);
    assert_eq!(story.asks(), Some(true));
}

#[test]
fn a_red_flag_becomes_the_cause_of_a_pause_that_had_another() {
    let mut story = Story::new();
    story.pause(0).flag(1, RedFlag::NewLimp);
    assert_eq!(
        story.state.paused.map(|paused| paused.cause),
        Some(RedFlagCode)
    );
    story.pause(2);
    assert_eq!(
        story.state.paused.map(|paused| paused.cause),
        Some(RedFlagCode)
    );
}

#[test]
fn paused_records_a_session_and_moves_nothing_but_asks_about_a_red() {
    let mut story = Story::new();
    story.counted(0).pause(2);
    let before = story.state.clone();
    story.green(3).gives(Pause, &[Paused]);
    assert_eq!(story.asks(), None);
    story.red(5).gives(Pause, &[Paused]);
    assert_eq!(story.asks(), Some(false));
    let mut after = story.state.clone();
    after.seq = before.seq;
    assert_eq!(after, before);
}

#[test]
fn a_new_session_closes_a_pending_one_as_morning_missing() {
    let mut story = Story::new();
    story.green(0).green(2);
    assert_eq!(story.codes(), [MorningMissing, AwaitMorning]);
    story.morning(3, 0).gives(Repeat, &[Counted]);
    assert_eq!(story.track(0).counted, 1);
}

/// The session holds, and its GREEN morning repeats for the same reason.
#[track_caller]
fn blocks(story: &mut Story, day: i64, code: crate::reason::ReasonCode) {
    story.gives(Hold, &[AwaitMorning, code]);
    story.morning(day + 1, 0).gives(Repeat, &[code]);
    assert_eq!(story.asks(), None, "asked at the session, not again");
}

#[test]
fn rest_not_met_by_date_or_by_instant_does_not_count() {
    // One day of rest after day 0 at 10:00: day 2, and not before day 1 at 10:00.
    let mut story = Story::new();
    story.counted(0).green(1);
    blocks(&mut story, 1, RestNotMet);
    assert_eq!(
        story.track(0).counted,
        1,
        "a blocked session leaves what counted"
    );
    let mut story = Story::new();
    story.counted(0).counted(2);
    assert_eq!(story.rung(), 3);
    // The civil date is late enough, the instant is not: the zone moved.
    let mut story = Story::new();
    story.counted(0);
    let report = story.report(0);
    let early = super::story::instant(1, 9);
    story.event_dated(super::story::date(2), early, EventBody::Session(report));
    story.gives(Hold, &[AwaitMorning, RestNotMet]);
}

#[test]
fn underdone_below_the_lowest_completion_does_not_count() {
    let mut story = Story::new();
    story.session(0, |report| report.dose_done = dose(239));
    assert_eq!(story.numbers(Underdone, Measure::Completion), (79, 80));
    blocks(&mut story, 0, Underdone);
    let mut story = Story::new();
    story
        .session(0, |report| report.dose_done = dose(240))
        .gives(Hold, &[AwaitMorning]);
    story.morning(1, 0).gives(Repeat, &[Counted]);
}

#[test]
fn overdone_above_the_highest_completion_does_not_count_and_asks() {
    let mut story = Story::new();
    story.session(0, |report| report.dose_done = dose(333));
    assert_eq!(story.numbers(Overdone, Measure::Completion), (111, 110));
    assert_eq!(story.asks(), Some(false));
    blocks(&mut story, 0, Overdone);
    let mut story = Story::new();
    // floor(100 × 332 ÷ 300) = 110
    story
        .session(0, |report| report.dose_done = dose(332))
        .gives(Hold, &[AwaitMorning]);
    story.session(3, |report| report.dose_done = dose(1_000_000));
    assert_eq!(
        story.numbers(Overdone, Measure::Completion),
        (i64::from(Percent::MAX), 110)
    );
}

#[test]
fn a_lower_rung_is_underdone_and_a_higher_one_overdone() {
    let mut story = Story::new();
    story.session(0, |report| {
        report.rung = rung(1);
        report.dose_done = dose(200);
    });
    assert_eq!(story.numbers(Underdone, Measure::Rung), (1, 2));
    blocks(&mut story, 0, Underdone);
    let mut story = Story::new();
    story.session(0, |report| {
        report.rung = rung(3);
        report.dose_done = dose(400);
    });
    assert_eq!(story.numbers(Overdone, Measure::Rung), (3, 2));
    assert_eq!(story.asks(), Some(false));
    blocks(&mut story, 0, Overdone);
}

#[test]
fn confidence_missing_and_low_do_not_count() {
    let mut story = Story::new();
    story.session(0, |report| report.confidence = None);
    blocks(&mut story, 0, ConfidenceMissing);
    let mut story = Story::new();
    story.session(0, |report| report.confidence = Some(confidence(6)));
    assert_eq!(story.numbers(ConfidenceLow, Measure::Confidence), (6, 7));
    blocks(&mut story, 0, ConfidenceLow);
    let mut story = Story::new();
    story.session(0, |report| report.confidence = Some(confidence(7)));
    story.gives(Hold, &[AwaitMorning]);
    let mut story = Story::new();
    story.plan.tracks[0].policy.require_confidence = false;
    story
        .session(0, |report| report.confidence = None)
        .gives(Hold, &[AwaitMorning]);
}

#[test]
fn fear_high_does_not_count() {
    let mut story = Story::new();
    story.session(0, |report| report.fear = Some(fear(70)));
    assert_eq!(story.numbers(FearHigh, Measure::Fear), (70, 69));
    blocks(&mut story, 0, FearHigh);
    let mut story = Story::new();
    story
        .session(0, |report| report.fear = Some(fear(69)))
        .gives(Hold, &[AwaitMorning]);
}

#[test]
fn on_an_exposure_track_confidence_and_fear_do_not_block() {
    for edit in [
        |report: &mut crate::event::SessionReport| report.confidence = None,
        |report: &mut crate::event::SessionReport| report.confidence = Some(confidence(0)),
        |report: &mut crate::event::SessionReport| report.fear = Some(fear(100)),
    ] {
        let mut story = exposure();
        story.session(0, edit).gives(Hold, &[AwaitMorning]);
        story.morning(1, 0).gives(Repeat, &[Counted]);
    }
}

#[test]
fn a_feared_outcome_that_happened_does_not_count_and_asks() {
    let mut story = exposure();
    story.session(0, |report| report.feared_outcome = Some(true));
    assert_eq!(story.asking(), [FearedOutcome]);
    blocks(&mut story, 0, FearedOutcome);
    let mut story = exposure();
    story
        .session(0, |report| report.feared_outcome = Some(false))
        .gives(Hold, &[AwaitMorning]);
}
