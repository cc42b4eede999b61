//! `rung logout`

use crate::context::Context;
use crate::error::Result;
use crate::view::account::SignedOut;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_args: &Args, context: &mut Context) -> Result<()> {
    let was_signed_in = context.store.forget()?;
    let profile = context.store.profile().to_owned();
    context.out.show(&SignedOut {
        profile,
        was_signed_in,
    })
}
