//! Staying signed in.

use rung_progression::{ClinicId, SessionId};

use super::{
    Pair, own, pair,
    place::{Place, own_places},
};
use crate::{
    access::{
        Call, Session,
        role::Roles,
        seal::Vault,
        secret::RefreshSecret,
        token::{AccessToken, Bearer, Tokens},
    },
    clock::SharedAmbient,
    error::{Error, Result},
    mutant::off,
    storage::{
        Db,
        audit::{self, Event, Outcome},
        identity::{
            epoch,
            refresh::{self, Rotation},
            session::{self, SignIn},
        },
    },
};

/// Exchanges a refresh token for a new pair.
pub(crate) async fn refresh(
    db: &Db,
    ambient: &SharedAmbient,
    tokens: &Tokens,
    vault: &Vault,
    call: &Call,
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
        Rotation::Reused(_) if off("refresh-reuse") => Err(Error::RefreshTokenInvalid),
        Rotation::Reused(sign_in) => {
            end_reused(db, ambient, call, sign_in).await?;
            let session = sign_in.session;
            tracing::warn!(%session, "a refresh token was used after its successor; its session is revoked");
            Err(Error::RefreshTokenInvalid)
        }
    }
}

/// Ends a session of which somebody else holds a token. In a transaction of its own: only now it is known in which
/// clinic's audit it is told. Whoever comes with such a token again, comes here again.
async fn end_reused(db: &Db, ambient: &SharedAmbient, call: &Call, sign_in: SignIn) -> Result<()> {
    let refusal = Error::RefreshTokenInvalid.reason().to_owned();
    let event = Event {
        object: Some(sign_in.session.uuid()),
        outcome: Outcome::Denied(refusal),
        ..call.act(sign_in.clinic, sign_in.person, Roles::none(), ambient)
    };
    let now = ambient.now();
    db.write_in(sign_in.clinic, move |mut tx| {
        let event = event.clone();
        Box::pin(async move {
            session::end(&mut tx, sign_in.session, sign_in.person, now).await?;
            audit::insert(&mut tx, &event).await?;
            epoch::bump(&mut tx).await
        })
    })
    .await
}

/// Moves the caller's session to another clinic of theirs; its tokens for the former one stop working.
pub(crate) async fn switch(session: &Session, clinic: ClinicId) -> Result<(AccessToken, Place)> {
    let (person, id, now) = (session.caller().person, own(session)?, session.now());
    let mut places = own_places(session).await?.into_iter();
    let place = places
        .find(|place| place.membership.clinic == clinic || off("switch-membership"))
        .ok_or(Error::NotFound("clinic"))?;
    session.concerns(id.uuid());
    // Where they come to, it is told before they are there; where they come from, with the change itself.
    let ambient = &session.app().ambient;
    let arrival = Event {
        object: Some(id.uuid()),
        ..session
            .call()
            .act(clinic, person, place.membership.roles, ambient)
    };
    session
        .app()
        .db
        .write_in(clinic, move |mut tx| {
            let arrival = arrival.clone();
            Box::pin(async move { audit::insert(&mut tx, &arrival).await })
        })
        .await?;
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
