//! Where a sign-in leads: the memberships of a person that it opens.

use chrono::{DateTime, Utc};
use rung_progression::{AthleteId, ClinicId, PersonId};

use super::own;
use crate::{
    access::{Session, role::Role},
    error::{Error, Result},
    mutant::off,
    storage::{
        Db,
        identity::{
            membership::{self, Membership},
            session,
        },
        relation,
    },
};

/// A membership with the person's own athlete record in that clinic.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) membership: Membership,
    pub(crate) athlete: Option<AthleteId>,
}

/// Why a clinic may believe that a sign-in is the person's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground {
    /// When an admin last made the account set a new password: that admin may know who set it, and no other clinic does.
    pub(super) reset_at: Option<DateTime<Utc>>,
    /// The second factor that was proved at this sign-in.
    pub(super) factor: Option<Factor>,
}

/// What a second factor that was proved is worth.
#[derive(Clone, Copy, Debug)]
pub(super) struct Factor {
    /// The newest reset before it was confirmed.
    pub(super) reset_at: Option<DateTime<Utc>>,
}

impl Ground {
    /// What a password alone has proved.
    pub(super) fn password(reset_at: Option<DateTime<Utc>>) -> Self {
        Self {
            reset_at,
            factor: None,
        }
    }

    /// After a reset, a clinic believes what it has vouched for since, and a second factor that nobody can have set up
    /// whom it has not vouched for: the reset before the factor counts, for whoever got its code may have done it. How
    /// many resets came afterwards says nothing of that.
    pub(super) fn opens(self, vouched_at: Option<DateTime<Utc>>) -> bool {
        let vouched = |reset: Option<DateTime<Utc>>| {
            reset.is_none_or(|reset| vouched_at.is_some_and(|at| at >= reset))
        };
        off("reset-vouching")
            || vouched(self.reset_at)
            || self.factor.is_some_and(|factor| vouched(factor.reset_at))
    }
}

/// The active memberships of a person that the ground opens.
pub(super) async fn places(db: &Db, person: PersonId, ground: Ground) -> Result<Vec<Place>> {
    let memberships = membership::of_person(&mut db.read().await?.conn(), person).await?;
    let mut places = Vec::new();
    for membership in memberships {
        if !ground.opens(membership.vouched_at) {
            continue;
        }
        let athlete = if membership.roles.contains(Role::Athlete) {
            let clinic = membership.clinic;
            relation::own_athlete(&mut db.read_in(clinic).await?.conn(), clinic, person).await?
        } else {
            None
        };
        places.push(Place {
            membership,
            athlete,
        });
    }
    Ok(places)
}

/// The active memberships of the caller that their session leads to.
pub(crate) async fn own_places(session: &Session) -> Result<Vec<Place>> {
    let (db, id) = (&session.app().db, own(session)?);
    let proved = session::proved(&mut db.read().await?.conn(), id).await?;
    let proved = proved.ok_or(Error::TokenInvalid)?;
    let ground = Ground {
        reset_at: proved.reset_at,
        factor: (proved.second_factor && proved.confirmed_at.is_some()).then_some(Factor {
            reset_at: proved.factor_reset_at,
        }),
    };
    places(db, session.caller().person, ground).await
}

/// The wanted place, or the only one.
pub(super) fn choose(places: &[Place], wanted: Option<ClinicId>) -> Result<ClinicId> {
    match (wanted, places) {
        (Some(wanted), _) => {
            let mut places = places.iter();
            let found = places.any(|place| place.membership.clinic == wanted);
            (found || off("login-membership"))
                .then_some(wanted)
                .ok_or(Error::CredentialsInvalid)
        }
        (None, []) => Err(Error::CredentialsInvalid),
        (None, [only]) => Ok(only.membership.clinic),
        (None, many) => Err(Error::ClinicRequired {
            clinics: many
                .iter()
                .map(|place| {
                    let membership = &place.membership;
                    (
                        membership.clinic.to_string(),
                        membership.clinic_name.clone(),
                    )
                })
                .collect(),
        }),
    }
}
