//! Rest between sessions, and between a setback and the next step up.

use super::story::{Story, date, dose, instant, not_before, plan, rung};
use crate::decision::Outcome::Repeat;
use crate::event::EventBody;
use crate::ladder::TrackKind;
use crate::policy::TissueProfile;
use crate::reason::ReasonCode::{PainAmber, RestNotMet};
use crate::scale::RungIndex;

#[test]
fn rest_after_green_is_the_days_of_the_rung_done() {
    let mut story = Story::new();
    story.green(0);
    // One full day off: day 2, and 24 h between instants.
    assert_eq!(story.track(0).not_before, Some(not_before(2, 1, 10)));
    assert_eq!(story.decision(0).not_before, Some(not_before(2, 1, 10)));
    let mut story = Story::new();
    story.plan.tracks[0].ladder.rungs[1].rest_days = Some(3);
    story.plan.tracks[0].ladder.rungs[2].rest_days = Some(0);
    story.green(0);
    assert_eq!(story.track(0).not_before, Some(not_before(1, 0, 10)));
    story.session(1, |report| {
        report.rung = rung(1);
        report.dose_done = dose(200);
    });
    assert_eq!(story.track(0).not_before, Some(not_before(5, 4, 10)));
}

#[test]
fn rest_after_amber_is_one_day_more() {
    let mut story = Story::new();
    story.amber(0).gives(Repeat, &[PainAmber]);
    assert_eq!(story.track(0).not_before, Some(not_before(3, 2, 10)));
}

#[test]
fn rest_is_over_at_its_instant() {
    let at = |hour: i64| {
        let mut story = Story::new();
        story.amber(0);
        let report = story.report(0);
        story.event_dated(date(3), instant(2, hour), EventBody::Session(report));
        story.codes().contains(&RestNotMet)
    };
    assert!(at(9));
    assert!(!at(10));
}

#[test]
fn rest_after_red_is_the_red_rest_but_at_least_that_of_amber() {
    let mut story = Story::new();
    story.red(0);
    assert_eq!(story.track(0).not_before, Some(not_before(3, 2, 10)));
    let mut story = Story::new();
    story.plan.tracks[0].ladder.rungs[2].rest_days = Some(4);
    story.red(0);
    assert_eq!(story.track(0).not_before, Some(not_before(6, 5, 10)));
    let mut story = Story::new();
    story.plan.tracks[0].policy.red_rest_days = 5;
    story.red(0);
    assert_eq!(story.track(0).not_before, Some(not_before(6, 5, 10)));
}

#[test]
fn rests_combine_by_maximum() {
    let mut story = Story::new();
    story.red(0).green(1);
    assert_eq!(story.track(0).not_before, Some(not_before(3, 2, 10)));
    // The date and the instant each for itself: the later instant has the earlier date.
    let report = story.report(0);
    story.event_dated(date(0), instant(1, 20), EventBody::Session(report));
    assert_eq!(story.track(0).not_before, Some(not_before(3, 2, 20)));
}

#[test]
fn rest_on_a_running_track_holds_on_every_running_track_others_on_their_own() {
    let kinds = [
        TrackKind::Running,
        TrackKind::Running,
        TrackKind::Strength,
        TrackKind::Exposure,
    ];
    let tracks = kinds.map(|kind| (kind, TissueProfile::Unspecified));
    let rests = |trained: usize| {
        let mut story = Story::started(plan(&tracks));
        story.session_on(trained, 0, |_| {});
        [0, 1, 2, 3].map(|track| story.track(track).not_before.is_some())
    };
    assert_eq!(rests(0), [true, true, false, false]);
    assert_eq!(rests(1), [true, true, false, false]);
    assert_eq!(rests(2), [false, false, true, false]);
    assert_eq!(rests(3), [false, false, false, true]);
}

#[test]
fn an_amber_or_red_morning_rests_from_the_session_and_until_the_next_day() {
    // The session's rest as AMBER: day 3 and day 2 at 10:00.
    let mut story = Story::new();
    story.green(0).morning(1, 1);
    assert_eq!(story.track(0).not_before, Some(not_before(3, 2, 10)));
    // A morning that changes nothing else still keeps its own day free.
    let mut story = Story::new();
    story.amber(0).event(5, 7, EventBody::Tick).morning(5, 1);
    assert_eq!(story.track(0).not_before, Some(not_before(6, 5, 7)));
    // GREEN adds nothing.
    let mut story = Story::new();
    story.green(0).morning(1, 0);
    assert_eq!(story.track(0).not_before, Some(not_before(2, 1, 10)));
}

#[test]
fn a_red_and_an_amber_thrice_delay_the_next_step_up_by_a_week() {
    let mut story = Story::new();
    story.red(1);
    assert_eq!(story.track(0).no_advance_before, Some(date(8)));
    let mut story = Story::new();
    story.green(1).morning(2, 5);
    assert_eq!(
        story.track(0).no_advance_before,
        Some(date(8)),
        "the session's date"
    );
    let mut story = Story::new();
    story.amber(0).morning(1, 0).amber(3).morning(4, 0);
    assert_eq!(story.track(0).no_advance_before, None);
    story.amber(6);
    assert_eq!(story.track(0).no_advance_before, Some(date(13)));
}

#[test]
fn a_morning_that_comes_too_early_keeps_its_own_day_free_too() {
    let mut story = Story::started(plan(&[(TrackKind::Strength, TissueProfile::Unspecified)]));
    story.plan.tracks[0].policy.rest_days = 0;
    let session = EventBody::Session(story.report(0));
    story.event_dated(date(0), instant(0, 22), session);
    assert_eq!(story.track(0).not_before, Some(not_before(1, 0, 22)));
    let morning = crate::event::MorningReport {
        pain: super::story::pain(1),
        stiffness: None,
        swelling: crate::event::Swelling::None,
        red_flags: Vec::new(),
    };
    story.event_dated(date(1), instant(1, 1), EventBody::Morning(morning));
    assert_eq!(story.track(0).not_before, Some(not_before(2, 1, 1)));
}

#[test]
fn a_red_delays_the_next_step_up_even_where_the_rung_could_not_move() {
    let mut plan = Story::new().plan;
    plan.tracks[0].start_rung = RungIndex::MIN;
    let mut story = Story::started(plan);
    story.red(0).resume(1, &[]);
    assert_eq!(story.rung(), 0);
    assert_eq!(story.track(0).no_advance_before, Some(date(7)));
}
