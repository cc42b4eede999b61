//! Signing in: with a password, with a refresh token, with an invitation.

use chrono::{DateTime, TimeDelta, Utc};
use rung_progression::{AthleteId, ClinicId, PersonId, SessionId};

use super::{
    invite::Invite,
    new_password::NewPassword,
    password::{Password, Passwords},
    role::{Role, Roles},
    secret::{InviteCode, RefreshSecret, SecretHash},
    token::{AccessToken, Bearer, Tokens},
};
use crate::{
    clock::SharedAmbient,
    error::{Error, Result},
    storage::{
        Db, Tx,
        identity::{
            clinic,
            invitation::{self, Open},
            membership::{self, Membership},
            person::{self, NewPerson},
            session::{self, Rotation, SignIn},
        },
        relation,
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
}

/// An access token and the secret that gets the next one.
pub(crate) struct Pair {
    pub(crate) access: AccessToken,
    pub(crate) refresh: RefreshSecret,
    pub(crate) refresh_expires_at: DateTime<Utc>,
}

/// A membership with the person's own athlete record in that clinic.
pub(crate) struct Place {
    pub(crate) membership: Membership,
    pub(crate) athlete: Option<AthleteId>,
}

/// Somebody whose session is open and whose tokens are still to be made.
pub(crate) struct SignedIn {
    pub(crate) person: PersonId,
    /// The clinic of the session.
    pub(crate) clinic: ClinicId,
    /// All active memberships, that of the session among them.
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

impl Desk<'_> {
    /// Opens a session for an address and its password. Unknown address, wrong password, no active membership and a
    /// clinic of others all answer alike, after one hash.
    pub(crate) async fn login(
        &self,
        email: &str,
        password: &Password,
        clinic: Option<ClinicId>,
    ) -> Result<SignedIn> {
        let known = person::credential(&mut self.db.read().await?.conn(), email).await?;
        let (person, stored) = match known {
            Some(known) => (Some(known.person), known.password_hash),
            None => (None, None),
        };
        // The connection is back in its pool by now: hashing is slow, and connections are few.
        let right = self.passwords.verify(password, stored).await?;
        let person = person.filter(|_| right).ok_or(Error::CredentialsInvalid)?;
        let places = places(self.db, person).await?;
        let clinic = choose(&places, clinic)?;
        let sign_in = self.sign_in(person, clinic);
        let refresh = RefreshSecret::new(self.ambient.as_ref());
        let (hash, now) = (refresh.hash(), self.ambient.now());
        self.db
            .write(move |mut tx| {
                Box::pin(
                    async move { session::open(&mut tx, &sign_in, hash.as_slice(), now).await },
                )
            })
            .await?;
        Ok(SignedIn {
            person,
            clinic,
            places,
            sign_in,
            refresh,
        })
    }

    /// Accepts an invitation and opens a session. `name` is that of a new account.
    pub(crate) async fn accept(
        &self,
        code: &InviteCode,
        password: &Password,
        name: Option<&str>,
    ) -> Result<SignedIn> {
        let refresh = RefreshSecret::new(self.ambient.as_ref());
        let sign_in = self
            .enter(code, password, name, Some(refresh.hash()))
            .await?;
        let (person, clinic) = (sign_in.person, sign_in.clinic);
        let places = places(self.db, person).await?;
        Ok(SignedIn {
            person,
            clinic,
            places,
            sign_in,
            refresh,
        })
    }

    /// Accepts an invitation without opening a session.
    pub(crate) async fn join(
        &self,
        code: &InviteCode,
        password: &Password,
        name: Option<&str>,
    ) -> Result<()> {
        self.enter(code, password, name, None).await.map(|_| ())
    }

    /// Accepts an invitation; with a hash, opens a session whose first refresh token has it.
    async fn enter(
        &self,
        code: &InviteCode,
        password: &Password,
        name: Option<&str>,
        hash: Option<SecretHash>,
    ) -> Result<SignIn> {
        // Twice: an account may come to be between looking for it and making it.
        for _ in 0..2 {
            if let Some(sign_in) = self.try_enter(code, password, name, hash).await? {
                return Ok(sign_in);
            }
        }
        Err(Error::InvitationInvalid)
    }

    /// `None` when the address has got an account in the meantime.
    async fn try_enter(
        &self,
        code: &InviteCode,
        password: &Password,
        name: Option<&str>,
        hash: Option<SecretHash>,
    ) -> Result<Option<SignIn>> {
        let (open, known) = {
            let mut reader = self.db.read().await?;
            let conn = &mut reader.conn();
            let now = self.ambient.now();
            let open = invitation::find(conn, code.hash().as_slice(), now).await?;
            let open = open.ok_or(Error::InvitationInvalid)?;
            let known = person::credential(conn, &open.email).await?;
            (open, known)
        };
        let (person, new) = if let Some(known) = known {
            if !self.passwords.verify(password, known.password_hash).await? {
                return Err(Error::CredentialsInvalid);
            }
            (known.person, None)
        } else {
            let name = name.ok_or_else(|| Error::field("display_name", "is missing"))?;
            let new = self.new_person(&open.email, name, password).await?;
            (new.id, Some(new))
        };
        let sign_in = self.sign_in(person, open.clinic);
        let entry = Entry {
            open,
            new,
            sign_in,
            hash,
            now: self.ambient.now(),
        };
        let entered = self
            .db
            .write_in(entry.open.clinic, move |mut tx| {
                let entry = entry.clone();
                Box::pin(async move { enter(&mut tx, &entry).await })
            })
            .await?;
        Ok(entered.then_some(sign_in))
    }

    async fn new_person(&self, email: &str, name: &str, password: &Password) -> Result<NewPerson> {
        let chosen = NewPassword::choose(password.clone(), email)
            .map_err(|fault| Error::field("password", fault))?;
        Ok(NewPerson {
            id: self.ambient.new_id().into(),
            email: email.to_owned(),
            display_name: name.to_owned(),
            password_hash: self.passwords.hash(&chosen).await?,
            at: self.ambient.now(),
        })
    }

    /// A session that is not open yet.
    fn sign_in(&self, person: PersonId, clinic: ClinicId) -> SignIn {
        SignIn {
            session: SessionId::from(self.ambient.new_id()),
            person,
            clinic,
            expires_at: self.ambient.now() + SESSION,
        }
    }
}

/// Founds a clinic and invites its first admin, who has nobody to invite them.
pub(crate) async fn found(
    db: &Db,
    ambient: &SharedAmbient,
    clinic_name: String,
    email: String,
    roles: Roles,
) -> Result<(Invite, InviteCode)> {
    let (clinic, now) = (ClinicId::from(ambient.new_id()), ambient.now());
    let (invite, code) = Invite::founder(clinic, email, roles, ambient.as_ref());
    let stored = invite.clone();
    db.write(move |mut tx| {
        let (name, invite) = (clinic_name.clone(), stored.clone());
        Box::pin(async move {
            clinic::insert(&mut tx, clinic, &name, now).await?;
            invitation::insert(&mut tx, &invite, now).await
        })
    })
    .await?;
    Ok((invite, code))
}

/// Exchanges a refresh token for a new pair.
pub(crate) async fn refresh(
    db: &Db,
    ambient: &SharedAmbient,
    tokens: &Tokens,
    old: &RefreshSecret,
) -> Result<Pair> {
    let new = RefreshSecret::new(ambient.as_ref());
    let (old, next, now) = (old.hash(), new.hash(), ambient.now());
    let rotation = db
        .write(move |mut tx| {
            Box::pin(
                async move { session::rotate(&mut tx, old.as_slice(), next.as_slice(), now).await },
            )
        })
        .await?;
    match rotation {
        Rotation::Renewed(sign_in, rotation) => pair(tokens, &sign_in, rotation, new),
        Rotation::Refused => Err(Error::RefreshTokenInvalid),
        Rotation::Reused(session) => {
            tracing::warn!(%session, "a refresh token was used twice; its session is revoked");
            Err(Error::RefreshTokenInvalid)
        }
    }
}

/// The active memberships of a person.
pub(crate) async fn places(db: &Db, person: PersonId) -> Result<Vec<Place>> {
    let memberships = membership::of_person(&mut db.read().await?.conn(), person).await?;
    let mut places = Vec::new();
    for membership in memberships {
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

fn choose(places: &[Place], wanted: Option<ClinicId>) -> Result<ClinicId> {
    match (wanted, places) {
        (Some(wanted), _) => {
            let mut places = places.iter();
            let found = places.any(|place| place.membership.clinic == wanted);
            found.then_some(wanted).ok_or(Error::CredentialsInvalid)
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

/// What accepting an invitation writes.
#[derive(Clone)]
struct Entry {
    open: Open,
    new: Option<NewPerson>,
    sign_in: SignIn,
    hash: Option<SecretHash>,
    now: DateTime<Utc>,
}

/// All of it or, with an error, nothing. `false` when the address has an account already, and nothing was done.
async fn enter(tx: &mut Tx<'_>, entry: &Entry) -> Result<bool> {
    let Entry {
        open, sign_in, now, ..
    } = entry;
    let (person, clinic) = (sign_in.person, open.clinic);
    if let Some(new) = &entry.new
        && !person::insert(tx, new).await?
    {
        return Ok(false);
    }
    if !invitation::accept(tx, open.id, person, *now).await? {
        return Err(Error::InvitationInvalid);
    }
    let roles = membership::join(tx, clinic, person, open.roles, *now)
        .await?
        .ok_or(Error::InvitationInvalid)?;
    if let Some(athlete) = open.athlete {
        // An athlete reads their own record without being on its care team: who works here, or wrote the invitation,
        // would let themselves in. Asked after joining, whose lock lets no second invitation pass by.
        let works_here = roles.contains(Role::Admin) || roles.contains(Role::Physio);
        if works_here || open.invited_by == Some(person) {
            return Err(Error::InvitationInvalid);
        }
        // Somebody has one record in a clinic, and a record one account.
        let taken = relation::own_athlete(tx, clinic, person).await?.is_some();
        if taken || !relation::join_athlete(tx, clinic, athlete, person).await? {
            return Err(Error::InvitationInvalid);
        }
    }
    if let Some(hash) = &entry.hash {
        session::open(tx, sign_in, hash.as_slice(), *now).await?;
    }
    Ok(true)
}

#[cfg(test)]
#[path = "account_test.rs"]
mod tests;
