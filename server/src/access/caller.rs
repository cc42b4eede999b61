//! Who calls.

use std::ops::Deref;

use rung_progression::{AthleteId, ClinicId, PersonId, SessionId};

use super::role::Roles;

/// Who a token speaks for, as the database has it now. Made by the access layer alone; read its fields through it.
#[derive(Clone, Debug)]
pub(crate) struct Caller(Identity);

/// What is known of a [`Caller`].
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) person: PersonId,
    /// The clinic that the token names.
    pub(crate) clinic: ClinicId,
    #[cfg_attr(not(test), expect(dead_code, reason = "signing out names it"))]
    pub(crate) session: SessionId,
    /// In that clinic, at this moment: a token does not carry them.
    pub(crate) roles: Roles,
    /// The person's own athlete record in that clinic.
    pub(crate) athlete: Option<AthleteId>,
}

impl Caller {
    pub(super) fn new(identity: Identity) -> Self {
        Self(identity)
    }

    /// For the tests of the storage functions.
    #[cfg(test)]
    pub(crate) fn for_test(identity: Identity) -> Self {
        Self(identity)
    }
}

impl Deref for Caller {
    type Target = Identity;

    fn deref(&self) -> &Identity {
        &self.0
    }
}
