//! WEEKLY_TREND: morning pain or stiffness that rises week over week.

use super::story::{Story, date, instant, pain, plan, stiffness};
use crate::decision::Outcome::Hold;
use crate::event::{EventBody, MorningReport};
use crate::ladder::TrackKind;
use crate::policy::TissueProfile;
use crate::reason::Measure;
use crate::reason::ReasonCode::{IllnessLong, Layoff, NeedsClearance, WeeklyTrend};
use crate::state::WeekSum;

/// A plan whose mornings of pain up to 6 and stiffness up to 300 are all GREEN.
fn calm() -> Story {
    let mut story = Story::new();
    story.plan.baseline.pain = pain(6);
    story.plan.baseline.stiffness = stiffness(300);
    story
}

/// Mornings of one week, Monday first.
fn week(story: &mut Story, week: i64, pains: &[u32]) {
    for (day, value) in (0..).zip(pains) {
        story.morning_with(7 * week + day, |report| {
            report.pain = pain(*value);
            report.stiffness = None;
        });
    }
}

/// What the first event of the fourth week says after three weeks of these mornings.
fn told(weeks: [&[u32]; 3]) -> bool {
    let mut story = calm();
    for (index, pains) in (0..).zip(weeks) {
        week(&mut story, index, pains);
    }
    story.tick(21);
    if story.step.is_empty() {
        return false;
    }
    story.gives_plan(Hold, &[WeeklyTrend]);
    assert_eq!((story.asking(), story.rung()), (vec![WeeklyTrend], 2));
    true
}

#[test]
fn a_mean_that_rises_by_half_a_point_twice_in_a_row_asks() {
    assert!(told([&[0, 0], &[0, 1], &[1, 1]]));
    assert!(told([&[1, 1, 1, 1], &[1, 2, 1, 2], &[2, 2]]));
    // 0, ½, and a third of a point more; 0, a third, and 1.
    assert!(!told([&[0, 0], &[0, 1], &[1, 1, 1, 1, 0, 1]]));
    assert!(!told([&[0, 0], &[0, 0, 1], &[1, 1]]));
    // Only once in a row, or falling between.
    assert!(!told([&[0, 0], &[2, 2], &[2, 2]]));
    assert!(!told([&[1, 1], &[1, 1], &[3, 3]]));
    assert!(!told([&[2, 2], &[0, 0], &[4, 4]]));
}

#[test]
fn each_of_the_three_weeks_needs_two_mornings() {
    assert!(!told([&[0], &[1, 1], &[2, 2]]));
    assert!(!told([&[0, 0], &[1], &[2, 2]]));
    assert!(!told([&[0, 0], &[1, 1], &[2]]));
    assert!(!told([&[], &[1, 1], &[2, 2]]));
    assert!(told([&[0, 0], &[1, 1], &[2, 2]]));
}

#[test]
fn it_shows_the_means_in_hundredths() {
    let mut story = calm();
    for (index, pains) in [(0, &[0_u32, 0, 1][..]), (1, &[1, 1]), (2, &[1, 2, 2])] {
        week(&mut story, index, pains);
    }
    story.tick(21).gives_plan(Hold, &[WeeklyTrend]);
    assert_eq!(
        story.numbers(WeeklyTrend, Measure::WeekMeanPain),
        (166, 100)
    );
}

#[test]
fn stiffness_rises_from_five_minutes_on() {
    let told = |minutes: [[u32; 2]; 3]| {
        let mut story = calm();
        for (week, minutes) in (0..).zip(minutes) {
            for (day, value) in (0..).zip(minutes) {
                story.morning_with(7 * week + day, |report| {
                    report.stiffness = Some(stiffness(value));
                });
            }
        }
        // A morning that does not say it counts for neither its sum nor its number.
        story.morning_with(20, |report| report.stiffness = None);
        story.tick(21);
        story
    };
    let mut story = told([[10, 10], [15, 15], [20, 20]]);
    story.gives_plan(Hold, &[WeeklyTrend]);
    let seen = story.numbers(WeeklyTrend, Measure::WeekMeanStiffness);
    assert_eq!(seen, (2000, 1500));
    assert_eq!(story.step[0].reasons[0].evidence.len(), 1);
    assert!(told([[10, 10], [15, 14], [20, 20]]).step.is_empty());
    assert!(told([[10, 10], [15, 15], [19, 20]]).step.is_empty());
    // Weeks in which hardly a morning said it make no mean of stiffness.
    let mut story = calm();
    for week in 0..3_u32 {
        for day in 0..2_u32 {
            story.morning_with(i64::from(7 * week + day), |report| {
                report.stiffness = (day == 0).then(|| stiffness(10 * week));
            });
        }
    }
    story.tick(21);
    assert!(story.step.is_empty());
}

#[test]
fn pain_and_stiffness_together_are_one_reason() {
    let mut story = calm();
    for week in 0..3_u32 {
        for day in 0..2 {
            story.morning_with(7 * i64::from(week) + day, |report| {
                report.pain = pain(week);
                report.stiffness = Some(stiffness(20 * week));
            });
        }
    }
    story.tick(21).gives_plan(Hold, &[WeeklyTrend]);
    assert_eq!(story.step[0].reasons[0].evidence.len(), 2);
}

fn rising() -> Story {
    let mut story = calm();
    for index in 0..3_u32 {
        week(&mut story, i64::from(index), &[index, index]);
    }
    story
}

#[test]
fn the_first_event_of_a_new_week_tells_it_once() {
    let mut story = rising();
    story.tick(20);
    assert!(story.step.is_empty(), "the week is not over on Sunday");
    story.well(21).gives_plan(Hold, &[WeeklyTrend]);
    story.tick(22).tick(27);
    assert!(story.step.is_empty());
    // A further rise is told in the week after.
    let mut story = rising();
    week(&mut story, 3, &[3, 3]);
    story.tick(28).gives_plan(Hold, &[WeeklyTrend]);
    // A week without mornings breaks it.
    let mut story = rising();
    story.tick(28);
    assert!(story.step.is_empty());
}

#[test]
fn weeks_are_those_of_the_calendar() {
    // The sums go by the date of the morning, also where it is that of a former week.
    let mut story = calm();
    week(&mut story, 0, &[0]);
    week(&mut story, 1, &[1]);
    week(&mut story, 2, &[2]);
    story.morning_with(9, |report| report.pain = pain(1));
    story.morning_with(3, |_| {});
    week(&mut story, 2, &[2]);
    story.tick(21).gives_plan(Hold, &[WeeklyTrend]);
    // Older than the three finished weeks is older than what is kept.
    let mut story = calm();
    week(&mut story, 4, &[0]);
    let before = story.state.weeks;
    week(&mut story, 0, &[5]);
    assert_eq!(story.state.weeks, before);
    week(&mut story, 1, &[5]);
    assert_eq!(story.state.weeks.sums[3].pain, 5);
}

#[test]
fn every_week_that_passes_makes_room_for_one() {
    let sums = |week: i64| {
        let mut story = rising();
        story.tick(7 * week);
        story.state.weeks.sums.map(|sum| sum.pains)
    };
    assert_eq!(sums(2), [2, 2, 2, 0]);
    assert_eq!(sums(3), [0, 2, 2, 2]);
    assert_eq!(sums(4), [0, 0, 2, 2]);
    assert_eq!(sums(5), [0, 0, 0, 2]);
    assert_eq!(sums(6), [0; 4]);
    let mut story = rising();
    story.event_dated(date(7 * 5), instant(7 * 5, 0), EventBody::Tick);
    assert_eq!(story.state.weeks.monday, Some(date(7 * 5)));
}

#[test]
fn mornings_of_a_paused_plan_are_not_logged_and_no_week_is_judged_then() {
    let mut story = rising();
    story.pause(20).tick(21);
    assert!(story.step.is_empty());
    week(&mut story, 3, &[6, 6]);
    story
        .resume(24, &[])
        .tick(24)
        .gives_plan(Hold, &[WeeklyTrend]);
    assert_eq!(story.state.weeks.sums[0], WeekSum::default());
}

#[test]
fn mornings_before_start_are_not_logged() {
    let mut story = Story::unstarted(plan(&[(TrackKind::Running, TissueProfile::Tendon)]));
    week(&mut story, 0, &[1, 1]);
    story.event(7, 0, EventBody::Start { effective: date(7) });
    assert_eq!(story.state.weeks.sums, [WeekSum::default(); 4]);
    assert_eq!(story.state.weeks.monday, Some(date(7)));
}

#[test]
fn a_morning_with_a_red_flag_is_not_logged_and_one_that_is_too_early_is() {
    let mut story = calm();
    story.flag(0, crate::RedFlag::NewLimp);
    assert_eq!(story.state.weeks.sums[0].pains, 0);
    let mut story = calm();
    story.green(0);
    let early = MorningReport {
        pain: pain(2),
        ..super::story::morning()
    };
    story.event(0, 12, EventBody::Morning(early));
    assert_eq!(story.state.weeks.sums[0].pain, 2);
}

#[test]
fn it_comes_after_the_other_steps_of_settling() {
    let mut story = rising();
    story.ill(13);
    week(&mut story, 2, &[2, 2]);
    story.session(14, |_| {}).tick(23);
    let codes = story.codes_of_all();
    assert!(
        codes.ends_with(&[IllnessLong, Layoff, WeeklyTrend]),
        "{codes:?}"
    );
}

#[test]
fn time_beyond_the_day_clearance_fell_due_is_counted_to_that_day() {
    // Clearance falls due on day 42, the Monday of the seventh week; the plan was paused
    // from then on, whatever day the first tick is on.
    let mut story = calm();
    for index in 3..6_u32 {
        week(&mut story, i64::from(index), &[index - 3, index - 3]);
    }
    let mut late = story.clone();
    late.tick(42 + 14);
    let codes: Vec<_> = late.step.iter().map(|d| d.reasons[0].code).collect();
    assert_eq!(codes, [NeedsClearance, WeeklyTrend]);
    story.tick(42).tick(56);
    story.state.seq = late.state.seq;
    assert_eq!(story.state, late.state);
}
