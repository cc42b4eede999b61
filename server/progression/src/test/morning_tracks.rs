//! One morning and several tracks: what it is to each of them.

use super::story::{Story, date, instant, needs, not_before, plan, rung, track_id};
use crate::decision::Outcome::{Advance, Hold, Pause, Repeat, StepBack};
use crate::event::EventBody;
use crate::ladder::TrackKind;
use crate::plan::Requirement;
use crate::policy::TissueProfile;
use crate::reason::ReasonCode::{
    AtBottom, Counted, LadderDone, Late, Layoff, MorningAmber, MorningRed, OtherTrackRed, Paused,
    RestNotMet, TooEarly, UnmatchedMorning,
};
use crate::reason::{Measure, Value};
use crate::scale::RungIndex;

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
    assert_eq!(
        story.track(2).not_before,
        Some(not_before(2, 1, 7)),
        "until the next day on every kind"
    );
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

/// A running track for which a morning of +1 is AMBER and one for which it is RED.
fn amber_and_red() -> Story {
    Story::started(plan(&[
        (TrackKind::Running, TissueProfile::Unspecified),
        (TrackKind::Running, TissueProfile::BoneStress),
    ]))
}

#[test]
fn a_morning_rests_every_track_for_which_it_is_not_green_also_where_it_answers_nothing() {
    let kinds = [TrackKind::Running, TrackKind::Strength, TrackKind::Exposure];
    let mut story = Story::started(plan(&kinds.map(|kind| (kind, TissueProfile::Unspecified))));
    story.plan.tracks[2].policy.morning_amber_points = Some(3);
    story.plan.tracks[2].policy.morning_red_points = 4;
    story.session_on(0, 0, |_| {}).morning(1, 2);
    assert_eq!(story.track(1).not_before, Some(not_before(2, 1, 7)));
    assert!(story.decisions_on(1).is_empty());
    assert_eq!(story.track(2).not_before, None, "GREEN by its own limits");
    // A plan without running tracks is rested too.
    let mut story = Story::started(plan(&[(TrackKind::Strength, TissueProfile::Unspecified)]));
    story.morning(1, 1).gives_plan(Hold, &[UnmatchedMorning]);
    assert_eq!(story.track(0).not_before, Some(not_before(2, 1, 7)));
}

#[test]
fn an_amber_track_beside_a_red_one_gets_one_decision() {
    let mut story = amber_and_red();
    story.session_on(0, 0, |_| {}).session_on(1, 0, |_| {});
    story.morning(1, 1);
    story.gives_on(0, Hold, &[OtherTrackRed, MorningAmber]);
    story.gives_on(1, StepBack, &[MorningRed, RestNotMet]);
    // So does one whose session does not count, and one that is answered already.
    let mut story = amber_and_red();
    story.session_on(1, 0, |_| {}).session_on(0, 0, |_| {});
    story.plan.tracks[0].policy.morning_amber_points = None;
    story.plan.tracks[0].policy.morning_red_points = 2;
    let mut late = story.clone();
    story.morning(1, 1);
    story.gives_on(0, Hold, &[OtherTrackRed, RestNotMet]);
    late.morning(1, 0).morning(2, 1);
    late.gives_on(0, Hold, &[OtherTrackRed, Late]);
}

#[test]
fn two_red_running_tracks_name_each_other() {
    let mut story = Story::running(2);
    story.session_on(0, 0, |_| {}).session_on(1, 0, |_| {});
    story.morning(1, 2);
    story.gives_on(0, StepBack, &[MorningRed, OtherTrackRed]);
    story.gives_on(1, StepBack, &[MorningRed, OtherTrackRed, RestNotMet]);
    for (index, other) in [(0, 1), (1, 0)] {
        let red = Some(Value::code("RED"));
        let seen: Vec<_> = story.decision(index).reasons[1]
            .evidence
            .iter()
            .map(|e| (e.measure, e.observed.clone(), e.threshold.clone()))
            .collect();
        assert_eq!(
            seen,
            [
                (Measure::Track, Some(Value::Track(track_id(other))), None),
                (Measure::Grade, red.clone(), red)
            ]
        );
    }
}

#[test]
fn a_track_for_which_a_red_morning_is_too_early_gets_one_decision() {
    let mut story = Story::running(2);
    story.session_on(0, 0, |_| {});
    let session = EventBody::Session(story.report(1));
    story
        .event_dated(date(1), instant(1, 6), session)
        .morning(1, 2);
    story.gives_on(0, StepBack, &[MorningRed]);
    story.gives_on(1, Hold, &[OtherTrackRed, TooEarly]);
}

#[test]
fn what_time_alone_decided_stays_a_decision_of_its_own() {
    let mut story = Story::running(2);
    story.session_on(0, 0, |_| {}).morning(1, 0);
    story.session_on(1, 9, |_| {}).morning(10, 2);
    let of_each: Vec<Vec<_>> = story
        .decisions_on(0)
        .into_iter()
        .map(|decision| decision.reasons.iter().map(|r| r.code).collect())
        .collect();
    assert_eq!(of_each, [[Layoff], [OtherTrackRed]]);
}
