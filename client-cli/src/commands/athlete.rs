//! `rung athletes …`

pub(crate) mod add;
pub(crate) mod break_glass;
pub(crate) mod care;
pub(crate) mod erase;
pub(crate) mod export;
mod list;
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
    /// Who is in care of an athlete
    #[command(subcommand)]
    Care(care::Verb),
    /// Read the record of an athlete who is not in your care, in an emergency
    BreakGlass(break_glass::Args),
    /// Write all that is stored about an athlete into a file
    Export(export::Args),
    /// Erase an athlete; it cannot be undone
    Erase(erase::Args),
}

pub(crate) async fn run(verb: Verb, context: &mut Context) -> Result<()> {
    match verb {
        Verb::Add(args) => add::run(args, context).await,
        Verb::List(args) => list::run(args, context).await,
        Verb::Show(args) => show::run(args, context).await,
        Verb::Care(verb) => care::run(verb, context).await,
        Verb::BreakGlass(args) => break_glass::run(args, context).await,
        Verb::Export(args) => export::run(args, context).await,
        Verb::Erase(args) => erase::run(args, context).await,
    }
}
