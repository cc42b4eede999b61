//! `rung ladders list`

use crate::context::Context;
use crate::error::Result;
use crate::reference;
use crate::view::ladder::Ladders;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// List what is not offered any more, too
    #[arg(long)]
    archived: bool,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[]).await?;
    let ladders = reference::ladders(&mut connection, args.archived).await?;
    context.out.show(&Ladders(ladders))
}
