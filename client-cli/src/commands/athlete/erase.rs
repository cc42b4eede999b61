//! `rung athletes erase`

use chrono::NaiveDate;
use rung_proto::v1;
use rung_proto::v1::athlete_service_client::AthleteServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::time::{self, Moment};
use crate::view::erasure::Erased;
use crate::{prompt, reference};

pub(crate) const FLAGS: Flags = &[
    ("athlete_id", "ATHLETE"),
    ("reason", "--reason"),
    ("hold_until", "--hold-until"),
    ("request_id", "--request-id"),
];

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Erases all clinical content, the name and the link to the account. It cannot be undone, and a backup \
                  that is restored erases it again. Export first what the athlete should have: rung athletes export."
)]
pub(crate) struct Args {
    /// Name or id; an athlete who is not in your care by id only
    athlete: String,
    /// Why, without names: it stays
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Last day on which the law wants the clinical content kept; it is locked until then [default: keep nothing]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = time::parse_date)]
    hold_until: Option<NaiveDate>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let athlete_id = reference::athlete_id(&mut connection, &args.athlete).await?;
    let question = format!(
        "This erases the athlete {athlete_id} for ever.\nType {:?} once more to go on:",
        args.athlete
    );
    prompt::confirm(context, &question, &args.athlete, args.yes)?;
    let zone = context.out.zone();
    let request = v1::EraseAthleteRequest {
        request_id: context.request_id().to_string(),
        athlete_id,
        reason: args.reason,
        hold_until: args.hold_until.map(|day| Moment::Day(day).end(zone)),
    };
    let answer = connection
        .call(request, async |c, r| {
            AthleteServiceClient::new(c).erase_athlete(r).await
        })
        .await?;
    context.out.show(&Erased(answer))
}
