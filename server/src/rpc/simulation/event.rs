//! What happens in a simulation, as far as one event tells it by itself.

use chrono::{DateTime, Utc};
use rung_progression::{EventBody, Fault};
use rung_proto::v1::{self, check_in::Report, simulated_event::What};
use uuid::Uuid;

use crate::rpc::{
    field::Fields,
    plan::{
        act::{self, REASON},
        setting, settings,
    },
    time::timestamp,
};

/// The check-in that a report would be; none of anything else.
pub(super) fn check_in(
    e: &v1::SimulatedEvent,
    what: &What,
    at: DateTime<Utc>,
) -> Option<v1::CheckIn> {
    let report = match what {
        What::Session(s) => Report::Session(s.clone()),
        What::Morning(m) => Report::Morning(*m),
        What::Wellness(w) => Report::Wellness(*w),
        What::Unplanned(u) => Report::Unplanned(u.clone()),
        What::Start(_)
        | What::Pause(_)
        | What::Resume(_)
        | What::Move(_)
        | What::Approve(_)
        | What::Decline(_)
        | What::Amend(_)
        | What::Tick(_) => return None,
    };
    Some(v1::CheckIn {
        // An id that is read and not kept.
        id: Uuid::nil().to_string(),
        performed_at: Some(timestamp(at)),
        red_flags: e.red_flags.clone(),
        no_red_flags: e.red_flags.is_empty(),
        report: Some(report),
        ..v1::CheckIn::default()
    })
}

/// Reads an act or a tick; an amendment, which needs ladders, is read elsewhere.
pub(super) fn instruction(f: &mut Fields, what: &What) -> Option<EventBody> {
    Some(match what {
        What::Session(_)
        | What::Morning(_)
        | What::Wellness(_)
        | What::Unplanned(_)
        | What::Amend(_) => return None,
        What::Start(start) => EventBody::Start {
            effective: f.date("effective_date", start.effective_date.as_ref())?,
        },
        What::Pause(pause) => EventBody::Pause {
            reason: f.text("reason", &pause.reason, 1..=REASON)?,
        },
        What::Resume(resume) => {
            let reason = f.text("reason", &resume.reason, 1..=REASON);
            let rungs = settings(f, &resume.rungs);
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
        What::Approve(approval) => {
            let track = f.id("track_id", &approval.track_id);
            let reason = f.text("reason", &approval.reason, 0..=REASON);
            EventBody::Approve {
                track: track?,
                reason: reason?,
            }
        }
        What::Decline(approval) => {
            let track = f.id("track_id", &approval.track_id);
            let reason = f.text("reason", &approval.reason, 1..=REASON);
            EventBody::Decline {
                track: track?,
                reason: reason?,
            }
        }
        What::Tick(_) => EventBody::Tick,
    })
}

/// A fault of the engine, below the event and with the names of the contract.
pub(super) fn named(what: &What, body: &EventBody, fault: Fault) -> Fault {
    let own = field(what);
    let path = match (fault.path.as_str(), body) {
        ("date", _) => "at".to_owned(),
        ("", _) => own.to_owned(),
        (path @ ("revision" | "red_flags"), body) if body.is_check_in() => path.to_owned(),
        ("rung", body) if body.is_check_in() => format!("{own}.rung"),
        (path, body) => format!("{own}.{}", act::path(body, path)),
    };
    Fault { path, ..fault }
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
        What::Amend(_) => "amend",
        What::Tick(_) => "tick",
    }
}
