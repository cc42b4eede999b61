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
    /// Ladders, TOML
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<()> {
    let mut findings = Findings::default();
    for file in &args.files {
        let text = ladder_file::text(file)?;
        findings.add(file, ladder_file::read(&text));
    }
    context.out.show(&findings)?;
    let faulty = findings.faulty();
    match findings.faults() {
        0 => Ok(()),
        n => Err(Failure::new(
            Exit::BadInput,
            "LADDER_INVALID",
            format!(
                "{} has {n} fault{}.",
                faulty.join(", "),
                if n == 1 { "" } else { "s" }
            ),
        )),
    }
}
