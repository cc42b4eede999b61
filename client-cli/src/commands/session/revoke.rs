//! `rung sessions revoke`

use rung_proto::v1;
use rung_proto::v1::auth_service_client::AuthServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::view::done::Done;

pub(crate) const FLAGS: Flags = &[("session_id", "SESSION")];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Id of the session, as `rung sessions list` shows
    session: String,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let request = v1::RevokeSessionRequest {
        session_id: args.session.clone(),
    };
    let answer = connection
        .call(request, async |c, r| {
            AuthServiceClient::new(c).revoke_session(r).await
        })
        .await?;
    context.out.show(&Done {
        answer: &answer,
        id: ("session_id", args.session),
        text: "The session is ended.",
    })
}
