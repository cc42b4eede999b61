//! A disk without room.

use std::{
    fs::{File, remove_file},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use crate::Result;

/// A file that takes all the room there is; gone when dropped.
pub(super) struct Filler(PathBuf);

/// Takes all the room under `dir`.
pub(super) fn fill(dir: &Path) -> Result<Filler> {
    let filler = Filler(dir.join("filler"));
    let mut file = File::create(&filler.0)?;
    // The last bytes too: a page fits where a block does not.
    for size in [1 << 16, 1 << 12, 1] {
        let block = vec![0; size];
        loop {
            match file.write_all(&block) {
                Ok(()) => {}
                Err(e) if e.kind() == ErrorKind::StorageFull => break,
                Err(e) => return Err(e.into()),
            }
        }
    }
    Ok(filler)
}

impl Drop for Filler {
    fn drop(&mut self) {
        // If it cannot be taken away, nothing is acknowledged again, which is noticed.
        let _ = remove_file(&self.0);
    }
}
