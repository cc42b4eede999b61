//! `rung ladders show`

use rung_proto::v1;

use crate::context::Context;
use crate::error::Result;
use crate::reference;
use crate::view::ladder::Ladder;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Key (its newest published version), key@version, or id
    ladder: String,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[("ladder_id", "LADDER")]).await?;
    let ladder = reference::ladder(&mut connection, &args.ladder).await?;
    let answer = v1::GetLadderResponse {
        ladder: Some(ladder),
    };
    context
        .out
        .show(&Ladder::of(&answer, answer.ladder.as_ref()))
}
