//! `rung whoami`

use crate::context::{self, Context};
use crate::error::Result;
use crate::view::who_am_i::WhoAmI;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) async fn run(_args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[]).await?;
    let answer = context::who_am_i(&mut connection).await?;
    context.out.show(&WhoAmI(answer))
}
