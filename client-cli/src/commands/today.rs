//! `rung today`

use chrono::NaiveDate;
use rung_proto::v1;
use rung_proto::v1::plan_service_client::PlanServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::view::today::Today;
use crate::{reference, time};

pub(crate) const FLAGS: Flags = &[("athlete_id", "--athlete"), ("date", "--date")];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Whose day: name or id [default: your own]
    #[arg(long)]
    athlete: Option<String>,
    /// Which day [default: today, where the athlete lives]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = time::parse_date)]
    date: Option<NaiveDate>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let athlete_id = match &args.athlete {
        Some(text) => reference::athlete_id(&mut connection, text).await?,
        None => String::new(),
    };
    let request = v1::GetTodayRequest {
        athlete_id,
        date: args.date.map(time::date),
    };
    let answer = connection
        .call(request, async |c, r| {
            PlanServiceClient::new(c).get_today(r).await
        })
        .await?;
    context.out.show(&Today(answer))
}
