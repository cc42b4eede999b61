//! LAYOFF: gaps between sessions.

use super::story::{Story, date, dose, plan, rung};
use crate::decision::Outcome::{Hold, Repeat, StepBack};
use crate::event::EventBody;
use crate::explain::Voice;
use crate::ladder::TrackKind;
use crate::policy::{LayoffRow, LayoffTarget, TissueProfile};
use crate::reason::Measure;
use crate::reason::ReasonCode::{AwaitMorning, Layoff, Underdone};

fn three_a_week() -> Story {
    let mut story = Story::new();
    story.plan.tracks[0].sessions_per_week = 3;
    story
}

/// A closed session on day 0 on the top rung (dose 600 of 100 … 600); three sessions a
/// week and one rest day give a spacing of 3 days, so day 3 + n is a gap of n.
fn top() -> Story {
    let mut story = three_a_week();
    story.move_to(0, 0, 5).counted(0);
    story
}

#[track_caller]
fn after_gap(gap: i64) -> Story {
    let mut story = top();
    story.tick(3 + gap);
    story
}

#[test]
fn layoff_rows_step_back_by_their_share_of_the_dose() {
    let cases = [
        (1, Repeat, 5, false),
        (2, Repeat, 5, false),
        (3, StepBack, 2, false), // ≤ 65 % of 600 = 390
        (7, StepBack, 2, false),
        (8, StepBack, 2, true), // ≤ 50 % = 300
        (25, StepBack, 2, true),
        (26, StepBack, 0, true), // ≤ 25 % = 150
        (38, StepBack, 0, true),
    ];
    for (gap, outcome, rung, asks) in cases {
        let mut story = after_gap(gap);
        story.gives(outcome, &[Layoff]);
        assert_eq!(
            (story.rung(), story.asks().is_some()),
            (rung, asks),
            "gap {gap}"
        );
        assert_eq!(story.track(0).counted, 0, "gap {gap}");
        assert_eq!(story.numbers(Layoff, Measure::GapDays).0, gap);
    }
    assert!(after_gap(0).step.is_empty());
    assert_eq!(after_gap(0).track(0).counted, 1);
}

#[test]
fn layoff_of_40_days_goes_to_the_lowest_rung() {
    // 42 days without any session pause the plan, so the gap needs another track.
    let kinds = [TrackKind::Running, TrackKind::Strength];
    let story = |gap: i64| {
        let mut plan = plan(&kinds.map(|kind| (kind, TissueProfile::Unspecified)));
        plan.tracks[0].sessions_per_week = 3;
        // So that 25 % of the top's dose would still be rung 1.
        for (index, amount) in [(0, 100), (1, 150)] {
            plan.tracks[0].ladder.rungs[index].dose = dose(amount);
        }
        let mut story = Story::started(plan);
        story
            .move_to(0, 0, 5)
            .session_on(0, 0, |_| {})
            .session_on(1, 30, |_| {});
        story.tick(3 + gap);
        story
    };
    assert_eq!(story(39).rung(), 1);
    assert_eq!(story(40).rung(), 0);
}

#[test]
fn layoff_takes_the_largest_rung_that_fits_exactly_and_the_lowest_if_none_does() {
    let with = |doses: [u32; 3]| {
        let mut story = top();
        for (index, amount) in [
            (0, doses[0]),
            (1, doses[1]),
            (2, doses[2]),
            (3, 600),
            (4, 600),
        ] {
            story.plan.tracks[0].ladder.rungs[index].dose = dose(amount);
        }
        story.tick(6);
        story.rung()
    };
    assert_eq!(with([100, 200, 390]), 2, "65 % of 600 is 390");
    assert_eq!(with([100, 200, 391]), 1);
    assert_eq!(with([391, 400, 500]), 0, "none fits");
    assert_eq!(with([390, 500, 390]), 2, "doses need not rise");
}

#[test]
fn layoff_acts_once_per_row_and_many_ticks_equal_one() {
    let mut many = top();
    for day in 3..=20 {
        many.tick(day);
    }
    let mut one = top();
    one.tick(20);
    many.state.seq = one.state.seq;
    assert_eq!(many.state, one.state);
    let before = one.state.clone();
    one.tick(20);
    assert_eq!(one.state, before);
    assert!(one.step.is_empty(), "said once");
}

#[test]
fn layoff_from_gap_3_on_delays_the_next_step_up_from_the_last_session() {
    assert_eq!(after_gap(2).track(0).no_advance_before, None);
    assert_eq!(after_gap(3).track(0).no_advance_before, Some(date(7)));
}

#[test]
fn layoff_that_steps_back_delays_the_next_step_up_from_any_gap_on() {
    let delayed = |target: LayoffTarget| {
        let mut story = three_a_week();
        story.plan.tracks[0].policy.layoff = vec![LayoffRow {
            from_gap: 2,
            target,
            ask: false,
        }];
        story.counted(0).tick(5);
        assert!(story.codes().contains(&Layoff));
        story.track(0).no_advance_before.is_some()
    };
    assert!(delayed(LayoffTarget::DosePercent(50)));
    assert!(!delayed(LayoffTarget::Repeat));
}

#[test]
fn layoff_never_raises_a_rung_and_repeats_when_it_is_low_enough() {
    let mut story = top();
    story.red(2).morning(3, 0);
    story.session(5, |report| {
        report.rung = rung(5);
        report.dose_done = dose(600);
    });
    story.state.tracks[0].rung = rung(1);
    story.tick(11);
    let decision = story
        .decisions_on(0)
        .into_iter()
        .last()
        .expect("a decision")
        .clone();
    assert_eq!((decision.outcome, story.rung()), (Repeat, 1));
}

#[test]
fn layoff_spacing_is_the_longer_of_schedule_and_rest() {
    // ⌈7 / 2⌉ = 4
    let mut story = top();
    story.plan.tracks[0].sessions_per_week = 2;
    story.tick(4);
    assert!(story.step.is_empty());
    story.tick(5).gives(Repeat, &[Layoff]);
    // Five days of rest after the rung done.
    let mut story = top();
    let last = story.state.tracks[0].last.as_mut();
    last.expect("a session").rest_days = 5;
    story.tick(6);
    assert!(story.step.is_empty());
    story.tick(7).gives(Repeat, &[Layoff]);
}

#[test]
fn layoff_only_touches_tracks_that_have_a_session() {
    let mut story = Story::new();
    story.move_to(0, 0, 5).tick(30);
    assert!(story.step.is_empty());
}

#[test]
fn layoff_settles_before_the_session_that_ends_it() {
    let mut story = top();
    story.session(6, |report| {
        report.rung = rung(2);
        report.dose_done = dose(300);
    });
    let codes = story.codes();
    assert_eq!(codes, [Layoff, AwaitMorning]);
    assert!(!codes.contains(&Underdone));
    assert_eq!(story.decisions_on(0)[1].outcome, Hold);
}

#[test]
fn layoff_counts_from_resume_and_reduces_the_lower_of_last_rung_and_rung_set() {
    let mut story = top();
    story.pause(2).resume(20, &[(0, 5)]).tick(23);
    assert!(story.step.is_empty());
    story.tick(26).gives(StepBack, &[Layoff]);
    assert_eq!(story.rung(), 2);
    // Set lower than the last rung done: 65 % of 300.
    let mut story = top();
    story
        .pause(2)
        .resume(20, &[(0, 2)])
        .tick(26)
        .gives(StepBack, &[Layoff]);
    assert_eq!(story.rung(), 0);
    // Set higher: the rung done counts.
    let mut story = three_a_week();
    story
        .counted(0)
        .pause(2)
        .resume(20, &[(0, 5)])
        .tick(26)
        .gives(StepBack, &[Layoff]);
    assert_eq!(story.rung(), 0);
}

#[test]
fn layoff_after_move_to_reduces_the_rung_set() {
    let mut story = three_a_week();
    story
        .counted(0)
        .move_to(2, 0, 5)
        .tick(8)
        .gives(StepBack, &[Layoff]);
    assert_eq!(story.rung(), 2);
}

#[test]
fn layoff_keeps_its_base_when_a_session_dated_before_it_comes_in() {
    let mut story = three_a_week();
    story.counted(0).move_to(4, 0, 5);
    // Done on day 2 on rung 3, uploaded after the move.
    let mut report = story.report(0);
    report.rung = rung(3);
    story.event(2, 10, EventBody::Session(report)).tick(7);
    assert!(!story.codes().contains(&Layoff), "day 4 is the base");
    story.tick(10).gives(StepBack, &[Layoff]);
    assert_eq!(story.rung(), 1, "65 % of rung 3, the lower of done and set");
    // A session on the day of the move replaces it.
    let mut story = Story::new();
    story
        .counted(0)
        .move_to(4, 0, 5)
        .event(4, 10, EventBody::Session(story_report(1)));
    assert_eq!(story.track(0).layoff_base, None);
}

fn story_report(done: u32) -> crate::event::SessionReport {
    let mut report = Story::new().report(0);
    report.rung = rung(done);
    report
}

#[test]
fn a_row_that_acted_acts_again_only_after_a_new_base() {
    let mut story = top();
    story.tick(6).gives(StepBack, &[Layoff]);
    story.counted(7).tick(10);
    assert!(story.step.is_empty());
    story.tick(11).gives(Repeat, &[Layoff]);
    assert_eq!(story.track(0).layoff_level, 1);
}

#[test]
fn a_move_starts_the_rows_anew() {
    let mut story = top();
    story.tick(11).gives(StepBack, &[Layoff]);
    assert_eq!(story.track(0).layoff_level, 3);
    story.move_to(11, 0, 5).tick(15).gives(Repeat, &[Layoff]);
    assert_eq!(story.track(0).layoff_level, 1);
}

#[test]
fn layoff_after_resume_reduces_no_more_than_the_rung_set_when_a_session_before_it_comes_in() {
    let mut story = Story::new();
    story.counted(0).pause(1).resume(6, &[(0, 3)]);
    // Done on day 3 on rung 5, uploaded after the resume.
    let mut report = story.report(0);
    report.rung = rung(5);
    story.event(3, 10, EventBody::Session(report)).tick(16);
    assert_eq!(
        story.rung(),
        1,
        "65 % of rung 3, the lower of done and set; of rung 5 it would be rung 2"
    );
}

#[test]
fn layoff_shows_the_dose_it_leaves_against_the_rows_limit() {
    // Rung 2 has 300 of 600.
    assert_eq!(after_gap(3).numbers(Layoff, Measure::DosePercent), (50, 65));
    let mut story = top();
    for index in 0..5 {
        story.plan.tracks[0].ladder.rungs[index].dose = dose(391);
    }
    story.tick(6);
    // 65.2 %: over the limit, so it is the lowest rung that is left.
    assert_eq!(story.numbers(Layoff, Measure::DosePercent), (66, 65));
    let said = Voice::default().sentence(&story.decision(0).reasons[0]);
    assert!(said.contains("the first rung"), "{said}");
}

#[test]
fn layoff_says_to_which_day_a_gap_is_counted_where_clearance_fell_due_first() {
    let mut story = top();
    story.tick(60);
    let (seen, counted_to) = story.evidence(Layoff, Measure::EventDate);
    assert_eq!(
        (seen, counted_to),
        (Some(date(60).into()), Some(date(42).into()))
    );
    assert_eq!(story.numbers(Layoff, Measure::GapDays).0, 39);
    let said = Voice::default().sentence(&story.decision(0).reasons[0]);
    assert!(said.contains("Counted to 13 April 2026"), "{said}");
    let mut story = top();
    story.tick(42);
    let said = Voice::default().sentence(&story.decision(0).reasons[0]);
    assert!(said.starts_with("There was a break, 39 days"), "{said}");
}
