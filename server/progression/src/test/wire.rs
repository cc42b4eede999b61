//! The state as bytes: it reads back as it was, in little room.

use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;
use proptest::sample::select;

use super::story::{Story, date, instant, metres, not_before, plan, rung};
use crate::ladder::TrackKind;
use crate::policy::TissueProfile;
use crate::reason::{Measure, ReasonCode};
use crate::state::{
    Blocker, Context, FORMAT, Facts, Grade, Illness, LastSession, LayoffBase, LongestOfDay,
    NotBefore, Paused, Pending, PlanState, Scalar, TrackState, TrackStatus, WeekSum, WellnessDay,
};

/// What a stored state may take, in bytes.
const ROOM: usize = 4096;

/// Every reason that can keep one session from counting, with the longest evidence it is
/// held with. A grade, a confidence and a rest are one of several at a time.
fn every_blocker(date: NaiveDate, at: DateTime<Utc>) -> Vec<Blocker> {
    use crate::state::Scalar::{Date, Flag, Increased, Instant, Number};
    let (some, more) = (Some(Number(999)), Some(Number(1000)));
    let (day, at) = (Some(Date(date)), Some(Instant(at)));
    let blockers = [
        (
            ReasonCode::BonePain,
            Measure::Swelling,
            Some(Increased),
            Some(Increased),
        ),
        (ReasonCode::Locked, Measure::Rung, some, more),
        (ReasonCode::Moved, Measure::Rung, some, more),
        (ReasonCode::Layoff, Measure::SessionDate, day, None),
        (ReasonCode::Late, Measure::SessionAt, at, None),
        (ReasonCode::RestNotMet, Measure::SessionAt, at, at),
        (ReasonCode::Underdone, Measure::Completion, some, more),
        (ReasonCode::Overdone, Measure::Completion, some, more),
        (ReasonCode::ConfidenceLow, Measure::Confidence, some, more),
        (ReasonCode::FearHigh, Measure::Fear, some, more),
        (
            ReasonCode::FearedOutcome,
            Measure::FearedOutcome,
            Some(Flag(true)),
            Some(Flag(false)),
        ),
        (ReasonCode::Illness, Measure::WellFrom, day, day),
        (ReasonCode::ReadinessLow, Measure::LowDate, day, None),
        (ReasonCode::DeloadWeek, Measure::DeloadWeek, some, more),
    ];
    let blockers = blockers.map(|(code, measure, observed, threshold)| Blocker {
        code,
        measure,
        observed,
        threshold,
    });
    blockers.to_vec()
}

fn eight() -> PlanState {
    PlanState::new(&plan(
        &[(TrackKind::Running, TissueProfile::Unspecified); 8],
    ))
}

fn days() -> impl Strategy<Value = NaiveDate> {
    prop_oneof![
        8 => (-40_i64..400).prop_map(date),
        1 => Just(NaiveDate::MIN),
        1 => Just(NaiveDate::MAX),
    ]
}

fn rests() -> impl Strategy<Value = NotBefore> {
    (days(), 0_i64..400, 0_i64..24).prop_map(|(date, day, hour)| NotBefore {
        date,
        at: instant(day, hour),
    })
}

fn grades() -> impl Strategy<Value = Grade> {
    select(vec![Grade::Green, Grade::Amber, Grade::Red])
}

fn facts() -> impl Strategy<Value = Facts> {
    let grades = prop::collection::vec(grades(), 0..4);
    (grades, any::<u32>(), any::<bool>(), any::<bool>()).prop_map(
        |(grades, streak, stepped_back, thrice_asked)| Facts {
            grades,
            streak,
            stepped_back,
            thrice_asked,
        },
    )
}

fn scalars() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        any::<i64>().prop_map(Scalar::Number),
        days().prop_map(Scalar::Date),
        (0_i64..400).prop_map(|day| Scalar::Instant(instant(day, 7))),
        any::<bool>().prop_map(Scalar::Flag),
        Just(Scalar::Increased),
    ]
}

fn blockers() -> impl Strategy<Value = Blocker> {
    let scalar = || prop::option::of(scalars());
    (
        select(ReasonCode::ALL.to_vec()),
        select(Measure::ALL.to_vec()),
        scalar(),
        scalar(),
    )
        .prop_map(|(code, measure, observed, threshold)| Blocker {
            code,
            measure,
            observed,
            threshold,
        })
}

fn contexts() -> impl Strategy<Value = Context> {
    "[a-z]{1,9}".prop_map(|key| Context::from(key.as_str()))
}

fn pendings() -> impl Strategy<Value = Pending> {
    let blockers = prop::collection::vec(blockers(), 0..5);
    (rests(), blockers, prop::option::of(contexts())).prop_map(|(when, blockers, context)| {
        Pending {
            at: when.at,
            date: when.date,
            blockers,
            context,
        }
    })
}

fn lasts() -> impl Strategy<Value = LastSession> {
    (
        rests(),
        0_u32..100,
        0_u32..100,
        any::<u32>(),
        grades(),
        facts(),
        any::<bool>(),
    )
        .prop_map(
            |(when, done, before_it, rest_days, grade, before, in_grades)| LastSession {
                at: when.at,
                date: when.date,
                rung: rung(done),
                rest_days,
                rung_before: rung(before_it),
                grade,
                before,
                in_grades,
            },
        )
}

fn tracks() -> impl Strategy<Value = TrackState> {
    let base = (days(), 0_u32..100, 0_u32..100).prop_map(|(date, set, reference)| LayoffBase {
        date,
        set: rung(set),
        reference: rung(reference),
    });
    (
        (
            any::<bool>(),
            0_u32..100,
            any::<bool>(),
            any::<u32>(),
            any::<bool>(),
        ),
        prop::collection::vec(contexts(), 0..4),
        prop::option::of(pendings()),
        (prop::option::of(rests()), prop::option::of(days())),
        (prop::option::of(lasts()), facts()),
        prop::collection::vec(days(), 0..9),
        any::<[u32; 4]>(),
        prop::option::of(base),
    )
        .prop_map(
            |(bare, contexts, pending, rest, last, advances, rows, base)| {
                let mut track = eight().tracks.remove(0);
                let (open, index, done, counted, awaiting_approval) = bare;
                track.status = if open {
                    TrackStatus::Active
                } else {
                    TrackStatus::Locked
                };
                track.rung = rung(index);
                (track.done, track.counted) = (done, counted);
                track.awaiting_approval = awaiting_approval;
                track.contexts = contexts;
                track.pending = pending;
                (track.not_before, track.no_advance_before) = rest;
                (track.last, track.now) = last;
                track.advances = advances;
                [
                    track.confidence_repeats,
                    track.overdoing,
                    track.mornings_missing,
                    track.layoff_level,
                ] = rows;
                track.layoff_base = base;
                track
            },
        )
}

fn states() -> impl Strategy<Value = PlanState> {
    let paused = (select(ReasonCode::ALL.to_vec()), days())
        .prop_map(|(cause, since)| Paused { cause, since });
    let ill = (days(), any::<bool>()).prop_map(|(since, asked)| Illness { since, asked });
    let wellness = (days(), any::<[Option<u16>; 6]>(), any::<bool>())
        .prop_map(|(date, items, low)| WellnessDay { date, items, low });
    let longest = (days(), 0_u32..1_000_001).prop_map(|(date, metre)| LongestOfDay {
        date,
        distance: metres(metre),
    });
    let week = any::<[u32; 4]>().prop_map(|[pain, pains, stiffness, stiffnesses]| WeekSum {
        pain,
        pains,
        stiffness,
        stiffnesses,
    });
    let day = || prop::option::of(days());
    (
        (any::<u64>(), day(), prop::option::of(paused), day(), day()),
        (prop::option::of(ill), day()),
        prop::collection::vec(wellness, 0..15),
        prop::collection::vec(longest, 0..32),
        (day(), prop::array::uniform4(week)),
        prop::collection::vec(tracks(), 0..9),
    )
        .prop_map(|(plan, ill, wellness, longest, weeks, tracks)| {
            let mut state = eight();
            (
                state.seq,
                state.started,
                state.paused,
                state.resumed,
                state.last_session,
            ) = plan;
            (state.ill, state.well_from) = ill;
            (state.wellness, state.longest) = (wellness, longest);
            (state.weeks.monday, state.weeks.sums) = weeks;
            state.tracks = tracks;
            state
        })
}

proptest! {
    #[test]
    fn a_state_reads_back_from_its_bytes_and_from_json(state in states()) {
        let bytes = state.encode();
        prop_assert_eq!(bytes[0], FORMAT);
        prop_assert_eq!(PlanState::decode(&bytes), Some(state.clone()));
        let json = serde_json::to_string(&state).expect("writes");
        prop_assert_eq!(serde_json::from_str::<PlanState>(&json).expect("reads"), state);
    }

    #[test]
    fn bytes_that_were_cut_or_changed_never_panic(
        state in states(),
        cut in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let whole = state.encode();
        let cut = cut.index(whole.len());
        prop_assert_eq!(PlanState::decode(&whole[..cut]), None);
        let mut changed = whole;
        for (place, value) in changes {
            let place = place.index(changed.len());
            changed[place] = value;
        }
        if let Some(state) = PlanState::decode(&changed) {
            // What it reads as is a state like any other.
            prop_assert_eq!(PlanState::decode(&state.encode()), Some(state));
        }
    }

    #[test]
    fn any_bytes_are_a_state_or_none(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut formatted = vec![FORMAT];
        formatted.extend(&bytes);
        let _ = (PlanState::decode(&bytes), PlanState::decode(&formatted));
    }
}

#[test]
fn another_format_and_nothing_are_no_state() {
    let mut bytes = Story::new().state.encode();
    assert!(PlanState::decode(&bytes).is_some());
    for format in [FORMAT - 1, FORMAT + 1, 0, 255] {
        bytes[0] = format;
        assert_eq!(PlanState::decode(&bytes), None, "{format}");
    }
    assert_eq!(PlanState::decode(&[]), None);
    assert_eq!(PlanState::decode(&[FORMAT]), None);
}

#[test]
fn a_date_or_an_instant_that_there_is_not_is_no_state() {
    let mut state = Story::new().state;
    state.started = Some(NaiveDate::MAX);
    let bytes = state.encode();
    // Days since 1970 as a zigzag varint, low bits first; one more than the last there is.
    let zigzag = |days: i32| {
        let mut value = days.cast_unsigned() << 1;
        let mut bytes = Vec::new();
        while value > 0x7f {
            bytes.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        bytes.push(value as u8);
        bytes
    };
    let last = NaiveDate::MAX.to_epoch_days();
    let place = bytes
        .windows(zigzag(last).len())
        .position(|window| window == zigzag(last))
        .expect("the date");
    let mut beyond = bytes.clone();
    beyond.splice(place..place + zigzag(last).len(), zigzag(last + 1));
    assert!(PlanState::decode(&bytes).is_some());
    assert_eq!(PlanState::decode(&beyond), None);
    let at = postcard::to_extend(&i64::MAX, Vec::new()).expect("writes");
    assert!(DateTime::from_timestamp_micros(i64::MAX).is_none());
    let rest = [&[0_u8], at.as_slice()].concat();
    assert!(postcard::from_bytes::<NotBefore>(&rest).is_err());
}

/// Everything there can be at once, with the longest numbers.
fn fullest() -> PlanState {
    let mut state = eight();
    let far = date(365 * 60);
    let at = instant(365 * 60, 23);
    let facts = Facts {
        grades: vec![Grade::Red; 3],
        streak: u32::MAX,
        stepped_back: true,
        thrice_asked: true,
    };
    state.seq = u64::MAX;
    (state.started, state.resumed, state.last_session) = (Some(far), Some(far), Some(far));
    state.paused = Some(Paused {
        cause: ReasonCode::NeedsClearance,
        since: far,
    });
    state.ill = Some(Illness {
        since: far,
        asked: true,
    });
    state.well_from = Some(far);
    state.wellness = vec![
        WellnessDay {
            date: far,
            items: [Some(1440), Some(5), Some(5), Some(5), Some(5), Some(5)],
            low: true,
        };
        14
    ];
    state.longest = vec![
        LongestOfDay {
            date: far,
            distance: metres(1_000_000),
        };
        31
    ];
    state.weeks.monday = Some(far);
    state.weeks.sums = [WeekSum {
        pain: u32::MAX,
        pains: u32::MAX,
        stiffness: u32::MAX,
        stiffnesses: u32::MAX,
    }; 4];
    for track in &mut state.tracks {
        track.status = TrackStatus::Locked;
        track.rung = rung(99);
        (track.done, track.counted, track.awaiting_approval) = (true, u32::MAX, true);
        track.contexts = (0..10_u32)
            .map(|key| Context::from(key.to_string().as_str()))
            .collect();
        track.pending = Some(Pending {
            at,
            date: far,
            blockers: every_blocker(far, at),
            context: Some(Context::from("a")),
        });
        track.not_before = Some(NotBefore { date: far, at });
        track.no_advance_before = Some(far);
        track.last = Some(LastSession {
            at,
            date: far,
            rung: rung(99),
            rest_days: u32::MAX,
            rung_before: rung(99),
            grade: Grade::Red,
            before: facts.clone(),
            in_grades: true,
        });
        track.now = facts.clone();
        track.advances = vec![far; 8];
        track.confidence_repeats = u32::MAX;
        track.overdoing = u32::MAX;
        track.mornings_missing = u32::MAX;
        track.layoff_level = 12;
        track.layoff_base = Some(LayoffBase {
            date: far,
            set: rung(99),
            reference: rung(99),
        });
    }
    state
}

#[test]
#[expect(clippy::print_stdout, reason = "the figure is what one runs it for")]
fn the_fullest_state_of_eight_tracks_takes_at_most_4_kib() {
    let state = fullest();
    let bytes = state.encode();
    println!("the fullest state of eight tracks: {} bytes", bytes.len());
    assert!(bytes.len() <= ROOM, "{} bytes", bytes.len());
    assert_eq!(PlanState::decode(&bytes), Some(state));
}

#[test]
fn the_fingerprint_is_that_of_the_bytes() {
    let mut story = Story::new();
    let before = story.state.clone();
    assert_eq!(before.fingerprint(), before.clone().fingerprint());
    story.green(0);
    assert_ne!(story.state.fingerprint(), before.fingerprint());
    assert_eq!(story.track(0).not_before, Some(not_before(2, 1, 10)));
}
