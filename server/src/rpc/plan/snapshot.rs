//! What the rules remember of a plan, as the contract has it.
//!
//! States are taken apart with every field named: one that is added to the engine does not compile here until the contract
//! can tell it.

use chrono::NaiveDate;
use rung_progression::{
    Grade, PlanDefinition, PlanState, TrackDefinition, TrackState,
    state::{Blocker, Facts, LastSession, LayoffBase, Pending, WeekSum},
};
use rung_proto::v1;

use super::convert;
use crate::{
    rpc::{
        decision::{code, evidence},
        time::{date, timestamp},
    },
    storage::plan::Status,
};

/// A state under the revision that it belongs to.
pub(crate) fn snapshot(plan: &PlanDefinition, state: &PlanState) -> v1::PlanSnapshot {
    let PlanState {
        seq,
        started,
        paused,
        resumed,
        last_session,
        ill,
        well_from,
        wellness,
        longest,
        weeks,
        tracks: _,
    } = state;
    let low = wellness.iter().filter(|day| day.low);
    let longest_m = longest.iter().map(|day| day.distance.get()).max();
    let tracks = plan.tracks.iter();
    v1::PlanSnapshot {
        state: convert::state(Status::of(state)).into(),
        revision: plan.revision.cast_signed(),
        seq: seq.cast_signed(),
        effective_date: started.map(date),
        pause_cause: paused
            .map_or(v1::ReasonCode::Unspecified, |p| code(p.cause))
            .into(),
        paused_since: paused.map(|paused| date(paused.since)),
        resumed_on: resumed.map(date),
        last_session_on: last_session.map(date),
        ill_since: ill.map(|ill| date(ill.since)),
        illness_asked: ill.is_some_and(|ill| ill.asked),
        well_from: well_from.map(date),
        wellness_days: count(wellness.len()),
        low_dates: low.map(|day| date(day.date)).collect(),
        distance_days: count(longest.len()),
        longest_m: longest_m.unwrap_or_default().into(),
        monday: weeks.monday.map(date),
        weeks: weeks.sums.iter().copied().map(week).collect(),
        tracks: tracks
            .filter_map(|track| state.track(track.id).map(|s| of_track(track, s)))
            .collect(),
        hash: state.fingerprint(),
    }
}

fn count(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn dates(all: &[NaiveDate]) -> Vec<v1::Date> {
    all.iter().copied().map(date).collect()
}

fn week(week: WeekSum) -> v1::WeekOfMornings {
    let WeekSum {
        pain,
        pains,
        stiffness,
        stiffnesses,
    } = week;
    v1::WeekOfMornings {
        pain_sum: pain.cast_signed(),
        pain_count: pains.cast_signed(),
        stiffness_sum: stiffness.cast_signed(),
        stiffness_count: stiffnesses.cast_signed(),
    }
}

fn of_track(definition: &TrackDefinition, track: &TrackState) -> v1::TrackSnapshot {
    let TrackState {
        // These stand in the status.
        id: _,
        status: _,
        rung: _,
        done: _,
        counted: _,
        awaiting_approval: _,
        not_before: _,
        contexts,
        pending,
        no_advance_before,
        last,
        now,
        advances,
        confidence_repeats,
        overdoing,
        mornings_missing,
        layoff_level,
        layoff_base,
    } = track;
    v1::TrackSnapshot {
        status: Some(convert::track_status(definition, track)),
        contexts: count(contexts.len()),
        pending: pending.as_ref().map(waiting),
        no_advance_before: no_advance_before.map(date),
        last: last.as_ref().map(session),
        now: Some(facts(now)),
        advances: dates(advances),
        confidence_repeats: confidence_repeats.cast_signed(),
        overdoing: overdoing.cast_signed(),
        mornings_missing: mornings_missing.cast_signed(),
        layoff_level: layoff_level.cast_signed(),
        layoff_base: layoff_base.map(base),
    }
}

fn waiting(pending: &Pending) -> v1::PendingSession {
    let Pending {
        at,
        date: on,
        blockers,
        context,
    } = pending;
    v1::PendingSession {
        at: Some(timestamp(*at)),
        date: Some(date(*on)),
        blockers: blockers.iter().copied().map(blocker).collect(),
        has_context: context.is_some(),
    }
}

fn blocker(b: Blocker) -> v1::Blocker {
    v1::Blocker {
        code: code(b.code).into(),
        evidence: Some(evidence(&b.evidence())),
    }
}

fn session(last: &LastSession) -> v1::LastSession {
    let LastSession {
        at,
        date: on,
        rung,
        rest_days,
        rung_before,
        grade: graded,
        before,
        in_grades,
    } = last;
    v1::LastSession {
        at: Some(timestamp(*at)),
        date: Some(date(*on)),
        rung: rung.get().cast_signed(),
        rest_days: rest_days.cast_signed(),
        rung_before: rung_before.get().cast_signed(),
        grade: grade(*graded).into(),
        before: Some(facts(before)),
        in_grades: *in_grades,
    }
}

fn facts(facts: &Facts) -> v1::SessionFacts {
    let Facts {
        grades,
        streak,
        stepped_back,
        thrice_asked,
    } = facts;
    v1::SessionFacts {
        grades: grades.iter().map(|g| grade(*g).into()).collect(),
        streak: streak.cast_signed(),
        stepped_back: *stepped_back,
        thrice_asked: *thrice_asked,
    }
}

fn grade(grade: Grade) -> v1::Grade {
    match grade {
        Grade::Green => v1::Grade::Green,
        Grade::Amber => v1::Grade::Amber,
        Grade::Red => v1::Grade::Red,
    }
}

fn base(base: LayoffBase) -> v1::LayoffBase {
    let LayoffBase {
        date: on,
        set,
        reference,
    } = base;
    v1::LayoffBase {
        date: Some(date(on)),
        set_rung: set.get().cast_signed(),
        reference_rung: reference.get().cast_signed(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use rung_progression::state::{LongestOfDay, Paused, Scalar, WellnessDay};
    use rung_progression::{Measure, NotBefore, ReasonCode, RungIndex, state::Illness};

    use super::*;
    use crate::storage::conformance::fixture;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    fn rung(index: i64) -> RungIndex {
        RungIndex::try_from(index).unwrap()
    }

    // Seen failing with `well_from` told as `ill_since`, and with the layoff rule's two rungs in each other's place.
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
}
