//! `rung audit head`

use rung_proto::v1;
use rung_proto::v1::audit_service_client::AuditServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::view::chain::Head;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Keep what `rung audit head --json` prints on another machine: `rungd admin audit verify --head FILE` \
                  compares the chain with it."
)]
pub(crate) struct Args {}

pub(crate) async fn run(_args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[]).await?;
    let answer = connection
        .call(v1::GetAuditHeadRequest {}, async |c, r| {
            AuditServiceClient::new(c).get_audit_head(r).await
        })
        .await?;
    context.out.show(&Head(answer.head.unwrap_or_default()))
}
