//! DELOAD_WEEK: every so many weeks from the START one is lighter.

use super::story::{Story, date, dose, plan};
use crate::decision::Outcome::{Advance, Hold, Repeat};
use crate::event::EventBody;
use crate::ladder::TrackKind;
use crate::policy::TissueProfile;
use crate::reason::Measure;
use crate::reason::ReasonCode::{AwaitMorning, Counted, DeloadWeek, Overdone, Underdone};

fn is_blocked(story: &Story) -> bool {
    story.codes().contains(&DeloadWeek)
}

/// Whether a session on a day lies in a lighter week.
fn lighter(story: &Story, day: i64) -> bool {
    let mut story = story.clone();
    story.green(day);
    is_blocked(&story)
}

#[test]
fn the_last_of_every_four_weeks_is_lighter() {
    let story = Story::new();
    let expected = [(0, false), (20, false), (21, true), (27, true), (28, false)];
    for (day, asked) in expected {
        assert_eq!(lighter(&story, day), asked, "day {day}");
    }
    // The second round, of a plan that does not need clearance by then.
    let mut story = Story::new();
    story.counted(40);
    for (day, asked) in [(48, false), (49, true), (55, true), (56, false)] {
        assert_eq!(lighter(&story, day), asked, "day {day}");
    }
}

#[test]
fn weeks_count_from_the_date_of_start() {
    let mut story = Story::unstarted(plan(&[(TrackKind::Running, TissueProfile::Unspecified)]));
    // A Thursday.
    story.event(0, 9, EventBody::Start { effective: date(3) });
    for (day, asked) in [(23, false), (24, true), (30, true), (31, false)] {
        assert_eq!(lighter(&story, day), asked, "day {day}");
    }
}

#[test]
fn a_policy_says_how_often_and_zero_is_never() {
    let every = |weeks: u32| {
        let mut story = Story::new();
        story.plan.tracks[0].policy.deload_every_weeks = weeks;
        story
    };
    let found = |weeks: u32| -> Vec<i64> {
        let story = every(weeks);
        (0..6).filter(|week| lighter(&story, 7 * week)).collect()
    };
    assert_eq!(found(0), [] as [i64; 0]);
    assert_eq!(found(2), [1, 3, 5]);
    assert_eq!(found(3), [2, 5]);
    assert_eq!(found(5), [4]);
}

#[test]
fn each_track_has_its_own() {
    let mut story = Story::kinds(&[TrackKind::Strength; 2]);
    story.plan.tracks[1].policy.deload_every_weeks = 0;
    story.session_on(0, 21, |_| {});
    assert!(is_blocked(&story));
    story
        .session_on(1, 21, |_| {})
        .gives_on(1, Hold, &[AwaitMorning]);
}

#[test]
fn a_session_in_it_does_not_count() {
    let mut story = Story::new();
    story.session(21, |report| report.dose_done = dose(180));
    story.gives(Hold, &[AwaitMorning, DeloadWeek]);
    assert_eq!(story.asks(), None);
    assert_eq!(story.numbers(DeloadWeek, Measure::DeloadWeek), (4, 4));
    story.morning(22, 0).gives(Repeat, &[DeloadWeek]);
    assert_eq!(story.track(0).counted, 0);
}

#[test]
fn every_date_from_the_session_to_the_morning_is_asked() {
    // Sunday before it, and the morning in it.
    let mut story = Story::new();
    story.counted(20).gives(Repeat, &[DeloadWeek]);
    // Its last Sunday, and the morning after it.
    let mut story = Story::new();
    story.session(27, |report| report.dose_done = dose(180));
    story.morning(28, 0).gives(Repeat, &[DeloadWeek]);
    let mut story = Story::new();
    story.counted(19).gives(Repeat, &[Counted]);
    let mut story = Story::new();
    story.counted(28).gives(Repeat, &[Counted]);
    // A whole lighter week between the two.
    let mut story = Story::new();
    story.plan.tracks[0].policy.morning_window_hours = 240;
    story.plan.tracks[0].policy.layoff[0].from_gap = 60;
    story.plan.tracks[0].policy.layoff.truncate(1);
    story.green(20).morning(29, 0).gives(Repeat, &[DeloadWeek]);
}

#[test]
fn what_counted_before_it_is_kept() {
    let mut story = Story::new();
    story.counted(18);
    story.session(22, |report| report.dose_done = dose(180));
    story.morning(23, 0);
    assert_eq!(story.track(0).counted, 1);
    story.counted(28).gives(Advance, &[Counted]);
}

#[test]
fn completion_is_held_against_the_lighter_dose() {
    // 60 % of 300.
    let done = |amount: u32| {
        let mut story = Story::new();
        story.session(21, |report| report.dose_done = dose(amount));
        story.codes()
    };
    assert_eq!(done(143), [AwaitMorning, Underdone, DeloadWeek]);
    assert_eq!(done(144), [AwaitMorning, DeloadWeek]);
    assert_eq!(done(199), [AwaitMorning, DeloadWeek]);
    assert_eq!(done(200), [AwaitMorning, Overdone, DeloadWeek]);
    // On a low day in it: 70 % of 60 %, which is 126.
    let mut story = Story::new();
    story.short_night(21);
    story.session(21, |report| report.dose_done = dose(126));
    assert!(!story.codes().contains(&Overdone) && !story.codes().contains(&Underdone));
    let mut story = Story::new();
    story.short_night(21);
    story.session(21, |report| report.dose_done = dose(141));
    assert!(story.codes().contains(&Overdone));
}
