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
#[path = "snapshot_test.rs"]
mod tests;
