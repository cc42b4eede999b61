//! `rung password …`

pub(crate) mod change;
pub(crate) mod reset;

use crate::context::Context;
use crate::error::Result;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Change your password; your other sign-ins end
    Change(change::Args),
    /// Set a new password with the code that an admin of the clinic gave you
    Reset(reset::Args),
}

pub(crate) async fn run(verb: Verb, context: &mut Context) -> Result<()> {
    match verb {
        Verb::Change(args) => change::run(args, context).await,
        Verb::Reset(args) => reset::run(args, context).await,
    }
}
