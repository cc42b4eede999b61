//! `rung members …`

pub(crate) mod invite;
mod list;

use crate::context::Context;
use crate::error::Result;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Invite somebody; prints the code once
    Invite(invite::Args),
    /// List the members of the clinic
    List(list::Args),
}

pub(crate) async fn run(verb: Verb, context: &mut Context) -> Result<()> {
    match verb {
        Verb::Invite(args) => invite::run(args, context).await,
        Verb::List(args) => list::run(args, context).await,
    }
}
