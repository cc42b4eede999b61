//! ILLNESS and ILLNESS_LONG: nobody trains while ill, and a long illness is looked at.

use super::story::{Story, date, morning, needs, plan};
use crate::decision::Outcome::{Hold, Repeat, StepBack};
use crate::event::EventBody;
use crate::ladder::TrackKind;
use crate::plan::Requirement;
use crate::policy::TissueProfile;
use crate::reason::Measure;
use crate::reason::ReasonCode::{
    AwaitMorning, Counted, Illness, IllnessLong, Layoff, MorningMissing, PainRed, Pause, Resume,
};

#[test]
fn illness_holds_on_all_tracks_also_on_locked_ones() {
    let kinds = [
        TrackKind::Running,
        TrackKind::Strength,
        TrackKind::Exposure,
        TrackKind::Running,
    ];
    let mut plan = plan(&kinds.map(|kind| (kind, TissueProfile::Unspecified)));
    plan.tracks[3].prerequisites = vec![needs(0, Requirement::Done)];
    let mut story = Story::started(plan);
    story.ill(0);
    for track in 0..4 {
        story.gives_on(track, Hold, &[Illness]);
        assert_eq!(
            story.decision(track).from_rung,
            story.decision(track).to_rung
        );
    }
    assert_eq!(story.asks(), None);
    let since = story.evidence(Illness, Measure::IllSince);
    assert_eq!(since, (Some(date(0).into()), None));
    // The answer that ends it holds too, through its date; the next one says nothing.
    story.well(2);
    for track in 0..4 {
        story.gives_on(track, Hold, &[Illness]);
    }
    let well = story.evidence(Illness, Measure::WellFrom);
    assert_eq!(well, (Some(date(2).into()), Some(date(3).into())));
    assert_eq!(story.state.well_from, Some(date(3)));
    story.well(3);
    assert!(story.step.is_empty());
}

#[test]
fn a_session_counts_from_the_day_after_the_first_well_answer_on() {
    let mut story = Story::new();
    story.ill(0).green(1).gives(Hold, &[AwaitMorning, Illness]);
    story.morning(2, 0).gives(Repeat, &[Illness]);
    // Days without an answer are days of the illness.
    story.green(5).gives(Hold, &[AwaitMorning, Illness]);
    story.morning(6, 0).gives(Repeat, &[Illness]).well(7);
    story.green(7).gives(Hold, &[AwaitMorning, Illness]);
    story.morning(8, 0).gives(Repeat, &[Illness]);
    story.counted(9).gives(Repeat, &[Counted]);
}

#[test]
fn an_illness_that_begins_before_the_morning_keeps_the_session_from_counting() {
    let mut story = Story::new();
    story.green(0).event(1, 6, EventBody::Wellness(sick()));
    story.morning(1, 0).gives(Repeat, &[Illness]);
    // One that came and went between the two, as well.
    let mut story = Story::new();
    story.green(0).event(0, 20, EventBody::Wellness(sick()));
    story.event(1, 5, EventBody::Wellness(super::story::wellness()));
    story.event(2, 9, EventBody::Morning(morning()));
    story.gives(Repeat, &[Illness]);
    // One that was over before the session does not.
    let mut story = Story::new();
    story.ill(0).well(1).counted(2).gives(Repeat, &[Counted]);
    // One that begins after the morning takes nothing back.
    let mut story = Story::new();
    story.counted(0).ill(1);
    assert_eq!(story.track(0).counted, 1);
}

fn sick() -> crate::event::WellnessReport {
    crate::event::WellnessReport {
        ill: true,
        ..super::story::wellness()
    }
}

#[test]
fn a_red_session_while_ill_steps_back() {
    let mut story = Story::new();
    story.ill(0).red(0).gives(StepBack, &[PainRed, Illness]);
}

#[test]
fn illness_long_asks_once_at_seven_days() {
    let mut story = Story::new();
    story.ill(0).tick(6);
    assert!(story.step.is_empty());
    story.tick(7).gives_plan(Hold, &[IllnessLong]);
    assert_eq!(story.asking(), [IllnessLong]);
    assert_eq!(story.numbers(IllnessLong, Measure::IllDays), (7, 7));
    story.tick(8);
    assert!(story.step.is_empty());
    // It counts from the first answer, not from the latest.
    let mut story = Story::new();
    story.ill(0).ill(5);
    assert_eq!(story.state.ill.map(|ill| ill.since), Some(date(0)));
    story.tick(7).gives_plan(Hold, &[IllnessLong]);
}

#[test]
fn a_new_illness_asks_anew() {
    let mut story = Story::new();
    story.ill(0).tick(7).well(8).ill(10).tick(16);
    assert!(story.step.is_empty());
    story.tick(17).gives_plan(Hold, &[IllnessLong]);
    // One that ended before the seventh day never asks.
    let mut story = Story::new();
    story.ill(0).well(6).tick(7);
    assert!(story.step.is_empty());
}

#[test]
fn illness_long_comes_after_the_missing_morning_and_before_the_layoff() {
    let mut story = Story::new();
    story.green(0).ill(1).tick(8);
    let codes: Vec<_> = story.step.iter().map(|d| d.reasons[0].code).collect();
    assert_eq!(codes, [MorningMissing, IllnessLong, Layoff]);
}

#[test]
fn illness_long_waits_while_the_plan_is_paused() {
    let mut story = Story::new();
    story
        .ill(0)
        .pause(1)
        .gives_plan(crate::decision::Outcome::Pause, &[Pause]);
    story.tick(9);
    assert!(story.step.is_empty());
    story.resume(9, &[]).gives(Repeat, &[Resume]);
    story.tick(9).gives_plan(Hold, &[IllnessLong]);
    assert_eq!(story.numbers(IllnessLong, Measure::IllDays), (9, 7));
}
