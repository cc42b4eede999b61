//! `rung ladders list`

use crate::context::Context;
use crate::error::Result;
use crate::reference;
use crate::view::ladder::Ladders;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) async fn run(_args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[]).await?;
    let ladders = reference::ladders(&mut connection).await?;
    context.out.show(&Ladders(ladders))
}
