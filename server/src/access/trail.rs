//! What a call leaves in the audit: who came as what, to whom, and what came of it.
//!
//! Nobody has to think of it. Proofs note here whom they let through and whom not; [`super::Session::write`] stores what
//! was let through in the transaction of the write itself; the access layer stores the rest before the answer leaves.

use std::sync::{Mutex, OnceLock, PoisonError};

use rung_progression::{AthleteId, BreakGlassId, ClinicId, PersonId};
use tonic::Extensions;
use uuid::Uuid;

use super::{
    caller::{Actor, Caller},
    role::{Role, Roles},
    rule::Rule,
};
use crate::{
    clock::SharedAmbient,
    error::{Error, Result},
    storage::audit::{Effect, Event, Outcome, Who},
};

/// On what ground somebody came. The words are those of HL7's `PurposeOfUse`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The athlete, for themself.
    Own,
    /// Care of the athlete.
    Treatment,
    /// Broken glass.
    Emergency,
    /// A supporter, by consent.
    Family,
    /// Running the clinic.
    Operations,
    /// Running the server.
    System,
}

impl Purpose {
    /// The code as stored and shown.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Own => "PATRQT",
            Self::Treatment => "TREAT",
            Self::Emergency => "ETREAT",
            Self::Family => "FAMRQT",
            Self::Operations => "HOPERAT",
            Self::System => "HSYSADMIN",
        }
    }

    /// What somebody with these roles comes for, when nothing more is known.
    fn of(roles: Roles) -> Self {
        if roles.contains(Role::Physio) {
            Self::Treatment
        } else if roles.contains(Role::Athlete) {
            Self::Own
        } else if roles.contains(Role::Supporter) {
            Self::Family
        } else {
            Self::Operations
        }
    }
}

/// What is known of a call before anybody knows who makes it.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// Stands in the log and in the answer too.
    pub(crate) id: Uuid,
    /// Such as `rung.v1.PlanService/GetPlan`.
    pub(crate) method: String,
    /// Address of the caller.
    pub(crate) network: Option<String>,
}

impl Call {
    /// The call that a request is. Without the access layer there is none, and nobody gets in.
    pub(crate) fn of(extensions: &Extensions) -> Result<Self> {
        extensions.get::<Self>().cloned().ok_or(Error::NoRule)
    }

    /// What the operator does, such as `rungd admin bootstrap`.
    pub(crate) fn by_operator(method: &str, ambient: &SharedAmbient) -> Self {
        Self {
            id: ambient.new_id(),
            method: method.to_owned(),
            network: None,
        }
    }

    /// The row of an act that no token covers, such as accepting an invitation: `person` has proved who they are.
    pub(crate) fn act(
        &self,
        clinic: ClinicId,
        person: PersonId,
        roles: Roles,
        ambient: &SharedAmbient,
    ) -> Event {
        Event {
            clinic,
            id: ambient.new_id(),
            at: ambient.now(),
            who: Who::Person(person),
            roles: roles.to_string(),
            method: self.method.clone(),
            effect: Effect::Write,
            athlete: None,
            object: None,
            outcome: Outcome::Allowed,
            purpose: Purpose::of(roles).code().to_owned(),
            break_glass: None,
            call: self.id,
            network: self.network.clone(),
        }
    }
}

/// One thing that was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Note {
    athlete: Option<AthleteId>,
    purpose: Purpose,
    glass: Option<BreakGlassId>,
    /// Why it was refused.
    refused: Option<&'static str>,
}

#[derive(Default)]
struct Notes {
    all: Vec<Note>,
    /// How many of them are stored, from the first one on.
    stored: usize,
    /// The call has written something, and that is stored.
    wrote: bool,
}

/// The trail of one call by somebody known.
pub(crate) struct Trail {
    call: Call,
    caller: Caller,
    rule: Rule,
    ambient: SharedAmbient,
    /// What else the call is about, besides athletes.
    object: OnceLock<Uuid>,
    notes: Mutex<Notes>,
}

#[cfg(test)]
impl Trail {
    /// For tests that call a handler without the layers.
    pub(crate) fn for_test(caller: &Caller, rule: Rule) -> Self {
        use crate::clock::{Ambient as _, System};
        let call = Call {
            id: System.new_id(),
            method: "rung.v1.TestService/Test".to_owned(),
            network: None,
        };
        Self::new(call, caller.clone(), rule, std::sync::Arc::new(System))
    }
}

impl Trail {
    pub(super) fn new(call: Call, caller: Caller, rule: Rule, ambient: SharedAmbient) -> Self {
        Self {
            call,
            caller,
            rule,
            ambient,
            object: OnceLock::new(),
            notes: Mutex::default(),
        }
    }

    pub(super) fn call(&self) -> &Call {
        &self.call
    }

    /// The trail of the same call, of somebody as they stand now.
    pub(super) fn anew(&self, caller: Caller) -> Self {
        Self::new(self.call.clone(), caller, self.rule, self.ambient.clone())
    }

    pub(super) fn let_through(
        &self,
        athlete: Option<AthleteId>,
        purpose: Purpose,
        glass: Option<BreakGlassId>,
    ) {
        self.note(Note {
            athlete,
            purpose,
            glass,
            refused: None,
        });
    }

    pub(super) fn refuse(&self, athlete: Option<AthleteId>, refusal: &Error) {
        self.note(Note {
            athlete,
            purpose: Purpose::of(self.caller.roles),
            glass: None,
            refused: Some(refusal.reason()),
        });
    }

    fn note(&self, note: Note) {
        let mut notes = self.notes();
        // A handler may ask for several proofs on one record: that is one access.
        if !notes.all.contains(&note) {
            notes.all.push(note);
        }
    }

    /// Notes that the call is about this athlete, of whom no proof has judged: one who is made, or a member's record.
    pub(super) fn about(&self, athlete: AthleteId) {
        let purpose = Purpose::of(self.caller.roles);
        self.let_through(Some(athlete), purpose, None);
    }

    /// Notes what else the call is about, such as a member.
    pub(super) fn concerns(&self, object: Uuid) {
        // A call names one such thing; what was named first stands.
        self.object.get_or_init(|| object);
    }

    /// The athlete whom the call is about, when it is about one.
    pub(super) fn athlete(&self) -> Option<AthleteId> {
        let notes = self.notes();
        let mut named = notes.all.iter().filter_map(|note| note.athlete);
        named.next()
    }

    /// Rows for the transaction of a write: what was let through and is not stored yet; of a call that is about nobody in
    /// particular, the call itself.
    pub(super) fn of_write(&self) -> Vec<Event> {
        let notes = self.notes();
        let open = notes.all.iter().skip(notes.stored);
        let mut events: Vec<Event> = open
            .filter(|note| note.refused.is_none())
            .map(|note| self.event(note, Outcome::Allowed))
            .collect();
        if events.is_empty() && !notes.wrote {
            events.push(self.event(&self.nobody(), Outcome::Allowed));
        }
        events
    }

    /// Says that the rows of [`Trail::of_write`] are committed.
    pub(super) fn wrote(&self) {
        let mut notes = self.notes();
        notes.stored = notes.all.len();
        notes.wrote = true;
    }

    /// Rows that are left when the handler is done. `failed` is the reason of a failure, `denied` whether it is one of
    /// permission. Reading one's own record leaves none, nor does a write that was not done.
    pub(super) fn rest(&self, failed: Option<&str>, denied: bool) -> Vec<Event> {
        let mut notes = self.notes();
        let mut open: Vec<Note> = notes.all.iter().skip(notes.stored).cloned().collect();
        notes.stored = notes.all.len();
        drop(notes);
        if denied && open.is_empty() {
            open.push(self.nobody());
        }
        // Of a call that a proof has refused, what other proofs let through was not done.
        let told = open.iter().any(|note| note.refused.is_some());
        let rows = open.iter().filter_map(|note| match (note.refused, failed) {
            (Some(reason), _) => Some(self.event(note, Outcome::Denied(reason.to_owned()))),
            (None, Some(reason)) if denied => {
                (!told).then(|| self.event(note, Outcome::Denied(reason.to_owned())))
            }
            (None, Some(reason)) => Some(self.event(note, Outcome::Failed(reason.to_owned()))),
            (None, None) if note.purpose == Purpose::Own && !self.rule.writes() => None,
            (None, None) => Some(self.event(note, Outcome::Allowed)),
        });
        rows.collect()
    }

    /// Whether a call that was answered `NOT_FOUND` was refused: a write that names something of which no proof has
    /// judged, such as a member of another clinic.
    pub(super) fn is_blind_write(&self) -> bool {
        self.rule.writes() && self.notes().all.is_empty()
    }

    fn nobody(&self) -> Note {
        Note {
            athlete: None,
            purpose: Purpose::of(self.caller.roles),
            glass: None,
            refused: None,
        }
    }

    fn event(&self, note: &Note, outcome: Outcome) -> Event {
        Event {
            clinic: self.caller.clinic,
            id: self.ambient.new_id(),
            at: self.ambient.now(),
            who: match self.caller.actor {
                Actor::Person(_) => Who::Person(self.caller.person),
                Actor::Service(_) => Who::Service(self.caller.person),
            },
            roles: self.caller.roles.to_string(),
            method: self.call.method.clone(),
            effect: if self.rule.writes() {
                Effect::Write
            } else {
                Effect::Read
            },
            athlete: note.athlete,
            object: self.object.get().copied(),
            outcome,
            purpose: note.purpose.code().to_owned(),
            break_glass: note.glass,
            call: self.call.id,
            network: self.call.network.clone(),
        }
    }

    fn notes(&self) -> std::sync::MutexGuard<'_, Notes> {
        // Whoever panicked while holding it had at most pushed a note.
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[path = "trail_test.rs"]
mod tests;
