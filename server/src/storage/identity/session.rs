//! Sign-ins.

use chrono::{DateTime, Utc};
use rung_progression::{ClinicId, PersonId, SessionId};
use uuid::Uuid;

use super::refresh;
use crate::{
    access::Roles,
    error::Result,
    mutant::{off, sql},
    storage::{Conn, Tx, db::on, identity::live},
};

/// A sign-in of a person to one clinic.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignIn {
    pub(crate) session: SessionId,
    pub(crate) person: PersonId,
    pub(crate) clinic: ClinicId,
    /// Whether a second factor was proved.
    pub(crate) second_factor: bool,
    /// Absolute: no refresh moves it.
    pub(crate) expires_at: DateTime<Utc>,
}

/// A sign-in that is still open, as its owner is shown it.
#[derive(sqlx::FromRow)]
pub(crate) struct Listed {
    pub(crate) id: Uuid,
    pub(crate) clinic_id: Uuid,
    pub(crate) created_at: DateTime<Utc>,
    /// Never, when no token of it was renewed yet.
    pub(crate) refreshed_at: Option<DateTime<Utc>>,
    pub(crate) expires_at: DateTime<Utc>,
}

/// The roles of the session's person, when session, membership and clinic live.
pub(crate) async fn live_roles(
    conn: &mut Conn<'_>,
    session: SessionId,
    person: PersonId,
    clinic: ClinicId,
    now: DateTime<Utc>,
) -> Result<Option<Roles>> {
    let live = live::person(conn, session, person, clinic, now).await?;
    Ok(live.map(|live| live.roles))
}

/// Opens a session whose first refresh token has this hash; `false` when there has been a session of this id.
pub(crate) async fn open(
    tx: &mut Tx<'_>,
    sign_in: &SignIn,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<bool> {
    const SQL: &str = "INSERT INTO auth_session \
                       (id, person_id, clinic_id, rotation, second_factor, created_at, expires_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    let opened = on!(&mut **tx, execute sqlx::query(SQL)
        .bind(sign_in.session.uuid())
        .bind(sign_in.person.uuid())
        .bind(sign_in.clinic.uuid())
        .bind(0_i64)
        .bind(sign_in.second_factor)
        .bind(now)
        .bind(sign_in.expires_at))?;
    if opened == 1 {
        refresh::insert(tx, token_hash, sign_in.session.uuid(), 0, now).await?;
    }
    Ok(opened == 1)
}

/// Notes that a token of this rotation was used: its pair arrived, and the refresh token before it is of no more use to
/// its owner.
pub(crate) async fn confirm(tx: &mut Tx<'_>, session: SessionId, rotation: i64) -> Result<()> {
    const SQL: &str = "UPDATE auth_session SET confirmed_rotation = $2 \
                       WHERE id = $1 AND confirmed_rotation < $2 AND rotation >= $2";
    on!(&mut **tx, execute sqlx::query(SQL).bind(session.uuid()).bind(rotation))?;
    Ok(())
}

/// What was proved when a session was opened.
#[derive(sqlx::FromRow)]
pub(crate) struct Proved {
    /// When an admin last made the account set a new password.
    pub(crate) reset_at: Option<DateTime<Utc>>,
    /// Whether the session has proved the second factor.
    pub(crate) second_factor: bool,
    /// When the account's second factor was confirmed.
    pub(crate) confirmed_at: Option<DateTime<Utc>>,
    /// The newest reset before that.
    pub(crate) factor_reset_at: Option<DateTime<Utc>>,
}

/// What was proved when the session was opened.
pub(crate) async fn proved(conn: &mut Conn<'_>, session: SessionId) -> Result<Option<Proved>> {
    const SQL: &str = "SELECT c.reset_at, s.second_factor, f.confirmed_at, \
                       f.reset_at AS factor_reset_at FROM auth_session s \
                       JOIN credential c ON c.person_id = s.person_id \
                       LEFT JOIN second_factor f ON f.person_id = s.person_id WHERE s.id = $1";
    Ok(on!(conn, fetch_optional sqlx::query_as(SQL).bind(session.uuid()))?)
}

/// Moves a session to another clinic; answers the newest rotation of which a token was used, or `None` when the session
/// is over.
pub(crate) async fn switch(
    tx: &mut Tx<'_>,
    session: SessionId,
    clinic: ClinicId,
    now: DateTime<Utc>,
) -> Result<Option<i64>> {
    const SQL: &str = "UPDATE auth_session SET clinic_id = $2 \
                       WHERE id = $1 AND revoked_at IS NULL AND expires_at > $3 \
                       RETURNING confirmed_rotation";
    Ok(on!(&mut **tx, fetch_optional sqlx::query_scalar(SQL)
        .bind(session.uuid())
        .bind(clinic.uuid())
        .bind(now))?)
}

/// The open sessions of a person, the newest first.
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    person: PersonId,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Listed>> {
    const SQL: &str = "SELECT id, clinic_id, created_at, refreshed_at, expires_at FROM auth_session \
                       WHERE person_id = $1 AND revoked_at IS NULL AND expires_at > $2 \
                       ORDER BY id DESC LIMIT $3";
    let query = sql(
        SQL,
        &[(off("sessions-person"), "person_id = $1", "$1 = $1")],
    );
    Ok(on!(conn, fetch_all sqlx::query_as(query).bind(person.uuid()).bind(now).bind(limit))?)
}

/// Ends a session of this person; `false` when they have none of this id. Ending it again changes nothing.
pub(crate) async fn end(
    tx: &mut Tx<'_>,
    session: SessionId,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<bool> {
    const SQL: &str = "UPDATE auth_session SET revoked_at = COALESCE(revoked_at, $3) \
                       WHERE id = $1 AND person_id = $2";
    let query = sql(
        SQL,
        &[(off("session-end-person"), "person_id = $2", "$2 = $2")],
    );
    let ended = on!(&mut **tx, execute sqlx::query(query)
        .bind(session.uuid())
        .bind(person.uuid())
        .bind(now))?;
    Ok(ended == 1)
}

/// Ends all sessions of a person, in all clinics, but for `kept`.
pub(crate) async fn end_all(
    tx: &mut Tx<'_>,
    person: PersonId,
    kept: Option<SessionId>,
    now: DateTime<Utc>,
) -> Result<()> {
    const SQL: &str = "UPDATE auth_session SET revoked_at = $3 \
                       WHERE person_id = $1 AND id <> $2 AND revoked_at IS NULL";
    // No session has the nil id.
    let kept = kept.map_or(Uuid::nil(), SessionId::uuid);
    on!(&mut **tx, execute sqlx::query(SQL).bind(person.uuid()).bind(kept).bind(now))?;
    Ok(())
}

/// Notes whether the open sessions of a person have proved a second factor.
pub(crate) async fn set_second_factor(
    tx: &mut Tx<'_>,
    person: PersonId,
    proved: bool,
) -> Result<()> {
    const SQL: &str = "UPDATE auth_session SET second_factor = $2 \
                       WHERE person_id = $1 AND revoked_at IS NULL";
    on!(&mut **tx, execute sqlx::query(SQL).bind(person.uuid()).bind(proved))?;
    Ok(())
}
