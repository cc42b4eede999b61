//! `rung athletes …`

pub(crate) mod add;
mod export;
mod list;
pub(crate) mod share;
mod show;

use crate::context::Context;
use crate::error::Result;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Add an athlete; you become the lead of the care team
    Add(add::Args),
    /// List the athletes in your care
    List(list::Args),
    /// Show one athlete
    Show(show::Args),
    /// Add a physiotherapist to an athlete's care team
    Share(share::Args),
    /// Print all that is stored about an athlete, a JSON object a line
    Export(export::Args),
}

pub(crate) async fn run(verb: Verb, context: &mut Context) -> Result<()> {
    match verb {
        Verb::Add(args) => add::run(args, context).await,
        Verb::List(args) => list::run(args, context).await,
        Verb::Show(args) => show::run(args, context).await,
        Verb::Share(args) => share::run(args, context).await,
        Verb::Export(args) => export::run(args, context).await,
    }
}
