//! The tombstones outside the database: a backup from before an erasure does not hold it, and this file does.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufRead as _, BufReader, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    access::Purpose,
    clock::SharedAmbient,
    error::{Error, Result},
    storage::{
        Db,
        audit::{self, Event},
        erasure::{self, Tombstone},
        identity::clinic,
    },
};

/// The file, one JSON object a line.
#[derive(Clone)]
pub(crate) struct TombstoneFile(Arc<PathBuf>);

impl TombstoneFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self(Arc::new(path))
    }

    /// Appends a line and answers once it is on disk. A line that stands twice counts once.
    pub(crate) async fn append(&self, tombstone: &Tombstone) -> Result<()> {
        let mut line = serde_json::to_string(tombstone).map_err(Error::internal)?;
        line.push('\n');
        let path = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || append(&path, line.as_bytes()))
            .await
            .map_err(Error::internal)?
            .map_err(|e| self.fault(&e))
    }

    /// All tombstones; none when there is no file yet. A last line without its end was never acknowledged.
    pub(crate) fn read(&self) -> Result<Vec<Tombstone>> {
        let file = match File::open(&*self.0) {
            Ok(file) => file,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
            Err(e) => return Err(self.fault(&e)),
        };
        let mut reader = BufReader::new(file);
        let mut tombstones = Vec::new();
        let mut line = String::new();
        while reader.read_line(&mut line).map_err(|e| self.fault(&e))? > 0 {
            if !line.ends_with('\n') {
                break;
            }
            let read = serde_json::from_str(&line);
            tombstones.push(read.map_err(|e| {
                let at = tombstones.len() + 1;
                Error::internal(format!("{}: line {at}: {e}", self.0.display()))
            })?);
            line.clear();
        }
        Ok(tombstones)
    }

    fn fault(&self, e: &io::Error) -> Error {
        Error::internal(format!("{}: {e}", self.0.display()))
    }
}

fn append(path: &Path, line: &[u8]) -> io::Result<()> {
    let new = !path.exists();
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)?;
    // After a torn line, the next one begins on its own.
    let text = fs::read(path)?;
    let torn = text.last().is_some_and(|byte| *byte != b'\n');
    if torn {
        let whole = text
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        file.set_len(u64::try_from(whole).map_err(io::Error::other)?)?;
    }
    file.write_all(line)?;
    file.sync_all()?;
    if new && let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        // The name of a new file is on disk once its folder is.
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Erases again what tombstones name and the database still has, as after the restore of an older backup; says how many
/// athletes that were.
pub(crate) async fn erase_again(
    db: &Db,
    ambient: &SharedAmbient,
    tombstones: &[Tombstone],
) -> Result<usize> {
    let known = clinic::all(&mut db.read().await?.conn()).await?;
    let mut erased = 0;
    for tombstone in tombstones {
        let access = tombstone.again();
        let clinic = access.clinic();
        // A database from before the clinic was founded has nothing of it.
        if !known.contains(&clinic) {
            continue;
        }
        let mut reader = db.read_in(clinic).await?;
        let stands = erasure::stands(&mut reader.conn(), &access).await?;
        let buried = erasure::is_buried(&mut reader.conn(), clinic, access.athlete()).await?;
        drop(reader);
        if stands || !buried {
            carry_out(db, ambient, tombstone, "rungd/EraseAgain").await?;
        }
        erased += usize::from(stands);
    }
    if erased > 0 {
        db.scrub().await?;
    }
    Ok(erased)
}

/// Carries out an erasure that was decided before, and leaves an audit row of the operator's.
pub(crate) async fn carry_out(
    db: &Db,
    ambient: &SharedAmbient,
    tombstone: &Tombstone,
    method: &str,
) -> Result<()> {
    let (access, now) = (tombstone.again(), ambient.now());
    let purpose = Purpose::System.code();
    let event = Event {
        athlete: Some(access.athlete()),
        ..Event::by_operator(access.clinic(), method, purpose, ambient.as_ref())
    };
    let tombstone = tombstone.clone();
    db.write_in(access.clinic(), move |mut tx| {
        let (tombstone, event) = (tombstone.clone(), event.clone());
        Box::pin(async move {
            if erasure::erase(&mut tx, &access, &tombstone, now, None).await? {
                audit::insert(&mut tx, &event).await?;
            }
            Ok(())
        })
    })
    .await
}
