//! `rung checkin …`

mod correct;
mod effort;
mod list;
pub(crate) mod morning;
pub(crate) mod report;
pub(crate) mod session;
mod show;
pub(crate) mod unplanned;
pub(crate) mod wellness;

use crate::context::Context;
use crate::error::Result;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Report a session, right after it
    Session(Box<session::Args>),
    /// Report how it responded overnight
    Morning(morning::Args),
    /// Report how the day is
    Wellness(wellness::Args),
    /// Report an activity beside the plan
    Unplanned(Box<unplanned::Args>),
    /// Say what is right in place of a check-in that was wrong
    Correct(correct::Args),
    /// Show one check-in
    Show(show::Args),
    /// List check-ins, the newest first
    List(list::Args),
}

pub(crate) async fn run(verb: Verb, context: &mut Context) -> Result<()> {
    match verb {
        Verb::Session(args) => session::run(*args, context).await,
        Verb::Morning(args) => morning::run(args, context).await,
        Verb::Wellness(args) => wellness::run(args, context).await,
        Verb::Unplanned(args) => unplanned::run(*args, context).await,
        Verb::Correct(args) => correct::run(args, context).await,
        Verb::Show(args) => show::run(args, context).await,
        Verb::List(args) => list::run(args, context).await,
    }
}
