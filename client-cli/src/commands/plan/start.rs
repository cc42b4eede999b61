//! `rung plan start`

use chrono::NaiveDate;
use rung_proto::v1;
use rung_proto::v1::plan_service_client::PlanServiceClient;

use super::change::{FLAGS, Target};
use crate::context::Context;
use crate::error::Result;
use crate::time;
use crate::view::plan::Plan;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    target: Target,
    /// First day, in the athlete's zone; of what happened before, only red flags are judged
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = time::parse_date)]
    from: NaiveDate,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let (plan, etag) = args.target.read(&mut connection).await?;
    let request = v1::StartPlanRequest {
        request_id: context.request_id().to_string(),
        plan_id: plan.id,
        etag,
        effective_date: Some(time::date(args.from)),
    };
    let answer = connection
        .call(request, async |c, r| {
            PlanServiceClient::new(c).start_plan(r).await
        })
        .await?;
    if !answer.notice.is_empty() {
        context.out.say(&answer.notice)?;
    }
    context
        .out
        .show(&Plan::of(&answer, answer.plan.as_ref(), &answer.decisions))
}
