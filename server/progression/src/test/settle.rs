//! What time alone does, beside layoffs.

use super::story::{Story, confidence, date, plan};
use crate::decision::Outcome::{Hold, Pause, Repeat};
use crate::event::EventBody;
use crate::explain::Voice;
use crate::ladder::TrackKind;
use crate::policy::TissueProfile;
use crate::reason::Measure;
use crate::reason::ReasonCode::{
    ConfidenceLow, Counted, Late, Layoff, MorningMissing, NeedsClearance, Paused,
    RedFlag as RedFlagCode, Silent,
};
use crate::red_flag::RedFlag;

#[test]
fn morning_missing_closes_a_session_older_than_the_window() {
    let mut story = Story::new();
    story.green(0).event(2, 10, EventBody::Tick);
    assert!(story.step.is_empty(), "48 hours are within the window");
    story
        .event(2, 11, EventBody::Tick)
        .gives(Repeat, &[MorningMissing]);
    assert_eq!(
        story.numbers(MorningMissing, Measure::HoursSinceSession),
        (49, 48)
    );
    assert_eq!((story.track(0).counted, story.asks()), (0, None));
    assert!(story.track(0).pending.is_none());
}

#[test]
fn morning_missing_leaves_what_had_counted() {
    let mut story = Story::new();
    story.counted(0).green(2).tick(5);
    assert_eq!(story.track(0).counted, 1);
    assert_eq!(story.codes(), [MorningMissing]);
}

#[test]
fn morning_missing_names_what_blocked_the_session_too() {
    let mut story = Story::new();
    story
        .session(0, |report| report.confidence = Some(confidence(1)))
        .tick(3);
    story.gives(Repeat, &[MorningMissing, ConfidenceLow]);
}

#[test]
fn morning_missing_on_bone_holds_and_asks_at_the_first_of_a_row() {
    let mut story = Story::of(TissueProfile::BoneStress);
    story.green(0).tick(3).gives(Hold, &[MorningMissing]);
    assert_eq!(story.asking(), [MorningMissing]);
    story.green(4).tick(7);
    assert_eq!(story.codes(), [MorningMissing, Silent]);
    assert_eq!(story.asking(), [Silent]);
    assert_eq!(story.decision(0).outcome, Hold);
    // A morning ends the row.
    story.counted(8).green(10).tick(13);
    assert_eq!(story.asking(), [MorningMissing]);
}

#[test]
fn silent_asks_at_two_in_a_row_once_until_the_next_morning() {
    let mut story = Story::new();
    story.green(0).tick(3);
    assert_eq!(story.asks(), None);
    story
        .green(4)
        .tick(7)
        .gives(Repeat, &[MorningMissing, Silent]);
    assert_eq!(story.asking(), [Silent]);
    assert_eq!(story.numbers(Silent, Measure::MorningsMissing), (2, 2));
    story.green(8).tick(11).gives(Repeat, &[MorningMissing]);
    assert_eq!(story.asks(), None);
    story.green(12).morning(13, 0).gives(Repeat, &[Counted]);
    story.green(14).tick(17).green(18).tick(21);
    assert_eq!(story.asking(), [Silent]);
    // A late morning breaks the silence too.
    let mut story = Story::new();
    story.green(0).tick(3).morning(3, 0).gives(Hold, &[Late]);
    story.green(4).tick(7).gives(Repeat, &[MorningMissing]);
}

#[test]
fn settling_comes_before_every_event_red_flags_included() {
    let mut story = Story::new();
    story.green(0).flag(3, RedFlag::NewLimp);
    let codes: Vec<_> = story
        .step
        .iter()
        .map(|decision| decision.reasons[0].code)
        .collect();
    assert_eq!(codes, [MorningMissing, RedFlagCode]);
    assert_eq!(
        story.step.iter().map(|d| d.ordinal).collect::<Vec<_>>(),
        [0, 1]
    );
}

#[test]
fn settling_goes_by_step_then_by_track() {
    let kinds = [TrackKind::Strength, TrackKind::Strength];
    let mut story = Story::started(plan(&kinds.map(|kind| (kind, TissueProfile::Unspecified))));
    story
        .session_on(0, 0, |_| {})
        .session_on(1, 0, |_| {})
        .tick(8);
    let order: Vec<_> = story
        .step
        .iter()
        .map(|decision| (decision.reasons[0].code, decision.track))
        .collect();
    let tracks = [
        Some(super::story::track_id(0)),
        Some(super::story::track_id(1)),
    ];
    assert_eq!(
        order,
        [
            (MorningMissing, tracks[0]),
            (MorningMissing, tracks[1]),
            (Layoff, tracks[0]),
            (Layoff, tracks[1])
        ]
    );
}

#[test]
fn settling_stands_still_while_the_plan_is_paused() {
    let mut story = Story::new();
    story.green(0).pause(0);
    let before = story.state.clone();
    story.tick(100);
    assert!(story.step.is_empty());
    assert_eq!(story.state, before);
}

#[test]
fn needs_clearance_pauses_after_42_days_without_a_session() {
    let mut story = Story::new();
    story.tick(41);
    assert!(story.step.is_empty());
    story.tick(42).gives_plan(Pause, &[NeedsClearance]);
    assert_eq!(story.asking(), [NeedsClearance]);
    assert_eq!(
        story.numbers(NeedsClearance, Measure::DaysWithoutSession),
        (42, 42)
    );
    assert_eq!(
        story.state.paused.map(|paused| paused.cause),
        Some(NeedsClearance)
    );
    // The session that comes then finds the plan paused.
    story.green(43).gives(Pause, &[Paused]);
}

#[test]
fn needs_clearance_counts_from_the_latest_of_any_session_start_and_resume() {
    let kinds = [TrackKind::Strength, TrackKind::Strength];
    let mut story = Story::started(plan(&kinds.map(|kind| (kind, TissueProfile::Unspecified))));
    story.session_on(0, 10, |_| {}).tick(51);
    assert_eq!(story.state.paused, None);
    story.tick(52);
    assert!(story.state.paused.is_some());
    let mut story = Story::new();
    story.pause(1).resume(20, &[]).tick(61);
    assert_eq!(story.state.paused, None);
    story.tick(62);
    assert!(story.state.paused.is_some());
}

#[test]
fn a_tick_that_changes_nothing_leaves_no_trace() {
    let mut story = Story::new();
    story.counted(0).tick(2);
    let before = story.state.clone();
    story.tick(2).tick(3);
    assert_eq!(story.state, before);
    assert!(story.step.is_empty());
}

#[test]
fn a_morning_that_is_not_green_breaks_the_silence_too() {
    let mut story = Story::new();
    story.green(0).tick(3).green(4).morning(5, 1);
    story.green(8).tick(11);
    assert_eq!(story.asks(), None);
}

#[test]
fn morning_missing_names_the_session_that_came_before_any_morning() {
    let mut story = Story::new();
    story.green(0).green(1);
    let decisions = story.decisions_on(0);
    let reason = &decisions[0].reasons[0];
    assert_eq!(reason.code, MorningMissing);
    let seen: Vec<_> = reason
        .evidence
        .iter()
        .map(|e| (e.measure, e.observed.clone()))
        .collect();
    assert_eq!(seen, [(Measure::SessionDate, Some(date(1).into()))]);
    assert_eq!(
        Voice::default().sentence(reason),
        "Another session came before its morning report, so it does not count."
    );
}
