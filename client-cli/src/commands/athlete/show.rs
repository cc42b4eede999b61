//! `rung athletes show`

use rung_proto::v1;
use rung_proto::v1::athlete_service_client::AthleteServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::reference;
use crate::view::athlete::Athlete;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Name or id [default: yourself]
    athlete: Option<String>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[("athlete_id", "ATHLETE")]).await?;
    let athlete_id = reference::athlete_or_self(&mut connection, args.athlete.as_deref()).await?;
    let answer = connection
        .call(v1::GetAthleteRequest { athlete_id }, async |c, r| {
            AthleteServiceClient::new(c).get_athlete(r).await
        })
        .await?;
    context
        .out
        .show(&Athlete::of(&answer, answer.athlete.as_ref()))
}
