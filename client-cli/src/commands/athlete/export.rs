//! `rung athletes export`

use rung_proto::v1;
use rung_proto::v1::athlete_service_client::AthleteServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::reference;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Name or id [default: yourself]
    athlete: Option<String>,
}

/// JSON lines in every mode: the export is a file format, not a screen.
pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[("athlete_id", "ATHLETE")]).await?;
    let athlete_id = reference::athlete_or_self(&mut connection, args.athlete.as_deref()).await?;
    let mut lines = connection
        .call(v1::ExportAthleteDataRequest { athlete_id }, async |c, r| {
            AthleteServiceClient::new(c).export_athlete_data(r).await
        })
        .await?;
    while let Some(answer) = lines.message().await.map_err(|s| connection.refused(&s))? {
        context.out.data(&answer.line)?;
    }
    Ok(())
}
