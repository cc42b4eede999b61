//! Each rule on both sides of its limit.

use chrono::Utc;
use chrono::Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};

use super::{LIFT, RUN, days, done, march, morning_of, prescribed, rested, started, two_weeks};
use crate::event::EventBody;
use crate::ladder::DoseUnit;
use crate::plan::Requirement;
use crate::reason::ReasonCode;
use crate::scale::Dose;
use crate::schedule::{Done, Schedule, schedule};
use crate::state::{Illness, NotBefore, WellnessDay};
use crate::test::story::{Story, date, dose, needs, rung, track_id};

fn codes(schedule: &Schedule, track: usize) -> Vec<ReasonCode> {
    let reasons = schedule.tracks[track].reasons.iter();
    reasons.map(|reason| reason.code).collect()
}

fn nothing_laid(schedule: &Schedule) -> bool {
    let mut days = schedule.weeks.iter().flat_map(|week| &week.days);
    days.all(|day| day.sessions.is_empty())
}

#[test]
fn sessions_are_spread_evenly_over_available_days_earliest_first() {
    let mut plan = prescribed(&[(RUN, 3, 1)]);
    let state = started(&plan, march(2));
    let week = |plan: &_| days(&two_weeks(plan, &state, &[], march(2)), 0);
    assert_eq!(week(&plan), [[Mon, Wed, Fri], [Mon, Wed, Fri]]);
    plan.weekdays = vec![Sun, Thu, Tue];
    assert_eq!(week(&plan), [[Tue, Thu, Sun], [Tue, Thu, Sun]]);
    plan.weekdays = vec![Tue, Wed, Fri, Sat];
    plan.tracks[0].sessions_per_week = 2;
    assert_eq!(week(&plan), [[Tue, Fri], [Tue, Fri]]);
}

#[test]
fn rest_of_a_session_takes_so_many_days_of_the_next_week_too() {
    let mut plan = prescribed(&[(RUN, 2, 2)]);
    plan.weekdays = vec![Thu, Sun, Mon, Wed];
    let state = started(&plan, march(2));
    let schedule = two_weeks(&plan, &state, &[], march(5));
    // Sunday and two days off: Wednesday.
    assert_eq!(days(&schedule, 0), [vec![Thu, Sun], vec![Wed, Sun]]);
}

#[test]
fn what_a_running_track_rests_every_running_track_rests_and_no_other() {
    let mut plan = prescribed(&[(RUN, 2, 1), (RUN, 1, 1), (LIFT, 3, 1)]);
    plan.weekdays = vec![Mon, Wed, Fri];
    let state = started(&plan, march(2));
    let schedule = two_weeks(&plan, &state, &[], march(2));
    assert_eq!(days(&schedule, 0)[0], [Mon, Fri]);
    assert_eq!(days(&schedule, 1)[0], [Wed]);
    assert_eq!(days(&schedule, 2)[0], [Mon, Wed, Fri]);
    assert!(schedule.fits());
}

#[test]
fn one_day_of_every_week_stays_free_whatever_was_prescribed() {
    let plan = prescribed(&[(LIFT, 6, 0), (LIFT, 1, 0)]);
    let state = started(&plan, march(2));
    let schedule = two_weeks(&plan, &state, &[], march(2));
    assert!(schedule.fits());
    for week in &schedule.weeks {
        assert!(week.days[6].sessions.is_empty(), "the free day is late");
    }
    // What no plan asked for takes its day as well: Sunday is not free any more.
    let other = Done {
        date: march(8),
        track: None,
    };
    let schedule = two_weeks(&plan, &state, &[other], march(2));
    assert!(schedule.fits());
    assert!(schedule.weeks[0].days[5].sessions.is_empty());
    let all: Vec<_> = (2..9).map(|day| done(1, march(day))).collect();
    let schedule = two_weeks(&plan, &state, &all, march(2));
    assert!(
        schedule.weeks[0]
            .days
            .iter()
            .all(|day| day.sessions.is_empty())
    );
    assert!(!schedule.fits());
}

#[test]
fn tracks_keep_off_each_others_days_where_nothing_else_decides() {
    let plan = prescribed(&[(RUN, 3, 1), (LIFT, 2, 1), (LIFT, 1, 1)]);
    let state = started(&plan, march(2));
    let schedule = two_weeks(&plan, &state, &[], march(2));
    assert_eq!(days(&schedule, 0)[0], [Mon, Wed, Fri]);
    assert_eq!(days(&schedule, 1)[0], [Tue, Sat]);
    assert_eq!(days(&schedule, 2)[0], [Thu]);
    // So it is with what was done.
    let plan = prescribed(&[(LIFT, 1, 0)]);
    let beside = Done {
        date: march(2),
        track: None,
    };
    assert_eq!(days(&two_weeks(&plan, &state, &[], march(2)), 0)[0], [Mon]);
    let schedule = two_weeks(&plan, &state, &[beside], march(2));
    assert_eq!(days(&schedule, 0)[0], [Tue]);
    // It weighs more than a late free day.
    let today = Done {
        date: march(7),
        track: None,
    };
    let schedule = two_weeks(&plan, &state, &[today], march(7));
    assert_eq!(days(&schedule, 0)[0], [Sun]);
}

#[test]
fn sessions_of_each_running_track_are_spread_evenly_beside_what_was_done() {
    let plan = prescribed(&[(RUN, 2, 0), (RUN, 2, 0)]);
    let state = started(&plan, march(2));
    let schedule = two_weeks(&plan, &state, &[done(0, march(2))], march(3));
    // On Monday and Thursday, and on Tuesday and Saturday.
    assert_eq!(days(&schedule, 0)[0], [Thu]);
    assert_eq!(days(&schedule, 1)[0], [Tue, Sat]);
}

#[test]
fn what_was_done_counts_and_takes_its_day() {
    let plan = prescribed(&[(RUN, 3, 1), (RUN, 1, 1)]);
    let mut state = started(&plan, march(2));
    let before = [done(0, march(2)), done(0, march(4))];
    state.tracks[0].not_before = Some(rested(march(6)));
    let schedule = two_weeks(&plan, &state, &before, march(5));
    // One of three is left, and one of the other track.
    assert_eq!(days(&schedule, 0)[0], [Fri]);
    assert_eq!(days(&schedule, 1)[0], [Sun]);
    assert_eq!(schedule.weeks[0].days[2].done, [done(0, march(4))]);
    // Nothing running is laid beside what was done today, also where no rest was earned.
    let today = [done(1, march(5))];
    state.tracks[0].not_before = None;
    let schedule = two_weeks(&plan, &state, &today, march(5));
    assert_eq!(days(&schedule, 0)[0], [Fri, Sun]);
    // The state knows the last one itself; told twice it counts once.
    let mut story = Story::started(prescribed(&[(RUN, 2, 1)]));
    story.green(0);
    state = story.state.clone();
    for told in [vec![], vec![done(0, date(0))]] {
        let schedule = two_weeks(&story.plan, &state, &told, date(1));
        assert_eq!(days(&schedule, 0), [vec![Thu], vec![Mon, Thu]]);
    }
}

#[test]
fn the_latest_activity_takes_its_day_though_only_the_state_knows_of_it() {
    let plan = prescribed(&[(RUN, 1, 0)]);
    let mut state = started(&plan, march(2));
    state.last_session = Some(march(3));
    let beside = Done {
        date: march(3),
        track: None,
    };
    let of_tuesday = |told: &[Done]| {
        let mut week = two_weeks(&plan, &state, told, march(4)).weeks.remove(0);
        week.days.remove(1).done
    };
    assert_eq!(of_tuesday(&[done(0, march(2))]), [beside]);
    assert_eq!(of_tuesday(&[]), [beside]);
    // Told as a session, it is no other activity.
    assert_eq!(of_tuesday(&[done(0, march(3))]), [done(0, march(3))]);
}

#[test]
fn what_the_state_forbids_is_kept_by_date_and_by_instant() {
    let plan = prescribed(&[(RUN, 1, 0), (RUN, 1, 0), (LIFT, 1, 0)]);
    let mut state = started(&plan, march(2));
    state.tracks[0].not_before = Some(rested(march(4)));
    let laid = two_weeks(&plan, &state, &[], march(2));
    // Shared by the other running track, although its own state says nothing.
    assert_eq!(days(&laid, 0)[0], [Wed]);
    assert_eq!(days(&laid, 1)[0], [Sat]);
    assert_eq!(days(&laid, 2)[0], [Mon]);
    // The instant lies in the evening of the fifth: that day still is one, from then on.
    let late = march(5).and_hms_opt(23, 0, 0).expect("a time").and_utc();
    state.tracks[0].not_before = Some(NotBefore {
        at: late,
        ..rested(march(4))
    });
    let here = two_weeks(&plan, &state, &[], march(2));
    assert_eq!(days(&here, 0)[0], [Thu]);
    assert_eq!(here.weeks[0].days[3].sessions[0].not_before, Some(late));
    assert_eq!(here.weeks[0].days[0].sessions[0].not_before, None);
    // Two hours further east it is the sixth.
    let east = chrono::FixedOffset::east_opt(7200).expect("an offset");
    let east = schedule(&plan, &state, &[], morning_of(march(2)), 2, &east);
    assert_eq!(days(&east, 0)[0], [Fri]);
}

#[test]
fn paused_locked_and_unstarted_plans_say_so_as_today_does() {
    let mut story = Story::started(prescribed(&[(RUN, 1, 1), (LIFT, 1, 1)]));
    story.pause(0);
    let schedule = two_weeks(&story.plan, &story.state, &[], date(1));
    assert_eq!(codes(&schedule, 0), [ReasonCode::Paused]);
    assert_eq!(codes(&schedule, 1), [ReasonCode::Paused]);
    assert!(nothing_laid(&schedule) && schedule.fits());

    let mut plan = prescribed(&[(RUN, 1, 1), (LIFT, 1, 1)]);
    plan.tracks[1].prerequisites = vec![needs(0, Requirement::Done)];
    let mut story = Story::unstarted(plan);
    let schedule = two_weeks(&story.plan, &story.state, &[], date(0));
    assert_eq!(codes(&schedule, 0), [ReasonCode::Start]);
    assert!(nothing_laid(&schedule) && schedule.fits());

    // From Wednesday of the second week on.
    story.event(0, 9, EventBody::Start { effective: date(9) });
    let schedule = two_weeks(&story.plan, &story.state, &[], date(0));
    assert_eq!(days(&schedule, 0), [vec![], vec![Wed]]);
    assert!(schedule.weeks[0].unfit.is_empty(), "nothing is wanted yet");
    let schedule = two_weeks(&story.plan, &story.state, &[], date(9));
    assert_eq!(codes(&schedule, 0), []);
    assert_eq!(codes(&schedule, 1), [ReasonCode::Locked]);
    assert!(days(&schedule, 1).concat().is_empty() && schedule.fits());
}

#[test]
fn an_illness_bars_until_somebody_is_well_and_a_day_of_low_readiness_has_less() {
    let plan = prescribed(&[(RUN, 3, 1), (LIFT, 1, 0)]);
    let mut state = started(&plan, march(2));
    let of = |state: &_| two_weeks(&plan, state, &[], march(3));
    state.ill = Some(Illness {
        since: march(2),
        asked: false,
    });
    let ill = of(&state);
    assert_eq!(codes(&ill, 0), [ReasonCode::Illness]);
    assert!(nothing_laid(&ill) && ill.fits());
    // Well since this morning: from tomorrow on.
    state.ill = None;
    state.well_from = Some(march(4));
    let well = of(&state);
    assert_eq!(codes(&well, 0), []);
    assert_eq!(days(&well, 0)[0], [Wed, Fri, Sun]);
    // A short night: less today, and no other day.
    state.well_from = None;
    state.wellness = vec![WellnessDay {
        date: march(3),
        items: [None; 6],
        low: true,
    }];
    let week = of(&state).weeks.remove(0);
    let doses = week.days.iter().flat_map(|day| &day.sessions);
    let doses = doses.filter(|session| session.track == track_id(0));
    let doses: Vec<_> = doses.map(|session| session.dose).collect();
    assert_eq!(doses, [dose(210), dose(300), dose(300)]);
}

#[test]
fn what_time_alone_decides_is_decided_first() {
    let mut plan = prescribed(&[(RUN, 3, 1)]);
    plan.tracks[0].ladder.rungs[1].rest_days = Some(3);
    let mut story = Story::started(plan);
    story.green(0).event(1, 7, EventBody::Tick);
    let schedule = two_weeks(&story.plan, &story.state, &[], date(14));
    // Fourteen days after the last session: half the dose at most.
    assert_eq!(schedule.tracks[0].rung, rung(0));
    assert_eq!(schedule.weeks[0].days[0].sessions[0].dose, dose(100));
}

#[test]
fn lighter_weeks_count_from_the_start_and_are_laid_with_less() {
    let mut plan = prescribed(&[(LIFT, 6, 0), (LIFT, 1, 0), (LIFT, 1, 0)]);
    plan.tracks[0].policy.deload_every_weeks = 2;
    plan.tracks[0].policy.deload_percent = 33;
    plan.tracks[1].policy.deload_every_weeks = 2;
    plan.tracks[1].policy.deload_percent = 1;
    plan.tracks[1].ladder.rungs[2].dose = dose(7);
    plan.tracks[2].policy.deload_every_weeks = 2;
    plan.tracks[2].ladder.unit = DoseUnit::Ordinal;
    // A Wednesday: the second week of the plan begins on the next.
    let state = started(&plan, march(4));
    let schedule = schedule(&plan, &state, &[], morning_of(march(4)), 4, &Utc);
    let doses = |track: usize| -> Vec<_> {
        let days = schedule.weeks.iter().flat_map(|week| &week.days);
        let sessions = days.flat_map(|day| day.sessions.iter().map(move |s| (day.date, s)));
        sessions
            .filter(|(_, session)| session.track == track_id(track))
            .map(|(date, session)| (date, session.deload_week, session.dose))
            .collect()
    };
    for (on, week, amount) in doses(0) {
        let days = (on - march(4)).num_days();
        let lighter = [(7..14, 2), (21..28, 4)];
        let expected = lighter.iter().find(|(range, _)| range.contains(&days));
        assert_eq!(week, expected.map(|(_, week)| *week), "{on}");
        // A third of 300, rounded down.
        assert_eq!(amount, dose(if week.is_some() { 99 } else { 300 }), "{on}");
    }
    assert!(doses(0).iter().any(|(_, week, _)| *week == Some(4)));
    let lightest = doses(1).into_iter().filter(|(_, week, _)| week.is_some());
    assert_eq!(lightest.map(|(.., amount)| amount).min(), Some(dose(1)));
    assert!(doses(2).iter().all(|(.., amount)| *amount == dose(300)));
    assert!(doses(2).iter().any(|(_, week, _)| week.is_some()));
}

#[test]
fn what_no_valid_plan_has_and_the_end_of_the_calendar_are_no_reason_to_panic() {
    let mut plan = prescribed(&[(RUN, 7, 0)]);
    plan.tracks[0].ladder.rungs.clear();
    let state = started(&plan, march(2));
    let laid = two_weeks(&plan, &state, &[], march(2));
    assert_eq!(laid.weeks[0].days[0].sessions[0].dose, Dose::MIN);
    plan.tracks[0].sessions_per_week = u32::MAX;
    plan.tracks[0].policy.rest_days = u32::MAX;
    plan.tracks[0].policy.deload_every_weeks = u32::MAX;
    let far = NotBefore {
        date: chrono::NaiveDate::MAX,
        at: chrono::DateTime::<Utc>::MAX_UTC,
    };
    for at in [
        chrono::DateTime::<Utc>::MIN_UTC,
        chrono::DateTime::<Utc>::MAX_UTC,
    ] {
        for hours in [-12, 0, 14] {
            let zone = chrono::FixedOffset::east_opt(hours * 3600).expect("an offset");
            let mut state = started(&plan, chrono::NaiveDate::MIN);
            for bar in [None, Some(far)] {
                state.tracks[0].not_before = bar;
                let laid = schedule(&plan, &state, &[], at, u32::MAX, &zone);
                assert!(laid.weeks.len() <= 64);
            }
        }
    }
}
