//! `rung schedule`

use chrono::NaiveDate;
use rung_proto::v1;
use rung_proto::v1::plan_service_client::PlanServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::view::schedule::Schedule;
use crate::{reference, time};

pub(crate) const FLAGS: Flags = &[
    ("athlete_id", "--athlete"),
    ("from", "--from"),
    ("weeks", "--weeks"),
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Whose weeks: name or id [default: your own]
    #[arg(long)]
    athlete: Option<String>,
    /// Any day of the first week [default: today, where the athlete lives]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = time::parse_date)]
    from: Option<NaiveDate>,
    /// How many weeks, 1–12 [default: 2]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    weeks: Option<i32>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let athlete_id = match &args.athlete {
        Some(text) => reference::athlete_id(&mut connection, text).await?,
        None => String::new(),
    };
    let request = v1::GetScheduleRequest {
        athlete_id,
        from: args.from.map(time::date),
        weeks: args.weeks.unwrap_or(0),
    };
    let answer = connection
        .call(request, async |c, r| {
            PlanServiceClient::new(c).get_schedule(r).await
        })
        .await?;
    context.out.show(&Schedule(answer))
}
