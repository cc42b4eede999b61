//! `rung athletes break-glass`

use rung_proto::v1;
use rung_proto::v1::athlete_service_client::AthleteServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::reference;
use crate::view::glass::Opened;

pub(crate) const FLAGS: Flags = &[
    ("athlete_id", "ATHLETE"),
    ("reason", "--reason"),
    ("minutes", "--minutes"),
    ("request_id", "--request-id"),
];

#[derive(Debug, clap::Args)]
#[command(
    after_help = "The record is open to you for reading, for an hour at most. The admins of the clinic are alerted; they \
                  and the athlete read the reason."
)]
pub(crate) struct Args {
    /// Id; an athlete in your care needs none of this
    athlete: String,
    /// Why it cannot wait, 10 to 500 characters
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// For how long, 1 to 60
    #[arg(long, value_name = "N", default_value_t = 60)]
    minutes: i32,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let request = v1::BreakGlassRequest {
        athlete_id: reference::athlete_id(&mut connection, &args.athlete).await?,
        request_id: context.request_id().to_string(),
        reason: args.reason,
        minutes: args.minutes,
    };
    let answer = connection
        .call(request, async |c, r| {
            AthleteServiceClient::new(c).break_glass(r).await
        })
        .await?;
    context.out.show(&Opened(answer))
}
