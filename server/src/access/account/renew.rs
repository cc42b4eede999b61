//! Staying signed in.

use rung_progression::{ClinicId, SessionId};

use super::{
    Pair, own, pair,
    place::{Place, own_places},
};
use crate::{
    access::{
        Session,
        seal::Vault,
        secret::RefreshSecret,
        token::{AccessToken, Bearer, Tokens},
    },
    clock::SharedAmbient,
    error::{Error, Result},
    mutant::off,
    storage::{
        Db,
        identity::{
            epoch,
            refresh::{self, Rotation},
            session,
        },
    },
};

/// Exchanges a refresh token for a new pair.
pub(crate) async fn refresh(
    db: &Db,
    ambient: &SharedAmbient,
    tokens: &Tokens,
    vault: &Vault,
    old: &RefreshSecret,
) -> Result<Pair> {
    let new = old.successor(vault);
    let (old, next, now) = (old.hash(), new.hash(), ambient.now());
    let rotation = db
        .write(move |mut tx| {
            Box::pin(
                async move { refresh::rotate(&mut tx, old.as_slice(), next.as_slice(), now).await },
            )
        })
        .await?;
    match rotation {
        Rotation::Renewed(sign_in, rotation) => pair(tokens, &sign_in, rotation, new),
        Rotation::Refused => Err(Error::RefreshTokenInvalid),
        Rotation::Reused(session) => {
            tracing::warn!(%session, "a refresh token was used after its successor; its session is revoked");
            Err(Error::RefreshTokenInvalid)
        }
    }
}

/// Moves the caller's session to another clinic of theirs; its tokens for the former one stop working.
pub(crate) async fn switch(session: &Session, clinic: ClinicId) -> Result<(AccessToken, Place)> {
    let (person, id, now) = (session.caller().person, own(session)?, session.now());
    let mut places = own_places(session).await?.into_iter();
    let place = places
        .find(|place| place.membership.clinic == clinic || off("switch-membership"))
        .ok_or(Error::NotFound("clinic"))?;
    let confirmed = session
        .write(move |mut tx| {
            Box::pin(async move {
                let switched = session::switch(&mut tx, id, clinic, now).await?;
                epoch::bump(&mut tx).await?;
                Ok(switched)
            })
        })
        .await?;
    // Of the newest rotation that is known to have arrived: a token of a newer one would prove what it does not.
    let rotation = confirmed.ok_or(Error::TokenInvalid)?;
    let token = session.app().tokens.issue(Bearer {
        person,
        session: id,
        clinic,
        rotation,
    })?;
    Ok((token, place))
}

/// Ends a session of the caller's own account.
pub(crate) async fn end_session(session: &Session, id: SessionId) -> Result<()> {
    let (person, now) = (session.caller().person, session.now());
    session
        .write(move |mut tx| {
            Box::pin(async move {
                if !session::end(&mut tx, id, person, now).await? {
                    return Err(Error::NotFound("session"));
                }
                epoch::bump(&mut tx).await
            })
        })
        .await
}

#[cfg(test)]
#[path = "renew_test.rs"]
mod tests;
