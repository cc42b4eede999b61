//! `rung sessions list`

use rung_proto::v1;
use rung_proto::v1::auth_service_client::AuthServiceClient;

use crate::context::{Context, who_am_i};
use crate::error::Result;
use crate::view::session::Sessions;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) async fn run(_args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[]).await?;
    let clinics = who_am_i(&mut connection).await?.memberships;
    let answer = connection
        .call(v1::ListSessionsRequest {}, async |c, r| {
            AuthServiceClient::new(c).list_sessions(r).await
        })
        .await?;
    context.out.show(&Sessions {
        sessions: answer.sessions,
        clinics,
    })
}
