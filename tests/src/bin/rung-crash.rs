//! `make crash`: kills the server at random moments under load, on both databases, and fills its disk.
//!
//!     rung-crash N             nothing that was acknowledged may be missing or double after N crashes
//!     rung-crash N --planted   with a server that acknowledges before it commits: something has to be missing
//!     rung-crash N --full DIR  DIR is a small disk, which is full N times: nothing that was acknowledged may be missing

use std::{
    io::{Write, stdout},
    path::Path,
    process::ExitCode,
};

use rung_tests::{Backend, Result, crash, fail, new_id};

/// Of a server built for it: acknowledge, and commit a little later.
const PLANTED: (&str, &str) = ("RUNG_MUTANT", "ack-after-commit");

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _gone = writeln!(stdout(), "{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let planted = args.iter().any(|arg| arg == "--planted");
    let crashes: u32 = match args.first() {
        Some(count) => count.parse()?,
        None => return fail("how many crashes? rung-crash 20"),
    };
    if let [_, full, dir] = args.as_slice()
        && full == "--full"
    {
        let report = crash::fill(Path::new(dir), crashes)?;
        return told(
            &format!("Sqlite: disk full {crashes} times"),
            &report,
            false,
        );
    }
    let env = if planted { &[PLANTED][..] } else { &[] };
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let report = crash::run(backend, crashes, env, random())?;
        told(&format!("{backend:?}: {crashes} crashes"), &report, planted)?;
    }
    Ok(())
}

fn told(what: &str, report: &crash::Report, planted: bool) -> Result<()> {
    let verdict = &report.verdict;
    writeln!(
        stdout(),
        "{what} in {:.0?}; {} check-ins acknowledged, {} lost, {} double; {} without an answer, of which {} are stored",
        report.took,
        verdict.acknowledged,
        verdict.lost.len(),
        verdict.doubled.len(),
        verdict.unknown,
        verdict.unknown_stored,
    )?;
    match (planted, verdict.holds()) {
        (false, false) => fail(format!("{verdict:#?}")),
        (true, _) if verdict.lost.is_empty() => {
            fail("a server that acknowledges before it commits lost nothing: this proves nothing")
        }
        _ => Ok(()),
    }
}

/// Numbers that are others in every run; when a server dies is not to be repeated anyway.
fn random() -> impl FnMut() -> u64 {
    || new_id().as_u64_pair().1
}
