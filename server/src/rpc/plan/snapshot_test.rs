use chrono::{DateTime, NaiveDate};
use rung_progression::{
    Grade, Measure, NotBefore, PlanState, ReasonCode, RungIndex,
    state::{
        Blocker, Facts, Illness, LastSession, LayoffBase, LongestOfDay, Paused, Pending, Scalar,
        WeekSum, WellnessDay,
    },
};
use rung_proto::v1;

use super::snapshot;
use crate::storage::conformance::fixture;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

fn rung(index: i64) -> RungIndex {
    RungIndex::try_from(index).unwrap()
}

#[expect(clippy::too_many_lines, reason = "a line or two for each field")]
#[test]
fn everything_that_is_remembered_is_told() {
    let plan = fixture::definition();
    let mut state = PlanState::new(&plan);
    let at = DateTime::from_timestamp(1_772_400_000, 0).unwrap();
    state.seq = 9;
    state.started = Some(day(1));
    state.paused = Some(Paused {
        cause: ReasonCode::RedAgain,
        since: day(2),
    });
    state.resumed = Some(day(3));
    state.last_session = Some(day(4));
    state.ill = Some(Illness {
        since: day(5),
        asked: true,
    });
    state.well_from = Some(day(6));
    state.wellness = [(7, false), (8, true)]
        .map(|(of, low)| WellnessDay {
            date: day(of),
            items: [None; 6],
            low,
        })
        .into();
    state.longest = [(7, 3000), (8, 2000)]
        .map(|(of, metres): (u32, i64)| LongestOfDay {
            date: day(of),
            distance: metres.try_into().unwrap(),
        })
        .into();
    state.weeks.monday = Some(day(9));
    state.weeks.sums[1] = WeekSum {
        pain: 1,
        pains: 2,
        stiffness: 3,
        stiffnesses: 4,
    };
    let facts = |streak| Facts {
        grades: vec![Grade::Red, Grade::Amber],
        streak,
        stepped_back: true,
        thrice_asked: false,
    };
    let track = &mut state.tracks[0];
    track.contexts = vec!["rain".into()];
    track.pending = Some(Pending {
        at,
        date: day(10),
        blockers: vec![Blocker {
            code: ReasonCode::RestNotMet,
            measure: Measure::SessionDate,
            observed: Some(Scalar::Date(day(10))),
            threshold: Some(Scalar::Date(day(11))),
        }],
        context: None,
    });
    track.not_before = Some(NotBefore { date: day(12), at });
    track.no_advance_before = Some(day(13));
    track.last = Some(LastSession {
        at,
        date: day(14),
        rung: rung(1),
        rest_days: 2,
        rung_before: rung(0),
        grade: Grade::Amber,
        before: facts(1),
        in_grades: true,
    });
    track.now = facts(2);
    track.advances = vec![day(15), day(16)];
    track.confidence_repeats = 3;
    track.overdoing = 4;
    track.mornings_missing = 5;
    track.layoff_level = 6;
    track.layoff_base = Some(LayoffBase {
        date: day(17),
        set: rung(2),
        reference: rung(1),
    });

    let told = snapshot(&plan, &state);
    let of = |date: &Option<v1::Date>| date.as_ref().map_or(0, |date| date.day);
    assert_eq!(
        (told.seq, told.revision, &told.hash),
        (9, 1, &state.fingerprint())
    );
    assert_eq!(told.pause_cause(), v1::ReasonCode::RedAgain);
    let dates = [
        &told.effective_date,
        &told.paused_since,
        &told.resumed_on,
        &told.last_session_on,
        &told.ill_since,
        &told.well_from,
        &told.monday,
    ];
    assert_eq!(dates.map(of), [1, 2, 3, 4, 5, 6, 9]);
    assert!(told.illness_asked);
    assert_eq!((told.wellness_days, told.low_dates.len()), (2, 1));
    assert_eq!((told.distance_days, told.longest_m), (2, 3000));
    let week = told.weeks[1];
    assert_eq!(
        [
            week.pain_sum,
            week.pain_count,
            week.stiffness_sum,
            week.stiffness_count
        ],
        [1, 2, 3, 4]
    );
    let track = &told.tracks[0];
    assert_eq!(track.contexts, 1);
    let pending = track.pending.as_ref().unwrap();
    assert_eq!((of(&pending.date), pending.has_context), (10, false));
    assert_eq!(pending.blockers[0].code(), v1::ReasonCode::RestNotMet);
    let evidence = pending.blockers[0].evidence.as_ref().unwrap();
    assert_eq!(evidence.measure(), v1::Measure::SessionDate);
    assert!(evidence.observed.is_some() && evidence.threshold.is_some());
    assert_eq!(of(&track.no_advance_before), 13);
    let last = track.last.as_ref().unwrap();
    assert_eq!(
        (of(&last.date), last.rung, last.rung_before, last.rest_days),
        (14, 1, 0, 2)
    );
    assert_eq!((last.grade(), last.in_grades), (v1::Grade::Amber, true));
    assert_eq!(last.before.as_ref().map(|before| before.streak), Some(1));
    let now = track.now.as_ref().unwrap();
    assert_eq!(
        (now.streak, now.stepped_back, now.thrice_asked),
        (2, true, false)
    );
    assert_eq!(
        now.grades().collect::<Vec<_>>(),
        [v1::Grade::Red, v1::Grade::Amber]
    );
    assert_eq!(
        track
            .advances
            .iter()
            .map(|date| date.day)
            .collect::<Vec<_>>(),
        [15, 16]
    );
    let counts = [
        track.confidence_repeats,
        track.overdoing,
        track.mornings_missing,
        track.layoff_level,
    ];
    assert_eq!(counts, [3, 4, 5, 6]);
    let base = track.layoff_base.as_ref().unwrap();
    assert_eq!(
        (of(&base.date), base.set_rung, base.reference_rung),
        (17, 2, 1)
    );
}
