//! SPIKE: a run much further than any of the last 30 days.

use super::story::{Story, date, metres, not_before, pain, plan};
use crate::decision::Outcome::{Hold, Repeat};
use crate::event::Activity;
use crate::ladder::TrackKind;
use crate::policy::TissueProfile;
use crate::reason::Measure;
use crate::reason::ReasonCode::{PainAmber, Spike, UnplannedRed};

fn run(story: &mut Story, day: i64, distance: u32) {
    story.unplanned(day, Activity::Run, |report| {
        report.distance = Some(metres(distance));
    });
}

/// Runs of 3000 m on these days.
fn ran(days: &[i64]) -> Story {
    let mut story = Story::new();
    days.iter().for_each(|day| run(&mut story, *day, 3000));
    story
}

fn is_spike(mut story: Story, day: i64, distance: u32) -> bool {
    run(&mut story, day, distance);
    story.codes().contains(&Spike)
}

#[test]
fn a_run_of_more_than_110_percent_of_the_longest_holds_asks_and_rests_a_day_more() {
    let mut story = ran(&[0, 2]);
    run(&mut story, 4, 2000);
    assert!(!is_spike(story.clone(), 6, 3300));
    run(&mut story, 6, 3301);
    story.gives(Hold, &[Spike]);
    assert_eq!(story.asking(), [Spike]);
    assert_eq!(story.numbers(Spike, Measure::DistanceM), (3301, 3300));
    let longest = story.evidence(Spike, Measure::LongestM);
    assert_eq!(longest, (Some(3000_u32.into()), None));
    assert_eq!(story.track(0).not_before, Some(not_before(9, 8, 18)));
    assert_eq!(story.rung(), 2);
}

#[test]
fn the_grade_of_the_run_acts_beside_it() {
    let hurting = |value: u32| {
        let mut story = ran(&[0, 2, 4]);
        story.unplanned(6, Activity::Run, |report| {
            report.distance = Some(metres(4000));
            report.pain_during = pain(value);
        });
        story
    };
    let mut story = hurting(4);
    story.gives(Hold, &[Spike, PainAmber]);
    assert_eq!(story.track(0).not_before, Some(not_before(10, 9, 18)));
    let mut story = hurting(5);
    story.plan.tracks[0].policy.red_rest_days = 2;
    story.gives(Hold, &[UnplannedRed, Spike]);
    assert_eq!(story.track(0).not_before, Some(not_before(10, 9, 18)));
    assert_eq!(story.asking(), [UnplannedRed, Spike]);
}

#[test]
fn three_dates_with_a_distance_make_a_comparison() {
    assert!(!is_spike(ran(&[0, 2]), 4, 9000));
    assert!(is_spike(ran(&[0, 2, 4]), 6, 9000));
    // Two runs of one date are one date, and its longest is what counts.
    assert!(!is_spike(ran(&[0, 2, 2]), 4, 9000));
    let mut story = ran(&[0, 2, 4]);
    run(&mut story, 4, 5000);
    run(&mut story, 4, 1000);
    assert_eq!(story.state.longest.len(), 3);
    assert!(!is_spike(story.clone(), 6, 5500));
    assert!(is_spike(story, 6, 5501));
    // A run without a distance is none of them.
    let mut story = ran(&[0, 2]);
    story.unplanned(4, Activity::Run, |_| {});
    assert!(!is_spike(story, 6, 9000));
}

#[test]
fn the_comparison_reaches_back_thirty_dates_and_leaves_out_the_run_s_own() {
    assert!(is_spike(ran(&[0, 20, 22]), 30, 9000));
    assert!(!is_spike(ran(&[0, 20, 22]), 31, 9000));
    assert!(!is_spike(ran(&[2, 4, 6]), 6, 9000));
    assert!(is_spike(ran(&[2, 4, 5]), 6, 9000));
    // A later date, of a run reported before, is not looked at.
    assert!(!is_spike(ran(&[2, 4, 8]), 6, 9000));
}

#[test]
fn a_run_without_a_distance_and_anything_else_is_no_spike() {
    let mut story = ran(&[0, 2, 4]);
    story.unplanned(6, Activity::Run, |_| {});
    assert!(story.step.is_empty());
    story.unplanned(6, Activity::Other, |report| {
        report.distance = Some(metres(90_000));
    });
    assert!(story.step.is_empty());
    // Nor is the distance of anything else kept.
    assert_eq!(story.state.longest.len(), 3);
    let mut story = ran(&[0, 2, 4]);
    story.unplanned(6, Activity::Other, |report| {
        report.distance = Some(metres(90_000));
        report.pain_during = pain(5);
    });
    story.gives(Hold, &[UnplannedRed]);
}

#[test]
fn the_distances_of_sessions_on_tracks_are_logged_none_while_paused_or_before_start() {
    let mut story = Story::new();
    let far = |story: &mut Story, day: i64| {
        story.session(day, |report| report.distance = Some(metres(3000)));
    };
    far(&mut story, 0);
    far(&mut story, 2);
    far(&mut story, 4);
    assert!(!is_spike(story.clone(), 6, 3300));
    assert!(is_spike(story.clone(), 6, 3301));
    // A late one is a session too.
    far(&mut story, 3);
    assert_eq!(story.state.longest.len(), 4);
    story.pause(5);
    far(&mut story, 6);
    run(&mut story, 7, 3000);
    assert_eq!(story.state.longest.len(), 4);
    let mut story = Story::unstarted(plan(&[(TrackKind::Running, TissueProfile::Tendon)]));
    run(&mut story, 0, 3000);
    assert!(story.state.longest.is_empty());
}

#[test]
fn a_session_on_a_track_is_never_a_spike() {
    let mut story = ran(&[0, 2, 4]);
    story.session(6, |report| report.distance = Some(metres(90_000)));
    assert!(!story.codes().contains(&Spike));
}

#[test]
fn thirty_one_dates_are_kept() {
    let days: Vec<i64> = (0..31).collect();
    let mut story = ran(&days);
    assert_eq!(story.state.longest.len(), 31);
    run(&mut story, 31, 3000);
    assert_eq!(story.state.longest.len(), 31);
    assert_eq!(story.state.longest[0].date, date(1));
    assert_eq!(story.state.longest[30].date, date(31));
}

#[test]
fn without_a_running_track_a_spike_is_told_for_the_plan() {
    let mut story = Story::kinds(&[TrackKind::Strength]);
    for day in [0, 2, 4] {
        run(&mut story, day, 3000);
    }
    run(&mut story, 6, 4000);
    story.gives_plan(Hold, &[Spike]);
    story.unplanned(7, Activity::Other, |report| report.pain_during = pain(4));
    story.gives_plan(Repeat, &[PainAmber]);
}
