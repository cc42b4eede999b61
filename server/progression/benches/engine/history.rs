//! An athlete's events without a check-in from the wire: a session every other day, a morning after
//! each, wellness every day.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rung_progression::{
    Confidence, Dose, Event, EventBody, EventId, Fear, Metres, MorningReport, PainScore,
    PlanDefinition, RungIndex, SessionReport, SleepMinutes, StiffnessMinutes, Swelling,
    WellnessReport, WellnessScore,
};
use uuid::Uuid;

/// 2026-03-02, a Monday.
fn first_day() -> NaiveDate {
    DateTime::<Utc>::UNIX_EPOCH.date_naive() + TimeDelta::days(20_514)
}

/// A number that looks random and is the same on every run.
fn spread(athlete: u64, day: u64, salt: u64) -> u64 {
    let mixed = athlete
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(day.wrapping_mul(0xbf58_476d_1ce4_e5b9))
        .wrapping_add(salt.wrapping_mul(0x94d0_49bb_1331_11eb));
    let mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    mixed ^ (mixed >> 32)
}

/// One in `of`.
fn chance(athlete: u64, day: u64, salt: u64, of: u64) -> bool {
    spread(athlete, day, salt).is_multiple_of(of)
}

fn number(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// An event of a day, at an hour of it.
pub(crate) fn event(plan: &PlanDefinition, seq: u64, day: u64, hour: i64, body: EventBody) -> Event {
    let date = first_day() + chrono::Days::new(day);
    Event {
        id: EventId::from(Uuid::from_u128(u128::from(seq))),
        seq,
        at: date.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::hours(hour),
        date,
        revision: plan.revision,
        body,
    }
}

pub(crate) fn start() -> EventBody {
    EventBody::Start { effective: first_day() }
}

pub(crate) fn session(plan: &PlanDefinition, rung: RungIndex, pain: u32) -> EventBody {
    let track = &plan.tracks[0];
    let pain = PainScore::try_from(pain).unwrap_or(PainScore::MAX);
    EventBody::Session(SessionReport {
        track: track.id,
        rung,
        pain_before: Some(PainScore::MIN),
        pain_during: pain,
        pain_after: PainScore::MIN,
        altered_gait: false,
        swelling: Swelling::None,
        red_flags: Vec::new(),
        dose_done: track.rung(rung).map_or(Dose::MIN, |rung| rung.dose),
        confidence: Some(Confidence::MAX),
        fear: Some(Fear::MIN),
        feared_outcome: None,
        context: None,
        distance: Metres::try_from(5_000_u32).ok(),
        earlier: None,
    })
}

pub(crate) fn morning(pain: u32) -> EventBody {
    EventBody::Morning(MorningReport {
        pain: PainScore::try_from(pain).unwrap_or(PainScore::MAX),
        stiffness: Some(StiffnessMinutes::MIN),
        swelling: Swelling::None,
        red_flags: Vec::new(),
    })
}

pub(crate) fn wellness(athlete: u64, day: u64) -> EventBody {
    let score = |salt| WellnessScore::try_from(3 + number(spread(athlete, day, salt) % 3)).ok();
    EventBody::Wellness(WellnessReport {
        ill: chance(athlete, day, 1, 100),
        red_flags: Vec::new(),
        sleep: SleepMinutes::try_from(400 + number(spread(athlete, day, 2) % 100)).ok(),
        energy: score(3),
        calm: score(4),
        mood: score(5),
        freshness: score(6),
        fuelling: score(7),
    })
}

/// A year and so on of one athlete: mostly good, now and then pain of 3, seldom of 5. The rung of a
/// session is what a plan without setbacks would have led to; which one hardly matters to the cost.
pub(crate) fn days(plan: &PlanDefinition, athlete: u64, days: u64) -> Vec<Event> {
    let top = plan.tracks[0].ladder.top().get();
    let mut events = vec![event(plan, 1, 0, 0, start())];
    let mut push = |day, hour, body| {
        let seq = events.len() as u64 + 1;
        events.push(event(plan, seq, day, hour, body));
    };
    for day in 0..days {
        push(day, 6, wellness(athlete, day));
        if day % 2 == 1 {
            push(day, 7, morning(u32::from(chance(athlete, day, 8, 40))));
        } else {
            let pain = match spread(athlete, day, 9) % 40 {
                0 => 5,
                1..3 => 3,
                _ => 0,
            };
            let rung = number(day / 8).min(top);
            let rung = RungIndex::try_from(rung).unwrap_or(RungIndex::MIN);
            push(day, 17, session(plan, rung, pain));
        }
    }
    events
}
