//! What holds for every schedule. Each was seen failing on the fault its comment names.

use chrono::{Datelike, TimeDelta, Utc};
use proptest::prelude::*;

use super::check::{Case, cases, count, laid};
use super::morning_of;
use crate::schedule::{Constraint, Schedule, schedule};

fn of(case: &Case) -> Schedule {
    let at = morning_of(case.today);
    schedule(&case.plan, &case.state, &case.done, at, case.weeks, &Utc)
}

proptest! {
    // Planted: a lane does not take its rest into the next week; and, by itself, every
    // RUNNING track is a lane of its own.
    #[test]
    fn rest_is_kept_between_any_two_sessions_also_over_the_end_of_a_week(
        case in cases(1..=5, 0..=7),
    ) {
        let sessions = laid(&of(&case));
        for (place, (date, track)) in sessions.iter().enumerate() {
            let (_, first) = case.plan.track(*track).expect("a track");
            let rung = case.state.track(*track).expect("a track").rung;
            let free = *date + TimeDelta::days(i64::from(first.rest_days(rung)) + 1);
            for (later, other) in &sessions[place + 1..] {
                let (_, second) = case.plan.track(*other).expect("a track");
                let shared = first.is_running() && second.is_running();
                if track == other || shared {
                    prop_assert!(*later >= free, "{date} {later}");
                }
            }
        }
    }

    // Planted: the free day binds the first lane alone.
    #[test]
    fn a_full_day_of_rest_is_in_every_iso_week(case in cases(1..=8, 0..=7)) {
        for week in of(&case).weeks {
            prop_assert_eq!(week.days[0].date.weekday(), chrono::Weekday::Mon);
            prop_assert_eq!(week.days.len(), 7);
            let done = week.days.iter().filter(|day| !day.done.is_empty()).count();
            let idle = |day: &&crate::schedule::ScheduledDay| {
                day.done.is_empty() && day.sessions.is_empty()
            };
            prop_assert!(done == 7 || week.days.iter().filter(idle).count() > 0);
        }
    }

    // Planted: a week is open from the day before it begins; and, by itself, on every day.
    #[test]
    fn only_available_days_from_today_and_the_start_on_are_used(case in cases(1..=5, 0..=7)) {
        let start = case.state.started.expect("started");
        for week in of(&case).weeks {
            for day in week.days {
                let open = case.plan.weekdays.is_empty()
                    || case.plan.weekdays.contains(&day.date.weekday());
                prop_assert_eq!(day.available, open);
                let late = day.date >= case.today && day.date >= start;
                prop_assert!(day.sessions.is_empty() || (open && late), "{}", day.date);
            }
        }
    }

    // Planted: the rest that the first track of a lane earned is that of the lane.
    #[test]
    fn nothing_is_laid_before_what_the_state_forbids(case in cases(1..=5, 0..=7)) {
        let bar = |running: bool| {
            let tracks = case.plan.tracks.iter().zip(&case.state.tracks);
            let of_kind = tracks.filter(move |(track, _)| track.is_running() == running);
            of_kind.filter_map(|(_, state)| state.not_before).map(|bar| bar.date).max()
        };
        for (date, track) in laid(&of(&case)) {
            let (_, track) = case.plan.track(track).expect("a track");
            if let Some(first) = bar(track.is_running()) {
                prop_assert!(date >= first, "{date} {first}");
            }
        }
    }

    // Planted: what was done does not count.
    #[test]
    fn a_week_never_has_more_sessions_of_a_track_than_were_prescribed(
        case in cases(1..=5, 0..=7),
    ) {
        for week in of(&case).weeks {
            for track in &case.plan.tracks {
                let monday = week.days[0].date;
                let done = case.done.iter().filter(|done| {
                    done.track == Some(track.id)
                        && (monday..monday + TimeDelta::days(7)).contains(&done.date)
                });
                let done = u32::try_from(done.count()).expect("few");
                let most = track.sessions_per_week.max(done);
                prop_assert!(count(&week.days, track.id) <= most);
                let told = week.unfit.iter().find(|unfit| unfit.track == track.id);
                let begun = case.state.started.expect("started") < monday + TimeDelta::days(7);
                let fit = count(&week.days, track.id);
                prop_assert_eq!(told.is_some(), begun && fit < track.sessions_per_week);
                if let Some(told) = told {
                    prop_assert_eq!((told.wanted, told.fit), (track.sessions_per_week, fit));
                }
            }
        }
    }

    // Planted: the top rung's dose is laid; and, by itself, weeks of a plan count from 0.
    #[test]
    fn no_dose_is_above_its_rungs_and_lighter_weeks_are_those_of_the_start(
        case in cases(1..=4, 0..=7),
    ) {
        let start = case.state.started.expect("started");
        for week in of(&case).weeks {
            for day in week.days {
                for session in day.sessions {
                    let (_, track) = case.plan.track(session.track).expect("a track");
                    let rung = track.rung(session.rung).expect("a rung");
                    prop_assert!(session.dose <= rung.dose && session.dose.get() >= 1);
                    let every = i64::from(track.policy.deload_every_weeks);
                    let index = (day.date - start).num_days().div_euclid(7);
                    let lighter = every > 0 && index % every == every - 1;
                    prop_assert_eq!(session.deload_week.is_some(), lighter);
                    prop_assert_eq!(session.dose < rung.dose, lighter);
                }
            }
        }
    }

    // Planted: the first of the weekdays is the only one; and, by itself, what was done
    // stays as it was told.
    #[test]
    fn equal_input_gives_equal_output_whatever_the_order_of_the_days(
        case in cases(1..=5, 0..=7),
        turn in 0_usize..7,
    ) {
        let bytes = |schedule: &Schedule| serde_json::to_vec(schedule).expect("writes");
        let once = bytes(&of(&case));
        prop_assert_eq!(&once, &bytes(&of(&case.clone())));
        let mut turned = case.clone();
        let by = turn % turned.plan.weekdays.len().max(1);
        turned.plan.weekdays.rotate_left(by);
        turned.plan.weekdays.reverse();
        turned.done.reverse();
        prop_assert_eq!(&once, &bytes(&of(&turned)));
        if case.plan.weekdays.len() == 7 {
            turned.plan.weekdays.clear();
            prop_assert_eq!(&once, &bytes(&of(&turned)), "all days are any days");
        }
    }

    // Planted: weeks are counted back from the last.
    #[test]
    fn a_longer_schedule_begins_with_the_shorter_one(case in cases(1..=4, 0..=7)) {
        let mut longer = case.clone();
        longer.weeks += 3;
        let (shorter, longer) = (of(&case), of(&longer));
        prop_assert_eq!(&shorter.weeks[..], &longer.weeks[..shorter.weeks.len()]);
    }
}

/// The case with some of its tracks alone, and nothing done.
fn only(case: &Case, keep: impl Fn(&crate::TrackDefinition) -> bool) -> Case {
    let mut few = case.clone();
    few.weeks = 1;
    few.done.clear();
    few.plan.tracks.retain(keep);
    few.state
        .tracks
        .retain(|state| few.plan.track(state.id).is_some());
    few
}

proptest! {
    // Planted: the rest between sessions is not asked for.
    #[test]
    fn the_constraint_that_is_named_keeps_out_what_is_kept_out(case in cases(1..=5, 0..=7)) {
        let mut case = only(&case, |_| true);
        let bars = case.state.tracks.iter();
        let bar = bars.filter_map(|track| track.not_before).max_by_key(|bar| bar.date);
        for track in &mut case.state.tracks {
            track.not_before = bar;
        }
        for told in &of(&case).weeks[0].unfit {
            let alone = of(&only(&case, |track| track.id == told.track));
            let alone: Vec<_> = alone.weeks[0].unfit.iter().map(|one| one.constraint).collect();
            let running = of(&only(&case, crate::TrackDefinition::is_running));
            match told.constraint {
                Constraint::SharedRest => {
                    prop_assert!(!running.fits());
                    prop_assert!(alone.iter().all(|one| *one == Constraint::RestDay));
                }
                Constraint::RestDay => {
                    prop_assert!(alone.iter().all(|one| *one == Constraint::RestDay));
                }
                other => prop_assert_eq!(alone, [other]),
            }
        }
    }
}
