//! Who calls.

use std::ops::Deref;

use rung_progression::{AthleteId, ClinicId, PersonId, SessionId};

use super::{role::Roles, scope::Scopes};

/// Who a token speaks for, as the database has it now. Made by the access layer alone; read its fields through it.
#[derive(Clone, Debug)]
pub(crate) struct Caller(Identity);

/// A person signed in, or a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Actor {
    /// Signed in with this session.
    Person(SessionId),
    /// A service account with these scopes; it holds no roles.
    Service(Scopes),
}

/// What is known of a [`Caller`].
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    /// The person; of a service account, its own id. It stands in every row as the one who did it.
    pub(crate) person: PersonId,
    /// The clinic that the token names.
    pub(crate) clinic: ClinicId,
    pub(crate) actor: Actor,
    /// In that clinic, at this moment: a token does not carry them.
    pub(crate) roles: Roles,
    /// The person's own athlete record in that clinic.
    pub(crate) athlete: Option<AthleteId>,
    /// The clinic lets every physiotherapist of it care for every athlete.
    pub(crate) shared_care: bool,
    /// The clinic asks one of the roles for a second factor, and the account has none.
    pub(crate) second_factor_missing: bool,
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

#[cfg(test)]
impl Identity {
    /// Somebody new without roles, in a clinic of their own.
    pub(crate) fn for_test() -> Self {
        use crate::clock::{Ambient as _, System};
        Self {
            person: System.new_id().into(),
            clinic: System.new_id().into(),
            actor: Actor::Person(System.new_id().into()),
            roles: Roles::default(),
            athlete: None,
            shared_care: false,
            second_factor_missing: false,
        }
    }
}

impl Deref for Caller {
    type Target = Identity;

    fn deref(&self) -> &Identity {
        &self.0
    }
}
