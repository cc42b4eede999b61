//! `rungd`: the server.

mod access;
mod admin;
mod app;
mod archive;
#[cfg(feature = "bench")]
mod bench;
mod chainer;
mod clock;
mod config;
mod error;
mod housekeeping;
mod http;
mod library;
mod link;
mod mutant;
mod replay;
mod rpc;
mod serve;
mod storage;
mod sweeper;
mod telemetry;
mod tombstone;

use std::{io::Write as _, process::ExitCode, sync::Arc};

use access::Passwords;
use admin::{Founding, Wish};
use clap::{Parser, Subcommand};
use clock::{SharedAmbient, System};
use config::{Flags, Settings};
use error::{Error, Result};

/// The server of Rung: graded return from injury, with a stored reason for every step.
#[derive(Parser)]
#[command(name = "rungd", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API until told to stop.
    Serve(Box<Flags>),
    /// Bring a Postgres database up to date, as its owner. The embedded database does this by itself.
    Migrate(Migrate),
    /// Acts of the operator on the machine itself.
    #[command(subcommand)]
    Admin(Box<Admin>),
    /// Measure the access layer, on an empty database.
    #[cfg(feature = "bench")]
    #[command(hide = true)]
    Bench(Box<Flags>),
}

#[derive(clap::Args)]
struct Migrate {
    /// `postgres://…` of the database, as the role that owns it.
    #[arg(
        long,
        value_name = "URL",
        env = "RUNG_DATABASE_URL",
        hide_env_values = true
    )]
    database_url: String,
    /// Role that `rungd serve` signs in as; it is let in and owns nothing.
    #[arg(long, value_name = "ROLE")]
    grant_to: Option<String>,
}

#[derive(Subcommand)]
enum Admin {
    /// Make a clinic and an invitation for its first admin, shown once.
    Bootstrap(Box<Bootstrap>),
    /// Erase again whom a file of tombstones names, after the restore of a backup. `rungd serve` does it by itself with
    /// its own file.
    EraseAgain(Box<admin::erase::EraseAgain>),
    /// The audit chains.
    #[command(subcommand)]
    Audit(admin::audit::Act),
    /// Take every stored decision again; tells the first of each plan that comes out otherwise, and fails at one.
    VerifyDecisions(Box<admin::decision::VerifyDecisions>),
    /// Take in the archive of an athlete.
    #[command(subcommand)]
    Athlete(admin::athlete::Act),
    /// Shut a clinic, or open it again.
    #[command(subcommand)]
    Clinic(admin::clinic::Act),
    /// The second factor of somebody who has lost it.
    #[command(subcommand)]
    SecondFactor(admin::second_factor::Act),
    /// The keys that sign access tokens: they change without a call failing.
    #[command(subcommand)]
    Keys(admin::key::Keys),
}

#[derive(clap::Args)]
struct Bootstrap {
    /// Name of the clinic.
    #[arg(long, value_name = "NAME")]
    clinic: String,
    /// E-mail address of the first admin.
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// Let them prescribe too: for somebody who is the clinic.
    #[arg(long)]
    physio: bool,
    /// Accept the invitation at once under this name, with the password of the variable `RUNG_PASSWORD`: for a set-up
    /// without hands.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    flags: Flags,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Error::internal)
        .and_then(|runtime| runtime.block_on(run(cli.command)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            complain(&e);
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<()> {
    match command {
        Command::Serve(flags) => {
            let settings = Settings::load(&flags)?;
            telemetry::init(&settings.log, settings.log_format)?;
            serve::serve(settings).await
        }
        #[cfg(feature = "bench")]
        Command::Bench(flags) => say(&bench::run(Settings::load(&flags)?).await?),
        Command::Migrate(migrate) => {
            storage::dialect::migrate_postgres(&migrate.database_url, migrate.grant_to.as_deref())
                .await
        }
        Command::Admin(act) => operate(*act).await,
    }
}

async fn operate(act: Admin) -> Result<()> {
    let ambient: SharedAmbient = Arc::new(System);
    match act {
        Admin::Bootstrap(args) => bootstrap(*args).await,
        Admin::EraseAgain(args) => say(&admin::erase::run(*args).await?),
        Admin::Audit(act) => {
            let told = admin::audit::run(act).await?;
            say(&told.text)?;
            if told.whole {
                return Ok(());
            }
            Err(Error::internal("an audit chain is broken"))
        }
        Admin::VerifyDecisions(args) => {
            let told = admin::decision::run(*args).await?;
            say(&told.text)?;
            if told.whole {
                return Ok(());
            }
            Err(Error::internal("not all is as it was decided"))
        }
        Admin::Athlete(act) => say(&admin::athlete::run(act, &ambient).await?),
        Admin::Clinic(act) => say(&admin::clinic::run(act, &ambient).await?),
        Admin::SecondFactor(act) => say(&admin::second_factor::run(act, &ambient).await?),
        Admin::Keys(keys) => say(&admin::key::run(keys).await?),
    }
}

async fn bootstrap(args: Bootstrap) -> Result<()> {
    let settings = Settings::load(&args.flags)?;
    let ambient: SharedAmbient = Arc::new(System);
    let account = match (args.name.as_deref(), std::env::var("RUNG_PASSWORD")) {
        (Some(_), Err(_)) => {
            return Err(Error::field(
                "name",
                "needs a password in the variable RUNG_PASSWORD",
            ));
        }
        (name, password) => name.zip(password.ok()),
    };
    let founding = Founding::parse(Wish {
        clinic_name: &args.clinic,
        email: &args.email,
        physio: args.physio,
        account,
    })?;
    let passwords = Passwords::new(ambient.clone())?;
    let db = serve::open(&settings).await?;
    let founded = admin::bootstrap(&db, &ambient, &founding).await?;
    let code = founded.code.reveal();
    let invitation = format!(
        "clinic      {}\ninvitation  {code}\nvalid until {}\naccept it   rung join {code} --server URL --name NAME\n",
        founded.clinic,
        founded.expires_at.format("%F %R UTC"),
    );
    let accepted = match &founding.account {
        Some(account) => {
            Some(admin::accept(&db, &ambient, &passwords, &founded.code, account).await)
        }
        None => None,
    };
    db.close().await;
    match accepted {
        Some(Ok(())) => say(&format!(
            "clinic      {}\nsign in     rung login --server URL --email {}\n",
            founded.clinic, args.email
        )),
        None => say(&invitation),
        // The clinic stands and the code is shown this once: it must not be lost with what failed after it, such as a
        // password that is not that of the account.
        Some(Err(e)) => say(&invitation).and(Err(e)),
    }
}

fn say(text: &str) -> Result<()> {
    std::io::stdout()
        .write_all(text.as_bytes())
        .map_err(Error::internal)
}

/// Says what went wrong, field by field. The operator at the machine sees causes that callers of the API do not.
fn complain(e: &Error) {
    let mut text = match e {
        Error::Internal(cause) => format!("rungd: {cause}\n"),
        Error::Database(cause) => format!("rungd: the database: {cause}\n"),
        other => format!("rungd: {other}\n"),
    };
    if let Error::InvalidFields(violations) = e {
        for v in violations {
            let _infallible = std::fmt::Write::write_fmt(
                &mut text,
                format_args!("  --{}: {}\n", v.field, v.message),
            );
        }
    }
    // Nobody to tell when stderr is closed.
    let _gone = std::io::stderr().write_all(text.as_bytes());
}
