//! Sign-ins and their refresh tokens.

use chrono::{DateTime, Utc};
use rung_progression::{ClinicId, PersonId, SessionId};
use uuid::Uuid;

use crate::{
    access::Roles,
    error::Result,
    storage::{Conn, Tx, db::on, identity::live},
};

/// A sign-in of a person to one clinic.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignIn {
    pub(crate) session: SessionId,
    pub(crate) person: PersonId,
    pub(crate) clinic: ClinicId,
    /// Absolute: no refresh moves it.
    pub(crate) expires_at: DateTime<Utc>,
}

/// What became of a refresh token that was handed in.
#[derive(Debug)]
pub(crate) enum Rotation {
    /// Exchanged; the successor is stored, and has this place in the chain.
    Renewed(SignIn, i64),
    /// Unknown, or its session has expired, is revoked or has no active membership; nothing was changed.
    Refused,
    /// It had been exchanged before; the session is revoked now.
    Reused(SessionId),
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

/// Opens a session whose first refresh token has this hash.
pub(crate) async fn open(
    tx: &mut Tx<'_>,
    sign_in: &SignIn,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<()> {
    const SQL: &str = "INSERT INTO auth_session \
                       (id, person_id, clinic_id, rotation, created_at, expires_at) \
                       VALUES ($1, $2, $3, $4, $5, $6)";
    on!(&mut **tx, execute sqlx::query(SQL)
        .bind(sign_in.session.uuid())
        .bind(sign_in.person.uuid())
        .bind(sign_in.clinic.uuid())
        .bind(0_i64)
        .bind(now)
        .bind(sign_in.expires_at))?;
    insert_token(tx, token_hash, sign_in.session.uuid(), 0, now).await
}

#[derive(sqlx::FromRow)]
struct Locked {
    person_id: Uuid,
    clinic_id: Uuid,
    rotation: i64,
    expires_at: DateTime<Utc>,
}

/// Exchanges the refresh token with hash `old` for the one with hash `new`.
pub(crate) async fn rotate(
    tx: &mut Tx<'_>,
    old: &[u8],
    new: &[u8],
    now: DateTime<Utc>,
) -> Result<Rotation> {
    const FIND: &str = "SELECT session_id FROM refresh_token WHERE hash = $1";
    // Setting the rotation to itself locks the row.
    const LOCK: &str = "UPDATE auth_session SET rotation = rotation WHERE id = $1 \
                        RETURNING person_id, clinic_id, rotation, expires_at";
    const USE: &str = "UPDATE refresh_token SET used_at = $2 WHERE hash = $1 AND used_at IS NULL";
    const COUNT: &str = "UPDATE auth_session SET rotation = $2 WHERE id = $1";
    let found: Option<Uuid> = on!(&mut **tx, fetch_optional sqlx::query_scalar(FIND).bind(old))?;
    let Some(session) = found else {
        return Ok(Rotation::Refused);
    };
    // The lock comes before the facts: of exchanges at the same moment each sees what the one before it has done.
    let locked: Locked = on!(&mut **tx, fetch_one sqlx::query_as(LOCK).bind(session))?;
    let sign_in = SignIn {
        session: session.into(),
        person: locked.person_id.into(),
        clinic: locked.clinic_id.into(),
        expires_at: locked.expires_at,
    };
    // A token is not used up while its session sleeps: once the membership is active again it still works.
    if live_roles(tx, sign_in.session, sign_in.person, sign_in.clinic, now)
        .await?
        .is_none()
    {
        return Ok(Rotation::Refused);
    }
    if on!(&mut **tx, execute sqlx::query(USE).bind(old).bind(now))? == 0 {
        // Whoever holds the successor may be a thief, or a client whose answer got lost. Telling them apart needs to
        // know whether the successor was used, and a way to hand out the same answer again; until that stands, the
        // safe side is to end the session for both.
        revoke(tx, session, now).await?;
        return Ok(Rotation::Reused(session.into()));
    }
    let rotation = locked.rotation + 1;
    on!(&mut **tx, execute sqlx::query(COUNT).bind(session).bind(rotation))?;
    insert_token(tx, new, session, rotation, now).await?;
    Ok(Rotation::Renewed(sign_in, rotation))
}

/// Whether it is known already that the tokens of this rotation, or of a later one, arrived.
pub(crate) async fn is_confirmed(
    conn: &mut Conn<'_>,
    session: SessionId,
    rotation: i64,
) -> Result<bool> {
    const SQL: &str = "SELECT confirmed_rotation FROM auth_session WHERE id = $1";
    let confirmed: Option<i64> =
        on!(conn, fetch_optional sqlx::query_scalar(SQL).bind(session.uuid()))?;
    Ok(confirmed.is_some_and(|confirmed| confirmed >= rotation))
}

/// Notes that a token of this rotation was used: its pair arrived, and the refresh token before it is of no more use to
/// its owner.
pub(crate) async fn confirm(tx: &mut Tx<'_>, session: SessionId, rotation: i64) -> Result<()> {
    const SQL: &str = "UPDATE auth_session SET confirmed_rotation = $2 \
                       WHERE id = $1 AND confirmed_rotation < $2 AND rotation >= $2";
    on!(&mut **tx, execute sqlx::query(SQL).bind(session.uuid()).bind(rotation))?;
    Ok(())
}

async fn revoke(tx: &mut Tx<'_>, session: Uuid, now: DateTime<Utc>) -> Result<()> {
    const SQL: &str =
        "UPDATE auth_session SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    on!(&mut **tx, execute sqlx::query(SQL).bind(session).bind(now))?;
    Ok(())
}

async fn insert_token(
    tx: &mut Tx<'_>,
    hash: &[u8],
    session: Uuid,
    rotation: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    const SQL: &str = "INSERT INTO refresh_token (hash, session_id, rotation, created_at) \
                       VALUES ($1, $2, $3, $4)";
    on!(&mut **tx, execute sqlx::query(SQL).bind(hash).bind(session).bind(rotation).bind(now))?;
    Ok(())
}
