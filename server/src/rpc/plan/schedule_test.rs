use chrono::TimeDelta;

use super::*;
use crate::{
    rpc::front::{Front, Somebody, faults, fresh, reason},
    storage::{Db, conformance::storage_tests},
};

/// What can be done on a plan of three sessions a week with one full day off after each.
struct Scene {
    front: Front,
    ada: Somebody,
    physio: Somebody,
    athlete: String,
    plan: v1::Plan,
}

impl Scene {
    /// In force since three weeks ago; on these days.
    async fn open(db: Db, weekdays: &[v1::Weekday]) -> Self {
        let front = Front::open(db).await;
        let ada = front.admin("ada").await;
        let physio = front.physio(&ada, "pia").await;
        let athlete = front.athlete(&physio, "Nora").await;
        let (ladder_id, entry) = knee(&front);
        let request = v1::CreatePlanRequest {
            request_id: fresh(),
            athlete_id: athlete.clone(),
            definition: Some(v1::PlanDefinition {
                tracks: vec![v1::TrackPrescription {
                    ladder_id,
                    sessions_per_week: 3,
                    entry,
                    policy: Some(v1::Policy {
                        rest_days: Some(1),
                        ..v1::Policy::default()
                    }),
                    ..v1::TrackPrescription::default()
                }],
                baseline: Some(v1::Baseline {
                    pain: Some(0),
                    stiffness: Some(0),
                    over_limit_reason: String::new(),
                }),
                weekdays: weekdays.iter().map(|day| (*day).into()).collect(),
                ..v1::PlanDefinition::default()
            }),
        };
        let made = front.plans().create_plan(physio.asks(request)).await;
        let plan = made.unwrap().into_inner().plan.unwrap();
        let request = v1::StartPlanRequest {
            request_id: fresh(),
            plan_id: plan.id.clone(),
            etag: plan.etag,
            effective_date: Some(date(today(&front) - TimeDelta::weeks(3))),
        };
        let started = front.plans().start_plan(physio.asks(request)).await;
        let plan = started.unwrap().into_inner().plan.unwrap();
        Self {
            front,
            ada,
            physio,
            athlete,
            plan,
        }
    }

    async fn asks(
        &self,
        from: Option<NaiveDate>,
        weeks: i32,
    ) -> std::result::Result<tonic::Response<v1::GetScheduleResponse>, tonic::Status> {
        let request = v1::GetScheduleRequest {
            athlete_id: self.athlete.clone(),
            from: from.map(date),
            weeks,
        };
        self.front
            .plans()
            .get_schedule(self.physio.asks(request))
            .await
    }

    async fn schedule(&self, from: Option<NaiveDate>, weeks: i32) -> v1::GetScheduleResponse {
        self.asks(from, weeks).await.unwrap().into_inner()
    }

    async fn trains(&self, at: DateTime<Utc>) -> v1::CheckIn {
        let session = v1::SessionReport {
            track_id: self.plan.tracks[0].track_id.clone(),
            rung: Some(0),
            pain_during: Some(0),
            pain_after: Some(0),
            altered_gait: Some(false),
            swelling: v1::Swelling::None.into(),
            dose_done: Some(1),
            ..v1::SessionReport::default()
        };
        self.reports(at, v1::check_in::Report::Session(session))
            .await
    }

    async fn reports(&self, at: DateTime<Utc>, report: v1::check_in::Report) -> v1::CheckIn {
        let check_in = v1::CheckIn {
            id: fresh(),
            athlete_id: self.athlete.clone(),
            performed_at: Some(timestamp(at)),
            time_zone: "UTC".to_owned(),
            no_red_flags: true,
            report: Some(report),
            ..v1::CheckIn::default()
        };
        let request = v1::SubmitCheckInRequest {
            check_in: Some(check_in.clone()),
        };
        let mut check_ins = self.front.check_ins();
        check_ins
            .submit_check_in(self.physio.asks(request))
            .await
            .unwrap();
        check_in
    }
}

/// The id of a ladder of the library, and every criterion of it met.
fn knee(front: &Front) -> (String, Vec<v1::EntryConfirmation>) {
    let mut library = front.app.library.all();
    let (id, ladder) = library.find(|(_, l)| l.key == "udel-knee").unwrap();
    let entry = ladder.entry_criteria.iter().map(|c| v1::EntryConfirmation {
        criterion: c.id.clone(),
        confirmed: true,
        reason: String::new(),
    });
    (id.to_string(), entry.collect())
}

fn today(front: &Front) -> NaiveDate {
    front.app.ambient.now().date_naive()
}

fn on(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

fn dates(answer: &v1::GetScheduleResponse) -> Vec<v1::Date> {
    let days = answer.weeks.iter().flat_map(|week| &week.days);
    days.map(|day| day.date.unwrap()).collect()
}

storage_tests! {
    // Seen failing with the weeks before the first one left in, and with the days that were named not stored.
    async fn whole_weeks_are_laid_from_the_one_that_is_asked_for_on(db: Db) {
        use v1::Weekday::{Friday, Monday, Wednesday};
        let this = Scene::open(db, &[Friday, Monday, Wednesday]).await;
        let now = today(&this.front);
        let usual = this.schedule(None, 0).await;
        assert_eq!(usual.plan_id, this.plan.id);
        assert_eq!((usual.weeks.len(), usual.today), (2, Some(date(now))));
        let first = monday(now);
        let expected: Vec<v1::Date> = first.iter_days().take(14).map(date).collect();
        assert_eq!(dates(&usual), expected);
        let track = &usual.tracks[0];
        assert_eq!((track.sessions_per_week, track.rest_days), (3, 1));
        assert_eq!(track.reasons, []);
        let sessions = usual.weeks[1].days.iter().map(|day| day.sessions.len());
        assert_eq!(sessions.collect::<Vec<_>>(), [1, 0, 1, 0, 1, 0, 0]);
        let available = usual.weeks[1].days.iter().map(|day| day.available);
        assert_eq!(available.collect::<Vec<_>>(), [true, false, true, false, true, false, false]);

        // A later window is the end of a longer one, whichever day of its first week is named.
        let long = this.schedule(None, 5).await;
        let late = this.schedule(Some(first + TimeDelta::days(7 * 3 + 5)), 2).await;
        assert_eq!(late.weeks, long.weeks[3..5]);
        // The fourth week of the plan is a lighter one, three weeks after its start.
        let lighter = long.weeks.iter().flat_map(|week| &week.days).flat_map(|day| &day.sessions);
        let lighter: Vec<i32> = lighter.map(|session| session.deload_week).collect();
        assert!(lighter.contains(&4) && lighter.contains(&0) && lighter.iter().all(|week| *week % 4 == 0));

        // It stores nothing.
        let request = v1::GetPlanRequest { plan_id: this.plan.id.clone(), revision: 0 };
        let plan = this.front.plans().get_plan(this.physio.asks(request)).await;
        assert_eq!(plan.unwrap().into_inner().plan.unwrap(), this.plan);
    }

    // Seen failing with the check-ins of the week left out: the state knows the last one alone.
    async fn what_was_done_this_week_counts_whoever_asks(db: Db) {
        let this = Scene::open(db, &[]).await;
        let now = this.front.app.ambient.now();
        // On a Monday both are of that day.
        let earlier = monday(now.date_naive()).and_time(chrono::NaiveTime::MIN).and_utc();
        this.trains(earlier).await;
        this.trains(now).await;
        let week = this.schedule(None, 1).await.weeks.remove(0);
        let done = week.days.iter().flat_map(|day| &day.done).collect::<Vec<_>>();
        assert_eq!(done.len(), 2);
        assert!(done.iter().all(|done| done.track_id == this.plan.tracks[0].track_id));
        let laid: usize = week.days.iter().map(|day| day.sessions.len()).sum();
        assert!(laid <= 1, "three a week");
    }

    // Seen failing with what was corrected counted beside its correction, and with an unplanned run left out.
    async fn a_corrected_session_is_one_and_a_run_beside_the_plan_takes_its_day(db: Db) {
        let this = Scene::open(db, &[]).await;
        let now = this.front.app.ambient.now();
        let wrong = this.trains(now).await;
        let request = v1::CorrectCheckInRequest {
            check_in: Some(v1::CheckIn { id: fresh(), corrects_id: wrong.id.clone(), ..wrong }),
        };
        this.front.check_ins().correct_check_in(this.physio.asks(request)).await.unwrap();
        for activity in [v1::Activity::Run, v1::Activity::Other] {
            let unplanned = v1::UnplannedReport {
                activity: activity.into(),
                pain_during: Some(0),
                pain_after: Some(0),
                altered_gait: Some(false),
                swelling: v1::Swelling::None.into(),
                ..v1::UnplannedReport::default()
            };
            this.reports(now, v1::check_in::Report::Unplanned(unplanned)).await;
        }
        let week = this.schedule(None, 1).await.weeks.remove(0);
        let done: Vec<&str> =
            week.days.iter().flat_map(|day| &day.done).map(|done| done.track_id.as_str()).collect();
        assert_eq!(done, ["", this.plan.tracks[0].track_id.as_str()]);
    }

    // Seen failing with a first week of the past, and of next year, laid.
    async fn a_window_out_of_reach_and_a_missing_plan_are_refused(db: Db) {
        let this = Scene::open(db, &[]).await;
        let first = monday(today(&this.front));
        assert_eq!(faults(this.asks(Some(first - TimeDelta::days(1)), 1).await), ["from"]);
        assert_eq!(faults(this.asks(Some(first + TimeDelta::weeks(53)), 1).await), ["from"]);
        assert_eq!(this.schedule(Some(first + TimeDelta::weeks(52)), 12).await.weeks.len(), 12);
        let request = v1::GetScheduleRequest {
            athlete_id: "x".to_owned(),
            from: Some(v1::Date { year: 2026, month: 2, day: 30 }),
            weeks: 13,
        };
        let asked = this.front.plans().get_schedule(this.physio.asks(request)).await;
        assert_eq!(faults(asked), ["athlete_id", "from", "weeks"]);
        assert_eq!(faults(this.asks(None, -1).await), ["weeks"]);

        let athlete_id = this.front.athlete(&this.physio, "Mia").await;
        let request = v1::GetScheduleRequest { athlete_id: athlete_id.clone(), from: None, weeks: 0 };
        let asked = this.front.plans().get_schedule(this.physio.asks(request.clone())).await;
        assert_eq!(reason(asked), "NO_PLAN");
        let lou = this.front.physio(&this.ada, "lou").await;
        let asked = this.front.plans().get_schedule(lou.asks(request)).await;
        assert_eq!(reason(asked), "NOT_IN_CARE");
    }
}

#[test]
fn weeks_ahead_are_counted_from_monday_to_monday() {
    let sunday = on(2026, 3, 8);
    assert_eq!(weeks_ahead(sunday, on(2026, 3, 2)).unwrap(), 0);
    assert_eq!(weeks_ahead(sunday, on(2026, 3, 9)).unwrap(), 1);
    assert_eq!(weeks_ahead(on(2026, 3, 2), on(2026, 3, 15)).unwrap(), 1);
    assert!(weeks_ahead(sunday, on(2026, 3, 1)).is_err());
    assert_eq!(weeks_ahead(sunday, on(2027, 3, 7)).unwrap(), 52);
    assert!(weeks_ahead(sunday, on(2027, 3, 8)).is_err());
}

#[test]
fn nothing_of_this_week_was_accepted_before_it_is_looked_at() {
    // Monday begins on Kiritimati, 14 hours ahead of UTC, and may be told five minutes before it is over there.
    let first = on(2026, 3, 2).and_time(chrono::NaiveTime::MIN).and_utc();
    for day in 2..9 {
        let since = begin_of_week(on(2026, 3, day));
        assert!(since < first - TimeDelta::hours(14) - TimeDelta::minutes(5));
        assert!(since > first - TimeDelta::days(1));
    }
}

#[test]
fn every_constraint_of_the_engine_stands_in_the_contract() {
    use v1::ScheduleConstraint as C;
    let told = |constraint| {
        let told = unfit(&Unfit {
            track: uuid::Uuid::nil().into(),
            wanted: 3,
            fit: 1,
            constraint,
        });
        assert_eq!((told.sessions_per_week, told.fit), (3, 1));
        assert!(
            told.text.starts_with("1 of 3 sessions fit: "),
            "{}",
            told.text
        );
        (told.constraint(), told.days, told.not_before)
    };
    let first = on(2026, 3, 5);
    assert_eq!(
        told(Constraint::Weekdays { days: 2 }),
        (C::Weekdays, 2, None)
    );
    assert_eq!(
        told(Constraint::DaysLeft { days: 1 }),
        (C::DaysLeft, 1, None)
    );
    let until = Constraint::NotBefore { date: first };
    assert_eq!(told(until), (C::NotBefore, 0, Some(date(first))));
    assert_eq!(told(Constraint::Rest { days: 4 }), (C::Rest, 4, None));
    assert_eq!(told(Constraint::SharedRest), (C::SharedRest, 0, None));
    assert_eq!(told(Constraint::RestDay), (C::RestDay, 0, None));
}
