//! `rung plan …`

pub(crate) mod amend;
mod approve;
pub(crate) mod change;
mod changes;
pub(crate) mod compare;
mod content_flag;
mod decline;
mod entry_flag;
mod goal;
mod move_track;
mod pause;
pub(crate) mod policy_flag;
pub(crate) mod prescribe;
mod resume;
mod show;
mod simulate;
mod start;
mod track_flag;
mod verify;

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
    /// Agree to the step up that waits for your word
    Approve(approve::Args),
    /// Do not agree to the step up that waits for your word; counting begins again
    Decline(decline::Args),
    /// Change what is prescribed: another revision, with what it changes listed
    Amend(Box<amend::Args>),
    /// What amendments have changed, the newest first
    Changes(changes::Args),
    /// Add or change a small goal, or say that it was reached
    Goal(goal::Args),
    /// Take every decision on a plan again and compare
    Verify(verify::Args),
    /// What if: run made-up events over a made-up plan
    Simulate(simulate::Args),
    /// What if: run what happened over another policy or ladder
    Compare(Box<compare::Args>),
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
        Verb::Approve(args) => approve::run(args, context).await,
        Verb::Decline(args) => decline::run(args, context).await,
        Verb::Amend(args) => amend::run(*args, context).await,
        Verb::Changes(args) => changes::run(args, context).await,
        Verb::Goal(args) => goal::run(args, context).await,
        Verb::Verify(args) => verify::run(args, context).await,
        Verb::Simulate(args) => simulate::run(args, context).await,
        Verb::Compare(args) => compare::run(*args, context).await,
        Verb::Show(args) => show::run(args, context).await,
    }
}
