//! `rung plan show`

use rung_proto::v1;

use crate::context::Context;
use crate::error::Result;
use crate::reference;
use crate::view::plan::Plan;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Id of the plan, or id or name of its athlete [default: your own]
    plan: Option<String>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[("plan_id", "PLAN")]).await?;
    let plan = reference::plan(&mut connection, args.plan.as_deref()).await?;
    let answer = v1::GetPlanResponse {
        plan: Some(plan),
        ..v1::GetPlanResponse::default()
    };
    context
        .out
        .show(&Plan::of(&answer, answer.plan.as_ref(), &[]))
}
