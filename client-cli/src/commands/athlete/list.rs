//! `rung athletes list`

use crate::context::Context;
use crate::error::Result;
use crate::reference;
use crate::view::athlete::Athletes;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) async fn run(_args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[]).await?;
    let athletes = reference::athletes(&mut connection).await?;
    context.out.show(&Athletes(athletes))
}
