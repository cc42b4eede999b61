//! Accounts: how somebody gets in and stays in, and what they do about their own password and second factor.
//!
//! Two things hold everywhere. A password costs one hash, whoever it is for. And what was proved is believed at the moment
//! of the write: the row of the credential is locked there, so that a change of it stands either before or after.

mod factor;
mod join;
mod login;
mod password;
mod place;
mod renew;

use chrono::{DateTime, TimeDelta, Utc};
use rung_progression::{ClinicId, PersonId, SessionId};

pub(crate) use self::{
    factor::Code,
    join::found,
    login::Admission,
    place::{Place, own_places},
    renew::{end_session, refresh, switch},
};
use super::{
    Actor, Call, Session,
    password::{Password, Passwords},
    secret::{RefreshSecret, SecretHash},
    token::{AccessToken, Bearer, Tokens},
};
use crate::{
    clock::SharedAmbient,
    error::{Error, Result},
    mutant::off,
    storage::{
        Db, Tx,
        identity::{
            person::{self, Credential},
            second_factor,
            session::{self, SignIn},
        },
    },
};

/// How long somebody stays signed in without a password, however often they refresh.
const SESSION: TimeDelta = TimeDelta::days(30);

/// What is needed to sign somebody in.
#[derive(Clone, Copy)]
pub(crate) struct Desk<'a> {
    pub(crate) db: &'a Db,
    pub(crate) ambient: &'a SharedAmbient,
    pub(crate) passwords: &'a Passwords,
    /// What they came with: rows of the audit tell of it.
    pub(crate) call: &'a Call,
}

/// An access token and the secret that gets the next one.
pub(crate) struct Pair {
    pub(crate) access: AccessToken,
    pub(crate) refresh: RefreshSecret,
    pub(crate) refresh_expires_at: DateTime<Utc>,
}

/// Somebody whose session is open and whose tokens are still to be made.
pub(crate) struct SignedIn {
    pub(crate) person: PersonId,
    /// The clinic of the session.
    pub(crate) clinic: ClinicId,
    /// All memberships that the sign-in leads to, that of the session among them.
    pub(crate) places: Vec<Place>,
    sign_in: SignIn,
    refresh: RefreshSecret,
}

impl SignedIn {
    /// The place that the tokens speak for.
    pub(crate) fn place(&self) -> Result<&Place> {
        let mut places = self.places.iter();
        // Deactivated in this very moment: the session is dead already.
        places
            .find(|place| place.membership.clinic == self.clinic)
            .ok_or(Error::CredentialsInvalid)
    }

    /// The tokens of the session; the secret leaves here, once.
    pub(crate) fn pair(self, tokens: &Tokens) -> Result<Pair> {
        pair(tokens, &self.sign_in, 0, self.refresh)
    }
}

/// The session of somebody who acts on their own account; a service account has none.
pub(crate) fn own(session: &Session) -> Result<SessionId> {
    match session.caller().actor {
        Actor::Person(id) => Ok(id),
        Actor::Service(_) => Err(Error::ScopeRequired),
    }
}

/// What a password has proved, and when that would cease to hold.
#[derive(Clone, Copy, Debug)]
struct Proved {
    person: PersonId,
    /// When the password was set.
    set_at: DateTime<Utc>,
    /// When an admin last made the account set a new one.
    reset_at: Option<DateTime<Utc>>,
}

impl Desk<'_> {
    /// Checks a password, for one hash also when there is nobody; the connection is not held meanwhile.
    async fn check(&self, known: Option<Credential>, password: &Password) -> Result<Proved> {
        let stored = known.as_ref().and_then(|known| known.password_hash.clone());
        let right = self.passwords.verify(password, stored).await?;
        let known = known.filter(|_| right).ok_or(Error::CredentialsInvalid)?;
        Ok(Proved {
            person: known.person,
            set_at: known.updated_at.ok_or(Error::CredentialsInvalid)?,
            reset_at: known.reset_at,
        })
    }

    /// Checks the password of somebody who is signed in.
    async fn check_own(&self, person: PersonId, password: &Password) -> Result<Proved> {
        let known = person::credential_of(&mut self.db.read().await?.conn(), person).await?;
        self.check(known, password).await
    }

    /// When the person's second factor was confirmed, if they have one.
    async fn factor_of(&self, person: PersonId) -> Result<Option<DateTime<Utc>>> {
        let found = second_factor::find(&mut self.db.read().await?.conn(), person).await?;
        let found = found.filter(|_| !off("second-factor"));
        Ok(found.and_then(|factor| factor.confirmed_at))
    }

    /// A session that is not open yet.
    fn sign_in(&self, session: SessionId, person: PersonId, clinic: ClinicId) -> SignIn {
        SignIn {
            session,
            person,
            clinic,
            second_factor: false,
            expires_at: self.ambient.now() + SESSION,
        }
    }
}

/// Opens a session for what was proved a moment ago; `false` when that holds no more, or the session has been.
async fn open(
    tx: &mut Tx<'_>,
    sign_in: &SignIn,
    hash: SecretHash,
    proved_at: DateTime<Utc>,
    factor: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let held = person::hold(tx, sign_in.person, proved_at).await?;
    if !held && !off("challenge-password") {
        return Ok(false);
    }
    let found = second_factor::find(tx, sign_in.person).await?;
    let same = found.and_then(|found| found.confirmed_at) == factor;
    if !same && !off("challenge-factor") && !off("second-factor") {
        return Ok(false);
    }
    session::open(tx, sign_in, hash.as_slice(), now).await
}

fn pair(tokens: &Tokens, sign_in: &SignIn, rotation: i64, refresh: RefreshSecret) -> Result<Pair> {
    let access = tokens.issue(Bearer {
        person: sign_in.person,
        session: sign_in.session,
        clinic: sign_in.clinic,
        rotation,
    })?;
    Ok(Pair {
        access,
        refresh,
        refresh_expires_at: sign_in.expires_at,
    })
}

#[cfg(test)]
#[path = "account_test.rs"]
mod tests;
