//! `rung ladders new`

use std::path::PathBuf;

use crate::context::Context;
use crate::error::Result;
use crate::ladder_file;

/// What a file begins as: sound, and nothing in it to look at twice but what is still to be said.
const TEMPLATE: &str = include_str!("new.toml");

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The file to write; one that exists is not overwritten
    file: PathBuf,
    /// The ladder's name over all its versions: a-z, 0-9 and -
    #[arg(long)]
    key: String,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<()> {
    ladder_file::create(&args.file, &filled(&args.key))?;
    let file = args.file.display();
    context.out.say(&format!(
        "{file} holds two rungs to begin with. Check it: rung ladders lint {file}"
    ))
}

fn filled(key: &str) -> String {
    TEMPLATE.replace("KEY", key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_begins_as_is_sound_and_nobody_has_to_look_twice() {
        let reading = ladder_file::read(&filled("harbour-loop")).unwrap();
        assert_eq!(reading.ladder.key, "harbour-loop");
        assert_eq!(reading.warnings, []);
    }

    #[test]
    fn a_key_that_is_none_is_told_by_lint_and_breaks_nothing() {
        let faults = ladder_file::read(&filled("Harbour \"loop\"")).unwrap_err();
        assert!(!faults.is_empty());
    }

    // Seen failing with `File::create`.
    #[test]
    fn a_file_that_exists_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("loop.toml");
        ladder_file::create(&path, "mine").unwrap();
        let again = ladder_file::create(&path, "yours").unwrap_err();
        assert_eq!(again.reason, "FILE_EXISTS");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    }
}
