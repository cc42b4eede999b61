//! Any state there can be, whether a history leads to it or not.

use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::sample::select;

use super::eight;
use crate::reason::{Measure, ReasonCode};
use crate::state::{
    Blocker, Context, Facts, Grade, Illness, LastSession, LayoffBase, LongestOfDay, NotBefore,
    Paused, Pending, PlanState, Scalar, TrackState, TrackStatus, WeekSum, WellnessDay,
};
use crate::test::story::{date, instant, metres, rung};

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

pub(super) fn states() -> impl Strategy<Value = PlanState> {
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
