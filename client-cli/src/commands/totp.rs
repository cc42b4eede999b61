//! `rung totp …`

pub(crate) mod confirm;
pub(crate) mod disable;
pub(crate) mod enroll;

use crate::context::Context;
use crate::error::Result;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Make a secret for your authenticator application; it counts once it is confirmed
    Enroll(enroll::Args),
    /// Turn the second factor on with a first code; prints the recovery codes once
    Confirm(confirm::Args),
    /// Turn the second factor off
    Disable(disable::Args),
}

pub(crate) async fn run(verb: Verb, context: &mut Context) -> Result<()> {
    match verb {
        Verb::Enroll(args) => enroll::run(args, context).await,
        Verb::Confirm(args) => confirm::run(args, context).await,
        Verb::Disable(args) => disable::run(args, context).await,
    }
}
