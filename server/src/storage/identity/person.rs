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
    /// When the password was last set; whatever was promised on the former one is void.
    pub(crate) updated_at: Option<DateTime<Utc>>,
    /// When an admin last made the account set a new one.
    pub(crate) reset_at: Option<DateTime<Utc>>,
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

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    password_hash: Option<String>,
    updated_at: Option<DateTime<Utc>>,
    reset_at: Option<DateTime<Utc>>,
}

impl From<Row> for Credential {
    fn from(row: Row) -> Self {
        Self {
            person: row.id.into(),
            password_hash: row.password_hash,
            updated_at: row.updated_at,
            reset_at: row.reset_at,
        }
    }
}

/// The credential behind a lower-case address.
pub(crate) async fn credential(conn: &mut Conn<'_>, email: &str) -> Result<Option<Credential>> {
    const SQL: &str = "SELECT p.id, c.password_hash, c.updated_at, c.reset_at FROM person p \
                       LEFT JOIN credential c ON c.person_id = p.id WHERE p.email = $1";
    let found: Option<Row> = on!(conn, fetch_optional sqlx::query_as(SQL).bind(email))?;
    Ok(found.map(Credential::from))
}

/// The credential of somebody who is known.
pub(crate) async fn credential_of(
    conn: &mut Conn<'_>,
    person: PersonId,
) -> Result<Option<Credential>> {
    const SQL: &str = "SELECT p.id, c.password_hash, c.updated_at, c.reset_at FROM person p \
                       LEFT JOIN credential c ON c.person_id = p.id WHERE p.id = $1";
    let found: Option<Row> = on!(conn, fetch_optional sqlx::query_as(SQL).bind(person.uuid()))?;
    Ok(found.map(Credential::from))
}

/// Locks the credential until the transaction ends; `false` when the password set at `proved_at` is no longer the one.
pub(crate) async fn hold(
    tx: &mut Tx<'_>,
    person: PersonId,
    proved_at: DateTime<Utc>,
) -> Result<bool> {
    const SQL: &str = "UPDATE credential SET updated_at = updated_at \
                       WHERE person_id = $1 AND updated_at = $2";
    let held = on!(&mut **tx, execute sqlx::query(SQL).bind(person.uuid()).bind(proved_at))?;
    Ok(held == 1)
}

/// Locks the credential until the transaction ends, whatever it is.
pub(crate) async fn hold_any(tx: &mut Tx<'_>, person: PersonId) -> Result<()> {
    const SQL: &str = "UPDATE credential SET updated_at = updated_at WHERE person_id = $1";
    on!(&mut **tx, execute sqlx::query(SQL).bind(person.uuid()))?;
    Ok(())
}

/// Sets a password in place of the one set at `former`; `false` when another one was set meanwhile.
pub(crate) async fn change_password(
    tx: &mut Tx<'_>,
    person: PersonId,
    hash: &str,
    former: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool> {
    const SQL: &str = "UPDATE credential SET password_hash = $2, updated_at = $4 \
                       WHERE person_id = $1 AND updated_at = $3";
    let changed = on!(&mut **tx, execute sqlx::query(SQL)
        .bind(person.uuid())
        .bind(hash)
        .bind(former)
        .bind(now))?;
    Ok(changed == 1)
}

/// Sets a password at the word of an admin: those who have not vouched for the account since do not believe it.
pub(crate) async fn reset_password(
    tx: &mut Tx<'_>,
    person: PersonId,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    const SQL: &str = "UPDATE credential SET password_hash = $2, updated_at = $3, reset_at = $3 \
                       WHERE person_id = $1";
    let changed = on!(&mut **tx, execute sqlx::query(SQL)
        .bind(person.uuid())
        .bind(hash)
        .bind(now))?;
    Ok(changed == 1)
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
