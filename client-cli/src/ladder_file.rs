//! Ladder files: read with the engine's own reader, so that a check on this machine and one on the server agree.

mod contract;

use std::io::Write as _;
use std::path::Path;

use rung_progression::Ladder;
use rung_progression::ladder::file::{self, LineFault, Reading};

pub(crate) use self::contract::{definition, ladder};
use crate::error::{Exit, Failure, Result};

/// Larger than any ladder; keeps a wrong file out of memory.
const MAX_BYTES: u64 = 1024 * 1024;

/// The text of a ladder file.
pub(crate) fn text(path: &Path) -> Result<String> {
    let fault = |e: &std::io::Error| Failure::file(path, e);
    let size = std::fs::metadata(path).map_err(|e| fault(&e))?.len();
    if size > MAX_BYTES {
        return Err(Failure::bad_input(
            "FILE",
            format!(
                "{}: {size} bytes are no ladder; at most 1 MiB",
                path.display()
            ),
        ));
    }
    std::fs::read_to_string(path).map_err(|e| fault(&e))
}

/// The ladder and what is unusual in it, or everything that is wrong with it.
pub(crate) fn read(text: &str) -> std::result::Result<Reading, Vec<LineFault>> {
    file::read_with_warnings(text)
}

/// A ladder as a file that reads as the same ladder.
pub(crate) fn written(ladder: &Ladder) -> String {
    file::write(ladder)
}

/// Writes a file that is not there yet.
pub(crate) fn create(path: &Path, text: &str) -> Result<()> {
    let mut file = match std::fs::File::create_new(path) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(Failure::new(
                Exit::Conflict,
                "FILE_EXISTS",
                format!(
                    "{} is there already, and is not overwritten.",
                    path.display()
                ),
            ));
        }
        Err(e) => return Err(Failure::file(path, &e)),
    };
    file.write_all(text.as_bytes())
        .map_err(|e| Failure::file(path, &e))
}
