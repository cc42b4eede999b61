//! `rung members list`

use crate::context::Context;
use crate::error::Result;
use crate::reference::person;
use crate::view::member::Members;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) async fn run(_args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[]).await?;
    let members = person::members(&mut connection).await?;
    context.out.show(&Members(members))
}
