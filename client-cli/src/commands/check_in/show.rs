//! `rung checkin show`

use rung_proto::v1;
use rung_proto::v1::check_in_service_client::CheckInServiceClient;
use uuid::Uuid;

use crate::context::Context;
use crate::error::Result;
use crate::reference;
use crate::view::check_in::Shown;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Id of the check-in: `rung checkin list` shows it
    #[arg(value_name = "ID")]
    check_in: Uuid,
    /// Whose check-in: name or id [default: your own]
    #[arg(long)]
    athlete: Option<String>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[("athlete_id", "--athlete")]).await?;
    let athlete_id = match &args.athlete {
        Some(text) => reference::athlete_id(&mut connection, text).await?,
        None => String::new(),
    };
    let request = v1::GetCheckInRequest {
        athlete_id,
        check_in_id: args.check_in.to_string(),
    };
    let answer = connection
        .call(request, async |c, r| {
            CheckInServiceClient::new(c).get_check_in(r).await
        })
        .await?;
    context.out.show(&Shown(answer))
}
