//! Changing a password, and setting a new one with an admin's code.

use rung_progression::PersonId;

use super::{Desk, own};
use crate::{
    access::{
        Session, new_password::NewPassword, password::Password, role::Roles, secret::InviteCode,
    },
    error::{Error, Result},
    mutant::off,
    storage::{
        audit,
        identity::{epoch, membership, person, reset, session},
    },
};

impl Desk<'_> {
    /// Changes the password and ends all other sessions.
    pub(crate) async fn change_password(
        &self,
        session: &Session,
        old: &Password,
        new: Password,
    ) -> Result<()> {
        let (person, kept) = (session.caller().person, own(session)?);
        let new = self.chosen(person, new).await?;
        let proved = self.check_own(person, old).await?;
        let (hash, now) = (self.passwords.hash(&new).await?, self.ambient.now());
        let changed = session
            .write(move |mut tx| {
                let hash = hash.clone();
                Box::pin(async move {
                    let former = proved.set_at;
                    if !person::change_password(&mut tx, person, &hash, former, now).await? {
                        return Ok(false);
                    }
                    if !off("password-codes") {
                        reset::close_all(&mut tx, person, now).await?;
                    }
                    if !off("password-sessions") {
                        session::end_all(&mut tx, person, Some(kept), now).await?;
                    }
                    epoch::bump(&mut tx).await?;
                    Ok(true)
                })
            })
            .await?;
        // Another one was set meanwhile: the old one is no longer what was checked.
        changed.then_some(()).ok_or(Error::CredentialsInvalid)
    }

    /// Sets a password with an admin's code, and ends all sessions. The clinic of that admin vouches from now on; others
    /// do not believe the new password by itself.
    pub(crate) async fn reset_password(&self, code: &InviteCode, new: Password) -> Result<()> {
        let code = code.hash();
        let open = reset::find(
            &mut self.db.read().await?.conn(),
            code.as_slice(),
            self.ambient.now(),
        )
        .await?
        .ok_or(Error::ResetCodeInvalid)?;
        let new = self.chosen(open.person, new).await?;
        let (hash, now) = (self.passwords.hash(&new).await?, self.ambient.now());
        let none = Roles::none();
        let event = self.call.act(open.clinic, open.person, none, self.ambient);
        // In the clinic of the code, for the audit row.
        self.db
            .write_in(open.clinic, move |mut tx| {
                let (hash, event) = (hash.clone(), event.clone());
                Box::pin(async move {
                    let person = open.person;
                    // The lock of the credential comes first, as everywhere.
                    let set = person::reset_password(&mut tx, person, &hash, now).await?;
                    let spent = reset::spend(&mut tx, code.as_slice(), now).await?;
                    let member = membership::vouch(&mut tx, open.clinic, person, now).await?;
                    if !(set && spent && member) {
                        return Err(Error::ResetCodeInvalid);
                    }
                    reset::close_all(&mut tx, person, now).await?;
                    if !off("reset-sessions") {
                        session::end_all(&mut tx, person, None, now).await?;
                    }
                    audit::insert(&mut tx, &event).await?;
                    epoch::bump(&mut tx).await
                })
            })
            .await
    }

    /// The new password, judged for the account it is for.
    async fn chosen(&self, person: PersonId, new: Password) -> Result<NewPassword> {
        let profile = person::profile(&mut self.db.read().await?.conn(), person).await?;
        let email = profile.ok_or(Error::TokenInvalid)?.email;
        NewPassword::choose(new, &email).map_err(|fault| Error::field("new_password", fault))
    }
}
