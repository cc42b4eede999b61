//! The weeks ahead: which session on which day (§8).
//!
//! Weeks are those of ISO 8601, Monday first, from the one that holds today. Each is laid
//! as well as it can be beside those before it, and what does not fit is told with the
//! constraint that keeps it out. What holds for everything that is laid:
//!
//! - only available weekdays, from today and from the start of the plan on, and not before
//!   what the state forbids;
//! - n rest days of the rung mean the next session on date + n + 1; on a RUNNING track
//!   for every RUNNING track, so that there is one RUNNING session a day at most;
//! - no more sessions of a track in a week than were prescribed, those done included;
//! - one day of every week at least without anything, what was done included.
//!
//! Of all layouts of a week the first by these: the fewest sessions left out; the
//! shortfall shared evenly; the least rest carried into the next week, so that it is not
//! hindered; sessions spread evenly over the week; the fewest on one day; the free day
//! late in the week; earliest first, and tracks in the order of the plan. Equal input
//! gives equal output.
//!
//! Silent: what a response to a session will be. Every session is laid on the track's
//! present rung, as if each of them were GREEN and its morning came; whatever happens
//! changes the state, and the next schedule with it.
//!
//! Dates bind; a schedule names no hours. Two sessions at the same local hour are always
//! n × 24 h apart: their dates differ by n + 1, and no change of clocks takes a day away;
//! nor does a journey of up to 24 h between zones. Where the hours differ the instant may
//! bind inside the allowed date: what was earned already is told with the session that it
//! pushes, the rest by the engine once the session is done.

mod bar;
mod cause;
mod civil;
mod lane;
mod share;
mod week;

#[cfg(test)]
mod test;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use serde::{Deserialize, Serialize};

use self::bar::Track;
use self::civil::{Grid, date_in, monday};
use self::lane::Lane;
use crate::id::TrackId;
use crate::ladder::{DoseUnit, TrackKind};
use crate::plan::PlanDefinition;
use crate::reason::Reason;
use crate::scale::{Dose, RungIndex};
use crate::state::PlanState;
use crate::today::today;

/// The most weeks that are laid at once.
pub const MOST_WEEKS: u32 = 64;

/// Something done on a date: it takes the day, and a session of its track the week's
/// count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Done {
    /// Its civil date.
    pub date: NaiveDate,
    /// Its track; none: an activity that no plan asked for.
    pub track: Option<TrackId>,
}

/// Why sessions of a track do not fit into a week: the first of these, in this order,
/// under which they no longer do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Constraint {
    /// Fewer weekdays are available than there are sessions.
    Weekdays {
        /// How many of every week are, 0–7.
        days: u32,
    },
    /// Too few of the available days are left: today or the start of the plan lies within the
    /// week.
    DaysLeft {
        /// How many, 0–7.
        days: u32,
    },
    /// What was earned before today still holds.
    NotBefore {
        /// The first date on which a session may be done.
        date: NaiveDate,
    },
    /// The rest between two sessions of the track.
    Rest {
        /// Full days off after each.
        days: u32,
    },
    /// The rest after sessions of the other RUNNING tracks.
    SharedRest,
    /// The free day of the week.
    RestDay,
}

/// A track whose sessions do not all fit into a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfit {
    /// The track.
    pub track: TrackId,
    /// Sessions a week that were prescribed, 1–7.
    pub wanted: u32,
    /// How many of them are done or laid.
    pub fit: u32,
    /// What keeps the others out.
    pub constraint: Constraint,
}

/// A session that is laid on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledSession {
    /// The track.
    pub track: TrackId,
    /// The rung to do.
    pub rung: RungIndex,
    /// The dose advised, in the ladder's unit: less in a lighter week and on a day of low
    /// readiness, never above the rung's.
    pub dose: Dose,
    /// The week of the plan, from 1, if it is a lighter one.
    pub deload_week: Option<u32>,
    /// The instant before which it is too early, where that lies within the day.
    pub not_before: Option<DateTime<Utc>>,
}

/// One day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledDay {
    /// The civil date.
    pub date: NaiveDate,
    /// Whether the athlete can train on the weekday.
    pub available: bool,
    /// What was done on it.
    pub done: Vec<Done>,
    /// What is to be done, in the order of the plan.
    pub sessions: Vec<ScheduledSession>,
}

/// One ISO week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledWeek {
    /// Monday to Sunday.
    pub days: Vec<ScheduledDay>,
    /// What does not fit, in the order of the plan; empty: everything does.
    pub unfit: Vec<Unfit>,
}

/// One track over all weeks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledTrack {
    /// The track.
    pub track: TrackId,
    /// The title of its ladder.
    pub title: String,
    /// What it trains.
    pub kind: TrackKind,
    /// The rung that is laid.
    pub rung: RungIndex,
    /// The highest rung of its ladder.
    pub top: RungIndex,
    /// The unit of its doses.
    pub unit: DoseUnit,
    /// Sessions a week that were prescribed, 1–7.
    pub sessions_per_week: u32,
    /// Full days off after a session on the rung.
    pub rest_days: u32,
    /// Why nothing is laid on it; empty: something is, as far as it fits.
    pub reasons: Vec<Reason>,
}

/// The weeks ahead of an athlete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Today, where the athlete is.
    pub date: NaiveDate,
    /// In the order of the plan.
    pub tracks: Vec<ScheduledTrack>,
    /// From the one that holds today on.
    pub weeks: Vec<ScheduledWeek>,
}

impl Schedule {
    /// Whether every session that was prescribed has its day.
    pub fn fits(&self) -> bool {
        self.weeks.iter().all(|week| week.unfit.is_empty())
    }
}

/// Lays sessions over the week that holds an instant and those after it, `weeks` (1–64)
/// of them. Dates are those of `zone`, where the athlete is. `done` is what the caller
/// knows of the present week; the latest of each track the state knows itself. What time
/// alone decides until the instant is decided on a copy; nothing is stored.
pub fn schedule<Z: TimeZone>(
    plan: &PlanDefinition,
    state: &PlanState,
    done: &[Done],
    at: DateTime<Utc>,
    weeks: u32,
    zone: &Z,
) -> Schedule {
    let date = date_in(at, zone);
    let now = today(plan, state, at, date);
    let tracks: Vec<Track<'_>> = plan
        .tracks
        .iter()
        .zip(&now.tracks)
        .map(|(track, now)| Track::new(track, state, now, at, zone))
        .collect();
    let done = known(state, done);
    let begins = state.started.map_or(date, |start| start.max(date));
    let mut lanes = Lane::all(&tracks, begins);
    let mut laid = Vec::new();
    let mut next = monday(date);
    for _ in 0..weeks.clamp(1, MOST_WEEKS) {
        let Some(grid) = next.and_then(|monday| Grid::new(plan, &done, monday, begins)) else {
            break;
        };
        laid.push(week::lay(&tracks, &mut lanes, &grid, begins));
        next = grid.next();
    }
    Schedule {
        date,
        tracks: tracks.into_iter().map(Track::shown).collect(),
        weeks: laid,
    }
}

/// What was done, with what the state knows beside it, in order.
fn known(state: &PlanState, done: &[Done]) -> Vec<Done> {
    let mut all = done.to_vec();
    for track in &state.tracks {
        let last = track.last.as_ref().map(|last| Done {
            date: last.date,
            track: Some(track.id),
        });
        all.extend(last.filter(|last| !all.contains(last)));
    }
    if let Some(date) = state.last_session
        && all.iter().all(|known| known.date != date)
    {
        all.push(Done { date, track: None });
    }
    all.sort();
    all
}
