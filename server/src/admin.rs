//! What the operator does at the machine, beside the API: founding a clinic.

use chrono::{DateTime, Utc};
use rung_progression::ClinicId;

use crate::{
    access::{
        InviteCode, Password, Passwords, Role, Roles,
        account::{self, Desk},
    },
    clock::SharedAmbient,
    error::{Error, Result},
    rpc::field::Fields,
    storage::Db,
};

/// A clinic to be founded, and its first admin.
pub(crate) struct Founding<'a> {
    /// 1 to 100 characters.
    pub(crate) clinic_name: &'a str,
    pub(crate) email: &'a str,
    /// The admin also treats athletes, as in a practice of one.
    pub(crate) physio: bool,
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
    founding: &Founding<'_>,
) -> Result<Founded> {
    let mut f = Fields::new();
    let name = f.text("clinic", founding.clinic_name, 1..=100);
    let email = f.email("email", founding.email);
    let (name, email) = f.finish(name.zip(email))?;
    let admin = Roles::from(Role::Admin);
    let roles = if founding.physio {
        admin.union(Role::Physio.into())
    } else {
        admin
    };
    let (invite, code) = account::found(db, ambient, name, email, roles).await?;
    Ok(Founded {
        clinic: invite.clinic(),
        code,
        expires_at: invite.expires_at(),
    })
}

/// Accepts the founding invitation at once, for a set-up without hands. The password comes from the environment or
/// standard input, never from the command line, where every user of the machine could read it.
pub(crate) async fn accept(
    db: &Db,
    ambient: &SharedAmbient,
    passwords: &Passwords,
    code: &InviteCode,
    display_name: &str,
    password: String,
) -> Result<()> {
    let mut f = Fields::new();
    let name = f.text("name", display_name, 1..=100);
    let password = f.check("password", Password::parse(password));
    let (name, password) = f.finish(name.zip(password))?;
    let desk = Desk {
        db,
        ambient,
        passwords,
    };
    desk.join(code, &password, Some(&name))
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
