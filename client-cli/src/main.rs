//! `rung`: the command-line client of Rung.
//!
//! How do I add a command? A file `commands/<noun>/<verb>.rs` with `Args` and `run`, a line in [`commands`], and a screen
//! in `view/` if it shows something new. The golden file of `--help` has to follow.

#![expect(
    clippy::format_push_string,
    reason = "screens are a few lines: one allocation each is not felt, and write! brings an error that cannot happen"
)]

mod activity;
mod assertion;
mod cli;
mod clock;
mod commands;
mod connection;
mod context;
mod credentials;
mod door;
mod error;
#[cfg(test)]
mod fake;
mod flag;
mod ladder_file;
mod out;
mod page;
mod prompt;
mod reference;
mod refusal;
mod role;
mod seal;
mod server;
mod sheet;
mod sign_in;
mod time;
mod view;
mod what_if;

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(cli::run() as u8)
}
