//! `rung athletes add`

use rung_proto::v1;
use rung_proto::v1::athlete_service_client::AthleteServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::view::athlete::Athlete;

pub(crate) const FLAGS: Flags = &[
    ("display_name", "NAME"),
    ("time_zone", "--zone"),
    ("request_id", "--request-id"),
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Name shown to the care team
    name: String,
    /// Zone the athlete lives in, such as Europe/Berlin
    #[arg(long, value_name = "IANA")]
    zone: String,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let request = v1::CreateAthleteRequest {
        request_id: context.request_id().to_string(),
        display_name: args.name,
        time_zone: args.zone,
    };
    let answer = connection
        .call(request, async |c, r| {
            AthleteServiceClient::new(c).create_athlete(r).await
        })
        .await?;
    context
        .out
        .show(&Athlete::of(&answer, answer.athlete.as_ref()))
}
