//! `rung supporters …`

pub(crate) mod invite;
mod list;

use crate::context::Context;
use crate::error::Result;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Let somebody see parts of your record; prints code and link once
    Invite(invite::Args),
    /// List those whom you have invited, and what they see now
    List(list::Args),
}

pub(crate) async fn run(verb: Verb, context: &mut Context) -> Result<()> {
    match verb {
        Verb::Invite(args) => invite::run(args, context).await,
        Verb::List(args) => list::run(args, context).await,
    }
}
