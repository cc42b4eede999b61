//! `rung plan goal`

use chrono::NaiveDate;
use rung_proto::v1;
use rung_proto::v1::plan_service_client::PlanServiceClient;

use super::content_flag;
use crate::context::Context;
use crate::error::{Exit, Failure, Result};
use crate::flag::Flags;
use crate::view::goal::Goal;
use crate::{reference, time};

const FLAGS: Flags = &[
    ("plan_id", "PLAN"),
    ("goal", "--set"),
    ("goal.id", "--goal"),
    ("etag", "--etag"),
    ("reached_on", "--reached"),
    ("request_id", "--request-id"),
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Id of the plan, or id or name of its athlete
    plan: String,
    /// The goal that is changed, by id or by what it is about; without it a new one is added
    #[arg(long, value_name = "GOAL", required_unless_present = "set")]
    goal: Option<String>,
    /// What it is from now on, such as "Warm up longer=5 minutes by 2026-05-01"
    #[arg(long, value_name = "GOAL", value_parser = content_flag::goal)]
    set: Option<v1::MicroGoal>,
    /// When it was reached
    #[arg(long, value_name = "DATE", conflicts_with = "not_reached")]
    reached: Option<NaiveDate>,
    /// It is not reached after all
    #[arg(long)]
    not_reached: bool,
    /// Refuse if the goal has changed since this etag was read [default: the present one]
    #[arg(long, requires = "goal")]
    etag: Option<String>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let plan = reference::plan(&mut connection, Some(&args.plan)).await?;
    let former = args
        .goal
        .as_deref()
        .map(|text| found(&plan, text))
        .transpose()?;
    let mut goal = args.set.or_else(|| former.clone()).unwrap_or_default();
    let (mut etag, mut reached_on) = (String::new(), None);
    if let Some(former) = former {
        goal.id = former.id;
        etag = args.etag.unwrap_or(former.etag);
        reached_on = former.reached_on.filter(|_| !args.not_reached);
    }
    (goal.etag, goal.reached_on) = (String::new(), None);
    let request = v1::SetMicroGoalRequest {
        request_id: context.request_id().to_string(),
        plan_id: plan.id,
        goal: Some(goal),
        reached_on: args.reached.map(time::date).or(reached_on),
        etag,
    };
    let answer = connection
        .call(request, async |c, r| {
            PlanServiceClient::new(c).set_micro_goal(r).await
        })
        .await?;
    context.out.show(&Goal(answer))
}

/// The goal that is meant.
fn found(plan: &v1::Plan, text: &str) -> Result<v1::MicroGoal> {
    let goals = plan.definition.iter().flat_map(|d| &d.micro_goals);
    let mut fitting = goals.filter(|goal| goal.id == text || goal.what == text);
    fitting.next().cloned().ok_or_else(|| {
        Failure::new(
            Exit::NotFound,
            "NOT_FOUND",
            format!("The plan has no small goal {text:?}."),
        )
        .advise("`rung plan show` lists them.")
    })
}
