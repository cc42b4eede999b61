//! `rung audit …`

pub(crate) mod acknowledge;
mod break_glass;
mod head;
pub(crate) mod list;
mod verify;

use crate::context::Context;
use crate::error::Result;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// List who did what in the clinic, the newest first
    List(list::Args),
    /// Check that no row was changed, taken out or moved
    Verify(verify::Args),
    /// Show the newest signed head of the chain, to be kept elsewhere
    Head(head::Args),
    /// List when glass was broken, the newest first
    BreakGlass(break_glass::Args),
    /// Say that you have looked at a breaking of glass
    Acknowledge(acknowledge::Args),
}

pub(crate) async fn run(verb: Verb, context: &mut Context) -> Result<()> {
    match verb {
        Verb::List(args) => list::run(args, context).await,
        Verb::Verify(args) => verify::run(args, context).await,
        Verb::Head(args) => head::run(args, context).await,
        Verb::BreakGlass(args) => break_glass::run(args, context).await,
        Verb::Acknowledge(args) => acknowledge::run(args, context).await,
    }
}
