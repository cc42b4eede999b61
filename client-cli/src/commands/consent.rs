//! `rung consent …`

pub(crate) mod grant;
mod list;
pub(crate) mod withdraw;

use crate::context::Context;
use crate::error::Result;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Say anew what a supporter may see, and until when
    Grant(grant::Args),
    /// Let a supporter see nothing more, within seconds
    Withdraw(withdraw::Args),
    /// List consents in all their versions, the newest first
    List(list::Args),
}

pub(crate) async fn run(verb: Verb, context: &mut Context) -> Result<()> {
    match verb {
        Verb::Grant(args) => grant::run(args, context).await,
        Verb::Withdraw(args) => withdraw::run(args, context).await,
        Verb::List(args) => list::run(args, context).await,
    }
}
