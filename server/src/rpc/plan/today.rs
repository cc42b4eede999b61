//! What a plan asks on a date.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use rung_progression::{
    AthleteId, PlanId,
    today::{Advice, Owed, TodayTrack},
};
use rung_proto::v1;
use tonic::Request;

use super::{super::ladder::convert as ladder, Plans, content};
use crate::{
    access::Session,
    error::{Error, Result},
    rpc::{
        decision,
        field::Fields,
        time::{date, date_in, start_of, timestamp},
    },
    storage::{
        athlete,
        plan::{self, StoredPlan},
    },
};

impl Plans {
    pub(super) async fn today(
        &self,
        request: Request<v1::GetTodayRequest>,
    ) -> Result<v1::GetTodayResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let athlete: Option<Option<AthleteId>> = f.optional_id("athlete_id", &request.athlete_id);
        let on = match &request.date {
            None => Some(None),
            Some(on) => f.date("date", Some(on)).map(Some),
        };
        let (athlete, on) = f.finish(athlete.zip(on))?;
        let access = session.athlete_or_self(athlete, "athlete_id").await?;
        let mut reader = session.read().await?;
        let zone = athlete::get(&mut reader.conn(), &access).await?.zone()?;
        let plan = plan::current(&mut reader.conn(), &access)
            .await?
            .ok_or(Error::NoPlan)?;

        let now = session.now();
        let today = date_in(now, zone);
        let on = on.unwrap_or(today);
        // Of another day its end is asked: whatever becomes possible in the course of it is shown.
        let at = if on == today { now } else { end_of(on, zone) };
        Ok(reply(plan.id, &plan, at, on))
    }
}

/// The last instant of a civil date in a zone.
fn end_of(on: NaiveDate, zone: chrono_tz::Tz) -> DateTime<Utc> {
    let next = on.checked_add_days(Days::new(1)).unwrap_or(on);
    start_of(next, zone) - TimeDelta::seconds(1)
}

fn reply(id: PlanId, plan: &StoredPlan, at: DateTime<Utc>, on: NaiveDate) -> v1::GetTodayResponse {
    let today = rung_progression::today(&plan.definition, &plan.state, at, on);
    v1::GetTodayResponse {
        plan_id: id.to_string(),
        date: Some(date(on)),
        tracks: today
            .tracks
            .iter()
            .map(|track| track_today(plan, track))
            .collect(),
        owed: today.owed.iter().map(owed).collect(),
        anchors: today.anchors,
        micro_goals: plan
            .goals
            .iter()
            .filter(|goal| goal.reached_on.is_none())
            .map(content::goal_out)
            .collect(),
        coping_tools: plan
            .definition
            .coping_tools
            .iter()
            .map(content::tool_out)
            .collect(),
        preview: today
            .preview
            .iter()
            .map(|d| decision::preview(&decision::ATHLETE, id, d))
            .collect(),
    }
}

fn track_today(plan: &StoredPlan, t: &TodayTrack) -> v1::TrackToday {
    let definition = plan.definition.track(t.track).map(|(_, track)| track);
    let rung = definition.and_then(|track| track.rung(t.rung));
    let (advised_dose, until) = match &t.advice {
        Advice::Do { dose, .. } => (Some(i64::from(*dose)), None),
        Advice::Wait { until } => (None, *until),
    };
    v1::TrackToday {
        track_id: t.track.to_string(),
        ladder_title: t.title.clone(),
        ladder_key: definition
            .map(|track| track.ladder.key.clone())
            .unwrap_or_default(),
        rung_index: t.rung.get().cast_signed(),
        rung: rung.map(ladder::rung),
        dose_unit: ladder::unit_out(t.unit).into(),
        advised_dose,
        not_before: until.map(decision::not_before),
        reasons: t
            .reasons
            .iter()
            .map(|r| decision::reason(&decision::ATHLETE, r))
            .collect(),
        top_rung: t.top.get().cast_signed(),
        counted: t.counted.cast_signed(),
        successes_to_advance: t.needed.cast_signed(),
    }
}

fn owed(o: &Owed) -> v1::OwedCheckIn {
    match o {
        Owed::Morning {
            track,
            session,
            from,
            until,
        } => v1::OwedCheckIn {
            kind: v1::OwedKind::Morning.into(),
            track_id: track.to_string(),
            session_date: Some(date(*session)),
            from: Some(decision::not_before(*from)),
            until: Some(timestamp(*until)),
        },
        Owed::Wellness { date: on } => v1::OwedCheckIn {
            kind: v1::OwedKind::Wellness.into(),
            session_date: Some(date(*on)),
            ..v1::OwedCheckIn::default()
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_where_the_next_begins_also_when_midnight_is_skipped() {
        let on = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        let end = |date, zone: chrono_tz::Tz| end_of(date, zone).to_rfc3339();
        assert_eq!(
            end(on(2026, 3, 28), chrono_tz::Europe::Berlin),
            "2026-03-28T22:59:59+00:00"
        );
        assert_eq!(
            end(on(2026, 3, 29), chrono_tz::Europe::Berlin),
            "2026-03-29T21:59:59+00:00"
        );
        // Santiago skips midnight: 2026-09-06 begins at 01:00.
        assert_eq!(
            end(on(2026, 9, 5), chrono_tz::America::Santiago),
            "2026-09-06T03:59:59+00:00"
        );
    }
}
