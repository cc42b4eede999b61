//! `rung red-flags`

use rung_proto::v1;
use rung_proto::v1::plan_service_client::PlanServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::view::red_flag::RedFlags;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) async fn run(_: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[]).await?;
    let request = v1::ListRedFlagsRequest {};
    let answer = connection
        .call(request, async |c, r| {
            PlanServiceClient::new(c).list_red_flags(r).await
        })
        .await?;
    context.out.show(&RedFlags(answer.red_flags))
}
