//! `rung athletes export`

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use rung_proto::v1;
use rung_proto::v1::athlete_service_client::AthleteServiceClient;
use tempfile::NamedTempFile;

use crate::context::Context;
use crate::error::{Exit, Failure, Result};
use crate::flag::Flags;
use crate::reference;
use crate::seal::Check;

pub(crate) const FLAGS: Flags = &[("athlete_id", "ATHLETE")];

#[derive(Debug, clap::Args)]
#[command(
    after_help = "The file is for your eyes only (mode 0600), and it is there only if the export is whole: manifest, count \
                  and checksum are compared. A file that exists is not overwritten. `rungd admin athlete import` takes \
                  it in again."
)]
pub(crate) struct Args {
    /// Name or id [default: yourself]
    athlete: Option<String>,
    /// The file to write, JSON lines; `-` for standard output
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut file = if args.to.as_os_str() == "-" {
        None
    } else {
        Some(begin(&args.to)?)
    };
    let mut connection = context.connect(FLAGS).await?;
    let athlete_id = reference::athlete_or_self(&mut connection, args.athlete.as_deref()).await?;
    let mut lines = connection
        .call(v1::ExportAthleteDataRequest { athlete_id }, async |c, r| {
            AthleteServiceClient::new(c).export_athlete_data(r).await
        })
        .await?;
    let mut check = Check::default();
    while let Some(answer) = lines.message().await.map_err(|s| connection.refused(&s))? {
        check.line(&answer.line)?;
        match &mut file {
            None => context.out.data(&answer.line)?,
            Some(file) => {
                writeln!(file, "{}", answer.line).map_err(|e| Failure::file(&args.to, &e))?;
            }
        }
    }
    let lines = check.end()?;
    let Some(file) = file else { return Ok(()) };
    keep(file, &args.to)?;
    let path = args.to.display();
    context
        .out
        .say(&format!("{path} holds {lines} lines, and its seal holds."))
}

/// A file that becomes the one asked for once it is whole. Temporary files are their owner's alone from the beginning.
fn begin(path: &Path) -> Result<BufWriter<NamedTempFile>> {
    if path.symlink_metadata().is_ok() {
        return Err(exists(path));
    }
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    tempfile::Builder::new()
        .prefix(".rung-export-")
        .tempfile_in(directory)
        .map(BufWriter::new)
        .map_err(|e| Failure::file(path, &e))
}

fn keep(file: BufWriter<NamedTempFile>, path: &Path) -> Result<()> {
    let file = file
        .into_inner()
        .map_err(|e| Failure::file(path, e.error()))?;
    file.as_file()
        .sync_all()
        .map_err(|e| Failure::file(path, &e))?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(e) if e.error.kind() == std::io::ErrorKind::AlreadyExists => Err(exists(path)),
        Err(e) => Err(Failure::file(path, &e.error)),
    }
}

fn exists(path: &Path) -> Box<Failure> {
    Failure::new(
        Exit::Conflict,
        "FILE_EXISTS",
        format!(
            "{} is there already, and is not overwritten.",
            path.display()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    // Seen failing with `persist` in place of `persist_noclobber`, and without the look at the beginning.
    #[test]
    fn what_is_there_is_not_overwritten() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ada.jsonl");
        let (one, two) = (begin(&path).unwrap(), begin(&path).unwrap());
        keep(one, &path).unwrap();
        assert_eq!(keep(two, &path).unwrap_err().reason, "FILE_EXISTS");
        assert_eq!(begin(&path).unwrap_err().reason, "FILE_EXISTS");
        let names = std::fs::read_dir(directory.path()).unwrap().count();
        assert_eq!(names, 1, "nothing else is left behind");
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ada.jsonl");
        keep(begin(&path).unwrap(), &path).unwrap();
        let mode = path.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
