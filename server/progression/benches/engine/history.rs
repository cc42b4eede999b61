//! An athlete's events without a check-in from the wire: a session every other day, a morning after
//! each, wellness every day.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rung_progression::{
    Confidence, Dose, Event, EventBody, EventId, Fear, Metres, MorningReport, PainScore,
    PlanDefinition, PlanState, RungIndex, SessionReport, SleepMinutes, StiffnessMinutes, Swelling,
    WellnessReport, WellnessScore, decide_in_place,
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
pub(crate) fn event(
    plan: &PlanDefinition,
    seq: u64,
    day: u64,
    hour: i64,
    body: EventBody,
) -> Event {
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
    EventBody::Start {
        effective: first_day(),
    }
}

pub(crate) fn resume() -> EventBody {
    EventBody::Resume {
        rungs: Vec::new(),
        reason: "Seen in clinic".to_owned(),
    }
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

/// So many days of one athlete: mostly good, now and then pain of 3, seldom of 5; on the current rung;
/// where a plan is paused, its physio resumes it the day after.
pub(crate) fn days(plan: &PlanDefinition, athlete: u64, days: u64) -> Vec<Event> {
    let mut state = PlanState::new(plan);
    let mut events = Vec::new();
    let mut push = |day, hour, body: &dyn Fn(&PlanState) -> EventBody| {
        let event = event(plan, events.len() as u64 + 1, day, hour, body(&state));
        decide_in_place(plan, &mut state, &event);
        events.push(event);
        state.paused.is_some()
    };
    push(0, 0, &|_| start());
    for day in 0..days {
        if push(day, 6, &|_| wellness(athlete, day)) {
            push(day, 6, &|_| resume());
        }
        if day % 2 == 1 {
            let pain = u32::from(chance(athlete, day, 8, 40));
            push(day, 7, &|_| morning(pain));
        } else {
            let pain = match spread(athlete, day, 9) % 40 {
                0 => 5,
                1..3 => 3,
                _ => 0,
            };
            push(day, 17, &|state| session(plan, state.tracks[0].rung, pain));
        }
    }
    events
}
