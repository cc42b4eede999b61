//! What the operator does at the machine, beside the API: founding a clinic, changing keys.

pub(crate) mod key;
pub(crate) mod second_factor;

pub(crate) mod athlete;
pub(crate) mod clinic;

pub(crate) mod audit;
pub(crate) mod decision;
pub(crate) mod erase;

use chrono::{DateTime, Utc};
use rung_progression::ClinicId;

use crate::{
    access::{
        Call, InviteCode, NewPassword, Password, Passwords, Role, Roles,
        account::{self, Desk},
    },
    clock::SharedAmbient,
    error::{Error, Result},
    rpc::field::Fields,
    storage::Db,
};

/// A clinic to be founded, and its first admin, as the operator named them.
pub(crate) struct Wish<'a> {
    /// 1 to 100 characters.
    pub(crate) clinic_name: &'a str,
    pub(crate) email: &'a str,
    /// The admin also treats athletes, as in a practice of one.
    pub(crate) physio: bool,
    /// Name and password of the admin, when they are to accept at once. The password comes from the environment or
    /// standard input, never from the command line, where every user of the machine could read it.
    pub(crate) account: Option<(&'a str, String)>,
}

/// A [`Wish`] that can be granted.
pub(crate) struct Founding {
    clinic_name: String,
    email: String,
    roles: Roles,
    /// Who accepts at once.
    pub(crate) account: Option<Account>,
}

/// Name and password of a first admin.
pub(crate) struct Account {
    name: String,
    password: Password,
}

impl Founding {
    /// Reads all of it, so that nothing is founded for a password that is refused afterwards.
    pub(crate) fn parse(wish: Wish<'_>) -> Result<Self> {
        let mut f = Fields::new();
        let clinic_name = f.name("clinic", wish.clinic_name, 1..=100);
        let email = f.email("email", wish.email);
        let account = match wish.account {
            Some((name, password)) => {
                let name = f.name("name", name, 1..=100);
                let password = f.check("password", Password::parse(password));
                if let Some((password, email)) = password.clone().zip(email.as_deref()) {
                    f.check("password", NewPassword::choose(password, email));
                }
                name.zip(password).map(Some)
            }
            None => Some(None),
        };
        let ((clinic_name, email), account) = f.finish(clinic_name.zip(email).zip(account))?;
        let admin = Roles::from(Role::Admin);
        Ok(Self {
            clinic_name,
            email,
            roles: if wish.physio {
                admin.union(Role::Physio.into())
            } else {
                admin
            },
            account: account.map(|(name, password)| Account { name, password }),
        })
    }
}

/// What came of it.
pub(crate) struct Founded {
    pub(crate) clinic: ClinicId,
    /// Shown once; the admin accepts it with `rung join`.
    pub(crate) code: InviteCode,
    pub(crate) expires_at: DateTime<Utc>,
}

/// Founds a clinic and invites its first admin. There may be several clinics, and one person may found them all.
pub(crate) async fn bootstrap(
    db: &Db,
    ambient: &SharedAmbient,
    founding: &Founding,
) -> Result<Founded> {
    let (name, email) = (founding.clinic_name.clone(), founding.email.clone());
    let (invite, code) = account::found(db, ambient, name, email, founding.roles).await?;
    Ok(Founded {
        clinic: invite.clinic(),
        code,
        expires_at: invite.expires_at(),
    })
}

/// Accepts the founding invitation at once, for a set-up without hands.
pub(crate) async fn accept(
    db: &Db,
    ambient: &SharedAmbient,
    passwords: &Passwords,
    code: &InviteCode,
    account: &Account,
) -> Result<()> {
    let desk = Desk {
        call: &Call::by_operator("rungd admin bootstrap", ambient),
        db,
        ambient,
        passwords,
    };
    desk.join(code, &account.password, Some(&account.name))
        .await
        .map_err(|e| match e {
            Error::CredentialsInvalid => Error::field(
                "password",
                "is not that of the account which this address has already",
            ),
            other => other,
        })
}

#[cfg(test)]
#[path = "admin_test.rs"]
mod tests;
