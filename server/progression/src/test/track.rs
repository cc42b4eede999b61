//! Several tracks: RED on one, prerequisites of another.

use super::story::{Story, date, instant, needs, pain, plan, rung, track_id};
use crate::decision::Outcome::{Hold, Repeat, StepBack};
use crate::event::EventBody;
use crate::ladder::TrackKind;
use crate::plan::{PlanDefinition, Requirement};
use crate::policy::TissueProfile;
use crate::reason::ReasonCode::{
    AwaitMorning, Locked, MorningRed, OtherTrackRed, PainRed, Unlocked,
};
use crate::reason::{Measure, Reason};
use crate::today::today;

fn kinds(kinds: &[TrackKind]) -> PlanDefinition {
    let tracks: Vec<_> = kinds
        .iter()
        .map(|kind| (*kind, TissueProfile::Unspecified))
        .collect();
    plan(&tracks)
}

#[test]
fn other_track_red_holds_the_other_running_tracks() {
    use TrackKind::{Exposure, Running, Strength};
    let mut story = Story::started(kinds(&[Running, Running, Strength, Exposure]));
    story.session_on(0, 0, |report| report.pain_during = pain(5));
    story
        .gives_on(0, StepBack, &[PainRed])
        .gives_on(1, Hold, &[OtherTrackRed]);
    assert_eq!(story.step.len(), 2);
    assert_eq!(story.track(1).rung, rung(2));
    assert_eq!(story.track(0).not_before, story.track(1).not_before);
    // AMBER is not told; nor is RED on another kind.
    let mut story = Story::started(kinds(&[Running, Running]));
    story.session_on(0, 0, |report| report.pain_during = pain(4));
    assert_eq!(story.step.len(), 1);
    let mut story = Story::started(kinds(&[Strength, Running, Strength]));
    story.session_on(0, 0, |report| report.pain_during = pain(5));
    assert_eq!(story.step.len(), 1);
}

#[test]
fn other_track_red_in_the_morning_holds_tracks_it_does_not_answer() {
    let mut story = Story::running(2);
    story.session_on(0, 0, |_| {}).morning(1, 2);
    story
        .gives_on(0, StepBack, &[MorningRed])
        .gives_on(1, Hold, &[OtherTrackRed]);
    let mut story = Story::running(2);
    story.session_on(0, 0, |_| {}).morning(1, 1);
    assert_eq!(story.step.len(), 1);
}

#[test]
fn a_locked_track_never_counts_but_a_red_lowers_it() {
    let mut plan = kinds(&[TrackKind::Running, TrackKind::Strength]);
    plan.tracks[1].prerequisites = vec![needs(0, Requirement::Done)];
    let mut story = Story::started(plan);
    assert_eq!(story.state.allowed_rung(track_id(1)), None);
    story
        .session_on(1, 0, |_| {})
        .gives_on(1, Hold, &[AwaitMorning, Locked]);
    story.morning(1, 0).gives_on(1, Repeat, &[Locked]);
    assert_eq!(story.track(1).counted, 0);
    story.session_on(1, 3, |report| report.pain_during = pain(5));
    story.gives_on(1, StepBack, &[PainRed, Locked]);
    assert_eq!(story.track(1).rung, rung(1));
    assert!(!story.is_active(1));
}

#[test]
fn unlocked_when_the_other_track_is_done() {
    let mut plan = kinds(&[TrackKind::Running, TrackKind::Running, TrackKind::Running]);
    plan.tracks[1].prerequisites = vec![needs(0, Requirement::Done)];
    plan.tracks[2].prerequisites = vec![needs(1, Requirement::Done)];
    let mut story = Story::started(plan);
    story.move_to(0, 0, 5);
    assert!(!story.is_active(1), "the top rung is not the end");
    story.state.tracks[0].done = true;
    story.tick(1).gives_on(1, Repeat, &[Unlocked]);
    assert!(story.is_active(1) && !story.is_active(2));
    assert_eq!(
        story.state.allowed_rung(track_id(1)),
        Some(rung(2)),
        "at its rung"
    );
}

#[test]
fn unlocked_repeats_until_nothing_changes_and_asks_for_an_active_track_at_its_rung() {
    let mut plan = kinds(&[TrackKind::Running, TrackKind::Running, TrackKind::Running]);
    // The chain runs against the order of the tracks.
    plan.tracks[0].prerequisites = vec![needs(1, Requirement::AtLeast(rung(2)))];
    plan.tracks[1].prerequisites = vec![needs(2, Requirement::AtLeast(rung(4)))];
    let mut story = Story::started(plan);
    assert!(
        !story.is_active(0),
        "its prerequisite is high enough but LOCKED"
    );
    story.move_to(0, 2, 3);
    assert!(!story.is_active(1));
    story.move_to(1, 2, 4);
    assert!(story.is_active(1) && story.is_active(0));
    let opened: Vec<_> = story
        .step
        .iter()
        .filter(|decision| decision.reasons[0].code == Unlocked)
        .map(|decision| decision.track)
        .collect();
    assert_eq!(opened, [Some(track_id(1)), Some(track_id(0))]);
    // It never closes again.
    story.move_to(2, 2, 0).move_to(2, 1, 0);
    assert!(story.is_active(1) && story.is_active(0));
}

#[test]
fn done_does_not_satisfy_a_rung_and_all_prerequisites_must_hold() {
    let mut plan = kinds(&[TrackKind::Running, TrackKind::Running, TrackKind::Strength]);
    plan.tracks[1].prerequisites = vec![
        needs(0, Requirement::AtLeast(rung(5))),
        needs(2, Requirement::Done),
    ];
    let mut story = Story::started(plan);
    story.state.tracks[0].done = true;
    story.state.tracks[2].done = true;
    story.tick(1);
    assert!(!story.is_active(1));
    story.move_to(1, 0, 5);
    assert!(story.is_active(1));
}

#[test]
fn a_rung_of_another_track_counts_only_in_a_concurrent_plan() {
    let mut plan = kinds(&[TrackKind::Running, TrackKind::Running]);
    plan.tracks[1].prerequisites = vec![needs(0, Requirement::AtLeast(rung(1)))];
    assert!(Story::started(plan.clone()).is_active(1));
    plan.concurrent = false;
    assert!(!Story::started(plan).is_active(1));
}

#[test]
fn nothing_opens_while_the_plan_is_paused() {
    let mut plan = kinds(&[TrackKind::Running, TrackKind::Running]);
    plan.tracks[1].prerequisites = vec![needs(0, Requirement::AtLeast(rung(4)))];
    let mut story = Story::started(plan);
    story.pause(0).move_to(1, 0, 5);
    assert!(!story.is_active(1));
    story.resume(2, &[]);
    assert!(story.is_active(1));
}

#[test]
fn a_track_that_may_open_opens_before_the_first_judged_session_on_it() {
    let mut plan = kinds(&[TrackKind::Running, TrackKind::Strength]);
    plan.tracks[1].prerequisites = vec![needs(0, Requirement::AtLeast(rung(1)))];
    let mut story = Story::unstarted(plan);
    let effective = date(3);
    story.event(0, 0, EventBody::Start { effective });
    assert!(!story.is_active(1), "nothing opens before the start");
    story.session_on(1, 3, |_| {});
    let codes: Vec<_> = story
        .decisions_on(1)
        .into_iter()
        .map(|decision| decision.reasons.iter().map(|r| r.code).collect::<Vec<_>>())
        .collect();
    assert_eq!(codes, [vec![Unlocked], vec![AwaitMorning]]);
}

#[test]
fn locked_names_the_prerequisites_that_do_not_hold() {
    let mut plan = kinds(&[TrackKind::Running; 4]);
    plan.tracks[3].prerequisites = vec![
        needs(0, Requirement::AtLeast(rung(5))),
        needs(1, Requirement::AtLeast(rung(1))),
        needs(2, Requirement::Done),
    ];
    let mut story = Story::started(plan);
    story.session_on(3, 0, |_| {});
    let shown = |reason: &Reason| {
        let evidence = reason.evidence.iter();
        evidence
            .map(|e| (e.measure, e.observed.clone(), e.threshold.clone()))
            .collect::<Vec<_>>()
    };
    let unmet = [
        (Measure::Track, Some(track_id(0).into()), None),
        (Measure::Rung, Some(2_u32.into()), Some(5_u32.into())),
        (Measure::Track, Some(track_id(2).into()), None),
        (Measure::TrackDone, Some(false.into()), Some(true.into())),
    ];
    let reasons = &story.decision(3).reasons;
    let locked = reasons.iter().find(|reason| reason.code == Locked);
    assert_eq!(shown(locked.expect("locked")), unmet);
    let today = today(&story.plan, &story.state, instant(5, 8), date(5));
    assert_eq!(shown(&today.tracks[3].reasons[0]), unmet);
}

#[test]
fn the_rung_of_a_locked_track_is_shown_as_minus_one() {
    let mut plan = kinds(&[TrackKind::Running; 3]);
    plan.tracks[1].prerequisites = vec![needs(0, Requirement::Done)];
    plan.tracks[2].prerequisites = vec![needs(1, Requirement::AtLeast(rung(1)))];
    let mut story = Story::started(plan);
    story.session_on(2, 0, |_| {});
    assert_eq!(story.numbers(Locked, Measure::Rung), (-1, 1));
}
