//! Changes of clocks, leap days and journeys: dates are those of the zone, and what is
//! laid is never too early for the engine.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;
use proptest::sample::select;

use super::check::{Case, cases, laid};
use super::{RUN, march, prescribed, started};
use crate::event::{EventBody, MorningReport, Swelling};
use crate::reason::ReasonCode;
use crate::scale::PainScore;
use crate::schedule::{Schedule, schedule};
use crate::test::story::{Story, pain};

/// Clocks change by an hour at night, at midnight (Santiago), and by half an hour.
const ZONES: [Tz; 4] = [
    Tz::Europe__Berlin,
    Tz::America__New_York,
    Tz::America__Santiago,
    Tz::Australia__Lord_Howe,
];

/// The instant of a time of day; where the clocks skip it, the first after it.
fn instant(zone: Tz, date: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    let time = date.and_hms_opt(hour, minute, 0).expect("a time");
    let later = (0..9).map(|quarters| time + TimeDelta::minutes(15 * quarters));
    let mut real = later.filter_map(|time| zone.from_local_datetime(&time).earliest());
    real.next().expect("no gap of two hours").to_utc()
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date")
}

fn good_morning() -> EventBody {
    EventBody::Morning(MorningReport {
        pain: PainScore::MIN,
        stiffness: None,
        swelling: Swelling::None,
        red_flags: Vec::new(),
    })
}

/// Does every session of a schedule at the same hour, in the zone it is given for the
/// session; how many of them the engine finds too early.
fn too_early(case: &Case, schedule: &Schedule, hour: u32, zone: impl Fn(usize) -> Tz) -> usize {
    let mut story = Story::unstarted(case.plan.clone());
    story.state = case.state.clone();
    let mut early = 0;
    for (place, (date, track)) in laid(schedule).into_iter().enumerate() {
        let zone = zone(place);
        let (index, _) = case.plan.track(track).expect("a track");
        let mut report = story.report(index);
        report.pain_before = Some(pain(0));
        let at = instant(zone, date, hour, 30);
        story.event_dated(date, at, EventBody::Session(report));
        let mut reasons = story.step.iter().flat_map(|decision| &decision.reasons);
        early += usize::from(reasons.any(|reason| reason.code == ReasonCode::RestNotMet));
        let next = date + TimeDelta::days(1);
        story.event_dated(next, instant(zone, next, 12, 0), good_morning());
    }
    early
}

/// A case whose rest was earned at this hour, too.
fn in_zone(mut case: Case, zone: Tz, hour: u32) -> Case {
    for track in &mut case.state.tracks {
        if let Some(bar) = &mut track.not_before {
            bar.at = instant(zone, bar.date - TimeDelta::days(1), hour, 30);
        }
    }
    case
}

proptest! {
    // Planted: a session is laid on the day after its rest began, date + n.
    #[test]
    fn what_is_laid_is_never_too_early_through_changes_of_clocks(
        case in cases(1..=4, 0..=7),
        zone in select(ZONES.to_vec()),
        hour in 0_u32..24,
    ) {
        let case = in_zone(case, zone, hour);
        let at = instant(zone, case.today, 0, 0);
        let laid = schedule(&case.plan, &case.state, &[], at, 4, &zone);
        prop_assert_eq!(laid.date, case.today);
        prop_assert_eq!(too_early(&case, &laid, hour, |_| zone), 0);
    }

    // Planted: as above.
    #[test]
    fn what_is_laid_is_never_too_early_on_journeys(
        case in cases(1..=4, 0..=7),
        zones in prop::collection::vec(
            select(vec![
                Tz::Europe__Berlin,
                Tz::America__Santiago,
                Tz::Australia__Lord_Howe,
                Tz::Pacific__Honolulu,
                Tz::Pacific__Auckland,
            ]),
            1..9,
        ),
        hour in 0_u32..24,
    ) {
        let case = in_zone(case, zones[0], hour);
        let at = instant(zones[0], case.today, 0, 0);
        let laid = schedule(&case.plan, &case.state, &[], at, 4, &zones[0]);
        let early = too_early(&case, &laid, hour, |place| zones[place % zones.len()]);
        prop_assert_eq!(early, 0);
    }

    // Planted: a week is laid from the Sunday before it.
    #[test]
    fn every_date_stands_once_and_in_order_over_months_and_leap_days(
        case in cases(1..=3, 0..=7),
        zone in select(ZONES.to_vec()),
        minute in 0_i64..1_440,
    ) {
        let at = instant(zone, case.today, 0, 0) + TimeDelta::minutes(minute);
        let laid = schedule(&case.plan, &case.state, &[], at, 30, &zone);
        let today = at.with_timezone(&zone).date_naive();
        prop_assert_eq!(laid.date, today);
        let first = laid.weeks[0].days[0].date;
        prop_assert!(first <= today && today < first + TimeDelta::days(7));
        let days = laid.weeks.iter().flat_map(|week| &week.days);
        for (place, (day, date)) in days.zip(first.iter_days()).enumerate() {
            prop_assert_eq!(day.date, date);
            let weekday = day.date.weekday().num_days_from_monday();
            prop_assert_eq!(usize::try_from(weekday).expect("few"), place % 7);
        }
    }
}

#[test]
fn the_29th_of_february_is_a_day_like_any_other() {
    let plan = prescribed(&[(RUN, 1, 1)]);
    let mut only = plan.clone();
    only.weekdays = vec![chrono::Weekday::Tue];
    let state = started(&plan, day(2028, 2, 7));
    let at = instant(Tz::Europe__Berlin, day(2028, 2, 21), 8, 0);
    let laid_on = |plan| {
        let laid = schedule(plan, &state, &[], at, 3, &Tz::Europe__Berlin);
        super::check::laid(&laid)
            .into_iter()
            .map(|(date, _)| date)
            .collect::<Vec<_>>()
    };
    let tuesdays = [day(2028, 2, 22), day(2028, 2, 29), day(2028, 3, 7)];
    assert_eq!(laid_on(&only), tuesdays);
    // Two days of rest from the 28th lead to the second of March.
    let mut two = prescribed(&[(RUN, 2, 2)]);
    two.weekdays = vec![
        chrono::Weekday::Mon,
        chrono::Weekday::Wed,
        chrono::Weekday::Thu,
    ];
    assert_eq!(laid_on(&two)[2..4], [day(2028, 2, 28), day(2028, 3, 2)]);
}

#[test]
fn a_change_of_clocks_may_push_the_hour_and_never_the_date_by_itself() {
    let plan = prescribed(&[(RUN, 3, 1)]);
    let mut story = Story::unstarted(plan);
    story.state = started(&story.plan, march(2));
    // Half an hour before midnight, and a night of 23 hours before the next.
    let berlin = Tz::Europe__Berlin;
    let late = instant(berlin, day(2026, 3, 28), 23, 30);
    let report = story.report(0);
    story.event_dated(day(2026, 3, 28), late, EventBody::Session(report));
    let at = instant(berlin, day(2026, 3, 29), 8, 0);
    let laid = schedule(&story.plan, &story.state, &[], at, 2, &berlin);
    // The 30th is two dates on; 24 hours end half an hour after its midnight.
    let monday = &laid.weeks[1].days[0];
    assert_eq!(monday.date, day(2026, 3, 30));
    let pushed = instant(berlin, day(2026, 3, 30), 0, 30);
    assert_eq!(monday.sessions[0].not_before, Some(pushed));
    assert_eq!(pushed, late + TimeDelta::hours(24));
    // A day whose midnight is skipped begins at one o'clock, and is that day.
    let santiago = Tz::America__Santiago;
    let first = instant(santiago, day(2026, 9, 6), 0, 0);
    let clock = |at: DateTime<Utc>| at.with_timezone(&santiago).time();
    assert_eq!(
        clock(first),
        NaiveTime::from_hms_opt(1, 0, 0).expect("a time")
    );
    for (at, date) in [(first - TimeDelta::seconds(1), 5), (first, 6)] {
        let laid = schedule(&story.plan, &story.state, &[], at, 1, &santiago);
        assert_eq!(laid.date, day(2026, 9, date));
    }
    // Half an hour: 48 hours after 23:40 it is 00:10, on the third date after it.
    let island = Tz::Australia__Lord_Howe;
    let mut story = Story::unstarted(prescribed(&[(RUN, 3, 2)]));
    story.state = started(&story.plan, day(2026, 9, 28));
    let late = instant(island, day(2026, 10, 2), 23, 40);
    let report = story.report(0);
    story.event_dated(day(2026, 10, 2), late, EventBody::Session(report));
    let at = instant(island, day(2026, 10, 3), 8, 0);
    let laid = schedule(&story.plan, &story.state, &[], at, 2, &island);
    let monday = &laid.weeks[1].days[0];
    let pushed = instant(island, day(2026, 10, 5), 0, 10);
    assert_eq!(monday.sessions[0].not_before, Some(pushed));
}

#[test]
fn a_journey_over_more_than_a_day_pushes_the_date() {
    // Evening in Niue, a flight to Kiritimati, 25 hours ahead.
    let mut story = Story::unstarted(prescribed(&[(RUN, 3, 1)]));
    story.state = started(&story.plan, march(2));
    let (niue, kiritimati) = (Tz::Pacific__Niue, Tz::Pacific__Kiritimati);
    let late = instant(niue, march(3), 23, 30);
    let report = story.report(0);
    story.event_dated(march(3), late, EventBody::Session(report));
    let at = instant(kiritimati, march(5), 8, 0);
    let laid = |zone| {
        let schedule = schedule(&story.plan, &story.state, &[], at, 1, &zone);
        let first = super::check::laid(&schedule).first().map(|(date, _)| *date);
        (
            first,
            schedule.weeks[0].days[4]
                .sessions
                .first()
                .and_then(|s| s.not_before),
        )
    };
    // By its date it could be the fifth; the 24 hours end on the sixth.
    assert_eq!(laid(niue).0, Some(march(5)));
    let pushed = instant(kiritimati, march(6), 0, 30);
    assert_eq!(laid(kiritimati), (Some(march(6)), Some(pushed)));
}
