//! What is kept of an athlete beside their record: account, sign-ins, invitations. For the athlete themself; nothing of
//! it is a secret that could be used, and nothing is of another clinic.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    access::{AthleteAccess, Relation},
    error::{Error, Result},
    storage::{Conn, db::on},
};

/// Who somebody is to the service.
#[derive(Clone, Debug, sqlx::FromRow, Serialize)]
pub(crate) struct Account {
    pub(crate) id: Uuid,
    pub(crate) email: String,
    pub(crate) display_name: String,
    pub(crate) created_at: DateTime<Utc>,
}

/// Their place in the clinic.
#[derive(Clone, Debug, sqlx::FromRow, Serialize)]
pub(crate) struct Place {
    /// A set as text.
    pub(crate) roles: String,
    pub(crate) state: String,
    pub(crate) created_at: DateTime<Utc>,
    /// When the clinic last had proof that the account is theirs.
    pub(crate) vouched_at: Option<DateTime<Utc>>,
}

/// When their password was set; not the password.
#[derive(Clone, Debug, sqlx::FromRow, Serialize)]
pub(crate) struct PasswordSet {
    pub(crate) updated_at: DateTime<Utc>,
    /// When an admin last made them set a new one.
    pub(crate) reset_at: Option<DateTime<Utc>>,
}

/// When their second factor was set up; not the factor.
#[derive(Clone, Debug, sqlx::FromRow, Serialize)]
pub(crate) struct FactorSet {
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) confirmed_at: Option<DateTime<Utc>>,
}

/// A sign-in to the clinic that is remembered; not its tokens.
#[derive(Clone, Debug, sqlx::FromRow, Serialize)]
pub(crate) struct SignedIn {
    pub(crate) id: Uuid,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) refreshed_at: Option<DateTime<Utc>>,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) revoked_at: Option<DateTime<Utc>>,
    pub(crate) second_factor: bool,
}

/// An invitation to sign in as the athlete, or to see parts of their record; not its code.
#[derive(Clone, Debug, sqlx::FromRow, Serialize)]
pub(crate) struct Invitation {
    pub(crate) id: Uuid,
    /// The address that was given.
    pub(crate) email: String,
    pub(crate) roles: String,
    pub(crate) invited_by: Option<Uuid>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) accepted_at: Option<DateTime<Utc>>,
    pub(crate) accepted_by: Option<Uuid>,
    pub(crate) consent_parts: Option<String>,
    pub(crate) consent_purpose: Option<String>,
    pub(crate) consent_until: Option<DateTime<Utc>>,
}

/// Nobody but the athlete: whoever treats them learns neither how they sign in nor whom they tell.
fn theirs(access: &AthleteAccess) -> Result<()> {
    if access.relation() == Relation::Own {
        Ok(())
    } else {
        Err(Error::RoleRequired)
    }
}

/// The account.
pub(crate) async fn account(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
) -> Result<Option<Account>> {
    const SQL: &str = "SELECT id, email, display_name, created_at FROM person WHERE id = $1";
    theirs(access)?;
    Ok(on!(conn, fetch_optional sqlx::query_as(SQL).bind(access.person().uuid()))?)
}

/// The place in the clinic.
pub(crate) async fn place(conn: &mut Conn<'_>, access: &AthleteAccess) -> Result<Option<Place>> {
    const SQL: &str = "SELECT roles, state, created_at, vouched_at FROM membership \
                       WHERE clinic_id = $1 AND person_id = $2";
    theirs(access)?;
    Ok(on!(conn, fetch_optional sqlx::query_as(SQL)
        .bind(access.clinic().uuid())
        .bind(access.person().uuid()))?)
}

/// When the password was set.
pub(crate) async fn password(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
) -> Result<Option<PasswordSet>> {
    const SQL: &str = "SELECT updated_at, reset_at FROM credential WHERE person_id = $1";
    theirs(access)?;
    Ok(on!(conn, fetch_optional sqlx::query_as(SQL).bind(access.person().uuid()))?)
}

/// When the second factor was set up.
pub(crate) async fn second_factor(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
) -> Result<Option<FactorSet>> {
    const SQL: &str = "SELECT created_at, confirmed_at FROM second_factor WHERE person_id = $1";
    theirs(access)?;
    Ok(on!(conn, fetch_optional sqlx::query_as(SQL).bind(access.person().uuid()))?)
}

/// Sign-ins to the clinic, the newest first, before `before`.
pub(crate) async fn sign_ins(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<SignedIn>> {
    const SQL: &str = "SELECT id, created_at, refreshed_at, expires_at, revoked_at, second_factor FROM auth_session \
                       WHERE person_id = $1 AND clinic_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4";
    theirs(access)?;
    Ok(on!(conn, fetch_all sqlx::query_as(SQL)
        .bind(access.person().uuid())
        .bind(access.clinic().uuid())
        .bind(before.unwrap_or(Uuid::max()))
        .bind(limit))?)
}

/// Invitations about the athlete, the newest first, before `before`.
pub(crate) async fn invitations(
    conn: &mut Conn<'_>,
    access: &AthleteAccess,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Invitation>> {
    const SQL: &str = "SELECT id, email, roles, invited_by, created_at, expires_at, accepted_at, accepted_by, \
                       consent_parts, consent_purpose, consent_until FROM invitation \
                       WHERE clinic_id = $1 AND athlete_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4";
    theirs(access)?;
    Ok(on!(conn, fetch_all sqlx::query_as(SQL)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid())
        .bind(before.unwrap_or(Uuid::max()))
        .bind(limit))?)
}

#[cfg(test)]
#[path = "own_test.rs"]
mod tests;
