//! `rung ladders lint`

use std::path::PathBuf;

use crate::context::Context;
use crate::error::{Exit, Failure, Result};
use crate::ladder_file;
use crate::view::finding::Findings;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Prints FILE:LINE: path: message for each finding. Exit code 2 says that there are faults; \
                        warnings alone are 0."
)]
pub(crate) struct Args {
    /// The ladder, TOML
    file: PathBuf,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<()> {
    let text = ladder_file::text(&args.file)?;
    let findings = Findings::of(&args.file, ladder_file::read(&text));
    context.out.show(&findings)?;
    match findings.faults() {
        0 => Ok(()),
        n => Err(Failure::new(
            Exit::BadInput,
            "LADDER_INVALID",
            format!(
                "{} has {n} fault{}.",
                args.file.display(),
                if n == 1 { "" } else { "s" }
            ),
        )),
    }
}
