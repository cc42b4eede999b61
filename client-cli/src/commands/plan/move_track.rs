//! `rung plan move`

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
    /// Where to: index from 0
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    rung: i32,
    /// Which track (id, or its ladder's key), for a plan with several
    #[arg(long)]
    track: Option<String>,
    /// Why; it is recorded as your override
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let (plan, etag) = args.target.read(&mut connection).await?;
    let to = v1::TrackRung {
        track_id: track_id(&plan, args.track.as_deref()),
        rung: Some(args.rung),
    };
    let request = v1::MoveTrackRequest {
        request_id: context.request_id().to_string(),
        plan_id: plan.id,
        etag,
        to: Some(to),
        reason: args.reason,
    };
    let answer = connection
        .call(request, async |c, r| {
            PlanServiceClient::new(c).move_track(r).await
        })
        .await?;
    context
        .out
        .show(&Plan::of(&answer, answer.plan.as_ref(), &answer.decisions))
}
