//! What a command is given: the gate out, the profile, the way to the server, and the ids of its requests.

use rung_proto::v1;
use rung_proto::v1::auth_service_client::AuthServiceClient;
use uuid::Uuid;

use crate::clock;
use crate::connection::Connection;
use crate::credentials::Store;
use crate::error::{Exit, Failure, Result};
use crate::flag::Flags;
use crate::out::Out;

/// The surroundings of one command.
pub(crate) struct Context {
    pub(crate) out: Out,
    pub(crate) store: Store,
    request_id: Option<Uuid>,
    retry: Option<String>,
}

impl Context {
    /// The surroundings of a command; `request_id` as given on the command line.
    pub(crate) fn new(out: Out, store: Store, request_id: Option<Uuid>) -> Self {
        Self {
            out,
            store,
            request_id,
            retry: None,
        }
    }

    /// The signed-in way to the server. `flags` says how the command's fields are called on its command line.
    pub(crate) async fn connect(&self, flags: Flags) -> Result<Connection> {
        Connection::of_profile(self.store.clone(), clock::now, flags).await
    }

    /// The id of the write that follows: as given, else a fresh one, told if the answer gets lost.
    pub(crate) fn request_id(&mut self) -> Uuid {
        let id = self.request_id.unwrap_or_else(clock::fresh_id);
        self.retry_with(format!("--request-id {id}"));
        id
    }

    /// The same for a write on what was read under an etag: with another etag it would be another write.
    pub(crate) fn request_id_with_etag(&mut self, etag: &str) -> Uuid {
        let id = self.request_id();
        self.retry_with(format!("--request-id {id} --etag {etag}"));
        id
    }

    /// From here on a lost answer leaves open whether the write happened; these flags make a second try the same write.
    pub(crate) fn retry_with(&mut self, flags: String) {
        self.retry = Some(flags);
    }

    /// Adds to a failure how to try again safely, if its write may have happened.
    pub(crate) fn explain(&self, failure: Box<Failure>) -> Box<Failure> {
        // With most reasons of its own the server says what became of the write; with these it does not know either.
        let unknown = failure.reason == failure.code
            || failure.reason == "STORAGE_UNAVAILABLE"
            || failure.reason == "AUDIT_UNAVAILABLE";
        match &self.retry {
            Some(flags)
                if failure.exit == Exit::Unreachable
                    && failure.code != "CLIENT"
                    && unknown => failure
                .advise(format!(
                    "It is not known whether it arrived. The same command with {flags} is safe to repeat."
                )),
            _ => failure,
        }
    }
}

/// Who the sign-in speaks for.
pub(crate) async fn who_am_i(connection: &mut Connection) -> Result<v1::WhoAmIResponse> {
    connection
        .call(v1::WhoAmIRequest {}, async |c, r| {
            AuthServiceClient::new(c).who_am_i(r).await
        })
        .await
}

/// The caller's own athlete record.
pub(crate) async fn own_athlete(connection: &mut Connection) -> Result<String> {
    let who = who_am_i(connection).await?;
    let id = who.membership.map(|m| m.athlete_id).unwrap_or_default();
    if id.is_empty() {
        return Err(Failure::bad_input(
            "NO_ATHLETE",
            "You have no athlete record of your own here.",
        )
        .advise("Say whose it is: an athlete's name or id."));
    }
    Ok(id)
}
