//! Weeks ahead in it.

use rung_proto::v1;

use super::{PLAN, TRACK, at, on, rung};

const STRENGTH: &str = "0190cccc-0000-7000-8000-00000000000a";

fn track(id: &str, title: &str, kind: v1::TrackKind, unit: v1::DoseUnit) -> v1::ScheduledTrack {
    v1::ScheduledTrack {
        track_id: id.into(),
        ladder_title: title.into(),
        kind: kind.into(),
        rung_index: 1,
        rung: Some(rung("Run 2 min, walk 3 min ×6", 720)),
        dose_unit: unit.into(),
        top_rung: 9,
        sessions_per_week: 3,
        rest_days: 1,
        reasons: vec![],
    }
}

fn session(track_id: &str, advised_dose: i64) -> v1::ScheduledSession {
    v1::ScheduledSession {
        track_id: track_id.into(),
        advised_dose,
        ..Default::default()
    }
}

/// Seven days from a Monday on, given by the day of March.
fn week(monday: u32, fill: impl Fn(u32, &mut v1::ScheduledDay)) -> v1::ScheduledWeek {
    let day = |number: u32| {
        let mut day = v1::ScheduledDay {
            date: on(&format!("2026-03-{number:02}")),
            available: number % 7 != 1,
            ..Default::default()
        };
        fill(number, &mut day);
        day
    };
    v1::ScheduledWeek {
        days: (monday..monday + 7).map(day).collect(),
        unfit: vec![],
    }
}

pub(crate) fn schedule() -> v1::GetScheduleResponse {
    let first = week(2, |number, day| {
        let track_id = match number {
            2 => TRACK.to_owned(),
            3 => String::new(),
            _ => return day.sessions = later(number),
        };
        day.done = vec![v1::DoneSession { track_id }];
    });
    let mut second = week(9, |number, day| {
        day.sessions = later(number);
        for session in &mut day.sessions {
            session.deload_week = 2;
            session.advised_dose = session.advised_dose * 6 / 10;
        }
    });
    second.unfit = vec![v1::Unfit {
        track_id: TRACK.into(),
        sessions_per_week: 3,
        fit: 2,
        constraint: v1::ScheduleConstraint::Weekdays.into(),
        text: "2 of 3 sessions fit: training is possible on 2 days a week.".into(),
        days: 2,
        not_before: None,
    }];
    v1::GetScheduleResponse {
        plan_id: PLAN.into(),
        today: on("2026-03-04"),
        tracks: vec![
            track(
                TRACK,
                "Run-walk return",
                v1::TrackKind::Running,
                v1::DoseUnit::RunningSeconds,
            ),
            track(
                STRENGTH,
                "Calf strength",
                v1::TrackKind::Strength,
                v1::DoseUnit::Repetitions,
            ),
        ],
        weeks: vec![first, second],
    }
}

fn later(number: u32) -> Vec<v1::ScheduledSession> {
    match number % 7 {
        4 => vec![v1::ScheduledSession {
            not_before: at("2026-03-04T16:30:00Z").filter(|_| number == 4),
            ..session(TRACK, 720)
        }],
        6 => vec![session(TRACK, 720), session(STRENGTH, 45)],
        _ => vec![],
    }
}

pub(crate) fn barred() -> v1::GetScheduleResponse {
    let reason = v1::Reason {
        text: "The plan is paused because of a red flag, since 2026-03-04.".into(),
        ..Default::default()
    };
    let mut schedule = schedule();
    schedule.tracks.truncate(1);
    schedule.tracks[0].reasons = vec![reason];
    schedule.weeks = vec![week(2, |_, _| ())];
    schedule
}
