//! The events of a simulation, read one after the other: later ones go by what earlier ones have made of the plan, and
//! correct what earlier ones have said.
//!
//! What is noted here is wrong whatever the state of the plan. An act that comes at the wrong time is no fault of the
//! request; the run tells it.

use std::{collections::BTreeMap, mem::discriminant};

use chrono::{DateTime, NaiveDate, Utc};
use rung_progression::{
    Amendment, Correction, Event, EventBody, EventId, PlanDefinition, PlanState, ReasonCode,
    Report, state::Paused,
};
use rung_proto::v1::{self, simulated_event::What};
use uuid::Uuid;

use super::{event, shelf::Shelf};
use crate::{
    access::Session,
    error::Error,
    rpc::{
        check_in::{self, Prescribed},
        field::Fields,
        plan::{act, create, settings},
        time::date_in,
    },
};

/// What an event was, for those after it that correct it.
enum Said {
    /// No report.
    Act,
    /// A report that does not read; that was told.
    Unread,
    /// A report: the place of the one that it corrects, else its own, and the revision that it was done under.
    Report { first: usize, revision: u32 },
}

/// What was read so far.
pub(super) struct Script<'s> {
    session: &'s Session,
    shelf: Shelf,
    /// The first one first; fewer than were sent where one did not read.
    revisions: Vec<PlanDefinition>,
    /// Whether the last of them is the present one.
    known: bool,
    said: Vec<Said>,
    /// By the place of the first report, what was said last.
    newest: BTreeMap<usize, (EventId, Report)>,
    /// Ladders that are not there, by field.
    lacking: Vec<(String, Error)>,
}

impl<'s> Script<'s> {
    /// Reads the plan as it is at the beginning.
    pub(super) fn begin(
        f: &mut Fields,
        session: &'s Session,
        shelf: Shelf,
        definition: Option<&v1::PlanDefinition>,
    ) -> Self {
        let mut script = Self {
            session,
            shelf,
            revisions: Vec::new(),
            known: false,
            said: Vec::new(),
            newest: BTreeMap::new(),
            lacking: Vec::new(),
        };
        if let Some(first) = script.definition(f, "", definition, 1) {
            script.revisions.push(first);
            script.known = true;
        }
        script
    }

    /// The present revision; none if that, or one before it, does not read.
    pub(super) fn present(&self) -> Option<&PlanDefinition> {
        self.revisions.last().filter(|_| self.known)
    }

    /// Whether nothing was wrong so far.
    pub(super) fn is_sound(&self, f: &Fields) -> bool {
        f.is_clean() && self.lacking.is_empty()
    }

    /// Everything that was wrong. A ladder that is not there is told as everywhere if it is all that is wrong.
    pub(super) fn finish<T>(mut self, mut f: Fields, value: T) -> Result<T, Error> {
        if f.is_clean()
            && self.lacking.len() == 1
            && let Some((_, alone)) = self.lacking.pop()
        {
            return Err(alone);
        }
        for (field, cause) in self.lacking {
            f.fault(&field, cause.to_string());
        }
        f.finish(Some(value))
    }

    /// Reads a definition that stands below `above`.
    fn definition(
        &mut self,
        f: &mut Fields,
        above: &str,
        sent: Option<&v1::PlanDefinition>,
        revision: u32,
    ) -> Option<PlanDefinition> {
        let (before, lacked) = (f.noted(), self.lacking.len());
        let sent = f.required("definition", sent)?;
        let (tracks, mut plan) = f.part("definition", |f| create::parts(f, sent, self.session));
        plan.revision = revision;
        let place = format!("{above}definition");
        let named: Vec<bool> = tracks.iter().map(|t| t.ladder_id.is_some()).collect();
        let missing = self.shelf.equip(tracks, &mut plan, &place);
        // Nobody starts: what a physiotherapist would have to decide first is not asked about.
        let (_, wrong) = create::faults(&plan, &missing);
        f.part("definition", |f| f.faults(wrong));
        for gone in missing {
            // Of an id that does not read that was noted.
            if named.get(gone.index) == Some(&true) {
                let field = format!("{place}.tracks[{}].ladder_id", gone.index);
                self.lacking.push((field, gone.cause));
            }
        }
        (f.noted() == before && self.lacking.len() == lacked).then_some(plan)
    }

    /// Reads the next event; none if something is wrong with it, or with the plan that it is about.
    pub(super) fn next(&mut self, f: &mut Fields, e: &v1::SimulatedEvent) -> Option<Event> {
        let index = self.said.len();
        let before = f.noted();
        let at = f.instant("at", e.at.as_ref());
        let zone = match e.time_zone.as_str() {
            "" => Some(chrono_tz::UTC),
            name => f.zone("time_zone", name),
        };
        let Some(what) = f.required("what", e.what.as_ref()) else {
            self.said.push(Said::Unread);
            return None;
        };
        let id = EventId::from(Uuid::from_u128(index as u128 + 1));
        // Whatever stands in where no time is given: the report is read all the same.
        let check_in = event::check_in(e, what, at.unwrap_or_default());
        let (said, read) = match check_in {
            Some(check_in) => self.report(f, e, what, &check_in, id, at.unwrap_or_default()),
            None => (Said::Act, self.act(f, e, what, index)),
        };
        self.said.push(said);
        let amends = matches!(what, What::Amend(_));
        let event = read
            .filter(|_| f.noted() == before)
            .and_then(|(revision, body)| {
                let (at, zone) = (at?, zone?);
                Some(Event {
                    id,
                    seq: 0,
                    at,
                    date: date_in(at, zone),
                    revision,
                    body,
                })
            });
        let event = event.filter(|event| self.fits(f, what, event));
        match &event {
            Some(Event {
                body: EventBody::Amend(amendment),
                ..
            }) => self.revisions.push(amendment.to.clone()),
            None if amends => self.known = false,
            _ => {}
        }
        event
    }

    /// Notes what does not fit the plan, whatever its state.
    fn fits(&self, f: &mut Fields, what: &What, event: &Event) -> bool {
        let Some(plan) = self.present() else {
            return false;
        };
        let mut faults = plan.check_event(&willing(plan), event);
        // The new definition was judged when it was read, and nobody starts.
        faults.retain(|fault| !fault.path.starts_with("to."));
        let fits = faults.is_empty();
        let named = faults.into_iter();
        f.faults(
            named
                .map(|fault| event::named(what, &event.body, fault))
                .collect(),
        );
        fits
    }

    fn act(
        &mut self,
        f: &mut Fields,
        e: &v1::SimulatedEvent,
        what: &What,
        index: usize,
    ) -> Option<(u32, EventBody)> {
        let of_reports = [
            ("red_flags", !e.red_flags.is_empty()),
            ("revision", e.revision != 0),
            ("corrects", e.corrects.is_some()),
        ];
        for (field, _) in of_reports.iter().filter(|(_, given)| *given) {
            f.fault(field, "is of a report alone");
        }
        let body = f.part(event::field(what), |f| match what {
            What::Amend(amendment) => self.amendment(f, amendment, index),
            other => event::instruction(f, other),
        });
        Some((self.present()?.revision, body?))
    }

    fn amendment(
        &mut self,
        f: &mut Fields,
        sent: &v1::SimulatedAmendment,
        index: usize,
    ) -> Option<EventBody> {
        let reason = f.text("reason", &sent.reason, 1..=act::REASON);
        let rungs = settings(f, &sent.rungs);
        let next = self.present().map_or(1, |plan| plan.revision) + 1;
        let above = format!("events[{index}].amend.");
        let to = self.definition(f, &above, sent.definition.as_ref(), next);
        Some(EventBody::Amend(Box::new(Amendment {
            to: to?,
            rungs: rungs?,
            reason: reason?,
        })))
    }

    /// Reads a report, a correction if it is one.
    fn report(
        &mut self,
        f: &mut Fields,
        e: &v1::SimulatedEvent,
        what: &What,
        check_in: &v1::CheckIn,
        id: EventId,
        at: DateTime<Utc>,
    ) -> (Said, Option<(u32, EventBody)>) {
        let index = self.said.len();
        let corrected = e.corrects.and_then(|place| self.corrected(f, index, place));
        let named = match e.revision {
            0 => corrected.map(|(_, revision)| revision),
            named => f.within("revision", named, 1..=i64::from(i32::MAX)),
        };
        let prescribed = self.present().and_then(|now| {
            let named = named.unwrap_or(now.revision);
            let place = usize::try_from(named).unwrap_or(usize::MAX);
            let under = self.revisions.get(place.wrapping_sub(1));
            if under.is_none() {
                f.fault(
                    "revision",
                    format!("is {named}; the plan's is {}", now.revision),
                );
            }
            under.map(|under| Prescribed { under, now })
        });
        let read = check_in::read(f, check_in, at, prescribed);
        let Some((read, plan)) = read.zip(prescribed) else {
            return (Said::Unread, None);
        };
        let revision = plan.under.revision;
        let now = read.report.body.judged();
        let first = corrected.map_or(index, |(first, _)| first);
        let body = match (e.corrects, self.newest.get(&first)) {
            (None, _) => Some(read.report.body.happened()),
            (Some(_), Some((_, was))) if discriminant(was) != discriminant(&now) => {
                let other = "is of another kind than the event it corrects";
                f.fault(event::field(what), other);
                None
            }
            (Some(_), Some((last, was))) if corrected.is_some() => {
                Some(EventBody::Correction(Box::new(Correction {
                    corrects: *last,
                    was: was.clone(),
                    now: now.clone(),
                })))
            }
            // What it corrects does not read, and was told.
            (Some(_), _) => None,
        };
        if body.is_none() {
            return (Said::Unread, None);
        }
        self.newest.insert(first, (id, now));
        (
            Said::Report { first, revision },
            body.map(|body| (revision, body)),
        )
    }

    /// The place of the first report that is corrected, and the revision that it was done under.
    fn corrected(&self, f: &mut Fields, index: usize, place: i32) -> Option<(usize, u32)> {
        let earlier = usize::try_from(place).ok().filter(|place| *place < index);
        match earlier.and_then(|place| self.said.get(place)) {
            Some(Said::Report { first, revision }) => Some((*first, *revision)),
            Some(Said::Unread) => None,
            Some(Said::Act) => {
                f.fault("corrects", "names an event that is no report");
                None
            }
            None => {
                f.fault("corrects", "names no earlier event");
                None
            }
        }
    }
}

/// A state in which every act fits that the plan knows at all: what is said against one then is wrong with the act.
fn willing(plan: &PlanDefinition) -> PlanState {
    let mut state = PlanState::new(plan);
    state.paused = Some(Paused {
        cause: ReasonCode::Pause,
        since: NaiveDate::MIN,
    });
    for track in &mut state.tracks {
        track.awaiting_approval = true;
    }
    state
}
