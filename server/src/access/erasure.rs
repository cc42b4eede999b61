//! Permission to erase an athlete.

use rung_progression::{AthleteId, ClinicId, PersonId};

use super::proof::AthleteAccountAccess;
use crate::error::{Error, Result};
use crate::mutant::off;

/// May erase one athlete.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ErasureAccess {
    clinic: ClinicId,
    athlete: AthleteId,
    by: Option<PersonId>,
}

impl ErasureAccess {
    /// For somebody who decides for the clinic; caring for the athlete is not enough.
    pub(crate) fn of_clinic(access: &AthleteAccountAccess) -> Result<Self> {
        if access.in_care() && !off("erase-by-admin") {
            return Err(Error::RoleRequired);
        }
        Ok(Self {
            clinic: access.clinic(),
            athlete: access.athlete(),
            by: Some(access.person()),
        })
    }

    /// For the server itself and its operator, who carry out again what was decided once. Nothing that answers a call
    /// may take this way: a test of the walls says so.
    pub(crate) fn of_machine(clinic: ClinicId, athlete: AthleteId) -> Self {
        Self {
            clinic,
            athlete,
            by: None,
        }
    }

    pub(crate) fn clinic(&self) -> ClinicId {
        self.clinic
    }

    pub(crate) fn athlete(&self) -> AthleteId {
        self.athlete
    }

    /// Who decided it.
    pub(crate) fn by(&self) -> Option<PersonId> {
        self.by
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Ambient as _, System};

    #[test]
    fn who_cares_for_an_athlete_does_not_erase_them() {
        let (clinic, athlete) = (System.new_id().into(), System.new_id().into());
        let in_care = AthleteAccountAccess::for_test(clinic, athlete, System.new_id().into());
        let refused = ErasureAccess::of_clinic(&in_care);
        assert!(matches!(refused, Err(Error::RoleRequired)));
    }
}
