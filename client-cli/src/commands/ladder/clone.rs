//! `rung ladders clone`

use rung_proto::v1;
use rung_proto::v1::ladder_service_client::LadderServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::reference;
use crate::view::ladder::Ladder;

pub(crate) const FLAGS: Flags = &[
    ("ladder_id", "LADDER"),
    ("key", "--key"),
    ("title", "--title"),
    ("request_id", "--request-id"),
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Key (its newest published version), key@version, or id
    ladder: String,
    /// The clone's name over all its versions: a-z, 0-9 and -; not used yet
    #[arg(long)]
    key: String,
    /// The clone's title [default: as it was]
    #[arg(long)]
    title: Option<String>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let from = reference::ladder(&mut connection, &args.ladder).await?;
    let request = v1::CloneLadderRequest {
        request_id: context.request_id().to_string(),
        ladder_id: from.id,
        key: args.key,
        title: args.title.unwrap_or_default(),
    };
    let answer = connection
        .call(request, async |c, r| {
            LadderServiceClient::new(c).clone_ladder(r).await
        })
        .await?;
    context
        .out
        .show(&Ladder::of(&answer, answer.ladder.as_ref()))
}
