//! `rung checkin list`

use rung_proto::v1;
use rung_proto::v1::check_in_service_client::CheckInServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::view::check_in::CheckIns;
use crate::{page, reference};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Whose check-ins: name or id [default: your own]
    #[arg(long)]
    athlete: Option<String>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[("athlete_id", "--athlete")]).await?;
    let athlete_id = match &args.athlete {
        Some(text) => reference::athlete_id(&mut connection, text).await?,
        None => String::new(),
    };
    let check_ins = page::all(async |page_token| {
        let request = v1::ListCheckInsRequest {
            athlete_id: athlete_id.clone(),
            page_size: page::SIZE,
            page_token,
        };
        let answer = connection
            .call(request, async |c, r| {
                CheckInServiceClient::new(c).list_check_ins(r).await
            })
            .await?;
        Ok((answer.check_ins, answer.next_page_token))
    })
    .await?;
    context.out.show(&CheckIns(check_ins))
}
