//! `rung sessions …`

mod list;
pub(crate) mod revoke;

use crate::context::Context;
use crate::error::Result;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// List your open sign-ins, the newest first
    List(list::Args),
    /// End one of them
    Revoke(revoke::Args),
}

pub(crate) async fn run(verb: Verb, context: &mut Context) -> Result<()> {
    match verb {
        Verb::List(args) => list::run(args, context).await,
        Verb::Revoke(args) => revoke::run(args, context).await,
    }
}
