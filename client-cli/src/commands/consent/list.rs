//! `rung consent list`

use crate::context::Context;
use crate::error::Result;
use crate::reference::person;
use crate::view::consent::Consents;

#[derive(Debug, clap::Args)]
#[command(after_help = "An athlete is shown what they gave, a supporter what was given to them.")]
pub(crate) struct Args {}

pub(crate) async fn run(_args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[]).await?;
    let consents = person::consents_given_and_held(&mut connection).await?;
    context.out.show(&Consents(consents))
}
