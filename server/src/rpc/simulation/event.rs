//! What happens in a simulation, as the engine reads it.

use chrono::{DateTime, NaiveDate, Utc};
use rung_progression::{EventBody, PlanDefinition};
use rung_proto::v1::{self, simulated_event::What};
use uuid::Uuid;

use crate::rpc::{check_in, field::Fields, plan::setting, time::date_in};

/// The longest reason for an act, in characters.
const REASON: usize = 1000;

/// When something happens, and what.
pub(super) struct Simulated {
    pub(super) at: DateTime<Utc>,
    pub(super) date: NaiveDate,
    pub(super) body: EventBody,
}

/// Reads one event of a simulated plan.
pub(super) fn read(
    f: &mut Fields,
    e: &v1::SimulatedEvent,
    plan: &PlanDefinition,
) -> Option<Simulated> {
    let at = f.instant("at", e.at.as_ref());
    let zone = match e.time_zone.as_str() {
        "" => Some(chrono_tz::UTC),
        name => f.zone("time_zone", name),
    };
    let body = body(f, e, plan);
    let at = at?;
    Some(Simulated {
        at,
        date: date_in(at, zone?),
        body: body?,
    })
}

fn body(f: &mut Fields, e: &v1::SimulatedEvent, plan: &PlanDefinition) -> Option<EventBody> {
    let reported = |report| v1::CheckIn {
        // An id that is read and not kept.
        id: Uuid::nil().to_string(),
        performed_at: e.at,
        red_flags: e.red_flags.clone(),
        no_red_flags: e.red_flags.is_empty(),
        report: Some(report),
        ..v1::CheckIn::default()
    };
    let report = match e.what.as_ref() {
        Some(What::Session(s)) => v1::check_in::Report::Session(s.clone()),
        Some(What::Morning(m)) => v1::check_in::Report::Morning(*m),
        Some(What::Wellness(w)) => v1::check_in::Report::Wellness(*w),
        Some(What::Unplanned(u)) => v1::check_in::Report::Unplanned(u.clone()),
        Some(act) => return f.part(field(act), |f| instruction(f, act)),
        None => {
            f.fault("what", "is missing: a report, an act or a tick");
            return None;
        }
    };
    let now = f.instant("at", e.at.as_ref())?;
    let plan = check_in::Prescribed {
        under: plan,
        now: plan,
    };
    let read = check_in::read(f, &reported(report), now, Some(plan))?;
    Some(read.report.body.happened())
}

fn instruction(f: &mut Fields, act: &What) -> Option<EventBody> {
    Some(match act {
        What::Session(_) | What::Morning(_) | What::Wellness(_) | What::Unplanned(_) => {
            return None;
        }
        What::Start(start) => EventBody::Start {
            effective: f.date("effective_date", start.effective_date.as_ref())?,
        },
        What::Pause(pause) => EventBody::Pause {
            reason: f.text("reason", &pause.reason, 1..=REASON)?,
        },
        What::Resume(resume) => {
            let reason = f.text("reason", &resume.reason, 1..=REASON);
            let rungs = f.at_most("rungs", &resume.rungs, 8).iter().enumerate();
            let rungs: Option<Vec<_>> = rungs
                .map(|(i, rung)| f.part(&format!("rungs[{i}]"), |f| setting(f, rung)))
                .collect();
            EventBody::Resume {
                rungs: rungs?,
                reason: reason?,
            }
        }
        What::Move(to) => {
            let reason = f.text("reason", &to.reason, 1..=REASON);
            let wanted = f.required("to", to.to.as_ref());
            let to = wanted.and_then(|to| f.part("to", |f| setting(f, to)))?;
            EventBody::MoveTo {
                track: to.track,
                rung: to.rung,
                reason: reason?,
            }
        }
        What::Approve(approval) => EventBody::Approve {
            track: f.id("track_id", &approval.track_id)?,
            reason: f.text("reason", &approval.reason, 0..=REASON)?,
        },
        What::Decline(approval) => EventBody::Decline {
            track: f.id("track_id", &approval.track_id)?,
            reason: f.text("reason", &approval.reason, 1..=REASON)?,
        },
        What::Tick(_) => EventBody::Tick,
    })
}

/// The field of the contract that an event came in.
pub(super) const fn field(what: &What) -> &'static str {
    match what {
        What::Session(_) => "session",
        What::Morning(_) => "morning",
        What::Wellness(_) => "wellness",
        What::Unplanned(_) => "unplanned",
        What::Start(_) => "start",
        What::Pause(_) => "pause",
        What::Resume(_) => "resume",
        What::Move(_) => "move",
        What::Approve(_) => "approve",
        What::Decline(_) => "decline",
        What::Tick(_) => "tick",
    }
}
