//! `rung ladders …`

mod lint;
mod list;
pub(crate) mod publish;
mod show;

use crate::context::Context;
use crate::error::Result;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// List the ladders of the clinic and of the library
    List(list::Args),
    /// Show a ladder, rung by rung
    Show(show::Args),
    /// Check a ladder file without sending it
    Lint(lint::Args),
    /// Store a ladder file as a new version and publish it
    Publish(publish::Args),
}

pub(crate) async fn run(verb: Verb, context: &mut Context) -> Result<()> {
    match verb {
        Verb::List(args) => list::run(args, context).await,
        Verb::Show(args) => show::run(args, context).await,
        Verb::Lint(args) => lint::run(&args, context),
        Verb::Publish(args) => publish::run(args, context).await,
    }
}
