//! Every constraint, as it is named and said.

use chrono::Weekday::{Mon, Thu, Tue, Wed};

use super::{LIFT, RUN, done, march, prescribed, rested, started, two_weeks};
use crate::schedule::{Constraint, Unfit};
use crate::test::story::track_id;

fn unfit(track: usize, wanted: u32, fit: u32, constraint: Constraint) -> Unfit {
    Unfit {
        track: track_id(track),
        wanted,
        fit,
        constraint,
    }
}

#[test]
fn too_few_weekdays() {
    let mut plan = prescribed(&[(RUN, 3, 0)]);
    plan.weekdays = vec![Tue, Thu];
    let state = started(&plan, march(2));
    let schedule = two_weeks(&plan, &state, &[], march(2));
    let told = unfit(0, 3, 2, Constraint::Weekdays { days: 2 });
    assert_eq!(schedule.weeks[1].unfit, [told]);
    assert_eq!(
        told.sentence(),
        "2 of 3 sessions fit: training is possible on 2 days a week."
    );
    plan.weekdays.push(Wed);
    assert!(two_weeks(&plan, &state, &[], march(2)).fits());
}

#[test]
fn too_few_days_left() {
    let plan = prescribed(&[(RUN, 3, 0)]);
    let state = started(&plan, march(2));
    assert!(two_weeks(&plan, &state, &[], march(6)).fits());
    let schedule = two_weeks(&plan, &state, &[], march(7));
    let told = unfit(0, 3, 2, Constraint::DaysLeft { days: 2 });
    assert_eq!(schedule.weeks[0].unfit, [told]);
    assert_eq!(
        told.sentence(),
        "2 of 3 sessions fit: only 2 days are left in this week."
    );
    assert!(schedule.weeks[1].unfit.is_empty());
    // The start of the plan leaves as few; what was done helps.
    let late = started(&plan, march(7));
    assert_eq!(
        two_weeks(&plan, &late, &[], march(2)).weeks[0].unfit,
        [told]
    );
    let before = [done(0, march(3))];
    assert!(two_weeks(&plan, &state, &before, march(7)).fits());
    let mut monday = plan;
    monday.weekdays = vec![Mon, Tue, Wed];
    let none = two_weeks(&monday, &state, &[], march(5)).weeks[0].unfit[0];
    assert_eq!(none, unfit(0, 3, 0, Constraint::DaysLeft { days: 0 }));
    assert_eq!(
        none.sentence(),
        "0 of 3 sessions fit: no day is left in this week."
    );
}

#[test]
fn rest_that_was_earned_before() {
    let plan = prescribed(&[(RUN, 2, 0), (RUN, 1, 0)]);
    let mut state = started(&plan, march(2));
    state.tracks[1].not_before = Some(rested(march(8)));
    let schedule = two_weeks(&plan, &state, &[], march(2));
    let told = unfit(0, 2, 1, Constraint::NotBefore { date: march(8) });
    assert_eq!(schedule.weeks[0].unfit[0], told);
    assert_eq!(
        told.sentence(),
        "1 of 2 sessions fit: no session may be done before 2026-03-08."
    );
    state.tracks[1].not_before = Some(rested(march(6)));
    assert!(two_weeks(&plan, &state, &[], march(2)).fits());
}

#[test]
fn rest_between_sessions() {
    let plan = prescribed(&[(RUN, 4, 2)]);
    let state = started(&plan, march(2));
    let schedule = two_weeks(&plan, &state, &[], march(2));
    let told = unfit(0, 4, 3, Constraint::Rest { days: 2 });
    assert_eq!(schedule.weeks[0].unfit, [told]);
    assert_eq!(
        told.sentence(),
        "3 of 4 sessions fit: each is followed by 2 days of rest."
    );
    // Every other day: four, then three, and so on.
    let plan = prescribed(&[(RUN, 4, 1)]);
    let schedule = two_weeks(&plan, &state, &[], march(2));
    assert!(schedule.weeks[0].unfit.is_empty());
    let told = unfit(0, 4, 3, Constraint::Rest { days: 1 });
    assert_eq!(schedule.weeks[1].unfit, [told]);
}

#[test]
fn rest_of_other_running_tracks() {
    let plan = prescribed(&[(RUN, 3, 1), (RUN, 3, 1)]);
    let state = started(&plan, march(2));
    let schedule = two_weeks(&plan, &state, &[], march(2));
    // Four places in the week: two each.
    let told = unfit(0, 3, 2, Constraint::SharedRest);
    assert_eq!(
        schedule.weeks[0].unfit,
        [told, unfit(1, 3, 2, Constraint::SharedRest)]
    );
    assert_eq!(
        told.sentence(),
        "2 of 3 sessions fit: a session on one running track rests the others too."
    );
    let plan = prescribed(&[(RUN, 3, 1), (LIFT, 3, 1)]);
    assert!(two_weeks(&plan, &state, &[], march(2)).fits());
}

#[test]
fn a_single_day_is_one() {
    let said = |constraint| unfit(0, 3, 1, constraint).sentence();
    assert_eq!(
        said(Constraint::Weekdays { days: 1 }),
        "1 of 3 sessions fit: training is possible on 1 day a week."
    );
    assert_eq!(
        said(Constraint::DaysLeft { days: 1 }),
        "1 of 3 sessions fit: only 1 day is left in this week."
    );
}

#[test]
fn the_free_day() {
    let plan = prescribed(&[(LIFT, 7, 0)]);
    let state = started(&plan, march(2));
    let schedule = two_weeks(&plan, &state, &[], march(2));
    let told = unfit(0, 7, 6, Constraint::RestDay);
    assert_eq!(schedule.weeks[0].unfit, [told]);
    assert_eq!(
        told.sentence(),
        "6 of 7 sessions fit: one day of every week stays free."
    );
}
