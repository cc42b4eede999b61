//! Refresh tokens: each is exchanged for one successor.
//!
//! The successor is derived from the token itself, so that whoever asks again gets the same one: an answer that got lost
//! costs nothing. Once something of the new pair was used, the answer is known to have arrived, and from then on the old
//! token has no honest owner.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::session::{SignIn, live_roles};
use crate::{
    error::Result,
    mutant::off,
    storage::{Tx, db::on},
};

/// What became of a refresh token that was handed in.
#[derive(Debug)]
pub(crate) enum Rotation {
    /// Exchanged; the successor is stored, and has this place in the chain.
    Renewed(SignIn, i64),
    /// Unknown, or its session has expired, is revoked or has no active membership; nothing was changed.
    Refused,
    /// Its successor was used before: the session has to end.
    Reused(SignIn),
}

#[derive(sqlx::FromRow)]
struct Locked {
    person_id: Uuid,
    clinic_id: Uuid,
    rotation: i64,
    confirmed_rotation: i64,
    second_factor: bool,
    expires_at: DateTime<Utc>,
}

/// Exchanges the refresh token with hash `old` for its successor, which has the hash `new`.
pub(crate) async fn rotate(
    tx: &mut Tx<'_>,
    old: &[u8],
    new: &[u8],
    now: DateTime<Utc>,
) -> Result<Rotation> {
    const FIND: &str = "SELECT session_id, rotation FROM refresh_token WHERE hash = $1";
    // Setting the rotation to itself locks the row.
    const LOCK: &str = "UPDATE auth_session SET rotation = rotation WHERE id = $1 RETURNING \
                        person_id, clinic_id, rotation, confirmed_rotation, second_factor, expires_at";
    let found: Option<(Uuid, i64)> = on!(&mut **tx, fetch_optional sqlx::query_as(FIND).bind(old))?;
    let Some((id, place)) = found else {
        return Ok(Rotation::Refused);
    };
    // The lock comes before the facts: of exchanges at the same moment each sees what the one before it has done.
    let locked: Locked = on!(&mut **tx, fetch_one sqlx::query_as(LOCK).bind(id))?;
    let sign_in = SignIn {
        session: id.into(),
        person: locked.person_id.into(),
        clinic: locked.clinic_id.into(),
        second_factor: locked.second_factor,
        expires_at: locked.expires_at,
    };
    // A token is not used up while its session sleeps: once the membership is active again it still works.
    if live_roles(tx, sign_in.session, sign_in.person, sign_in.clinic, now)
        .await?
        .is_none()
    {
        return Ok(Rotation::Refused);
    }
    if place == locked.rotation {
        exchange(tx, id, old, new, place, now).await?;
        return Ok(Rotation::Renewed(sign_in, place + 1));
    }
    // The one before the newest, of whose pair nothing was used: it is asked for again.
    let unused = locked.confirmed_rotation < locked.rotation || off("refresh-used");
    if place + 1 == locked.rotation && unused {
        return Ok(if is_newest(tx, id, new, locked.rotation).await? {
            Rotation::Renewed(sign_in, locked.rotation)
        } else {
            // Derived with another key than it was: nobody can be given the same one again.
            Rotation::Refused
        });
    }
    Ok(Rotation::Reused(sign_in))
}

/// Puts the successor in its place. That the newest token was handed in proves that it arrived.
async fn exchange(
    tx: &mut Tx<'_>,
    session: Uuid,
    old: &[u8],
    new: &[u8],
    place: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    const USE: &str = "UPDATE refresh_token SET used_at = $2 WHERE hash = $1";
    const COUNT: &str = "UPDATE auth_session SET rotation = $2 + 1, refreshed_at = $3, \
                         confirmed_rotation = $2 WHERE id = $1";
    on!(&mut **tx, execute sqlx::query(USE).bind(old).bind(now))?;
    on!(&mut **tx, execute sqlx::query(COUNT).bind(session).bind(place).bind(now))?;
    insert(tx, new, session, place + 1, now).await
}

async fn is_newest(tx: &mut Tx<'_>, session: Uuid, hash: &[u8], place: i64) -> Result<bool> {
    const SQL: &str = "SELECT COUNT(*) FROM refresh_token \
                       WHERE hash = $1 AND session_id = $2 AND rotation = $3";
    let count: i64 = on!(&mut **tx, fetch_one sqlx::query_scalar(SQL)
        .bind(hash)
        .bind(session)
        .bind(place))?;
    Ok(count == 1)
}

/// Stores the token at a place of its session's chain.
pub(super) async fn insert(
    tx: &mut Tx<'_>,
    hash: &[u8],
    session: Uuid,
    place: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    const SQL: &str = "INSERT INTO refresh_token (hash, session_id, rotation, created_at) \
                       VALUES ($1, $2, $3, $4)";
    on!(&mut **tx, execute sqlx::query(SQL).bind(hash).bind(session).bind(place).bind(now))?;
    Ok(())
}
