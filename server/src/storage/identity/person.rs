//! People and what they sign in with.

use chrono::{DateTime, Utc};
use rung_progression::PersonId;
use uuid::Uuid;

use crate::{
    error::Result,
    storage::{Conn, Tx, db::on},
};

/// What is needed to check a password.
pub(crate) struct Credential {
    pub(crate) person: PersonId,
    /// PHC string; none for a person who cannot sign in.
    pub(crate) password_hash: Option<String>,
}

/// How a person is called and reached.
pub(crate) struct Profile {
    pub(crate) email: String,
    pub(crate) display_name: String,
}

/// Somebody who is new here.
#[derive(Clone)]
pub(crate) struct NewPerson {
    pub(crate) id: PersonId,
    /// Lower case.
    pub(crate) email: String,
    pub(crate) display_name: String,
    /// PHC string.
    pub(crate) password_hash: String,
    pub(crate) at: DateTime<Utc>,
}

/// The credential behind a lower-case address.
pub(crate) async fn credential(conn: &mut Conn<'_>, email: &str) -> Result<Option<Credential>> {
    const SQL: &str = "SELECT p.id, c.password_hash FROM person p \
                       LEFT JOIN credential c ON c.person_id = p.id WHERE p.email = $1";
    let found: Option<(Uuid, Option<String>)> =
        on!(conn, fetch_optional sqlx::query_as(SQL).bind(email))?;
    Ok(found.map(|(id, password_hash)| Credential {
        person: id.into(),
        password_hash,
    }))
}

/// How a person is called and reached.
pub(crate) async fn profile(conn: &mut Conn<'_>, id: PersonId) -> Result<Option<Profile>> {
    const SQL: &str = "SELECT email, display_name FROM person WHERE id = $1";
    let found: Option<(String, String)> =
        on!(conn, fetch_optional sqlx::query_as(SQL).bind(id.uuid()))?;
    Ok(found.map(|(email, display_name)| Profile {
        email,
        display_name,
    }))
}

/// Makes an account; `false` when the address has one already.
pub(crate) async fn insert(tx: &mut Tx<'_>, new: &NewPerson) -> Result<bool> {
    const PERSON: &str = "INSERT INTO person (id, email, display_name, created_at) \
                          VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    const CREDENTIAL: &str =
        "INSERT INTO credential (person_id, password_hash, updated_at) VALUES ($1, $2, $3)";
    let made = on!(&mut **tx, execute sqlx::query(PERSON)
        .bind(new.id.uuid())
        .bind(&new.email)
        .bind(&new.display_name)
        .bind(new.at))?;
    if made == 0 {
        return Ok(false);
    }
    on!(&mut **tx, execute sqlx::query(CREDENTIAL)
        .bind(new.id.uuid())
        .bind(&new.password_hash)
        .bind(new.at))?;
    Ok(true)
}
