//! READINESS_LOW and READINESS_TREND: how the day is, held against the person's own mean.

use super::story::{Story, date, instant, score, sleep, wellness};
use crate::decision::Outcome::{Hold, Pause, Repeat};
use crate::engine::Judged;
use crate::event::{EventBody, WellnessReport};
use crate::ladder::TrackKind;
use crate::reason::ReasonCode::{
    AwaitMorning, Counted, Illness, Late, Paused, ReadinessLow, ReadinessTrend,
    RedFlag as RedFlagCode,
};
use crate::reason::{Measure, Value};
use crate::red_flag::RedFlag;

/// Every item of a check-in, by its name.
type Set = fn(&mut WellnessReport, u32);
const ITEMS: [(&str, Set); 6] = [
    ("SLEEP", |report, value| {
        report.sleep = Some(sleep(400 + 20 * value));
    }),
    ("ENERGY", |report, value| report.energy = Some(score(value))),
    ("CALM", |report, value| report.calm = Some(score(value))),
    ("MOOD", |report, value| report.mood = Some(score(value))),
    ("FRESHNESS", |report, value| {
        report.freshness = Some(score(value));
    }),
    ("FUELLING", |report, value| {
        report.fuelling = Some(score(value));
    }),
];

/// Energy and mood on so many days in a row, from day 0 on.
fn days(answers: &[u32]) -> Story {
    let mut story = Story::new();
    for (day, value) in (0..).zip(answers) {
        both(&mut story, day, *value);
    }
    story
}

fn both(story: &mut Story, day: i64, value: u32) {
    story.wellness_with(day, |report| {
        report.energy = Some(score(value));
        report.mood = Some(score(value));
    });
}

fn is_low(story: &Story) -> bool {
    story.state.wellness.last().expect("an answer").low
}

#[test]
fn less_than_six_hours_of_sleep_make_a_day_low() {
    let mut story = Story::new();
    story.wellness_with(0, |report| report.sleep = Some(sleep(360)));
    assert!(story.step.is_empty() && !is_low(&story));
    story.wellness_with(1, |report| report.sleep = Some(sleep(359)));
    story.gives_plan(Repeat, &[ReadinessLow]);
    assert_eq!(story.asks(), None);
    assert_eq!(
        story.numbers(ReadinessLow, Measure::SleepMinutes),
        (359, 360)
    );
    assert!(is_low(&story));
    story.wellness_with(2, |report| report.sleep = None);
    assert!(story.step.is_empty() && !is_low(&story));
}

#[test]
fn an_item_is_bad_from_one_standard_deviation_below_the_mean_on() {
    // Sleep 480 ± 10, energy 4 ± 1: mean less deviation is met by 470 and by 3.
    let mut story = Story::new();
    for day in 0..8 {
        story.wellness_with(day, |report| {
            report.sleep = Some(sleep(if day % 2 == 0 { 470 } else { 490 }));
            report.energy = Some(score(if day % 2 == 0 { 3 } else { 5 }));
        });
    }
    let on_day_8 = |minutes, energy| {
        let mut story = story.clone();
        story.wellness_with(8, |report| {
            report.sleep = Some(sleep(minutes));
            report.energy = Some(score(energy));
        });
        story
    };
    let mut low = on_day_8(470, 3);
    low.gives_plan(Repeat, &[ReadinessLow]);
    assert_eq!(low.numbers(ReadinessLow, Measure::BadItems), (2, 2));
    assert!(!is_low(&on_day_8(471, 3)));
    assert!(!is_low(&on_day_8(470, 4)));
    assert!(is_low(&on_day_8(361, 1)));
}

#[test]
fn an_item_is_bad_below_a_mean_that_never_moved_and_not_at_it() {
    let mut story = days(&[4; 7]);
    both(&mut story, 7, 4);
    assert!(!is_low(&story));
    let mut story = days(&[4; 7]);
    both(&mut story, 7, 3);
    assert!(is_low(&story));
    let mut story = days(&[4; 7]);
    both(&mut story, 7, 5);
    assert!(!is_low(&story));
}

#[test]
fn a_mean_takes_seven_earlier_answers_of_the_item() {
    let mut story = days(&[4; 6]);
    both(&mut story, 6, 1);
    assert!(!is_low(&story));
    // Seven dates, but energy was left out on one of them.
    let mut story = days(&[4; 6]);
    story.wellness_with(6, |report| {
        report.energy = None;
        report.mood = Some(score(4));
    });
    let seven = story.clone();
    both(&mut story, 7, 1);
    assert!(!is_low(&story));
    // Mood has its seven; with sleep, which has them too, there are two.
    let mut story = seven;
    story.wellness_with(7, |report| {
        report.mood = Some(score(1));
        report.sleep = Some(sleep(470));
    });
    assert!(is_low(&story));
}

#[test]
fn every_item_is_looked_at_and_two_bad_ones_make_a_day_low() {
    for (first, (name, set)) in ITEMS.iter().enumerate() {
        let (other_name, other) = ITEMS[(first + 1) % 6];
        let mut story = Story::new();
        for day in 0..7 {
            story.wellness_with(day, |report| {
                set(report, 4);
                other(report, 4);
            });
        }
        let mut one = story.clone();
        one.wellness_with(7, |report| {
            other(report, 4);
            set(report, 3);
        });
        assert!(!is_low(&one), "{name} alone");
        story.wellness_with(7, |report| {
            set(report, 3);
            other(report, 3);
        });
        assert!(is_low(&story), "{name} and {other_name}");
        let told = story.step[0].reasons[0].evidence.iter();
        let told: Vec<_> = told
            .filter(|evidence| evidence.measure == Measure::Item)
            .filter_map(|evidence| evidence.observed.clone())
            .collect();
        assert!(told.contains(&Value::code(name)), "{told:?}");
        assert!(told.contains(&Value::code(other_name)), "{told:?}");
    }
}

#[test]
fn a_mean_is_that_of_the_last_fourteen_earlier_dates() {
    // With the bad first day in the mean, 4 would lie within the deviation.
    let answers: Vec<u32> = std::iter::once(1).chain([5; 13]).collect();
    let mut story = days(&answers);
    assert_eq!(story.state.wellness.len(), 14);
    let mut within = story.clone();
    both(&mut within, 14, 4);
    assert!(!is_low(&within));
    both(&mut story, 14, 5);
    assert_eq!(story.state.wellness.len(), 15);
    let mut again = story.clone();
    both(&mut again, 14, 4);
    assert!(!is_low(&again));
    both(&mut story, 15, 4);
    assert!(is_low(&story));
    assert_eq!(story.state.wellness.len(), 15);
    assert_eq!(story.state.wellness[0].date, date(1));
}

#[test]
fn a_date_has_one_answer_the_latest_and_is_low_if_any_of_it_was() {
    let mut story = Story::new();
    story.short_night(0).well(0);
    assert!(story.step.is_empty());
    assert_eq!(story.state.wellness.len(), 1);
    assert!(is_low(&story));
    assert_eq!(story.state.wellness[0].items[0], Some(480));
    // A date is not earlier than itself: six others are too few.
    let mut story = days(&[4; 7]);
    both(&mut story, 6, 1);
    assert!(!is_low(&story));
}

#[test]
fn an_answer_dated_before_the_last_one_is_late_and_gives_nothing_but_its_flags() {
    let mut story = Story::new();
    story.well(3);
    let before = story.state.clone();
    story.wellness_with(2, |report| {
        report.ill = true;
        report.sleep = Some(sleep(100));
    });
    story.gives_plan(Repeat, &[Late]);
    let dates = story.evidence(Late, Measure::EventDate);
    assert_eq!(dates, (Some(date(2).into()), Some(date(3).into())));
    story.state.seq = before.seq;
    assert_eq!(story.state, before);
    story.wellness_with(2, |report| report.red_flags = vec![RedFlag::ChestPain]);
    story.gives_plan(Pause, &[RedFlagCode]);
    assert_eq!(story.asks(), Some(true));
    // The date of the last one is not before it.
    let mut story = Story::new();
    story.well(3).ill(3);
    assert!(story.state.ill.is_some());
}

#[test]
fn of_a_check_in_with_a_red_flag_nothing_else_is_judged() {
    let mut story = Story::new();
    story.wellness_with(0, |report| {
        report.ill = true;
        report.sleep = Some(sleep(100));
        report.red_flags = vec![RedFlag::Fainting];
    });
    story.gives_plan(Pause, &[RedFlagCode]);
    assert_eq!(story.step.len(), 1);
    assert!(story.state.wellness.is_empty() && story.state.ill.is_none());
}

#[test]
fn three_low_dates_in_a_row_ask() {
    let mut story = Story::new();
    story.short_night(0).short_night(1);
    story.gives_plan(Repeat, &[ReadinessLow]);
    story
        .short_night(2)
        .gives_plan(Repeat, &[ReadinessLow, ReadinessTrend]);
    assert_eq!(story.asking(), [ReadinessTrend]);
    assert_eq!(
        story.numbers(ReadinessTrend, Measure::LowDaysInARow),
        (3, 3)
    );
    // A date that is not low breaks the row; one without an answer does not.
    let mut story = Story::new();
    story.short_night(0).short_night(1).well(2).short_night(3);
    story.gives_plan(Repeat, &[ReadinessLow]);
    let mut story = Story::new();
    story.short_night(0).short_night(2).short_night(5);
    story.gives_plan(Repeat, &[ReadinessLow, ReadinessTrend]);
    // Three answers of two dates are two dates.
    let mut story = Story::new();
    story.short_night(0).short_night(1).short_night(1);
    story.gives_plan(Repeat, &[ReadinessLow]);
}

#[test]
fn a_session_of_a_low_date_does_not_count() {
    let mut story = Story::new();
    story.short_night(0);
    story.session(0, |report| report.dose_done = super::story::dose(210));
    story.gives(Hold, &[AwaitMorning, ReadinessLow]);
    let seen = story.evidence(ReadinessLow, Measure::LowDate);
    assert_eq!(seen, (Some(date(0).into()), None));
    story.morning(1, 0).gives(Repeat, &[ReadinessLow]);
    assert_eq!(story.track(0).counted, 0);
    story.counted(2).gives(Repeat, &[Counted]);
}

#[test]
fn readiness_is_asked_for_every_date_from_the_session_to_the_morning() {
    let closed = |low: i64| {
        let mut story = Story::new();
        if low < 2 {
            story.short_night(low);
        }
        story.green(2);
        if low >= 2 {
            story.event(low, 21, EventBody::Wellness(short()));
        }
        // 47 hours later.
        story.event(4, 9, EventBody::Morning(super::story::morning()));
        story.codes()
    };
    assert_eq!(closed(1), [Counted], "the day before");
    assert_eq!(closed(2), [ReadinessLow], "the session's, after it");
    assert_eq!(closed(3), [ReadinessLow], "the day between");
    let mut story = Story::new();
    story.green(2).event(4, 6, EventBody::Wellness(short()));
    story.event(4, 9, EventBody::Morning(super::story::morning()));
    story.gives(Repeat, &[ReadinessLow]);
    // A morning before the answer of its date has counted already.
    let mut story = Story::new();
    story.counted(2).short_night(3);
    assert_eq!(story.track(0).counted, 1);
}

fn short() -> WellnessReport {
    WellnessReport {
        sleep: Some(sleep(300)),
        ..wellness()
    }
}

#[test]
fn while_paused_the_answers_are_kept_and_nothing_is_told() {
    let mut story = Story::new();
    story
        .pause(0)
        .short_night(1)
        .gives_plan(Pause, &[Paused])
        .ill(2);
    story.gives_plan(Pause, &[Paused]);
    assert_eq!(story.asks(), None);
    assert_eq!(story.state.wellness.len(), 2);
    assert_eq!(story.state.ill.map(|ill| ill.since), Some(date(2)));
    // A late answer too is no more than recorded.
    story.well(1).gives_plan(Pause, &[Paused]);
}

#[test]
fn before_start_the_answers_are_kept_and_nothing_is_judged() {
    let mut story = Story::unstarted(super::story::plan(&[(
        TrackKind::Running,
        crate::policy::TissueProfile::Unspecified,
    )]));
    story.wellness_with(0, |report| {
        report.ill = true;
        report.sleep = Some(sleep(300));
    });
    assert_eq!((story.judged, story.step.len()), (Judged::RedFlagsOnly, 0));
    assert!(is_low(&story) && story.state.ill.is_some());
    story.event_dated(
        date(0),
        instant(0, 9),
        EventBody::Start { effective: date(0) },
    );
    story.session(0, |report| report.dose_done = super::story::dose(210));
    story.gives(Hold, &[AwaitMorning, Illness, ReadinessLow]);
}
