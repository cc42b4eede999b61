use chrono::TimeZone as _;
use rung_progression::{Event, EventBody, EventId, PlanDefinition, PlanId, PlanState, decide};
use uuid::Uuid;

use super::*;
use crate::storage::{
    conformance::fixture::{definition, noon, session},
    plan::Status,
};

/// A plan of an athlete in a zone to whom these things happened, each at an instant.
fn plan(
    zone: &str,
    definition: &PlanDefinition,
    bodies: Vec<(DateTime<Utc>, EventBody)>,
) -> StoredPlan {
    let tz: Tz = zone.parse().unwrap();
    let mut state = PlanState::new(definition);
    for (seq, (at, body)) in (1..).zip(bodies) {
        let event = Event {
            id: EventId::from(Uuid::from_u128(u128::from(seq))),
            seq,
            at,
            date: date_in(at, tz),
            revision: 1,
            body,
        };
        state = decide(definition, &state, &event).state;
    }
    StoredPlan {
        id: PlanId::from(Uuid::nil()),
        version: state.seq.cast_signed(),
        status: Status::of(&state),
        definition: definition.clone(),
        state,
        goals: vec![],
        last_check_in_at: None,
        due_at: None,
        created_at: noon(),
        created_by: Uuid::nil().into(),
        time_zone: zone.to_owned(),
    }
}

fn at(day: u32, hour: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, day, hour, 0, 0).unwrap()
}

fn start(day: u32) -> (DateTime<Utc>, EventBody) {
    let effective = NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
    (at(2, 8), EventBody::Start { effective })
}

/// That nothing changes before it, and something then.
fn holds(plan: &StoredPlan, now: DateTime<Utc>, expected: DateTime<Utc>) {
    let zone = plan.zone().unwrap();
    let changes = |at| apply::tick(plan, at, date_in(at, zone)).0 != plan.state;
    assert_eq!(next(plan, now).unwrap(), Some(expected));
    assert!(changes(expected), "nothing changes at {expected}");
    if expected > now {
        let before = expected - TimeDelta::microseconds(1);
        assert!(!changes(before), "something changes at {before}");
    }
}

#[test]
fn nothing_is_due_while_nothing_is_judged() {
    let definition = definition();
    assert_eq!(
        next(&plan("UTC", &definition, vec![]), noon()).unwrap(),
        None
    );
    let pause = EventBody::Pause {
        reason: "Fever.".to_owned(),
    };
    let paused = plan("UTC", &definition, vec![start(2), (at(2, 9), pause)]);
    assert_eq!(next(&paused, noon()).unwrap(), None);
}

// Seen failing with the zone left out.
#[test]
fn a_week_begins_where_the_athlete_is() {
    let definition = definition();
    // The second is a Monday. Auckland is thirteen hours ahead, Los Angeles seven behind, since the eighth.
    for (zone, expected) in [
        ("UTC", at(9, 0)),
        ("Pacific/Auckland", at(8, 11)),
        ("America/Los_Angeles", at(9, 7)),
    ] {
        holds(
            &plan(zone, &definition, vec![start(2)]),
            at(2, 12),
            expected,
        );
    }
}

// Seen failing with windows left out, and with one that ends a microsecond early.
#[test]
fn a_morning_that_does_not_come_is_due_when_its_window_ends() {
    let definition = definition();
    let ran = (at(3, 9), session(&definition));
    let plan = plan("Europe/Berlin", &definition, vec![start(2), ran]);
    holds(&plan, at(3, 10), at(5, 9) + TimeDelta::microseconds(1));
    // Whoever looks later finds it due at once.
    holds(&plan, at(6, 10), at(6, 10));
}

#[test]
fn a_plan_that_begins_later_is_due_no_sooner() {
    let plan = plan("UTC", &definition(), vec![start(20)]);
    let due = next(&plan, at(2, 12)).unwrap().unwrap();
    assert!(due >= at(20, 0), "{due}");
    holds(&plan, at(2, 12), due);
}

// Seen failing with a gap of one day taken for none.
#[test]
fn a_gap_is_due_on_its_first_day() {
    let definition = definition();
    let bodies = vec![
        start(2),
        (at(3, 9), session(&definition)),
        (at(4, 7), crate::storage::conformance::fixture::morning()),
    ];
    let plan = plan("UTC", &definition, bodies);
    // Three sessions a week: two days of rest or three between them, and one more is a gap.
    let due = next(&plan, at(4, 8)).unwrap().unwrap();
    assert!(due < at(9, 0), "{due}");
    holds(&plan, at(4, 8), due);
}
