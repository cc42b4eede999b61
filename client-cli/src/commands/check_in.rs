//! `rung checkin …`

mod list;
pub(crate) mod morning;
pub(crate) mod report;
pub(crate) mod session;

use crate::context::Context;
use crate::error::Result;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Report a session, right after it
    Session(Box<session::Args>),
    /// Report how it responded overnight
    Morning(morning::Args),
    /// List check-ins, the newest first
    List(list::Args),
}

pub(crate) async fn run(verb: Verb, context: &mut Context) -> Result<()> {
    match verb {
        Verb::Session(args) => session::run(*args, context).await,
        Verb::Morning(args) => morning::run(args, context).await,
        Verb::List(args) => list::run(args, context).await,
    }
}
