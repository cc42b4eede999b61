//! `rung whoami`

use rung_proto::v1::WhoAmIRequest;
use rung_proto::v1::auth_service_client::AuthServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::view::account::WhoAmI;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) async fn run(_args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[]).await?;
    let answer = connection
        .call(WhoAmIRequest {}, async |c, r| {
            AuthServiceClient::new(c).who_am_i(r).await
        })
        .await?;
    context.out.show(&WhoAmI(answer))
}
