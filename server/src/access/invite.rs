//! Invitations, before they are stored: what may be promised to whom, and for how long.

use chrono::{DateTime, TimeDelta, Utc};
use rung_progression::{AthleteId, ClinicId, InvitationId, PersonId};

use super::{
    proof::{AthleteAccountAccess, ClinicAccess},
    role::{Role, Roles},
    secret::{InviteCode, SecretHash},
};
use crate::{
    clock::Ambient,
    error::{Error, Result},
    mutant::off,
};

/// How long staff have to accept.
const STAFF: TimeDelta = TimeDelta::hours(24);
/// How long an athlete has.
const ATHLETE: TimeDelta = TimeDelta::days(7);

/// An invitation that the inviter was entitled to write. It holds the code's hash; the code goes to the inviter.
#[derive(Clone)]
pub(crate) struct Invite {
    id: InvitationId,
    clinic: ClinicId,
    code_hash: SecretHash,
    email: String,
    roles: Roles,
    athlete: Option<AthleteId>,
    invited_by: Option<PersonId>,
    expires_at: DateTime<Utc>,
}

impl Invite {
    /// For somebody who is to work in the clinic; admins alone invite them. `email` is lower case.
    pub(crate) fn staff(
        access: &ClinicAccess,
        email: String,
        roles: Roles,
        ambient: &dyn Ambient,
    ) -> Result<(Self, InviteCode)> {
        if !access.roles().contains(Role::Admin) && !off("invite-by-admin") {
            return Err(Error::RoleRequired);
        }
        if roles.is_empty() || roles.contains(Role::Athlete) {
            return Err(Error::internal("an invitation for staff with other roles"));
        }
        let invited_by = Some(access.person());
        Ok(Self::new(
            access.clinic(),
            email,
            roles,
            None,
            invited_by,
            STAFF,
            ambient,
        ))
    }

    /// For an athlete, whose account is joined to the record when they accept. `email` is lower case.
    pub(crate) fn athlete(
        access: &AthleteAccountAccess,
        email: String,
        ambient: &dyn Ambient,
    ) -> (Self, InviteCode) {
        let (athlete, invited_by) = (Some(access.athlete()), Some(access.person()));
        let roles = Role::Athlete.into();
        Self::new(
            access.clinic(),
            email,
            roles,
            athlete,
            invited_by,
            ATHLETE,
            ambient,
        )
    }

    /// For the first admin of a clinic that the operator founds: there is nobody yet who could have invited them.
    pub(super) fn founder(
        clinic: ClinicId,
        email: String,
        roles: Roles,
        ambient: &dyn Ambient,
    ) -> (Self, InviteCode) {
        Self::new(clinic, email, roles, None, None, STAFF, ambient)
    }

    fn new(
        clinic: ClinicId,
        email: String,
        roles: Roles,
        athlete: Option<AthleteId>,
        invited_by: Option<PersonId>,
        lifetime: TimeDelta,
        ambient: &dyn Ambient,
    ) -> (Self, InviteCode) {
        let code = InviteCode::new(ambient);
        let invite = Self {
            id: ambient.new_id().into(),
            clinic,
            code_hash: code.hash(),
            email,
            roles,
            athlete,
            invited_by,
            expires_at: ambient.now() + lifetime,
        };
        (invite, code)
    }

    pub(crate) fn id(&self) -> InvitationId {
        self.id
    }

    pub(crate) fn clinic(&self) -> ClinicId {
        self.clinic
    }

    pub(crate) fn code_hash(&self) -> &[u8] {
        self.code_hash.as_slice()
    }

    pub(crate) fn email(&self) -> &str {
        &self.email
    }

    pub(crate) fn roles(&self) -> Roles {
        self.roles
    }

    pub(crate) fn athlete_id(&self) -> Option<AthleteId> {
        self.athlete
    }

    /// Nobody, when the operator founded the clinic.
    pub(crate) fn invited_by(&self) -> Option<PersonId> {
        self.invited_by
    }

    pub(crate) fn expires_at(&self) -> DateTime<Utc> {
        self.expires_at
    }
}
