//! Permission to work with the audit chain of a clinic.

use rung_progression::ClinicId;

use super::{proof::ClinicAccess, role::Role};
use crate::error::{Error, Result};
use crate::mutant::off;

/// May link, sign, check and read the whole audit of one clinic.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AuditAccess {
    clinic: ClinicId,
}

impl AuditAccess {
    /// For an admin of the clinic.
    pub(crate) fn of_admin(access: &ClinicAccess) -> Result<Self> {
        if !access.roles().contains(Role::Admin) && !off("audit-by-admin") {
            return Err(Error::RoleRequired);
        }
        Ok(Self {
            clinic: access.clinic(),
        })
    }

    /// For the server itself and for its operator at the machine. Nothing that answers a call may take this way: a test
    /// of the walls says so.
    pub(crate) fn of_machine(clinic: ClinicId) -> Self {
        Self { clinic }
    }

    /// The clinic.
    pub(crate) fn clinic(&self) -> ClinicId {
        self.clinic
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Ambient as _, System};

    #[test]
    fn the_chain_is_for_admins() {
        let (clinic, person) = (System.new_id().into(), System.new_id().into());
        let of = |role| AuditAccess::of_admin(&ClinicAccess::for_test(clinic, person, &[role]));
        assert_eq!(of(Role::Admin).unwrap().clinic(), clinic);
        assert!(matches!(of(Role::Physio), Err(Error::RoleRequired)));
    }
}
