//! What a plan lays over the weeks ahead.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, Utc};
use rung_progression::{
    Activity, AthleteId, PlanDefinition,
    schedule::{
        Constraint, Done, Schedule, ScheduledDay, ScheduledSession, ScheduledTrack, ScheduledWeek,
        Unfit, schedule,
    },
};
use rung_proto::v1;
use sqlx::types::Uuid;
use tonic::Request;

use super::{super::ladder::convert as ladder, Plans};
use crate::{
    access::Session,
    error::{Error, Result},
    rpc::{
        decision,
        field::Fields,
        time::{date, date_in, timestamp},
    },
    storage::{
        athlete,
        check_in::{self, ReportBody, StoredCheckIn},
        plan::{self, StoredPlan},
    },
};

/// The most weeks of one answer, and how many it has when nothing is said.
const MOST: i64 = 12;
const USUAL: u32 = 2;
/// How many weeks ahead the first may be: every week before it is laid first.
const AHEAD: u32 = 52;
/// The most check-ins of the present week that are looked at.
const CHECK_INS: i64 = 500;

impl Plans {
    pub(super) async fn schedule(
        &self,
        request: Request<v1::GetScheduleRequest>,
    ) -> Result<v1::GetScheduleResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let athlete: Option<Option<AthleteId>> = f.optional_id("athlete_id", &request.athlete_id);
        let from = match &request.from {
            None => Some(None),
            Some(from) => f.date("from", Some(from)).map(Some),
        };
        let weeks = match request.weeks {
            0 => Some(USUAL),
            weeks => f.within("weeks", weeks, 1..=MOST),
        };
        let ((athlete, from), weeks) = f.finish(athlete.zip(from).zip(weeks))?;
        let access = session.athlete_or_self(athlete, "athlete_id").await?;
        let mut reader = session.read().await?;
        let zone = athlete::get(&mut reader.conn(), &access).await?.zone()?;
        let plan = plan::current(&mut reader.conn(), &access)
            .await?
            .ok_or(Error::NoPlan)?;

        let now = session.now();
        let today = date_in(now, zone);
        let ahead = weeks_ahead(today, from.unwrap_or(today))?;
        let since = (begin_of_week(today), Uuid::nil());
        let known =
            check_in::list_from(&mut reader.conn(), &access, Some(since), CHECK_INS).await?;
        let done: Vec<Done> = known
            .iter()
            .filter_map(|row| done(&plan.definition, row))
            .collect();
        let laid = schedule(
            &plan.definition,
            &plan.state,
            &done,
            now,
            ahead + weeks,
            &zone,
        );
        Ok(reply(&plan, laid, ahead))
    }
}

/// How many weeks lie before the one that is asked for.
fn weeks_ahead(today: NaiveDate, from: NaiveDate) -> Result<u32> {
    let days = (from - monday(today)).num_days();
    let mut f = Fields::new();
    let ahead = u32::try_from(days.div_euclid(7))
        .ok()
        .filter(|ahead| *ahead <= AHEAD);
    if ahead.is_none() {
        f.fault(
            "from",
            format!("must lie between this week and the one in {AHEAD} weeks"),
        );
    }
    f.finish(ahead)
}

fn monday(on: NaiveDate) -> NaiveDate {
    let gone = Days::new(u64::from(on.weekday().num_days_from_monday()));
    on.checked_sub_days(gone).unwrap_or(on)
}

/// Before everything that is dated in this week, in whatever zone, was accepted: clocks are at most 14 hours ahead, and
/// what has not happened yet is refused but for minutes.
fn begin_of_week(today: NaiveDate) -> DateTime<Utc> {
    monday(today).and_time(chrono::NaiveTime::MIN).and_utc() - TimeDelta::hours(15)
}

/// What a check-in says was done, where no correction says otherwise. What was done on another plan takes its day, too,
/// and so does a run beside the plan.
fn done(plan: &PlanDefinition, row: &StoredCheckIn) -> Option<Done> {
    if row.corrected_by.is_some() {
        return None;
    }
    match &row.report.body {
        ReportBody::Session { judged, .. } => Some(Done {
            date: row.civil_date,
            track: plan.track(judged.track).map(|(_, track)| track.id),
        }),
        ReportBody::Unplanned { judged, .. } => {
            (judged.activity == Activity::Run).then_some(Done {
                date: row.civil_date,
                track: None,
            })
        }
        ReportBody::Morning { .. } | ReportBody::Wellness { .. } => None,
    }
}

fn reply(plan: &StoredPlan, laid: Schedule, ahead: u32) -> v1::GetScheduleResponse {
    let before = usize::try_from(ahead).unwrap_or(usize::MAX);
    v1::GetScheduleResponse {
        plan_id: plan.id.to_string(),
        today: Some(date(laid.date)),
        tracks: laid.tracks.iter().map(|t| track(plan, t)).collect(),
        weeks: laid.weeks.into_iter().skip(before).map(week).collect(),
    }
}

fn track(plan: &StoredPlan, t: &ScheduledTrack) -> v1::ScheduledTrack {
    let rung = plan
        .definition
        .track(t.track)
        .and_then(|(_, track)| track.rung(t.rung));
    v1::ScheduledTrack {
        track_id: t.track.to_string(),
        ladder_title: t.title.clone(),
        kind: ladder::kind_out(t.kind).into(),
        rung_index: t.rung.get().cast_signed(),
        rung: rung.map(ladder::rung),
        dose_unit: ladder::unit_out(t.unit).into(),
        top_rung: t.top.get().cast_signed(),
        sessions_per_week: t.sessions_per_week.cast_signed(),
        rest_days: t.rest_days.cast_signed(),
        reasons: t
            .reasons
            .iter()
            .map(|r| decision::reason(&decision::ATHLETE, r))
            .collect(),
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is given once and for good"
)]
fn week(w: ScheduledWeek) -> v1::ScheduledWeek {
    v1::ScheduledWeek {
        days: w.days.iter().map(day).collect(),
        unfit: w.unfit.iter().map(unfit).collect(),
    }
}

fn day(d: &ScheduledDay) -> v1::ScheduledDay {
    let done = d.done.iter().map(|done| v1::DoneSession {
        track_id: done.track.map(|t| t.to_string()).unwrap_or_default(),
    });
    v1::ScheduledDay {
        date: Some(date(d.date)),
        available: d.available,
        done: done.collect(),
        sessions: d.sessions.iter().map(session).collect(),
    }
}

fn session(s: &ScheduledSession) -> v1::ScheduledSession {
    v1::ScheduledSession {
        track_id: s.track.to_string(),
        advised_dose: s.dose.into(),
        deload_week: s.deload_week.unwrap_or_default().cast_signed(),
        not_before: s.not_before.map(timestamp),
    }
}

fn unfit(u: &Unfit) -> v1::Unfit {
    use v1::ScheduleConstraint as C;
    let (constraint, days, not_before) = match u.constraint {
        Constraint::Weekdays { days } => (C::Weekdays, days, None),
        Constraint::DaysLeft { days } => (C::DaysLeft, days, None),
        Constraint::NotBefore { date } => (C::NotBefore, 0, Some(date)),
        Constraint::Rest { days } => (C::Rest, days, None),
        Constraint::SharedRest => (C::SharedRest, 0, None),
        Constraint::RestDay => (C::RestDay, 0, None),
    };
    v1::Unfit {
        track_id: u.track.to_string(),
        sessions_per_week: u.wanted.cast_signed(),
        fit: u.fit.cast_signed(),
        constraint: constraint.into(),
        text: u.sentence(),
        days: days.cast_signed(),
        not_before: not_before.map(date),
    }
}

#[cfg(test)]
#[path = "schedule_test.rs"]
mod tests;
