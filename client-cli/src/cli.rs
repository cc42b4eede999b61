//! The command line: the tree of commands, what holds for all of them, and the way from arguments to exit code.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, Parser};
use uuid::Uuid;

use crate::clock;
use crate::commands::{self, Command};
use crate::context::Context;
use crate::credentials::Store;
use crate::error::{EXIT_CODES, Exit, Failure, Result};
use crate::out::Out;

/// Graded exposure for athletes who come back from injury.
#[derive(Debug, Parser)]
#[command(name = "rung", version, about, after_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
struct Global {
    /// Which sign-in to use; one machine can hold several
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        env = "RUNG_PROFILE",
        hide_env_values = true,
        default_value = "default",
        help_heading = "Global options"
    )]
    profile: String,
    /// Print JSON, also for errors
    #[arg(long, global = true, help_heading = "Global options")]
    json: bool,
    /// Print data and errors only
    #[arg(long, short, global = true, help_heading = "Global options")]
    quiet: bool,
    /// Where sign-ins are kept [default: the user's configuration directory]
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "RUNG_CONFIG_DIR",
        hide_env_values = true,
        help_heading = "Global options"
    )]
    config_dir: Option<PathBuf>,
    /// Id of the write, to repeat one whose answer got lost [default: a fresh one]
    #[arg(
        long,
        global = true,
        value_name = "UUID",
        help_heading = "Global options"
    )]
    request_id: Option<Uuid>,
}

/// From the arguments of this process to its exit code.
pub(crate) fn run() -> Exit {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return misunderstood(&arguments, &error),
    };
    let Global {
        profile,
        json,
        quiet,
        config_dir,
        request_id,
    } = cli.global;
    let mut out = Out::of_process(json, quiet, clock::local_zone());
    let store = match directory(config_dir).and_then(|dir| Store::new(&dir, &profile)) {
        Ok(store) => store,
        Err(failure) => return ended(&mut out, &failure),
    };
    let mut context = Context::new(out, store, request_id);
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(e) => {
            let failure = Failure::new(Exit::Unexpected, "RUNTIME", e.to_string());
            return ended(&mut context.out, &failure);
        }
    };
    match runtime.block_on(commands::run(cli.command, &mut context)) {
        Ok(()) => Exit::Ok,
        Err(failure) => {
            let failure = context.explain(failure);
            ended(&mut context.out, &failure)
        }
    }
}

/// A command line that cannot be read. Help and version come this way too.
fn misunderstood(arguments: &[OsString], error: &clap::Error) -> Exit {
    let asked_for_help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    if !asked_for_help && arguments.iter().any(|a| a == "--json") {
        let text = error.render().to_string();
        let message = text.trim().trim_start_matches("error: ");
        let failure = Failure::bad_input("USAGE", message);
        return ended(
            &mut Out::of_process(true, false, clock::local_zone()),
            &failure,
        );
    }
    // Nobody is left to be told that the terminal is closed.
    let _ = error.print();
    if asked_for_help {
        Exit::Ok
    } else {
        Exit::BadInput
    }
}

fn ended(out: &mut Out, failure: &Failure) -> Exit {
    if failure.exit != Exit::Ok {
        out.fail(failure);
    }
    failure.exit
}

/// `--config-dir`, else `$XDG_CONFIG_HOME/rung`, else `~/.config/rung`.
fn directory(given: Option<PathBuf>) -> Result<PathBuf> {
    let absolute = |name| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|p| p.is_absolute())
    };
    given
        .or_else(|| absolute("XDG_CONFIG_HOME").map(|dir| dir.join("rung")))
        .or_else(|| absolute("HOME").map(|dir| dir.join(".config").join("rung")))
        .ok_or_else(|| {
            Failure::bad_input(
                "CONFIG_DIR",
                "There is no home directory to keep sign-ins in.",
            )
            .advise("Say where with --config-dir DIR or RUNG_CONFIG_DIR.")
        })
}

#[cfg(test)]
#[path = "cli_test.rs"]
mod tests;
