//! `rung plan verify`

use rung_proto::v1;
use rung_proto::v1::plan_service_client::PlanServiceClient;

use crate::context::Context;
use crate::error::{Exit, Failure, Result};
use crate::reference;
use crate::view::verified::Verified;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Id of the plan, or id or name of its athlete
    plan: String,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[("plan_id", "PLAN")]).await?;
    let plan = reference::plan(&mut connection, Some(&args.plan)).await?;
    let request = v1::VerifyPlanRequest { plan_id: plan.id };
    let answer = connection
        .call(request, async |c, r| {
            PlanServiceClient::new(c).verify_plan(r).await
        })
        .await?;
    let whole = answer.state_holds && answer.first_difference.is_none();
    context.out.show(&Verified(answer))?;
    if whole {
        return Ok(());
    }
    let message = "Not all comes out as it is stored.";
    Err(Failure::new(Exit::Conflict, "DIFFERENT", message).advise(
        "Tell the operator of the server; `rungd admin verify-decisions` looks at everything.",
    ))
}
