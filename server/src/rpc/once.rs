//! Idempotency by `request_id`: a repeated call is answered with what the first one was answered.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use prost::{Message, Name};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    access::Session,
    error::{Error, Result},
    mutant::off,
    storage::{
        Tx,
        request::{self, Claim},
    },
};

/// What a call does, inside the transaction that also remembers its answer. It may run again.
pub(crate) trait Call<Res>:
    for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<Res>> + Send + Sync + 'static
{
}
impl<Res, F> Call<Res> for F where
    F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<Res>> + Send + Sync + 'static
{
}

/// Runs `call` once for this `request_id` of this caller; a repeat gets the stored answer, another body
/// [`Error::RequestIdReused`].
pub(crate) async fn once<Req, Res>(
    session: &Session,
    request_id: Uuid,
    request: &Req,
    call: impl Call<Res>,
) -> Result<Res>
where
    Req: Message + Name,
    Res: Message + Default + Send + 'static,
{
    once_keeping(session, request_id, request, Res::encode_to_vec, call).await
}

/// [`once`], for an answer of which `keep` may store a part only: a secret is shown once and not kept.
pub(crate) async fn once_keeping<Req, Res>(
    session: &Session,
    request_id: Uuid,
    request: &Req,
    keep: fn(&Res) -> Vec<u8>,
    call: impl Call<Res>,
) -> Result<Res>
where
    Req: Message + Name,
    Res: Message + Default + Send + 'static,
{
    let claim = Claim {
        clinic: session.caller().clinic,
        person: session.caller().person,
        request_id,
        fingerprint: fingerprint(request),
        at: session.now(),
    };
    let (call, subject) = (Arc::new(call), session.subject());
    session
        .write(move |mut tx| {
            let (claim, call, subject) = (claim.clone(), Arc::clone(&call), subject.clone());
            Box::pin(async move {
                if let Some(stored) = request::claim(&mut tx, &claim).await? {
                    if stored.fingerprint != claim.fingerprint && !off("request-body") {
                        return Err(Error::RequestIdReused);
                    }
                    // The same call is about the same athlete, also when the first one has made them.
                    if let (None, Some(athlete)) = (subject.athlete(), stored.athlete_id) {
                        subject.is(athlete.into());
                    }
                    return Res::decode(stored.response.as_slice()).map_err(Error::internal);
                }
                let response = call(&mut tx).await?;
                let about = subject.athlete();
                let kept = if off("secret-once") {
                    response.encode_to_vec()
                } else {
                    keep(&response)
                };
                request::answer(&mut tx, &claim, &kept, about).await?;
                Ok(response)
            })
        })
        .await
}

/// What this very call was answered before, when it was.
pub(crate) async fn repeated<Req, Res>(
    session: &Session,
    request_id: Uuid,
    request: &Req,
) -> Result<Option<Res>>
where
    Req: Message + Name,
    Res: Message + Default,
{
    let (clinic, person) = (session.caller().clinic, session.caller().person);
    let mut reader = session.read().await?;
    let stored = request::find(&mut reader.conn(), clinic, person, request_id).await?;
    let same = stored.filter(|stored| stored.fingerprint == fingerprint(request));
    same.map(|stored| Res::decode(stored.response.as_slice()).map_err(Error::internal))
        .transpose()
}

/// SHA-256 over the method's message name and the message: `request_id` itself is part of it.
fn fingerprint<Req: Message + Name>(request: &Req) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(Req::full_name());
    hash.update([0]);
    hash.update(request.encode_to_vec());
    hash.finalize().to_vec()
}
