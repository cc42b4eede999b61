//! Signing in: the password first, then the second factor when there is one.

use chrono::{DateTime, Utc};
use rung_progression::{ClinicId, PersonId, SessionId};

use super::{
    Desk, Proved, SignedIn,
    factor::{self, Code},
    open,
    place::{Factor, Ground, Place, choose, places},
};
use crate::{
    access::{
        challenge::Challenge, password::Password, role::Roles, seal::Vault, secret::RefreshSecret,
    },
    error::{Error, Result},
    mutant::off,
    storage::{
        audit::{self, Event, Outcome},
        identity::{membership, person, second_factor, session::SignIn},
    },
};

/// What a right password leads to.
pub(crate) enum Admission {
    /// The session is open.
    SignedIn(SignedIn),
    /// The second factor is asked for.
    Challenged(Challenge),
}

#[cfg(test)]
impl Admission {
    pub(crate) fn signed_in(self) -> SignedIn {
        match self {
            Self::SignedIn(signed_in) => signed_in,
            Self::Challenged(_) => panic!("a second factor is asked for"),
        }
    }
}

impl Desk<'_> {
    /// Opens a session for an address and its password, or asks for the second factor. Unknown address, wrong password, no
    /// active membership and a clinic of others all answer alike, after one hash.
    pub(crate) async fn login(
        &self,
        email: &str,
        password: &Password,
        clinic: Option<ClinicId>,
    ) -> Result<Admission> {
        let known = person::credential(&mut self.db.read().await?.conn(), email).await?;
        let proved = self.check(known, password).await?;
        let ground = Ground::password(proved.reset_at);
        let Some(factor_at) = self.factor_of(proved.person).await? else {
            let places = places(self.db, proved.person, ground).await?;
            let clinic = choose(&places, clinic)?;
            let session = self.ambient.new_id().into();
            return self.admit(proved, session, &places, clinic).await;
        };
        // Who knows no more than the password learns nothing of where the account has a place, and nothing of clinics
        // that do not believe the password.
        let clinic = match clinic {
            Some(wanted) => wanted,
            None => self.home(proved.person, ground).await?,
        };
        Ok(Admission::Challenged(
            self.challenge(&proved, clinic, factor_at),
        ))
    }

    /// Where somebody goes who names no clinic.
    async fn home(&self, person: PersonId, ground: Ground) -> Result<ClinicId> {
        let open = places(self.db, person, ground).await?;
        if !open.is_empty() {
            return choose(&open, None);
        }
        let all = membership::of_person(&mut self.db.read().await?.conn(), person).await?;
        let oldest = all.first().ok_or(Error::CredentialsInvalid)?;
        Ok(oldest.clinic)
    }

    pub(super) fn challenge(
        &self,
        proved: &Proved,
        clinic: ClinicId,
        factor_set_at: DateTime<Utc>,
    ) -> Challenge {
        Challenge {
            person: proved.person,
            clinic,
            session: self.ambient.new_id().into(),
            password_set_at: proved.set_at,
            factor_set_at,
            issued_at: self.ambient.now(),
        }
    }

    /// What the audit tells of a sign-in.
    fn row(&self, person: PersonId, places: &[Place], sign_in: &SignIn) -> Event {
        let mut at = places.iter().map(|place| &place.membership);
        let roles = at.find(|there| there.clinic == sign_in.clinic);
        let roles = roles.map_or_else(Roles::none, |there| there.roles);
        Event {
            object: Some(sign_in.session.uuid()),
            ..self.call.act(sign_in.clinic, person, roles, self.ambient)
        }
    }

    /// Opens the session of somebody who has no second factor.
    async fn admit(
        &self,
        proved: Proved,
        session: SessionId,
        known: &[Place],
        clinic: ClinicId,
    ) -> Result<Admission> {
        let Proved {
            person,
            set_at,
            reset_at,
        } = proved;
        let sign_in = self.sign_in(session, person, clinic);
        let refresh = RefreshSecret::new(self.ambient.as_ref());
        let (hash, now) = (refresh.hash(), self.ambient.now());
        let event = self.row(person, known, &sign_in);
        self.db
            .write_in(clinic, move |mut tx| {
                let event = event.clone();
                Box::pin(async move {
                    if !open(&mut tx, &sign_in, hash, set_at, None, now).await? {
                        return Err(Error::CredentialsInvalid);
                    }
                    audit::insert(&mut tx, &event).await
                })
            })
            .await?;
        let ground = Ground::password(reset_at);
        Ok(Admission::SignedIn(SignedIn {
            person,
            clinic,
            places: places(self.db, person, ground).await?,
            sign_in,
            refresh,
        }))
    }

    /// Opens the session that a challenge was for; answers too how many recovery codes are left. Who fails here knows the
    /// password: the clinic's audit tells of that, too.
    pub(crate) async fn complete(
        &self,
        challenge: &Challenge,
        code: &Code,
        vault: &Vault,
    ) -> Result<(SignedIn, i64)> {
        let done = self.try_complete(challenge, code, vault).await;
        if let Err(refusal @ (Error::SecondFactorInvalid | Error::CredentialsInvalid)) = &done {
            self.tell_failure(challenge, refusal).await?;
        }
        done
    }

    /// A row in the clinic that was named, if the person has a place there, else in each where they have one: whoever
    /// guesses chooses the clinic, and neither hides by that nor writes into the audit of others.
    async fn tell_failure(&self, challenge: &Challenge, refusal: &Error) -> Result<()> {
        let person = challenge.person;
        let places = membership::of_person(&mut self.db.read().await?.conn(), person).await?;
        let all = || places.iter().map(|place| place.clinic);
        let named = all().find(|clinic| *clinic == challenge.clinic);
        let clinics: Vec<ClinicId> = named.map_or_else(|| all().collect(), |named| vec![named]);
        for clinic in clinics {
            let event = Event {
                outcome: Outcome::Denied(refusal.reason().to_owned()),
                ..self.call.act(clinic, person, Roles::none(), self.ambient)
            };
            self.db
                .write_in(clinic, move |mut tx| {
                    let event = event.clone();
                    Box::pin(async move { audit::insert(&mut tx, &event).await })
                })
                .await?;
        }
        Ok(())
    }

    async fn try_complete(
        &self,
        challenge: &Challenge,
        code: &Code,
        vault: &Vault,
    ) -> Result<(SignedIn, i64)> {
        let Challenge {
            person,
            clinic,
            session,
            password_set_at,
            factor_set_at,
            ..
        } = *challenge;
        let now = self.ambient.now();
        let (known, found) = {
            let mut reader = self.db.read().await?;
            let conn = &mut reader.conn();
            let known = person::credential_of(conn, person).await?;
            (known, second_factor::find(conn, person).await?)
        };
        let known = known
            .filter(|known| known.updated_at == Some(password_set_at) || off("challenge-password"))
            .ok_or(Error::SecondFactorInvalid)?;
        let found = found
            .filter(|found| found.confirmed_at == Some(factor_set_at) || off("challenge-factor"))
            .ok_or(Error::SecondFactorInvalid)?;
        let spend = factor::check(vault, person, &found, code, now)?;
        let ground = Ground {
            reset_at: known.reset_at,
            factor: Some(Factor {
                reset_at: found.reset_at,
            }),
        };
        let places = places(self.db, person, ground).await?;
        if let Err(refusal) = choose(&places, Some(clinic)) {
            // A right code is used up here, too: else it would be tried out in this way, and used in another.
            self.db
                .write(move |mut tx| {
                    let spend = spend.clone();
                    Box::pin(async move { spend.run(&mut tx, person, now).await })
                })
                .await?;
            return Err(refusal);
        }

        let mut sign_in = self.sign_in(session, person, clinic);
        sign_in.second_factor = true;
        let refresh = RefreshSecret::new(self.ambient.as_ref());
        let hash = refresh.hash();
        let event = self.row(person, &places, &sign_in);
        let left = self
            .db
            .write_in(clinic, move |mut tx| {
                let (spend, event) = (spend.clone(), event.clone());
                Box::pin(async move {
                    let factor_at = Some(factor_set_at);
                    let opened = open(&mut tx, &sign_in, hash, password_set_at, factor_at, now);
                    if !opened.await? || !spend.run(&mut tx, person, now).await? {
                        return Err(Error::SecondFactorInvalid);
                    }
                    audit::insert(&mut tx, &event).await?;
                    second_factor::recovery_left(&mut tx, person).await
                })
            })
            .await?;
        let signed_in = SignedIn {
            person,
            clinic,
            places,
            sign_in,
            refresh,
        };
        Ok((signed_in, left))
    }
}
