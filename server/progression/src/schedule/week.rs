//! One week: the best layout of all lanes with one free day.

use chrono::NaiveDate;

use super::bar::Track;
use super::cause::constraint;
use super::civil::Grid;
use super::lane::{Lane, Layout, Rank, Slot};
use super::{ScheduledDay, ScheduledWeek, Unfit};

/// Lays a week and takes its rest into the next.
pub(super) fn lay(
    tracks: &[Track<'_>],
    lanes: &mut [Lane],
    grid: &Grid,
    begins: NaiveDate,
) -> ScheduledWeek {
    let options: Vec<Vec<Layout>> = lanes
        .iter()
        .map(|lane| lane.layouts(tracks, grid))
        .collect();
    let chosen = choose(&options, grid);
    let slots: Vec<Slot> = chosen
        .iter()
        .flat_map(|layout| &layout.slots)
        .copied()
        .collect();
    let unfit = unfit(tracks, lanes, &options, &slots, grid, begins);
    for (lane, layout) in lanes.iter_mut().zip(&chosen) {
        lane.advance(&layout.slots, tracks, grid);
    }
    let days = grid.days().map(|(day, date)| {
        let mut on: Vec<&Slot> = slots.iter().filter(|slot| slot.day == day).collect();
        on.sort_unstable();
        let on = on.into_iter().filter_map(|slot| tracks.get(slot.track));
        ScheduledDay {
            date,
            available: grid.available.holds(day),
            done: grid.done_on(date).copied().collect(),
            sessions: on.map(|track| track.session(date)).collect(),
        }
    });
    ScheduledWeek {
        days: days.collect(),
        unfit,
    }
}

/// One layout of each lane. Without a day to keep free nothing is laid any more.
fn choose<'a>(options: &'a [Vec<Layout>], grid: &Grid) -> Vec<&'a Layout> {
    let mut best: Option<((Rank, u32), Vec<&Layout>)> = None;
    // The latest first, and only a better one takes its place.
    for free in grid.idle().iter().rev() {
        let (rank, layouts) = with_free_day(options, grid, free);
        if best.as_ref().is_none_or(|(known, _)| rank < *known) {
            best = Some((rank, layouts));
        }
    }
    let nothing = || {
        options
            .iter()
            .filter_map(|layouts| layouts.first())
            .collect()
    };
    best.map_or_else(nothing, |(_, layouts)| layouts)
}

/// The best layout of each lane that leaves a day free. Lanes later in the plan keep off
/// the days of those before them where nothing else decides.
fn with_free_day<'a>(
    options: &'a [Vec<Layout>],
    grid: &Grid,
    free: usize,
) -> ((Rank, u32), Vec<&'a Layout>) {
    let mut load = grid.load();
    let mut sum = (Rank::default(), 0);
    let mut chosen = Vec::new();
    for layouts in options {
        let allowed = layouts.iter().filter(|layout| !layout.days.holds(free));
        let doubled =
            |layout: &Layout| -> u32 { layout.days.iter().filter_map(|day| load.get(day)).sum() };
        let best = allowed
            .map(|layout| (layout.rank, doubled(layout), layout))
            .min_by_key(|(rank, doubled, layout)| (*rank, *doubled, layout.slots.as_slice()));
        let Some((rank, doubled, layout)) = best else {
            continue;
        };
        for (sum, part) in sum.0.iter_mut().zip(rank) {
            *sum += part;
        }
        sum.1 += doubled;
        for day in layout.days.iter() {
            if let Some(load) = load.get_mut(day) {
                *load += 1;
            }
        }
        chosen.push(layout);
    }
    (sum, chosen)
}

/// The tracks that lack sessions, and why. Before the plan begins none are wanted.
fn unfit(
    tracks: &[Track<'_>],
    lanes: &[Lane],
    options: &[Vec<Layout>],
    slots: &[Slot],
    grid: &Grid,
    begins: NaiveDate,
) -> Vec<Unfit> {
    let mut unfit = Vec::new();
    if grid.first(begins) > 6 {
        return unfit;
    }
    for (index, track) in tracks.iter().enumerate() {
        let mut of_lanes = lanes.iter().zip(options);
        let found = of_lanes.find(|(lane, _)| lane.tracks().any(|other| other == index));
        let Some((lane, layouts)) = found else {
            continue;
        };
        let laid = slots.iter().filter(|slot| slot.track == index).count();
        let fit = grid.count(track.id()) + u32::try_from(laid).unwrap_or(0);
        if fit < track.wanted() {
            unfit.push(Unfit {
                track: track.id(),
                wanted: track.wanted(),
                fit,
                constraint: constraint(tracks, index, lane, layouts, grid),
            });
        }
    }
    unfit
}
