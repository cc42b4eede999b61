//! `rung ladders archive`

use rung_proto::v1;
use rung_proto::v1::ladder_service_client::LadderServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::reference;
use crate::view::ladder::Ladder;

pub(crate) const FLAGS: Flags = &[
    ("ladder_id", "LADDER"),
    ("etag", "--etag"),
    ("request_id", "--request-id"),
];

#[derive(Debug, clap::Args)]
#[command(
    after_help = "It cannot be undone; a clone of the version can be published. Plans that are made on it stay as they \
                        are. `rung ladders list --archived` lists it."
)]
pub(crate) struct Args {
    /// Key (its newest published version), key@version, or id
    ladder: String,
    /// Refuse if it has changed since this etag was read [default: the present one]
    #[arg(long)]
    etag: Option<String>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let ladder = reference::ladder(&mut connection, &args.ladder).await?;
    let etag = args.etag.unwrap_or(ladder.etag);
    let request = v1::ArchiveLadderRequest {
        request_id: context.request_id_with_etag(&etag).to_string(),
        ladder_id: ladder.id,
        etag,
    };
    let answer = connection
        .call(request, async |c, r| {
            LadderServiceClient::new(c).archive_ladder(r).await
        })
        .await?;
    context
        .out
        .show(&Ladder::of(&answer, answer.ladder.as_ref()))
}
