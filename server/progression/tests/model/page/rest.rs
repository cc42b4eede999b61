//! How long a track rests (§6 Rest).

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rung_progression::{Grade, Policy};

use super::Model;
use super::calendar::plus;

/// Full rest days a grade earns, with `r` those of what was done.
pub(crate) fn days(grade: Grade, r: u32, policy: &Policy) -> u32 {
    match grade {
        Grade::Green => r,
        Grade::Amber => r + 1,
        Grade::Red => policy.red_rest_days.max(r + 1),
    }
}

pub(crate) fn later(at: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    at + TimeDelta::days(i64::from(days))
}

impl Model {
    /// The tracks on which rest earned on `track` holds.
    fn resting(&self, track: usize) -> Vec<usize> {
        if self.plan.tracks[track].is_running() {
            self.running()
        } else {
            vec![track]
        }
    }

    /// `n` rest days after something done on `track`.
    pub(crate) fn rest(&mut self, track: usize, n: u32, date: NaiveDate, at: DateTime<Utc>) {
        self.hold(&self.resting(track), plus(date, n + 1), later(at, n));
    }

    /// Nothing more on the day of a morning that was AMBER or RED.
    pub(crate) fn rest_today(&mut self, track: usize, date: NaiveDate, at: DateTime<Utc>) {
        self.hold(&self.resting(track), plus(date, 1), at);
    }

    /// `not_before` ≥ both on the tracks.
    pub(crate) fn hold(&mut self, tracks: &[usize], date: NaiveDate, at: DateTime<Utc>) {
        for track in tracks {
            let track = &mut self.tracks[*track];
            let held = track.not_before.unwrap_or((date, at));
            track.not_before = Some((held.0.max(date), held.1.max(at)));
        }
    }
}
