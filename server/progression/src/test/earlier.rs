//! Sessions done under an earlier revision: their rung is read there.

use super::story::{Story, confidence, dose, not_before, pain, rung, track_id};
use crate::decision::Outcome::{Advance, Hold, Repeat, StepBack};
use crate::engine::Judged;
use crate::event::{EarlierRung, EventBody, SessionReport};
use crate::plan::PlanDefinition;
use crate::reason::Measure;
use crate::reason::ReasonCode::{
    AwaitMorning, Counted, Layoff, Moved, Overdone, PainRed, Underdone,
};

/// The second revision, and a session on rung 2 of the first, as it was meant there.
fn under_first(
    edit: impl FnOnce(&mut PlanDefinition),
    also: impl FnOnce(&mut SessionReport),
) -> Story {
    let mut story = Story::new();
    story.amend(0, &[], edit);
    let mut report = story.report(0);
    report.rung = rung(2);
    report.earlier = story.former[0].earlier_rung(&story.plan, track_id(0), rung(2));
    report.dose_done = report.earlier.expect("a rung").dose;
    also(&mut report);
    story.event(1, 10, EventBody::Session(report));
    story
}

#[test]
fn a_rung_is_looked_up_in_its_revision_and_compared_with_the_present_one() {
    let mut story = Story::new();
    story.plan.tracks[0].ladder.rungs[3].rest_days = Some(4);
    story.amend(0, &[], |plan| {
        plan.tracks[0].ladder.rungs[2].dose = dose(350);
        plan.tracks[0].ladder.rungs.truncate(5);
    });
    let former = |track: usize, index: u32| {
        story.former[0].earlier_rung(&story.plan, track_id(track), rung(index))
    };
    let told = |dose_then: u32, rest_days: u32, same: bool| {
        Some(EarlierRung {
            dose: dose(dose_then),
            rest_days,
            same,
        })
    };
    assert_eq!(former(0, 1), told(200, 1, true));
    assert_eq!(former(0, 2), told(300, 1, false));
    assert_eq!(former(0, 3), told(400, 4, true));
    assert_eq!(former(0, 5), told(600, 1, false), "there is none now");
    assert_eq!(former(0, 6), None);
    assert_eq!(former(1, 0), None);
    // A track the present revision has not is another rung, whatever it was.
    let mut without = story.plan.clone();
    without.tracks.clear();
    let found = story.former[0].earlier_rung(&without, track_id(0), rung(1));
    assert_eq!(found, told(200, 1, false));
}

#[test]
fn a_session_on_the_same_rung_counts() {
    let mut story = under_first(
        |plan| plan.tracks[0].ladder.rungs[5].dose = dose(700),
        |_| {},
    );
    story.gives(Hold, &[AwaitMorning]);
    story.morning(2, 0).gives(Repeat, &[Counted]);
    story.counted(4).gives(Advance, &[Counted]);
}

#[test]
fn a_session_on_a_rung_that_is_another_now_does_not_count() {
    let changed = |plan: &mut PlanDefinition| plan.tracks[0].ladder.rungs[2].dose = dose(900);
    let mut story = under_first(changed, |_| {});
    story.gives(Hold, &[AwaitMorning, Moved]);
    assert_eq!(story.numbers(Moved, Measure::Rung), (2, 2));
    story.morning(2, 0).gives(Repeat, &[Moved]);
}

#[test]
fn completion_is_held_against_the_dose_of_its_revision() {
    let halved = |plan: &mut PlanDefinition| plan.tracks[0].ladder.rungs[2].dose = dose(150);
    let done = |amount: u32| under_first(halved, |report| report.dose_done = dose(amount)).codes();
    assert_eq!(done(239), [AwaitMorning, Underdone, Moved]);
    assert_eq!(done(240), [AwaitMorning, Moved]);
    assert_eq!(done(332), [AwaitMorning, Moved]);
    assert_eq!(done(333), [AwaitMorning, Overdone, Moved]);
}

#[test]
fn indices_are_compared_only_where_the_rung_is_the_same() {
    let on = |index: u32, changed: bool| {
        let mut story = Story::new();
        story.amend(0, &[], |plan| {
            if changed {
                plan.tracks[0].policy.confidence_min = 6;
            }
        });
        let mut report = story.report(0);
        report.rung = rung(index);
        report.earlier = story.former[0].earlier_rung(&story.plan, track_id(0), rung(index));
        report.dose_done = report.earlier.expect("a rung").dose;
        report.confidence = Some(confidence(9));
        story.event(1, 10, EventBody::Session(report));
        story.codes()
    };
    assert_eq!(on(1, false), [AwaitMorning, Underdone]);
    assert_eq!(on(3, false), [AwaitMorning, Overdone]);
    assert_eq!(on(1, true), [AwaitMorning, Moved]);
    assert_eq!(on(3, true), [AwaitMorning, Moved]);
}

#[test]
fn its_rest_is_that_of_its_revision() {
    let longer = |plan: &mut PlanDefinition| plan.tracks[0].ladder.rungs[2].rest_days = Some(5);
    let story = under_first(longer, |_| {});
    assert_eq!(story.track(0).not_before, Some(not_before(3, 2, 10)));
    let story = under_first(longer, |report| report.pain_during = pain(4));
    assert_eq!(story.track(0).not_before, Some(not_before(4, 3, 10)));
    // And its morning rests by it, and so does the gap after it.
    let mut story = under_first(longer, |_| {});
    story.morning(2, 2);
    assert_eq!(story.track(0).not_before, Some(not_before(4, 3, 10)));
    let mut story = under_first(longer, |_| {});
    story.plan.tracks[0].sessions_per_week = 7;
    story.morning(2, 0).tick(4);
    assert_eq!(story.codes(), [Layoff]);
}

#[test]
fn a_rung_above_the_present_ladder_is_read_as_its_top() {
    let mut story = Story::new();
    story.move_to(0, 0, 5);
    story.amend(0, &[], |plan| plan.tracks[0].ladder.rungs.truncate(3));
    let mut report = story.report(0);
    report.rung = rung(5);
    let plain = report.clone();
    report.earlier = story.former[0].earlier_rung(&story.plan, track_id(0), rung(5));
    report.pain_during = pain(5);
    report.dose_done = dose(600);
    story.event(1, 10, EventBody::Session(report));
    story.gives(StepBack, &[PainRed, Moved]);
    let last = story.track(0).last.clone().expect("a session");
    assert_eq!((last.rung, story.rung()), (rung(2), 1));
    // Under the present revision there is no such rung.
    story.event(2, 10, EventBody::Session(plain));
    assert_eq!(story.judged, Judged::Refused);
}
