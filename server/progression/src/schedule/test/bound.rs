//! How much work a schedule can be.

use std::collections::BTreeSet;

use chrono::Utc;

use super::{LIFT, RUN, march, morning_of, prescribed, started};
use crate::plan::PlanDefinition;
use crate::schedule::bar::Track;
use crate::schedule::civil::Grid;
use crate::schedule::lane::Lane;
use crate::today::today;

/// Layouts of a whole open week, over all lanes.
fn layouts(plan: &PlanDefinition) -> usize {
    let state = started(plan, march(2));
    let at = morning_of(march(2));
    let today = today(plan, &state, at, march(2));
    let tracks: Vec<Track<'_>> = plan
        .tracks
        .iter()
        .zip(&today.tracks)
        .map(|(track, today)| Track::new(track, &state, today, at, &Utc))
        .collect();
    let grid = Grid::new(plan, &[], march(2), march(2)).expect("a week");
    let lanes = Lane::all(&tracks, march(2));
    lanes
        .iter()
        .map(|lane| lane.layouts(&tracks, &grid).len())
        .sum()
}

/// What the documentation of the lanes counts: f(7) for these rests.
fn counted(rests: &BTreeSet<usize>) -> usize {
    let mut ways = vec![1];
    for days in 1..=7_usize {
        let after = |rest: &usize| ways[(days - 1).saturating_sub(*rest)];
        ways.push(ways[days - 1] + rests.iter().map(after).sum::<usize>());
    }
    ways[7]
}

// Planted: tracks that rest equally long are classes of their own.
#[test]
fn a_week_has_few_layouts_whatever_was_prescribed() {
    // Seven sessions a week each, so that no count cuts the search short.
    let most = |rests: &[u32]| {
        let tracks: Vec<_> = rests.iter().map(|rest| (RUN, 7, *rest)).collect();
        layouts(&prescribed(&tracks))
    };
    for classes in 1_u32..128 {
        let rests: Vec<u32> = (0..7).filter(|rest| classes & (1 << rest) != 0).collect();
        let distinct = rests.iter().map(|rest| *rest as usize).collect();
        assert_eq!(most(&rests), counted(&distinct), "{rests:?}");
    }
    assert_eq!(
        most(&[0, 1, 2, 3, 4, 5, 6, 0]),
        2640,
        "no valid plan has more"
    );
    assert_eq!(most(&[0; 8]), 128);
    // Beyond what is valid as well.
    assert_eq!(most(&[0, 1, 2, 3, 4, 5, 6, u32::MAX]), 3017);
    assert_eq!(layouts(&prescribed(&[(LIFT, 7, 0); 8])), 8 * 128);
}

// Planted: a session more than the week needs.
#[test]
fn no_layout_has_more_sessions_than_are_needed() {
    // None, or one on one of seven days; then two of seven as well.
    assert_eq!(layouts(&prescribed(&[(LIFT, 1, 0)])), 1 + 7);
    assert_eq!(layouts(&prescribed(&[(LIFT, 2, 0)])), 1 + 7 + 21);
}
