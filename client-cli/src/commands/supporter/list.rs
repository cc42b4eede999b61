//! `rung supporters list`

use crate::context::Context;
use crate::error::Result;
use crate::reference::person;
use crate::view::consent::Supporters;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) async fn run(_args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[]).await?;
    let consents = person::consents_given(&mut connection).await?;
    context.out.show(&Supporters::of(consents))
}
