//! `rung plan approve`

use rung_proto::v1;
use rung_proto::v1::plan_service_client::PlanServiceClient;

use super::change::{FLAGS, Target, track_id};
use crate::context::Context;
use crate::error::Result;
use crate::view::plan::Plan;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    target: Target,
    /// Which track (id, or its ladder's key), for a plan with several
    #[arg(long)]
    track: Option<String>,
    /// Why; it is kept with the decision
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let (plan, etag) = args.target.read(&mut connection).await?;
    let request = v1::ApproveAdvanceRequest {
        request_id: context.request_id().to_string(),
        track_id: track_id(&plan, args.track.as_deref()),
        plan_id: plan.id,
        etag,
        reason: args.reason.unwrap_or_default(),
    };
    let answer = connection
        .call(request, async |c, r| {
            PlanServiceClient::new(c).approve_advance(r).await
        })
        .await?;
    context
        .out
        .show(&Plan::of(&answer, answer.plan.as_ref(), &answer.decisions))
}
