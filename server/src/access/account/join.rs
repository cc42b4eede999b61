//! Becoming a member: by invitation, and as the founder of a clinic.

use chrono::{DateTime, Utc};
use rung_progression::{ClinicId, PersonId};
use uuid::Uuid;

use super::{
    Admission, Desk, Proved, SignedIn, open,
    place::{Ground, Place, places},
};
use crate::{
    access::{
        Purpose,
        invite::{Invite, Promise},
        new_password::NewPassword,
        password::Password,
        role::{Role, Roles},
        secret::{InviteCode, RefreshSecret, SecretHash},
    },
    clock::SharedAmbient,
    error::{Error, Result},
    mutant::off,
    storage::{
        Db, Tx,
        audit::{self, Event},
        consent::{self, Grant},
        identity::{
            clinic,
            invitation::{self, Open},
            membership,
            person::{self, NewPerson},
            session::SignIn,
        },
        relation,
    },
};

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
    let purpose = Purpose::System.code();
    let event = Event {
        object: Some(invite.id().uuid()),
        ..Event::by_operator(clinic, "rungd admin bootstrap", purpose, ambient.as_ref())
    };
    db.write_in(clinic, move |mut tx| {
        let (name, invite, event) = (clinic_name.clone(), stored.clone(), event.clone());
        Box::pin(async move {
            clinic::insert(&mut tx, clinic, &name, now).await?;
            invitation::insert(&mut tx, &invite, now).await?;
            audit::insert(&mut tx, &event).await
        })
    })
    .await?;
    Ok((invite, code))
}

/// Who accepted, and what is left to do.
struct Joined {
    proved: Proved,
    clinic: ClinicId,
    /// When the account's second factor was confirmed.
    factor_at: Option<DateTime<Utc>>,
    /// Open when there is no second factor and a session was wanted.
    sign_in: SignIn,
}

impl Desk<'_> {
    /// The address that a code was written for, while it can be accepted.
    pub(crate) async fn invited(&self, code: &InviteCode) -> Result<Option<String>> {
        let (hash, now) = (code.hash(), self.ambient.now());
        let mut reader = self.db.read().await?;
        let open = invitation::find(&mut reader.conn(), hash.as_slice(), now).await?;
        Ok(open.map(|open| open.email))
    }

    /// Accepts an invitation and opens a session, or asks for the second factor. `name` is that of a new account: who
    /// gives one is held to the rules of a new password, who gives none to the password of the account; so that no answer
    /// but success tells whether the address has an account. Answers the place that came of it, too.
    pub(crate) async fn accept(
        &self,
        code: &InviteCode,
        password: &Password,
        name: Option<&str>,
    ) -> Result<(Admission, Place)> {
        let refresh = RefreshSecret::new(self.ambient.as_ref());
        let hash = Some(refresh.hash());
        let joined = self.enter(code, password, name, hash).await?;
        let (proved, clinic) = (joined.proved, joined.clinic);
        let ground = Ground::password(proved.reset_at);
        let places = places(self.db, proved.person, ground).await?;
        // Deactivated in this very moment: there is nothing to show.
        let mut joined_now = places.iter().filter(|p| p.membership.clinic == clinic);
        let place = joined_now
            .next()
            .cloned()
            .ok_or(Error::CredentialsInvalid)?;
        if let Some(factor_at) = joined.factor_at {
            let challenge = self.challenge(&proved, clinic, factor_at);
            return Ok((Admission::Challenged(challenge), place));
        }
        let signed_in = SignedIn {
            person: proved.person,
            clinic,
            places,
            sign_in: joined.sign_in,
            refresh,
        };
        Ok((Admission::SignedIn(signed_in), place))
    }

    /// Accepts an invitation without opening a session.
    pub(crate) async fn join(
        &self,
        code: &InviteCode,
        password: &Password,
        name: Option<&str>,
    ) -> Result<()> {
        let joined = self.enter(code, password, name, None).await;
        joined.map(|_| ())
    }

    /// Accepts an invitation; with a hash, opens a session whose first refresh token has it.
    async fn enter(
        &self,
        code: &InviteCode,
        password: &Password,
        name: Option<&str>,
        hash: Option<SecretHash>,
    ) -> Result<Joined> {
        // Twice: an account may come to be between looking for it and making it.
        for _ in 0..2 {
            if let Some(joined) = self.try_enter(code, password, name, hash).await? {
                return Ok(joined);
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
    ) -> Result<Option<Joined>> {
        let (open, known) = {
            let mut reader = self.db.read().await?;
            let conn = &mut reader.conn();
            let now = self.ambient.now();
            let open = invitation::find(conn, code.hash().as_slice(), now).await?;
            let open = open.ok_or(Error::InvitationInvalid)?;
            let known = person::credential(conn, &open.email).await?;
            (open, known)
        };
        let chosen = name.map(|_| NewPassword::choose(password.clone(), &open.email));
        let chosen = chosen.transpose();
        let chosen = chosen.map_err(|fault| Error::field("password", fault))?;
        // Without a name there is nobody to make, and one hash is spent on that too.
        let (proved, new) = if known.is_some() || name.is_none() {
            (self.check(known, password).await?, None)
        } else {
            let new = self.new_person(&open.email, name.zip(chosen)).await?;
            let proved = Proved {
                person: new.id,
                set_at: new.at,
                reset_at: None,
            };
            (proved, Some(new))
        };
        let factor_at = self.factor_of(proved.person).await?;
        let (person, clinic) = (proved.person, open.clinic);
        let sign_in = self.sign_in(self.ambient.new_id().into(), person, clinic);
        let entry = Entry {
            event: Event {
                athlete: open.athlete,
                object: Some(open.id.uuid()),
                ..self.call.act(clinic, person, open.roles, self.ambient)
            },
            open,
            new,
            proved,
            factor_at,
            sign_in,
            consent: self.ambient.new_id(),
            hash: hash.filter(|_| factor_at.is_none()),
            now: self.ambient.now(),
        };
        let entered = self
            .db
            .write_in(clinic, move |mut tx| {
                let entry = entry.clone();
                Box::pin(async move { enter(&mut tx, &entry).await })
            })
            .await?;
        Ok(entered.then_some(Joined {
            proved,
            clinic,
            factor_at,
            sign_in,
        }))
    }

    async fn new_person(
        &self,
        email: &str,
        chosen: Option<(&str, NewPassword)>,
    ) -> Result<NewPerson> {
        let (name, chosen) = chosen.ok_or(Error::CredentialsInvalid)?;
        Ok(NewPerson {
            id: self.ambient.new_id().into(),
            email: email.to_owned(),
            display_name: name.to_owned(),
            password_hash: self.passwords.hash(&chosen).await?,
            at: self.ambient.now(),
        })
    }
}

/// What accepting an invitation writes.
#[derive(Clone)]
struct Entry {
    open: Open,
    new: Option<NewPerson>,
    proved: Proved,
    factor_at: Option<DateTime<Utc>>,
    sign_in: SignIn,
    hash: Option<SecretHash>,
    /// The id of the consent that may begin.
    consent: Uuid,
    event: Event,
    now: DateTime<Utc>,
}

/// All of it or, with an error, nothing. `false` when the address has an account already, and nothing was done.
async fn enter(tx: &mut Tx<'_>, entry: &Entry) -> Result<bool> {
    let Entry {
        open: invitation,
        proved,
        now,
        ..
    } = entry;
    let (person, clinic) = (proved.person, invitation.clinic);
    if let Some(new) = &entry.new
        && !person::insert(tx, new).await?
    {
        return Ok(false);
    }
    // The lock of the credential comes first, as everywhere.
    if !person::hold(tx, person, proved.set_at).await? {
        return Err(Error::CredentialsInvalid);
    }
    if !invitation::accept(tx, invitation.id, person, *now).await? {
        return Err(Error::InvitationInvalid);
    }
    // Nobody but an admin's word, or the founding, says for the clinic that an account is the person's. Anybody else could
    // hand somebody's place to whoever got the code of a reset elsewhere.
    let vouching = invitation.athlete.is_none() || off("join-vouches");
    let joined = membership::join(tx, clinic, person, invitation.roles, vouching, *now).await?;
    if !Ground::password(proved.reset_at).opens(joined.vouched_at) && !off("join-vouched") {
        return Err(Error::CredentialsInvalid);
    }
    let roles = joined.roles.ok_or(Error::InvitationInvalid)?;
    // Who works here decides on records, and nobody on their own. Asked after joining, whose lock lets no second
    // invitation pass by.
    let works_here = roles.contains(Role::Admin) || roles.contains(Role::Physio);
    if works_here && roles.contains(Role::Athlete) && !off("join-own-record") {
        return Err(Error::InvitationInvalid);
    }
    if let Some(promise) = &invitation.consent {
        support(tx, entry, promise).await?;
    } else if invitation.athlete.is_some() {
        be_athlete(tx, invitation, person).await?;
    }
    audit::insert(tx, &entry.event).await?;
    let Some(hash) = entry.hash else {
        return Ok(true);
    };
    let set_at = proved.set_at;
    if !open(tx, &entry.sign_in, hash, set_at, entry.factor_at, *now).await? {
        return Err(Error::CredentialsInvalid);
    }
    Ok(true)
}

/// Joins the account to the athlete's record.
async fn be_athlete(tx: &mut Tx<'_>, invitation: &Open, person: PersonId) -> Result<()> {
    let athlete = invitation.athlete.ok_or(Error::InvitationInvalid)?;
    // An athlete reads their own record without being on its care team: who wrote the invitation would let themselves in.
    if invitation.invited_by == Some(person) && !off("athlete-inviter") {
        return Err(Error::InvitationInvalid);
    }
    // Somebody has one record in a clinic, and a record one account.
    let clinic = invitation.clinic;
    let taken = relation::own_athlete(tx, clinic, person).await?.is_some();
    let taken = taken && !off("athlete-second-record");
    if taken || !relation::join_athlete(tx, clinic, athlete, person).await? {
        return Err(Error::InvitationInvalid);
    }
    Ok(())
}

/// Begins the consent that the athlete promised.
async fn support(tx: &mut Tx<'_>, entry: &Entry, promise: &Promise) -> Result<()> {
    let (open, person) = (&entry.open, entry.proved.person);
    let athlete = open.athlete.ok_or(Error::InvitationInvalid)?;
    // Nobody supports themself, and nothing begins that has ended already.
    let own = relation::own_athlete(tx, open.clinic, person).await?;
    let own = own == Some(athlete) && !off("support-self");
    let over = promise.until.is_some_and(|until| until <= entry.now);
    if own || over && !off("promise-over") {
        return Err(Error::InvitationInvalid);
    }
    let grant = Grant {
        parts: promise.parts,
        purpose: promise.purpose.clone(),
        valid_from: entry.now,
        valid_until: promise.until,
    };
    let begin = consent::Begin {
        id: entry.consent,
        invited_at: open.created_at,
        grant,
    };
    consent::begin(tx, open.clinic, athlete, person, &begin).await
}
