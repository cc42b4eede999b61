//! The tree of commands: one file a command, `<noun>/<verb>.rs` with its `Args` and its `run`.

pub(crate) mod access_log;
pub(crate) mod athlete;
pub(crate) mod audit;
pub(crate) mod caseload;
pub(crate) mod check_in;
pub(crate) mod clinic;
pub(crate) mod consent;
pub(crate) mod decisions;
pub(crate) mod explain;
pub(crate) mod join;
pub(crate) mod ladder;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod member;
pub(crate) mod password;
pub(crate) mod plan;
pub(crate) mod predict;
pub(crate) mod predictions;
pub(crate) mod red_flags;
pub(crate) mod schedule;
pub(crate) mod service_account;
pub(crate) mod session;
pub(crate) mod supporter;
pub(crate) mod today;
pub(crate) mod totp;
pub(crate) mod whoami;

use crate::context::Context;
use crate::error::Result;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Sign in with e-mail address and password
    Login(login::Args),
    /// End the sign-in of this profile, here and at the server
    Logout(logout::Args),
    /// Show who is signed in
    Whoami(whoami::Args),
    /// Accept an invitation and sign in
    Join(join::Args),
    /// Your open sign-ins, on all machines
    #[command(subcommand)]
    Sessions(session::Verb),
    /// Your password
    #[command(subcommand)]
    Password(password::Verb),
    /// Your second factor: codes of an authenticator application
    #[command(subcommand)]
    Totp(totp::Verb),
    /// The clinic: its settings, and which one you work in
    #[command(subcommand)]
    Clinic(clinic::Verb),
    /// People with an account in the clinic
    #[command(subcommand)]
    Members(member::Verb),
    /// Systems of the clinic that sign in by themselves
    #[command(subcommand)]
    ServiceAccounts(service_account::Verb),
    /// Who did what in the clinic
    #[command(subcommand)]
    Audit(audit::Verb),
    /// Athletes in your care
    #[command(subcommand)]
    Athletes(athlete::Verb),
    /// Those whom you let see parts of your record
    #[command(subcommand)]
    Supporters(supporter::Verb),
    /// What you let supporters see; as a supporter, what you were given
    #[command(subcommand)]
    Consent(consent::Verb),
    /// Who has read or changed your record, the newest first
    AccessLog(access_log::Args),
    /// Exposure ladders
    #[command(subcommand)]
    Ladders(ladder::Verb),
    /// Prescriptions
    #[command(subcommand)]
    Plan(plan::Verb),
    /// Everybody in your care: where they stand and why
    Caseload(caseload::Args),
    /// What to do today, or why not and until when
    Today(today::Args),
    /// Say what you expect of a feared session, before it
    Predict(predict::Args),
    /// What was expected of sessions, and which check-in answers it, the newest first
    Predictions(predictions::Args),
    /// What to do in the weeks ahead, and what does not fit
    Schedule(schedule::Args),
    /// Report how it went
    #[command(subcommand)]
    Checkin(check_in::Verb),
    /// Decisions on a plan and their reasons, the newest first
    Decisions(decisions::Args),
    /// A decision in words: the athlete's, or the physio's with the evidence it rests on
    Explain(explain::Args),
    /// The red flags that athletes are asked for, and what to do about each
    RedFlags(red_flags::Args),
}

pub(crate) async fn run(command: Command, context: &mut Context) -> Result<()> {
    match command {
        Command::Login(args) => login::run(args, context).await,
        Command::Logout(args) => logout::run(args, context).await,
        Command::Whoami(args) => whoami::run(args, context).await,
        Command::Join(args) => join::run(args, context).await,
        Command::Sessions(verb) => session::run(verb, context).await,
        Command::Password(verb) => password::run(verb, context).await,
        Command::Totp(verb) => totp::run(verb, context).await,
        Command::Clinic(verb) => clinic::run(verb, context).await,
        Command::Members(verb) => member::run(verb, context).await,
        Command::ServiceAccounts(verb) => service_account::run(verb, context).await,
        Command::Audit(verb) => audit::run(verb, context).await,
        Command::Athletes(verb) => athlete::run(verb, context).await,
        Command::Supporters(verb) => supporter::run(verb, context).await,
        Command::Consent(verb) => consent::run(verb, context).await,
        Command::AccessLog(args) => access_log::run(args, context).await,
        Command::Ladders(verb) => ladder::run(verb, context).await,
        Command::Plan(verb) => plan::run(verb, context).await,
        Command::Caseload(args) => caseload::run(args, context).await,
        Command::Today(args) => today::run(args, context).await,
        Command::Predict(args) => predict::run(args, context).await,
        Command::Predictions(args) => predictions::run(args, context).await,
        Command::Schedule(args) => schedule::run(args, context).await,
        Command::Checkin(verb) => check_in::run(verb, context).await,
        Command::Decisions(args) => decisions::run(args, context).await,
        Command::Explain(args) => explain::run(args, context).await,
        Command::RedFlags(args) => red_flags::run(args, context).await,
    }
}
