//! `rung logout`

use rung_proto::v1;
use rung_proto::v1::auth_service_client::AuthServiceClient;

use crate::context::Context;
use crate::error::{Exit, Result};
use crate::view::account::{AtServer, SignedOut};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "What this machine remembers of the sign-in is forgotten in any case. If the server cannot be reached, \
                  the command says so: the session stays open there until it runs out, or until you end it with \
                  `rung sessions revoke`."
)]
pub(crate) struct Args {}

pub(crate) async fn run(_args: Args, context: &mut Context) -> Result<()> {
    let screen = leave(context).await?;
    context.out.show(&screen)
}

async fn leave(context: &Context) -> Result<SignedOut> {
    let ended = end(context).await;
    Ok(SignedOut {
        profile: context.store.profile().to_owned(),
        was_signed_in: context.store.forget()?,
        at_server: match ended {
            Ok(()) => AtServer::Ended,
            // It had ended there before: nothing is left open.
            Err(failure) if failure.exit == Exit::SignedOut && failure.code != "CLIENT" => {
                AtServer::Ended
            }
            Err(failure) => AtServer::Open(failure.message),
        },
    })
}

async fn end(context: &Context) -> Result<()> {
    let mut connection = context.connect(&[]).await?;
    connection
        .call(v1::LogoutRequest {}, async |c, r| {
            AuthServiceClient::new(c).logout(r).await
        })
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::fake::{Stage, stage};
    use crate::out::Out;

    fn context(stage: &Stage) -> Context {
        let out = Out::of_process(false, true, chrono_tz::Tz::UTC);
        Context::new(out, stage.store.clone(), None)
    }

    /// The stage's clock stands; the command's does not: what is stored must not have run out by either.
    const LONG: TimeDelta = TimeDelta::days(36_500);

    // Seen failing without the call, and with the file kept when the server does not answer.
    #[tokio::test]
    async fn the_sign_in_ends_here_and_at_the_server() {
        let stage = stage("access-0", LONG, "refresh-0").await;
        let told = leave(&context(&stage)).await.unwrap();
        assert!(told.was_signed_in && matches!(told.at_server, AtServer::Ended));
        assert_eq!(stage.fake.state().logouts, 1);
        assert!(stage.store.load().unwrap().is_none());
        let again = leave(&context(&stage)).await.unwrap();
        assert!(!again.was_signed_in && matches!(again.at_server, AtServer::Open(_)));
    }

    #[tokio::test]
    async fn without_the_server_it_ends_here_and_says_so() {
        let stage = stage("access-0", LONG, "refresh-0").await;
        let mut credentials = stage.store.load().unwrap().unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        credentials.server = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        stage.store.save(&credentials).unwrap();
        let told = leave(&context(&stage)).await.unwrap();
        assert!(matches!(told.at_server, AtServer::Open(why) if why.contains("cannot be reached")));
        assert!(stage.store.load().unwrap().is_none());
    }

    #[tokio::test]
    async fn a_session_that_ended_before_is_ended() {
        let stage = stage("access-old", LONG, "refresh-spent").await;
        let told = leave(&context(&stage)).await.unwrap();
        assert!(matches!(told.at_server, AtServer::Ended));
    }
}
