//! `rung audit break-glass`

use rung_proto::v1;
use rung_proto::v1::audit_service_client::AuditServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::page;
use crate::view::glass::Broken;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only those that no admin has looked at
    #[arg(long)]
    unseen: bool,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[]).await?;
    let records = page::all(async |page_token| {
        let request = v1::ListBreakGlassRequest {
            unseen: args.unseen,
            page_size: page::SIZE,
            page_token,
        };
        let answer = connection
            .call(request, async |c, r| {
                AuditServiceClient::new(c).list_break_glass(r).await
            })
            .await?;
        Ok((answer.records, answer.next_page_token))
    })
    .await?;
    context.out.show(&Broken(records))
}
