//! `rung access-log`

use rung_proto::v1;
use rung_proto::v1::athlete_service_client::AthleteServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::view::access_log::AccessLog;
use crate::{page, reference};

pub(crate) const FLAGS: Flags = &[("athlete_id", "ATHLETE")];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Whose record: id [default: your own]
    athlete: Option<String>,
    #[command(flatten)]
    limit: page::Limit,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let athlete_id = match &args.athlete {
        Some(text) => reference::athlete_id(&mut connection, text).await?,
        None => String::new(),
    };
    let (entries, more) = page::first(args.limit.get(), async |page_size, page_token| {
        let request = v1::ListAccessLogRequest {
            athlete_id: athlete_id.clone(),
            page_size,
            page_token,
        };
        let answer = connection
            .call(request, async |c, r| {
                AthleteServiceClient::new(c).list_access_log(r).await
            })
            .await?;
        Ok((answer.entries, answer.next_page_token))
    })
    .await?;
    context.out.show(&AccessLog(entries))?;
    args.limit.tell(more, context)
}
