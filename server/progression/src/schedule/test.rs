//! Schedules by hand, and what holds for all of them.

mod bound;
mod brute;
mod cause;
mod check;
mod property;
mod rule;
mod zone;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc, Weekday};

use super::{Done, Schedule, schedule};
use crate::ladder::TrackKind;
use crate::plan::PlanDefinition;
use crate::policy::TissueProfile;
use crate::state::{NotBefore, PlanState};
use crate::test::story::{plan, track_id};

const RUN: TrackKind = TrackKind::Running;
const LIFT: TrackKind = TrackKind::Strength;

/// A plan by kind, sessions a week and rest days of each track; no lighter weeks.
fn prescribed(tracks: &[(TrackKind, u32, u32)]) -> PlanDefinition {
    let kinds: Vec<_> = tracks
        .iter()
        .map(|(kind, ..)| (*kind, TissueProfile::Unspecified))
        .collect();
    let mut plan = plan(&kinds);
    for (track, (_, per_week, rest)) in plan.tracks.iter_mut().zip(tracks) {
        track.sessions_per_week = *per_week;
        track.policy.rest_days = *rest;
        track.policy.deload_every_weeks = 0;
    }
    plan
}

/// The state of a plan that is in force from a date on and to which nothing has happened.
fn started(plan: &PlanDefinition, start: NaiveDate) -> PlanState {
    PlanState {
        started: Some(start),
        ..PlanState::new(plan)
    }
}

/// A day of March 2026 and on: 2 is a Monday.
fn march(day: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 1).expect("a date") + Days::new(day - 1)
}

fn morning_of(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::MIN).and_utc() + chrono::TimeDelta::hours(8)
}

/// Two weeks from the morning of a date on, in UTC.
fn two_weeks(plan: &PlanDefinition, state: &PlanState, done: &[Done], date: NaiveDate) -> Schedule {
    schedule(plan, state, done, morning_of(date), 2, &Utc)
}

/// A session that was done.
fn done(track: usize, date: NaiveDate) -> Done {
    Done {
        date,
        track: Some(track_id(track)),
    }
}

/// Rest until the same hour of a date.
fn rested(date: NaiveDate) -> NotBefore {
    NotBefore {
        date,
        at: morning_of(date) - chrono::TimeDelta::hours(24),
    }
}

/// The dates of a track's sessions, week by week, as weekdays.
fn days(schedule: &Schedule, track: usize) -> Vec<Vec<Weekday>> {
    let of_week = |week: &super::ScheduledWeek| {
        let days = week.days.iter().filter(|day| {
            let mut sessions = day.sessions.iter();
            sessions.any(|session| session.track == track_id(track))
        });
        days.map(|day| chrono::Datelike::weekday(&day.date))
            .collect()
    };
    schedule.weeks.iter().map(of_week).collect()
}
