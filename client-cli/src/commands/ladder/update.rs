//! `rung ladders update`

use std::path::PathBuf;

use rung_proto::v1;
use rung_proto::v1::ladder_service_client::LadderServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::ladder_file;
use crate::view::ladder::Ladder;

pub(crate) const FLAGS: Flags = &[
    ("definition", "FILE"),
    ("etag", "--etag"),
    ("request_id", "--request-id"),
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The ladder, TOML; the draft of its key is replaced
    file: PathBuf,
    /// Refuse if the draft has changed since this etag was read [default: the present one]
    #[arg(long)]
    etag: Option<String>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let ladder = super::sound(&args.file, context)?;
    let mut connection = context.connect(FLAGS).await?;
    let draft = super::draft(&mut connection, &ladder.key).await?;
    let etag = args.etag.unwrap_or(draft.etag);
    let request = v1::UpdateLadderRequest {
        request_id: context.request_id_with_etag(&etag).to_string(),
        ladder_id: draft.id,
        etag,
        definition: Some(ladder_file::definition(&ladder)),
    };
    let answer = connection
        .call(request, async |c, r| {
            LadderServiceClient::new(c).update_ladder(r).await
        })
        .await?;
    context
        .out
        .show(&Ladder::of(&answer, answer.ladder.as_ref()))
}
