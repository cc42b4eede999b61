//! Lanes: tracks whose rest holds on each other. The RUNNING tracks are one, every other
//! track is its own. Lanes meet in nothing but the free day of the week, so that each is
//! searched by itself.
//!
//! The search is exact and cannot grow: within a lane tracks that rest equally long are
//! one until their places are shared, and a session takes its rest from the seven days.
//! With f(d) layouts of the last d days, f(0) = 1 and f(d) = f(d − 1) + Σ f(max(0, d − 1 −
//! n)) over the distinct rests n of the lane: at most 128 for one, 2 640 for the seven
//! that a valid plan can have, however many tracks share them. A week has eight lanes at
//! most, and each layout is looked at once for each of seven free days.

use chrono::NaiveDate;

use super::bar::Track;
use super::civil::{DaySet, Grid};
use super::share::turns;
use crate::id::TrackId;

/// A session of a track, by its position in the plan, on a day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slot {
    pub(super) day: usize,
    pub(super) track: usize,
}

/// How good a layout is, smaller first, each before the next: sessions left out; the sum
/// of their squares by track; days of the next week that its rest takes; how unevenly the
/// sessions of the lane are spread; how unevenly those of each track.
pub(super) type Rank = [u32; 5];

/// One way to lay a lane's sessions into a week.
pub(super) struct Layout {
    pub(super) days: DaySet,
    pub(super) slots: Vec<Slot>,
    pub(super) rank: Rank,
}

/// One track of a lane.
struct Member {
    track: usize,
    /// The first date that its own sessions leave free.
    own: NaiveDate,
}

/// Tracks whose rest holds on each other.
pub(super) struct Lane {
    /// Those that are laid.
    members: Vec<Member>,
    /// All of them: what was done on any takes its day.
    all: Vec<TrackId>,
    /// The first date that the rest of all of them leaves free.
    pub(super) free_from: NaiveDate,
    /// The first date that was free before anything was laid.
    pub(super) rested: Option<NaiveDate>,
}

impl Lane {
    /// The lanes of a plan, by their first tracks.
    pub(super) fn all(tracks: &[Track<'_>], begins: NaiveDate) -> Vec<Self> {
        let mut lanes = Vec::new();
        let mut runs = false;
        for (index, track) in tracks.iter().enumerate() {
            if !track.is_laid() || (track.is_running() && runs) {
                continue;
            }
            runs |= track.is_running();
            let shares = |(other, that): &(usize, &Track<'_>)| {
                *other == index || (track.is_running() && that.is_running())
            };
            let lane: Vec<_> = tracks.iter().enumerate().filter(shares).collect();
            // Also what was earned on a track that is not laid.
            let rested = lane.iter().filter_map(|(_, track)| track.rested).max();
            let free_from = rested.map_or(begins, |rested| rested.max(begins));
            let laid = lane.iter().filter(|(_, track)| track.is_laid());
            lanes.push(Self {
                members: laid
                    .map(|(track, _)| Member {
                        track: *track,
                        own: free_from,
                    })
                    .collect(),
                all: lane.iter().map(|(_, track)| track.id()).collect(),
                free_from,
                rested,
            });
        }
        lanes
    }

    /// Its tracks, by their positions in the plan.
    pub(super) fn tracks(&self) -> impl Iterator<Item = usize> {
        self.members.iter().map(|member| member.track)
    }

    /// The first date that a track's own sessions leave free.
    pub(super) fn own(&self, track: usize) -> Option<NaiveDate> {
        let mut members = self.members.iter();
        let member = members.find(|member| member.track == track)?;
        Some(member.own)
    }

    /// Days on which it is not too late and nothing of the lane was done.
    pub(super) fn open(&self, grid: &Grid) -> DaySet {
        let of_lane = |done: Option<TrackId>| done.is_some_and(|done| self.all.contains(&done));
        grid.left.without(grid.done_days(of_lane))
    }

    /// Every layout of a week, the empty one first.
    pub(super) fn layouts(&self, tracks: &[Track<'_>], grid: &Grid) -> Vec<Layout> {
        let open = self.open(grid).from(grid.first(self.free_from));
        let search = Search::new(self, tracks, grid, open);
        let mut found = Vec::new();
        search.walk(0, &mut Vec::new(), &mut found);
        found
    }

    /// Takes the rest of what was laid into the next week.
    pub(super) fn advance(&mut self, slots: &[Slot], tracks: &[Track<'_>], grid: &Grid) {
        for slot in slots {
            let rest = tracks.get(slot.track).map_or(0, Track::rest_days);
            let free = grid.after(slot.day, rest.saturating_add(1));
            self.free_from = self.free_from.max(free);
            let mut members = self.members.iter_mut();
            if let Some(member) = members.find(|member| member.track == slot.track) {
                member.own = member.own.max(free);
            }
        }
    }
}

/// Sessions that the tracks still need which rest equally long.
struct Class {
    rest: usize,
    tracks: Vec<usize>,
    needs: Vec<u32>,
}

struct Search {
    open: DaySet,
    classes: Vec<Class>,
    /// Days with something of the lane done, and of each of its tracks.
    done: DaySet,
    done_of: Vec<(usize, DaySet)>,
}

impl Search {
    fn new(lane: &Lane, tracks: &[Track<'_>], grid: &Grid, open: DaySet) -> Self {
        let mut search = Self {
            open,
            classes: Vec::new(),
            done: DaySet::default(),
            done_of: Vec::new(),
        };
        for index in lane.tracks() {
            let Some(track) = tracks.get(index) else {
                continue;
            };
            let done = grid.done_days(|done| done == Some(track.id()));
            search.done = search.done.or(done);
            search.done_of.push((index, done));
            let rest = usize::try_from(track.rest_days()).unwrap_or(usize::MAX);
            let need = track.wanted().saturating_sub(grid.count(track.id()));
            let mut classes = search.classes.iter_mut();
            match classes.find(|class| class.rest == rest) {
                Some(class) => {
                    class.tracks.push(index);
                    class.needs.push(need);
                }
                None => search.classes.push(Class {
                    rest,
                    tracks: vec![index],
                    needs: vec![need],
                }),
            }
        }
        search
    }

    /// Every sequence of classes on open days that goes on from `laid`, the shortest first.
    fn walk(&self, from: usize, laid: &mut Vec<(usize, usize)>, found: &mut Vec<Layout>) {
        found.push(self.layout(laid));
        for day in self.open.from(from).iter() {
            for (index, class) in self.classes.iter().enumerate() {
                let taken = laid.iter().filter(|(_, of)| *of == index).count();
                if u32::try_from(taken).is_ok_and(|taken| taken < class.needs.iter().sum()) {
                    laid.push((day, index));
                    self.walk(
                        day.saturating_add(class.rest).saturating_add(1),
                        laid,
                        found,
                    );
                    laid.pop();
                }
            }
        }
    }

    fn layout(&self, laid: &[(usize, usize)]) -> Layout {
        let mut slots = Vec::with_capacity(laid.len());
        let mut left_out = [0; 2];
        for (index, class) in self.classes.iter().enumerate() {
            let days = laid.iter().filter(|(_, of)| *of == index);
            let turns = turns(
                &class.needs,
                u32::try_from(days.clone().count()).unwrap_or(0),
            );
            for (place, need) in class.needs.iter().enumerate() {
                let given = turns.iter().filter(|turn| **turn == place).count();
                let lack = need.saturating_sub(u32::try_from(given).unwrap_or(0));
                left_out[0] += lack;
                left_out[1] += lack * lack;
            }
            slots.extend(days.zip(turns).filter_map(|((day, _), turn)| {
                let track = *class.tracks.get(turn)?;
                Some(Slot { day: *day, track })
            }));
        }
        slots.sort_unstable();
        let last = laid.last().and_then(|(day, of)| {
            let rest = self.classes.get(*of)?.rest;
            Some(day.saturating_add(rest).saturating_add(1))
        });
        let carried = last.map_or(0, |free| free.saturating_sub(7).min(7));
        let days: DaySet = slots.iter().map(|slot| slot.day).collect();
        let of_track = |(track, done): &(usize, DaySet)| {
            let own = slots.iter().filter(|slot| slot.track == *track);
            unevenness(own.map(|slot| slot.day).collect::<DaySet>().or(*done))
        };
        let rank = [
            left_out[0],
            left_out[1],
            u32::try_from(carried).unwrap_or(7),
            unevenness(days.or(self.done)),
            self.done_of.iter().map(of_track).sum(),
        ];
        Layout { days, slots, rank }
    }
}

/// The sum of the squares of the days from each to the next, round the week; least when
/// they are spread evenly. Of no days 0.
fn unevenness(days: DaySet) -> u32 {
    let mut days = days.iter();
    let Some(first) = days.next() else { return 0 };
    let round = first + 7;
    let mut last = first;
    let mut sum = 0;
    for day in days.chain([round]) {
        sum += (day - last) * (day - last);
        last = day;
    }
    u32::try_from(sum).unwrap_or(u32::MAX)
}
