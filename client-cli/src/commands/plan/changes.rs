//! `rung plan changes`

use rung_proto::v1;
use rung_proto::v1::plan_service_client::PlanServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::reference;
use crate::view::amendment::Amendments;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Id of the plan, or id or name of its athlete [default: your own]
    plan: Option<String>,
    /// The revision whose changes are shown, from 2 [default: all of them]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    revision: Option<i32>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let flags = &[("plan_id", "PLAN"), ("revision", "--revision")];
    let mut connection = context.connect(flags).await?;
    let plan = reference::plan(&mut connection, args.plan.as_deref()).await?;
    let asked = match args.revision {
        Some(revision) => vec![revision],
        None => (2..=plan.revision).rev().collect(),
    };
    let mut amendments = Vec::new();
    for revision in asked {
        let request = v1::GetPlanRequest {
            plan_id: plan.id.clone(),
            revision,
        };
        let answer = connection
            .call(request, async |c, r| {
                PlanServiceClient::new(c).get_plan(r).await
            })
            .await?;
        amendments.extend(answer.amendment);
    }
    context.out.show(&Amendments { amendments, plan })
}
