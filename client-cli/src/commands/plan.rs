//! `rung plan …`

pub(crate) mod change;
mod move_track;
mod pause;
pub(crate) mod policy_flag;
pub(crate) mod prescribe;
mod resume;
mod show;
mod start;

use crate::context::Context;
use crate::error::Result;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Prescribe a ladder to an athlete; the plan is a draft until it is started
    Prescribe(Box<prescribe::Args>),
    /// Put a draft into force
    Start(start::Args),
    /// Pause a plan; check-ins go on being stored
    Pause(pause::Args),
    /// End a pause; nothing else does
    Resume(resume::Args),
    /// Move a track to any rung, with a reason
    Move(move_track::Args),
    /// Show a plan and where its tracks stand
    Show(show::Args),
}

pub(crate) async fn run(verb: Verb, context: &mut Context) -> Result<()> {
    match verb {
        Verb::Prescribe(args) => prescribe::run(*args, context).await,
        Verb::Start(args) => start::run(args, context).await,
        Verb::Pause(args) => pause::run(args, context).await,
        Verb::Resume(args) => resume::run(args, context).await,
        Verb::Move(args) => move_track::run(args, context).await,
        Verb::Show(args) => show::run(args, context).await,
    }
}
