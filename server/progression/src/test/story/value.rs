//! Values as a test writes them; one that does not exist fails the test.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use crate::scale::{
    Confidence, Dose, Fear, Metres, PainScore, RungIndex, SleepMinutes, StiffnessMinutes,
    WellnessScore,
};
use crate::state::NotBefore;

pub(crate) fn pain(value: u32) -> PainScore {
    PainScore::try_from(value).expect("a pain score")
}

pub(crate) fn rung(value: u32) -> RungIndex {
    RungIndex::try_from(value).expect("a rung")
}

pub(crate) fn confidence(value: u32) -> Confidence {
    Confidence::try_from(value).expect("a confidence")
}

pub(crate) fn fear(value: u32) -> Fear {
    Fear::try_from(value).expect("a fear")
}

pub(crate) fn dose(value: u32) -> Dose {
    Dose::try_from(value).expect("a dose")
}

pub(crate) fn stiffness(value: u32) -> StiffnessMinutes {
    StiffnessMinutes::try_from(value).expect("minutes")
}

pub(crate) fn metres(value: u32) -> Metres {
    Metres::try_from(value).expect("a distance")
}

pub(crate) fn sleep(minutes: u32) -> SleepMinutes {
    SleepMinutes::try_from(minutes).expect("a night")
}

pub(crate) fn score(value: u32) -> WellnessScore {
    WellnessScore::try_from(value).expect("an answer")
}

pub(crate) fn date(day: i64) -> NaiveDate {
    let monday = NaiveDate::from_ymd_opt(2026, 3, 2).expect("a date");
    monday + TimeDelta::days(day)
}

pub(crate) fn instant(day: i64, hour: i64) -> DateTime<Utc> {
    date(day).and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::hours(hour)
}

pub(crate) fn not_before(day: u64, at_day: i64, hour: i64) -> NotBefore {
    NotBefore {
        date: date(0) + Days::new(day),
        at: instant(at_day, hour),
    }
}
