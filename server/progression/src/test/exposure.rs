//! EXPOSURE tracks: the prediction has to fail, in several contexts; the fear need not fall.

use super::story::{Story, fear};
use crate::decision::Outcome::{Advance, Hold, Repeat};
use crate::event::SessionReport;
use crate::ladder::TrackKind;
use crate::reason::Measure;
use crate::reason::ReasonCode::{
    AwaitMorning, Counted, FearedOutcome, LadderDone, Overdone, PainAmber,
};

fn exposed() -> Story {
    Story::kinds(&[TrackKind::Exposure])
}

/// A session there, and its GREEN morning.
fn at<'a>(story: &'a mut Story, day: i64, context: &str) -> &'a mut Story {
    story.session(day, |report| in_context(report, context));
    story.morning(day + 1, 0)
}

fn in_context(report: &mut SessionReport, context: &str) {
    report.context = Some(context.to_owned());
}

#[test]
fn neither_confidence_nor_fear_keeps_a_session_from_counting() {
    let mut story = exposed();
    story.session(0, |report| {
        report.confidence = None;
        report.fear = Some(fear(100));
        report.feared_outcome = Some(false);
    });
    story.gives(Hold, &[AwaitMorning]);
    story.morning(1, 0).gives(Repeat, &[Counted]);
}

#[test]
fn a_feared_outcome_keeps_it_from_counting_on_any_kind_and_asks() {
    for kind in [TrackKind::Exposure, TrackKind::Running, TrackKind::Strength] {
        let mut story = Story::kinds(&[kind]);
        story.session(0, |report| report.feared_outcome = Some(true));
        story.gives(Hold, &[AwaitMorning, FearedOutcome]);
        assert_eq!(story.asking(), [FearedOutcome]);
        story.morning(1, 0).gives(Repeat, &[FearedOutcome]);
        assert_eq!(story.asks(), None, "once");
        let mut story = Story::kinds(&[kind]);
        story.session(0, |report| report.feared_outcome = Some(false));
        story.gives(Hold, &[AwaitMorning]);
    }
}

#[test]
fn a_policy_says_how_many_contexts() {
    let mut story = exposed();
    story.plan.tracks[0].policy.contexts_required = 3;
    at(&mut story, 0, "hill");
    at(&mut story, 2, "trail").gives(Repeat, &[Counted]);
    assert_eq!(story.numbers(Counted, Measure::Counted), (2, 2));
    assert_eq!(story.numbers(Counted, Measure::Contexts), (2, 3));
    at(&mut story, 4, "street").gives(Advance, &[Counted]);
    let mut story = exposed();
    story.plan.tracks[0].policy.contexts_required = 1;
    at(&mut story, 0, "hill");
    at(&mut story, 2, "hill").gives(Advance, &[Counted]);
}

#[test]
fn contexts_alone_are_not_enough() {
    let mut story = exposed();
    story.plan.tracks[0].policy.successes_to_advance = 3;
    at(&mut story, 0, "hill");
    at(&mut story, 2, "trail").gives(Repeat, &[Counted]);
    at(&mut story, 4, "trail").gives(Advance, &[Counted]);
}

#[test]
fn as_many_contexts_are_kept_as_are_required() {
    let mut story = exposed();
    story.plan.tracks[0].policy.successes_to_advance = 9;
    for (day, context) in [(0, "hill"), (2, "trail"), (4, "street"), (6, "sand")] {
        at(&mut story, day, context);
    }
    assert_eq!(story.track(0).contexts.len(), 2);
    // Other kinds keep none.
    let mut story = Story::new();
    at(&mut story, 0, "hill");
    assert!(story.track(0).contexts.is_empty());
}

#[test]
fn the_context_of_a_session_that_does_not_count_is_not_noted() {
    let mut story = exposed();
    story.session(0, |report| {
        in_context(report, "hill");
        report.dose_done = super::story::dose(999);
    });
    story.morning(1, 0).gives(Repeat, &[Overdone]);
    assert!(story.track(0).contexts.is_empty());
    at(&mut story, 2, "trail");
    assert_eq!(story.numbers(Counted, Measure::Contexts), (1, 2));
}

#[test]
fn contexts_are_lost_with_what_counted() {
    let noted = || {
        let mut story = exposed();
        at(&mut story, 0, "hill");
        assert_eq!(story.track(0).contexts.len(), 1);
        story
    };
    let lost = |story: &Story| {
        assert_eq!(story.track(0).counted, 0);
        assert!(story.track(0).contexts.is_empty());
    };
    let mut story = noted();
    story.amber(2).gives(Repeat, &[PainAmber]);
    lost(&story);
    let mut story = noted();
    story.green(2).morning(3, 1);
    lost(&story);
    let mut story = noted();
    story.move_to(2, 0, 2);
    lost(&story);
    let mut story = noted();
    story.tick(8);
    lost(&story);
    let mut story = noted();
    story.pause(2).resume(2, &[]);
    lost(&story);
    // A step up begins anew.
    let mut story = noted();
    at(&mut story, 2, "trail").gives(Advance, &[Counted]);
    lost(&story);
}

#[test]
fn the_end_of_the_ladder_asks_for_the_contexts_too() {
    let mut story = exposed();
    story.move_to(0, 0, 5);
    at(&mut story, 0, "hill");
    at(&mut story, 2, "hill").gives(Repeat, &[Counted]);
    assert!(!story.track(0).done);
    at(&mut story, 4, "trail").gives(Repeat, &[LadderDone, Counted]);
}
