//! `rung audit list`

use rung_proto::v1;
use rung_proto::v1::audit_service_client::AuditServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::page;
use crate::reference::{self, person};
use crate::view::audit::Events;

pub(crate) const FLAGS: Flags = &[("athlete_id", "--athlete"), ("actor_id", "--actor")];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only what was about this athlete: id, or name of one in your care
    #[arg(long)]
    athlete: Option<String>,
    /// Only what this person or service account did: id, e-mail address or name
    #[arg(long)]
    actor: Option<String>,
    #[command(flatten)]
    limit: page::Limit,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let athlete_id = match &args.athlete {
        Some(text) => reference::athlete_id(&mut connection, text).await?,
        None => String::new(),
    };
    let actor_id = match &args.actor {
        Some(text) => person::member_id(&mut connection, text).await?,
        None => String::new(),
    };
    let (events, more) = page::first(args.limit.get(), async |page_size, page_token| {
        let request = v1::ListAuditEventsRequest {
            athlete_id: athlete_id.clone(),
            actor_id: actor_id.clone(),
            page_size,
            page_token,
        };
        let answer = connection
            .call(request, async |c, r| {
                AuditServiceClient::new(c).list_audit_events(r).await
            })
            .await?;
        Ok((answer.events, answer.next_page_token))
    })
    .await?;
    context.out.show(&Events(events))?;
    args.limit.tell(more, context)
}
