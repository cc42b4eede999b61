//! `rung members …`

pub(crate) mod invite;
mod list;
pub(crate) mod reset;
pub(crate) mod update;

use crate::context::Context;
use crate::error::Result;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Invite somebody; prints code and link once
    Invite(invite::Args),
    /// List the members of the clinic
    List(list::Args),
    /// Change what a member is, or shut them out, or let them in again
    Update(update::Args),
    /// Make a code with which a member sets a new password; prints it once
    Reset(reset::Args),
}

pub(crate) async fn run(verb: Verb, context: &mut Context) -> Result<()> {
    match verb {
        Verb::Invite(args) => invite::run(args, context).await,
        Verb::List(args) => list::run(args, context).await,
        Verb::Update(args) => update::run(args, context).await,
        Verb::Reset(args) => reset::run(args, context).await,
    }
}
