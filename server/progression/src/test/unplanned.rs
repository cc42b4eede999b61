//! Unplanned activity: what was done beside the plan rests the running tracks.

use super::story::{Story, date, needs, not_before, pain, plan};
use crate::decision::Outcome::{Hold, Pause, Repeat};
use crate::engine::Judged;
use crate::event::{Activity, EventBody, Swelling};
use crate::ladder::TrackKind;
use crate::plan::Requirement;
use crate::policy::TissueProfile;
use crate::reason::ReasonCode::{
    Counted, PainAmber, Paused, RedFlag as RedFlagCode, RestNotMet, UnplannedRed,
};
use crate::reason::{Measure, Value};
use crate::red_flag::RedFlag;

/// Two running tracks, one of strength.
fn mixed() -> Story {
    Story::kinds(&[TrackKind::Running, TrackKind::Running, TrackKind::Strength])
}

fn hurting(story: &mut Story, day: i64, activity: Activity, value: u32) {
    story.unplanned(day, activity, |report| report.pain_during = pain(value));
}

fn rests(story: &Story) -> Vec<Option<crate::NotBefore>> {
    let tracks = story.state.tracks.iter();
    tracks.map(|track| track.not_before).collect()
}

#[test]
fn a_green_run_rests_every_running_track_by_its_own_policy_and_says_nothing() {
    let mut story = mixed();
    hurting(&mut story, 0, Activity::Run, 2);
    assert!(story.step.is_empty());
    // n full days off, and n × 24 h from 18:00.
    let rest = Some(not_before(2, 1, 18));
    assert_eq!(rests(&story), [rest, rest, None]);
    // The longest of them holds on all of them; the rung's own rest does not matter.
    let mut story = mixed();
    story.plan.tracks[1].policy.rest_days = 3;
    story.plan.tracks[0].ladder.rungs[2].rest_days = Some(6);
    hurting(&mut story, 0, Activity::Run, 0);
    let rest = Some(not_before(4, 3, 18));
    assert_eq!(rests(&story), [rest, rest, None]);
}

#[test]
fn a_run_keeps_the_rest_of_a_session_unmet() {
    let mut story = Story::new();
    hurting(&mut story, 0, Activity::Run, 0);
    story.green(1);
    assert!(story.codes().contains(&RestNotMet));
    let mut story = Story::new();
    hurting(&mut story, 0, Activity::Run, 0);
    story.counted(2).gives(Repeat, &[Counted]);
}

#[test]
fn an_amber_run_rests_one_day_more_and_an_amber_other_thing_none() {
    let mut story = mixed();
    hurting(&mut story, 0, Activity::Run, 3);
    story
        .gives_on(0, Repeat, &[PainAmber])
        .gives_on(1, Repeat, &[PainAmber]);
    assert_eq!(story.step.len(), 2);
    assert_eq!(story.asks(), None);
    assert_eq!(story.numbers(PainAmber, Measure::PainDuring), (3, 2));
    let activity = story.evidence(PainAmber, Measure::Activity).0;
    assert_eq!(activity, Some(Value::code("RUN")));
    let rest = Some(not_before(3, 2, 18));
    assert_eq!(rests(&story), [rest, rest, None]);

    let mut story = mixed();
    hurting(&mut story, 0, Activity::Other, 4);
    story.gives_plan(Repeat, &[PainAmber]);
    let activity = story.evidence(PainAmber, Measure::Activity).0;
    assert_eq!(activity, Some(Value::code("OTHER")));
    assert_eq!(rests(&story), [None; 3]);
    let mut story = mixed();
    hurting(&mut story, 0, Activity::Other, 2);
    assert!(story.step.is_empty());
    assert_eq!(rests(&story), [None; 3]);
}

#[test]
fn a_red_one_holds_the_running_tracks_with_the_red_rest_and_asks() {
    for activity in [Activity::Run, Activity::Other] {
        let mut story = mixed();
        story.plan.tracks[1].policy.red_rest_days = 4;
        story.counted(0);
        hurting(&mut story, 1, activity, 5);
        story
            .gives_on(0, Hold, &[UnplannedRed])
            .gives_on(1, Hold, &[UnplannedRed]);
        assert_eq!(story.step.len(), 2);
        assert_eq!(story.asking(), [UnplannedRed; 2]);
        let rest = Some(not_before(6, 5, 18));
        assert_eq!(rests(&story), [rest, rest, None]);
        // No rung moves, and what counted is kept.
        assert_eq!((story.rung(), story.track(0).counted), (2, 1));
        assert!(story.step[0].automatic);
    }
}

#[test]
fn it_is_graded_as_a_session_is() {
    let graded = |edit: fn(&mut crate::UnplannedReport)| {
        let mut story = Story::new();
        story.unplanned(0, Activity::Other, edit);
        story.step.first().map(|decision| decision.reasons[0].code)
    };
    assert_eq!(
        graded(|report| report.pain_after = pain(5)),
        Some(UnplannedRed)
    );
    assert_eq!(
        graded(|report| report.pain_after = pain(4)),
        Some(PainAmber)
    );
    assert_eq!(
        graded(|report| report.pain_before = Some(pain(9))),
        Some(PainAmber)
    );
    assert_eq!(graded(|report| report.pain_before = None), None);
    assert_eq!(
        graded(|report| report.altered_gait = true),
        Some(UnplannedRed)
    );
    assert_eq!(
        graded(|report| report.swelling = Swelling::Increased),
        Some(PainAmber)
    );
    assert_eq!(graded(|report| report.swelling = Swelling::Unchanged), None);
}

#[test]
fn it_takes_the_worst_grade_over_the_running_tracks() {
    let profiles = |kind| {
        plan(&[
            (TrackKind::Running, TissueProfile::Tendon),
            (kind, TissueProfile::BoneStress),
        ])
    };
    let mut story = Story::started(profiles(TrackKind::Running));
    hurting(&mut story, 0, Activity::Run, 1);
    story
        .gives_on(0, Hold, &[UnplannedRed])
        .gives_on(1, Hold, &[UnplannedRed]);
    // What is no running track is not asked.
    let mut story = Story::started(profiles(TrackKind::Strength));
    hurting(&mut story, 0, Activity::Run, 1);
    assert!(story.step.is_empty());
    // A locked running track is one of them, and rests as they do.
    let mut plan = profiles(TrackKind::Running);
    plan.tracks[1].prerequisites = vec![needs(0, Requirement::Done)];
    let mut story = Story::started(plan);
    hurting(&mut story, 0, Activity::Run, 1);
    story.gives_on(1, Hold, &[UnplannedRed]);
    assert_eq!(rests(&story), [Some(not_before(3, 2, 18)); 2]);
}

#[test]
fn without_a_running_track_the_worst_over_all_is_told_for_the_plan() {
    let mut story = Story::started(plan(&[
        (TrackKind::Strength, TissueProfile::Tendon),
        (TrackKind::Exposure, TissueProfile::BoneStress),
    ]));
    hurting(&mut story, 0, Activity::Run, 1);
    story.gives_plan(Hold, &[UnplannedRed]);
    assert_eq!(story.asking(), [UnplannedRed]);
    assert_eq!(rests(&story), [None; 2]);
}

#[test]
fn a_pending_session_waits_on_and_counts() {
    let mut story = Story::new();
    story.green(0);
    hurting(&mut story, 0, Activity::Other, 5);
    story.morning(1, 0).gives(Repeat, &[Counted]);
}

#[test]
fn while_paused_it_is_recorded_and_asks_about_a_red() {
    let mut story = Story::new();
    story.pause(0);
    let before = story.state.clone();
    for (value, asks) in [(0, None), (4, None), (5, Some(false))] {
        story.unplanned(1, Activity::Run, |report| {
            report.pain_during = pain(value);
            report.distance = Some(super::story::metres(5000));
        });
        story.gives_plan(Pause, &[Paused]);
        assert_eq!(story.asks(), asks, "pain {value}");
    }
    let grade = story.evidence(Paused, Measure::Grade).0;
    assert_eq!(grade, Some(Value::code("RED")));
    story.state.seq = before.seq;
    assert_eq!(story.state, before);
}

#[test]
fn before_start_nothing_but_its_red_flags_is_judged() {
    let mut story = Story::unstarted(plan(&[(TrackKind::Running, TissueProfile::Tendon)]));
    hurting(&mut story, 0, Activity::Run, 9);
    assert_eq!((story.judged, story.step.len()), (Judged::RedFlagsOnly, 0));
    assert_eq!(rests(&story), [None]);
    story.unplanned(1, Activity::Run, |report| {
        report.red_flags = vec![RedFlag::ChestPain];
    });
    story.gives_plan(Pause, &[RedFlagCode]);
}

#[test]
fn with_a_red_flag_nothing_else_of_it_is_judged() {
    let mut story = Story::new();
    story.unplanned(0, Activity::Run, |report| {
        report.pain_during = pain(9);
        report.distance = Some(super::story::metres(5000));
        report.red_flags = vec![RedFlag::ChestPain];
    });
    story.gives_plan(Pause, &[RedFlagCode]);
    assert_eq!(story.step.len(), 1);
    assert_eq!(rests(&story), [None]);
    assert!(story.state.longest.is_empty());
}

#[test]
fn it_delays_clearance_but_no_layoff() {
    let mut story = Story::new();
    hurting(&mut story, 10, Activity::Other, 0);
    assert_eq!(story.state.last_session, Some(date(10)));
    story.tick(51);
    assert_eq!(story.state.paused, None);
    story.tick(52);
    assert!(story.state.paused.is_some());
    // An older one, reported after it, does not bring it forward.
    let mut story = Story::new();
    hurting(&mut story, 10, Activity::Other, 0);
    hurting(&mut story, 5, Activity::Other, 0);
    assert_eq!(story.state.last_session, Some(date(10)));
    let mut story = Story::new();
    story.counted(0);
    hurting(&mut story, 7, Activity::Run, 0);
    story.tick(8);
    assert_eq!(story.codes(), [crate::ReasonCode::Layoff]);
}

#[test]
fn a_plan_without_tracks_refuses_it() {
    let mut story = Story::started(plan(&[]));
    story.event(
        0,
        18,
        EventBody::Unplanned(super::story::effort(Activity::Run)),
    );
    assert_eq!((story.judged, story.step.len()), (Judged::Refused, 0));
}
