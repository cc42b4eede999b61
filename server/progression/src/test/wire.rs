//! The state as bytes: it reads back as it was, in little room.

mod any;

use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;

use self::any::states;
use super::story::{Story, date, instant, metres, not_before, plan, rung};
use crate::ladder::TrackKind;
use crate::policy::TissueProfile;
use crate::reason::{Measure, ReasonCode};
use crate::state::{
    Blocker, Context, FORMAT, Facts, Grade, Illness, LastSession, LayoffBase, LongestOfDay,
    NotBefore, Paused, Pending, PlanState, TrackStatus, WeekSum, WellnessDay,
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
