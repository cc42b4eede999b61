//! Before START nothing but red flags is judged.

use super::story::{Story, date, needs, plan, rung};
use crate::decision::Outcome::{Hold, Pause, Repeat};
use crate::engine::Judged;
use crate::event::EventBody;
use crate::ladder::TrackKind;
use crate::plan::Requirement;
use crate::policy::TissueProfile;
use crate::reason::ReasonCode::{AwaitMorning, Paused, RedFlag as RedFlagCode, Start, Unlocked};
use crate::red_flag::RedFlag;
use crate::state::PlanState;

fn unstarted() -> Story {
    Story::unstarted(plan(&[(TrackKind::Running, TissueProfile::Unspecified)]))
}

#[test]
fn before_start_check_ins_leave_nothing_but_their_place() {
    let mut story = unstarted();
    story.red(0);
    assert_eq!(story.judged, Judged::RedFlagsOnly);
    story.morning(1, 9).tick(60);
    assert!(story.step.is_empty());
    let mut expected = PlanState::new(&story.plan);
    expected.seq = 2;
    assert_eq!(story.state, expected);
}

#[test]
fn start_judges_from_its_effective_date_on() {
    let mut story = unstarted();
    story.event(0, 9, EventBody::Start { effective: date(5) });
    story.gives_plan(Hold, &[Start]);
    assert!(!story.step[0].automatic);
    story.red(4);
    assert_eq!((story.judged, story.step.len()), (Judged::RedFlagsOnly, 0));
    story.green(5).gives(Hold, &[AwaitMorning]);
    assert_eq!(story.judged, Judged::Fully);
    // A session from before, uploaded afterwards, is still from before.
    story.red(3);
    assert_eq!((story.judged, story.rung()), (Judged::RedFlagsOnly, 2));
}

#[test]
fn a_red_flag_before_start_pauses_and_start_does_not_resume() {
    let mut story = unstarted();
    story
        .flag(0, RedFlag::ChestPain)
        .gives_plan(Pause, &[RedFlagCode]);
    assert_eq!(story.judged, Judged::RedFlagsOnly);
    story.event(1, 9, EventBody::Start { effective: date(1) });
    story.gives_plan(Pause, &[Paused, Start]);
    assert!(story.state.paused.is_some());
    story.resume(2, &[]).green(3).gives(Hold, &[AwaitMorning]);
}

#[test]
fn start_today_is_ready_and_a_second_start_is_refused() {
    let mut story = unstarted();
    story
        .event(0, 9, EventBody::Start { effective: date(0) })
        .gives_plan(Repeat, &[Start]);
    story.event(1, 9, EventBody::Start { effective: date(9) });
    assert_eq!((story.judged, story.step.len()), (Judged::Refused, 0));
    assert_eq!(story.state.started, Some(date(0)));
}

#[test]
fn start_opens_tracks_whose_prerequisites_hold_already() {
    let mut plan = plan(&[(TrackKind::Running, TissueProfile::Unspecified); 2]);
    plan.tracks[1].prerequisites = vec![needs(0, Requirement::AtLeast(rung(2)))];
    let mut story = Story::unstarted(plan.clone());
    assert!(!story.is_active(1));
    story
        .event(0, 9, EventBody::Start { effective: date(0) })
        .gives_on(1, Repeat, &[Unlocked]);
    let mut later = Story::unstarted(plan);
    later.event(0, 9, EventBody::Start { effective: date(2) });
    assert!(!later.is_active(1));
    later.tick(2);
    assert!(later.is_active(1));
}
