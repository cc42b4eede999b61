//! How far an athlete ran: the longest run of each of the last days, and SPIKE (§6).

use super::calendar::days_between;
use super::run::Run;
use crate::decision::Outcome;
use crate::reason::{Measure, Reason, ReasonCode};
use crate::scale::Metres;
use crate::state::LongestOfDay;

/// A run is compared with this many days before it.
const DAYS: i64 = 30;
/// Dates that are kept: those days and the present one.
const KEPT: usize = 31;
/// So many dates with a distance make a comparison.
const ENOUGH: usize = 3;
/// More than this many percent of the longest run is a spike.
const SPIKE_PERCENT: u64 = 110;

impl Run<'_> {
    /// SPIKE: a run much further than any of the 30 days before.
    pub(super) fn spike(&self, distance: Option<Metres>) -> Option<Reason> {
        let distance = distance?;
        let before = self.state.longest.iter().filter(|day| {
            let ago = days_between(day.date, self.event.date);
            (1..=DAYS).contains(&ago)
        });
        let distances: Vec<Metres> = before.map(|day| day.distance).collect();
        let longest = distances
            .iter()
            .max()
            .filter(|_| distances.len() >= ENOUGH)?;
        let limit = u64::from(longest.get()) * SPIKE_PERCENT;
        (u64::from(distance.get()) * 100 > limit).then(|| {
            let most = i64::try_from(limit / 100).unwrap_or(i64::MAX);
            Reason::new(ReasonCode::Spike, Outcome::Hold)
                .held(Measure::DistanceM, i64::from(distance), most)
                .saw(Measure::LongestM, i64::from(*longest))
                .ask_if(true)
        })
    }

    /// Keeps a distance, if it is the longest of its date.
    pub(super) fn log_distance(&mut self, distance: Option<Metres>) {
        let Some(distance) = distance else { return };
        let date = self.event.date;
        let days = &mut self.state.longest;
        match days.binary_search_by_key(&date, |day| day.date) {
            Ok(place) => {
                if let Some(day) = days.get_mut(place) {
                    day.distance = day.distance.max(distance);
                }
            }
            Err(place) => {
                // Room is made first: a list that grows is copied.
                let surplus = days.len().saturating_add(1).saturating_sub(KEPT);
                if let Some(place) = place.checked_sub(surplus) {
                    days.drain(..surplus);
                    days.insert(place, LongestOfDay { date, distance });
                }
            }
        }
    }
}
