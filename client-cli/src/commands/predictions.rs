//! `rung predictions`

use rung_proto::v1;
use rung_proto::v1::check_in_service_client::CheckInServiceClient;

use crate::connection::Connection;
use crate::context::Context;
use crate::error::Result;
use crate::view::prediction::Predictions;
use crate::{page, reference};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Whose predictions: name or id [default: your own]
    #[arg(long)]
    athlete: Option<String>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[("athlete_id", "--athlete")]).await?;
    let athlete_id = match &args.athlete {
        Some(text) => reference::athlete_id(&mut connection, text).await?,
        None => String::new(),
    };
    let predictions = all(&mut connection, &athlete_id).await?;
    context.out.show(&Predictions(predictions))
}

/// All predictions of an athlete; of the caller's own record when the id is empty.
pub(crate) async fn all(
    connection: &mut Connection,
    athlete_id: &str,
) -> Result<Vec<v1::Prediction>> {
    page::all(async |page_token| {
        let request = v1::ListPredictionsRequest {
            athlete_id: athlete_id.to_owned(),
            page_size: page::SIZE,
            page_token,
        };
        let answer = connection
            .call(request, async |c, r| {
                CheckInServiceClient::new(c).list_predictions(r).await
            })
            .await?;
        Ok((answer.predictions, answer.next_page_token))
    })
    .await
}
