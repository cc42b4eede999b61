//! Erasing again at the machine, after the restore of a backup.

use std::{path::PathBuf, sync::Arc};

use crate::{
    clock::{SharedAmbient, System},
    config::{Flags, Settings},
    error::{Error, Result},
    serve,
    tombstone::{TombstoneFile, erase_again},
};

/// What is to be erased again.
#[derive(clap::Args)]
pub(crate) struct EraseAgain {
    /// File of tombstones, as `rungd serve` writes it.
    #[arg(long, value_name = "FILE")]
    tombstones: PathBuf,
    #[command(flatten)]
    flags: Flags,
}

/// Does it, and says how many athletes it were.
pub(crate) async fn run(args: EraseAgain) -> Result<String> {
    let settings = Settings::load(&args.flags)?;
    let ambient: SharedAmbient = Arc::new(System);
    if !args.tombstones.exists() {
        return Err(Error::internal(format!(
            "{}: there is no such file",
            args.tombstones.display()
        )));
    }
    let tombstones = TombstoneFile::new(args.tombstones).read()?;
    let db = serve::open(&settings).await?;
    let erased = erase_again(&db, &ambient, &tombstones).await;
    db.close().await;
    Ok(format!(
        "tombstones    {}\nerased again  {}\n",
        tombstones.len(),
        erased?
    ))
}
