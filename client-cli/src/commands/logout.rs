//! `rung logout`

use rung_proto::v1;
use rung_proto::v1::auth_service_client::AuthServiceClient;

use crate::context::Context;
use crate::error::{Exit, Failure, Result};
use crate::view::account::{AtServer, SignedOut};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "What this machine remembers of the sign-in is forgotten in any case. If the server cannot be reached, \
                  the command says so: the session stays open there until it runs out, or until you end it with \
                  `rung sessions revoke`."
)]
pub(crate) struct Args {}

pub(crate) async fn run(_args: Args, context: &mut Context) -> Result<()> {
    let ended = end(context).await;
    let was_signed_in = context.store.forget()?;
    let screen = SignedOut {
        profile: context.store.profile().to_owned(),
        was_signed_in,
        at_server: match ended {
            Ok(()) => AtServer::Ended,
            // It had ended there before: nothing is left open.
            Err(failure) if failure.exit == Exit::SignedOut => AtServer::Ended,
            Err(failure) => AtServer::Open(failure.message),
        },
    };
    context.out.show(&screen)
}

async fn end(context: &Context) -> std::result::Result<(), Box<Failure>> {
    let mut connection = context.connect(&[]).await?;
    connection
        .call(v1::LogoutRequest {}, async |c, r| {
            AuthServiceClient::new(c).logout(r).await
        })
        .await?;
    Ok(())
}
