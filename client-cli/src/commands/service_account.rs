//! `rung service-accounts …`

pub(crate) mod create;
mod list;
pub(crate) mod revoke;
pub(crate) mod rotate_key;
pub(crate) mod token;

use std::path::Path;

use crate::connection::Connection;
use crate::context::Context;
use crate::error::{Exit, Failure, Result};
use crate::page;
use crate::reference::is_id;

use rung_proto::v1;
use rung_proto::v1::clinic_service_client::ClinicServiceClient;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Let a system in, with the public half of its key
    Create(create::Args),
    /// Give a service account another key; the former ones go on working for a while
    RotateKey(rotate_key::Args),
    /// List the service accounts of the clinic, revoked ones too, the newest first
    List(list::Args),
    /// Shut a service account out, for ever
    Revoke(revoke::Args),
    /// Get an access token as a service account
    Token(token::Args),
}

pub(crate) async fn run(verb: Verb, context: &mut Context) -> Result<()> {
    match verb {
        Verb::Create(args) => create::run(args, context).await,
        Verb::RotateKey(args) => rotate_key::run(args, context).await,
        Verb::List(args) => list::run(args, context).await,
        Verb::Revoke(args) => revoke::run(args, context).await,
        Verb::Token(args) => token::run(args, context).await,
    }
}

/// All service accounts of the clinic.
async fn all(connection: &mut Connection) -> Result<Vec<v1::ServiceAccount>> {
    page::all(async |page_token| {
        let request = v1::ListServiceAccountsRequest {
            page_size: page::SIZE,
            page_token,
        };
        let answer = connection
            .call(request, async |c, r| {
                ClinicServiceClient::new(c).list_service_accounts(r).await
            })
            .await?;
        Ok((answer.service_accounts, answer.next_page_token))
    })
    .await
}

/// The id of a service account given by id, or by the name that only one bears which is not revoked.
async fn account_id(connection: &mut Connection, text: &str) -> Result<String> {
    if is_id(text) {
        return Ok(text.to_owned());
    }
    let accounts = all(connection).await?;
    let ids: Vec<&str> = accounts
        .iter()
        .filter(|a| a.display_name == text && a.revoked_at.is_none())
        .map(|a| a.id.as_str())
        .collect();
    match ids.as_slice() {
        [one] => Ok((*one).to_owned()),
        [] => Err(Failure::new(
            Exit::NotFound,
            "NOT_FOUND",
            format!("No service account is called {text:?}."),
        )
        .advise("`rung service-accounts list` shows them.")),
        several => Err(Failure::bad_input(
            "AMBIGUOUS",
            format!("{} service accounts are called {text:?}.", several.len()),
        )
        .advise(format!("Say which one by id: {}", several.join(", ")))),
    }
}

/// Reads the public half of a key. The private half has no business here.
fn public_key(path: &Path) -> Result<String> {
    let pem = std::fs::read_to_string(path).map_err(|e| Failure::file(path, &e))?;
    if pem.contains("PRIVATE KEY-----") {
        return Err(Failure::bad_input(
            "PRIVATE_KEY",
            format!("{} holds a private key; it was not sent.", path.display()),
        )
        .advise(format!(
            "Its public half comes from: openssl pkey -in {} -pubout",
            path.display()
        )));
    }
    Ok(pem)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Seen failing without the look into the file.
    #[test]
    fn a_private_key_is_never_sent() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.pem");
        for (pem, taken) in [
            ("-----BEGIN PUBLIC KEY-----\n", true),
            ("-----BEGIN PRIVATE KEY-----\n", false),
            ("-----BEGIN EC PRIVATE KEY-----\n", false),
            ("-----BEGIN ENCRYPTED PRIVATE KEY-----\n", false),
        ] {
            std::fs::write(&path, pem).unwrap();
            assert_eq!(public_key(&path).is_ok(), taken, "{pem}");
        }
    }
}
