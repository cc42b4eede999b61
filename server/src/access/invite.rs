//! Invitations, before they are stored: what may be promised to whom, and for how long.

use chrono::{DateTime, TimeDelta, Utc};
use rung_progression::{AthleteId, ClinicId, InvitationId, PersonId};

use super::{
    part::Parts,
    proof::{AthleteAccess, AthleteAccountAccess, ClinicAccess, Relation},
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

/// What a supporter may see from the moment of acceptance on.
#[derive(Clone, Debug)]
pub(crate) struct Promise {
    pub(crate) parts: Parts,
    pub(crate) purpose: String,
    /// Without end, until it is withdrawn.
    pub(crate) until: Option<DateTime<Utc>>,
}

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
    promise: Option<Promise>,
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
        if roles.is_empty() || roles.contains(Role::Athlete) || roles.contains(Role::Supporter) {
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

    /// For somebody whom an athlete lets see parts of their own record. `email` is lower case.
    pub(crate) fn supporter(
        access: &AthleteAccess,
        email: String,
        parts: Parts,
        purpose: String,
        until: Option<DateTime<Utc>>,
        ambient: &dyn Ambient,
    ) -> Result<(Self, InviteCode)> {
        // Whoever treats the athlete has no say in whom they tell.
        if access.relation() != Relation::Own && !off("invite-supporter-own") {
            return Err(Error::RoleRequired);
        }
        if parts.is_empty() {
            return Err(Error::internal("an invitation to see nothing"));
        }
        let (athlete, invited_by) = (Some(access.athlete()), Some(access.person()));
        let (invite, code) = Self::new(
            access.clinic(),
            email,
            Role::Supporter.into(),
            athlete,
            invited_by,
            ATHLETE,
            ambient,
        );
        let promise = Some(Promise {
            parts,
            purpose,
            until,
        });
        Ok((Self { promise, ..invite }, code))
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
            promise: None,
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

    /// For a supporter alone.
    pub(crate) fn promise(&self) -> Option<&Promise> {
        self.promise.as_ref()
    }

    pub(crate) fn expires_at(&self) -> DateTime<Utc> {
        self.expires_at
    }
}
