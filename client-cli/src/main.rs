//! `rung`: the command-line client of Rung.
//!
//! How do I add a command? A file `commands/<noun>/<verb>.rs` with `Args` and `run`, a line in [`cli`], and a screen
//! in `view/` if it shows something new. The golden file of `--help` has to follow.

#![expect(
    clippy::format_push_string,
    reason = "screens are a few lines: one allocation each is not felt, and write! brings an error that cannot happen"
)]

mod activity;
mod cli;
mod clock;
mod commands;
mod connection;
mod context;
mod credentials;
mod error;
mod flag;
mod ladder_file;
mod out;
mod page;
mod reference;
mod refusal;
mod server;
mod sheet;
mod time;
mod view;

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(cli::run() as u8)
}
