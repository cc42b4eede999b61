//! What an athlete should do today, or why not and until when.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::decision::{Decision, Outcome};
use crate::engine::calendar::{add_days, add_hours, hours_between};
use crate::engine::morning::EARLIEST_HOURS;
use crate::engine::{Step, day, decide, unlock};
use crate::event::{Event, EventBody};
use crate::id::{EventId, TrackId};
use crate::ladder::{DoseUnit, Rung, TrackKind};
use crate::plan::{MicroGoal, PlanDefinition, TrackDefinition};
use crate::reason::{Measure, Reason, ReasonCode};
use crate::scale::{Dose, RungIndex};
use crate::state::{NotBefore, PlanState, TrackState, TrackStatus};

/// What is to be done on one track.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Advice {
    /// A session may be done.
    Do {
        /// The dose advised for this day; never above the rung's.
        dose: Dose,
        /// How it is done, how hard, where, with which cues.
        rung: Box<Rung>,
    },
    /// Not today.
    Wait {
        /// When it may go on, as far as time alone decides.
        until: Option<NotBefore>,
    },
}

/// One track on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodayTrack {
    /// The track.
    pub track: TrackId,
    /// The title of its ladder.
    pub title: String,
    /// What it trains.
    pub kind: TrackKind,
    /// Its current rung.
    pub rung: RungIndex,
    /// The highest rung of its ladder.
    pub top: RungIndex,
    /// The unit of its doses.
    pub unit: DoseUnit,
    /// Sessions that counted on this rung.
    pub counted: u32,
    /// How many are needed.
    pub needed: u32,
    /// What is to be done.
    pub advice: Advice,
    /// Why; never empty.
    pub reasons: Vec<Reason>,
}

/// A check-in that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Owed {
    /// How the morning after a session is.
    Morning {
        /// The session's track.
        track: TrackId,
        /// The session's date.
        session: NaiveDate,
        /// From when it can answer.
        from: NotBefore,
        /// Until when it can answer.
        until: DateTime<Utc>,
    },
    /// How the day is; asked once a date.
    Wellness {
        /// The date.
        date: NaiveDate,
    },
}

/// One day of an athlete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Today {
    /// The civil date asked for.
    pub date: NaiveDate,
    /// In the order of the plan.
    pub tracks: Vec<TodayTrack>,
    /// Check-ins that are due: mornings in the order of the plan, then wellness.
    pub owed: Vec<Owed>,
    /// Fixed rituals of the plan.
    pub anchors: Vec<String>,
    /// Small targets of the plan.
    pub micro_goals: Vec<MicroGoal>,
    /// What time alone has decided and the sweeper has not stored yet.
    pub preview: Vec<Decision>,
}

/// What an athlete should do at an instant of a civil date. What time alone decides
/// until then is decided on a copy; nothing is stored.
pub fn today(
    plan: &PlanDefinition,
    state: &PlanState,
    at: DateTime<Utc>,
    date: NaiveDate,
) -> Today {
    let tick = Event {
        id: EventId::from(Uuid::nil()),
        seq: state.seq.saturating_add(1),
        at,
        date,
        revision: plan.revision,
        body: EventBody::Tick,
    };
    let Step {
        state, decisions, ..
    } = decide(plan, state, &tick);
    let states = || plan.tracks.iter().zip(&state.tracks);
    Today {
        date,
        tracks: states()
            .map(|(track, now)| one_track(plan, &state, track, now, at, date))
            .collect(),
        owed: states()
            .filter_map(|(track, now)| owed(track, now, at))
            .chain(owed_wellness(&state, date))
            .collect(),
        anchors: plan.anchors.clone(),
        micro_goals: plan.micro_goals.clone(),
        preview: decisions,
    }
}

fn one_track(
    plan: &PlanDefinition,
    state: &PlanState,
    track: &TrackDefinition,
    now: &TrackState,
    at: DateTime<Utc>,
    date: NaiveDate,
) -> TodayTrack {
    let needed = track.policy.successes_to_advance;
    let (mut reasons, until) = obstacles(plan, state, track, now, at, date);
    let advice = match track.rung(now.rung) {
        Some(rung) if reasons.is_empty() => {
            reasons.push(Reason::new(ReasonCode::Counted, Outcome::Repeat).held(
                Measure::Counted,
                now.counted,
                needed,
            ));
            reasons.extend(lighter(state, track, date));
            if now.awaiting_approval {
                let next = now.rung.up_to(track.ladder.top());
                reasons.push(
                    Reason::new(ReasonCode::NeedsApproval, Outcome::Repeat)
                        .saw(Measure::TargetRung, next),
                );
            }
            Advice::Do {
                dose: day::advised(track, state, rung.dose, date),
                rung: Box::new(rung.clone()),
            }
        }
        _ => Advice::Wait { until },
    };
    TodayTrack {
        track: track.id,
        title: track.ladder.title.clone(),
        kind: track.ladder.kind,
        rung: now.rung,
        top: track.ladder.top(),
        unit: track.ladder.unit,
        counted: now.counted,
        needed,
        advice,
        reasons,
    }
}

/// Why today's dose is lower than the rung's.
fn lighter(
    state: &PlanState,
    track: &TrackDefinition,
    date: NaiveDate,
) -> impl Iterator<Item = Reason> {
    let policy = &track.policy;
    let low = day::low(state, date, date).map(|date| {
        Reason::new(ReasonCode::ReadinessLow, Outcome::Repeat)
            .saw(Measure::LowDate, date)
            .saw(Measure::ReadinessPercent, policy.readiness_percent)
    });
    let deload = day::deload(policy, state, date, date).map(|week| {
        day::deload_reason(policy, week, Outcome::Repeat)
            .saw(Measure::DeloadPercent, policy.deload_percent)
    });
    low.into_iter().chain(deload)
}

/// Why not today, and until when if time alone ends it.
fn obstacles(
    plan: &PlanDefinition,
    state: &PlanState,
    track: &TrackDefinition,
    now: &TrackState,
    at: DateTime<Utc>,
    date: NaiveDate,
) -> (Vec<Reason>, Option<NotBefore>) {
    if let Some(paused) = state.paused {
        return (vec![paused.reason(Outcome::Pause)], None);
    }
    let wait = |code| Reason::new(code, Outcome::Hold);
    if !state.is_judged(date) {
        let reason = wait(ReasonCode::Start);
        return match state.started {
            None => (vec![reason.saw(Measure::EventDate, date)], None),
            // The whole of its first date is judged, whatever the hour; so no instant
            // beyond the present one is waited for.
            Some(start) => (
                vec![reason.held(Measure::EventDate, date, start)],
                Some(NotBefore { date: start, at }),
            ),
        };
    }
    if now.status == TrackStatus::Locked {
        return (
            vec![unlock::locked(plan, state, track, Outcome::Hold)],
            None,
        );
    }
    let mut reasons = Vec::new();
    let mut until = None;
    if let Some(illness) = day::ill(state, date, Outcome::Hold) {
        // Until a wellness check-in says so, nobody knows when it ends.
        until = match state.ill {
            Some(_) => return (vec![illness], None),
            None => state.well_from.map(|date| NotBefore { date, at }),
        };
        reasons.push(illness);
    }
    let rest = now
        .not_before
        .filter(|rest| date < rest.date || at < rest.at);
    if let Some(rest) = rest {
        reasons.push(
            wait(ReasonCode::RestNotMet)
                .held(Measure::SessionDate, date, rest.date)
                .held(Measure::SessionAt, at, rest.at),
        );
    }
    // A session now would close the pending one uncounted: its morning comes first.
    if let Some(pending) = &now.pending {
        let window = track.policy.morning_window_hours;
        let hours = hours_between(pending.at, at);
        reasons.push(wait(ReasonCode::AwaitMorning).held(
            Measure::HoursSinceSession,
            hours,
            window,
        ));
    }
    let later = |a: NotBefore, b: NotBefore| NotBefore {
        date: a.date.max(b.date),
        at: a.at.max(b.at),
    };
    let until = match (until, rest) {
        (Some(well), Some(rest)) => Some(later(well, rest)),
        (well, rest) => well.or(rest),
    };
    (reasons, until)
}

/// The wellness check-in of a date, until it came.
fn owed_wellness(state: &PlanState, date: NaiveDate) -> Option<Owed> {
    let latest = state.wellness.last().map(|day| day.date);
    let due = state.is_judged(date) && latest.is_none_or(|latest| latest < date);
    due.then_some(Owed::Wellness { date })
}

/// The morning of a pending session, as long as it would be taken.
fn owed(track: &TrackDefinition, now: &TrackState, at: DateTime<Utc>) -> Option<Owed> {
    let pending = now.pending.as_ref()?;
    let until = add_hours(pending.at, track.policy.morning_window_hours);
    (at <= until).then(|| Owed::Morning {
        track: track.id,
        session: pending.date,
        from: NotBefore {
            date: add_days(pending.date, 1),
            at: add_hours(pending.at, EARLIEST_HOURS),
        },
        until,
    })
}
