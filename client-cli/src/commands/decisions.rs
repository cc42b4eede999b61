//! `rung decisions`

use rung_proto::v1;
use rung_proto::v1::plan_service_client::PlanServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::view::decision::Decisions;
use crate::{page, reference};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Id of the plan, or id or name of its athlete [default: your own]
    plan: Option<String>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[("plan_id", "PLAN")]).await?;
    let plan = reference::plan(&mut connection, args.plan.as_deref()).await?;
    let decisions = page::all(async |page_token| {
        let request = v1::ListDecisionsRequest {
            plan_id: plan.id.clone(),
            page_size: page::SIZE,
            page_token,
        };
        let answer = connection
            .call(request, async |c, r| {
                PlanServiceClient::new(c).list_decisions(r).await
            })
            .await?;
        Ok((answer.decisions, answer.next_page_token))
    })
    .await?;
    context.out.show(&Decisions { decisions, plan })
}
