//! `rung clinic list`

use crate::context::{Context, who_am_i};
use crate::error::Result;
use crate::view::membership::Memberships;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) async fn run(_args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[]).await?;
    let who = who_am_i(&mut connection).await?;
    context.out.show(&Memberships::of(who))
}
