//! `rung clinic …`

mod list;
pub(crate) mod set;
mod show;
pub(crate) mod switch;

use crate::context::Context;
use crate::error::Result;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// List the clinics of your account, and what you are there
    List(list::Args),
    /// Show the clinic and its settings
    Show(show::Args),
    /// Change name and settings of the clinic
    Set(set::Args),
    /// Work in another clinic of your account
    Switch(switch::Args),
}

pub(crate) async fn run(verb: Verb, context: &mut Context) -> Result<()> {
    match verb {
        Verb::List(args) => list::run(args, context).await,
        Verb::Show(args) => show::run(args, context).await,
        Verb::Set(args) => set::run(args, context).await,
        Verb::Switch(args) => switch::run(args, context).await,
    }
}
