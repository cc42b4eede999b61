//! Taking in the archive of an athlete who comes from another installation, or comes back.

use std::{
    fs::File,
    io::BufReader,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use clap::Subcommand;
use rung_progression::{AthleteId, ClinicId};

use crate::{
    access::{ImportAccess, Purpose},
    archive::Archive,
    clock::SharedAmbient,
    config::{Flags, Settings},
    error::{Error, Result},
    rpc::field::Fields,
    serve,
    storage::{
        Db,
        audit::{self, Event},
        import,
    },
};

/// What the operator can do about an athlete.
#[derive(Subcommand)]
pub(crate) enum Act {
    /// Take in an archive that `rung athletes export` has written. Every decision in it is taken anew; an archive that
    /// was damaged, or that this server would have decided otherwise, is refused whole. Its seal is no signature: take
    /// archives only from whom you trust.
    Import(Box<Import>),
}

/// What is taken in, and to whom.
#[derive(clap::Args)]
pub(crate) struct Import {
    /// The archive.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Clinic that the athlete comes to, as `rung whoami` shows its id.
    #[arg(long, value_name = "CLINIC")]
    clinic: ClinicId,
    /// E-mail address of the physiotherapist of the clinic who is to lead the care.
    #[arg(long, value_name = "ADDRESS")]
    lead: String,
    /// Answer what would come of it, and store nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    flags: Flags,
}

/// Does it, and says what was done.
pub(crate) async fn run(act: Act, ambient: &SharedAmbient) -> Result<String> {
    let Act::Import(args) = act;
    let mut f = Fields::new();
    let lead = f.email("lead", &args.lead);
    let lead = f.finish(lead)?;
    let file = File::open(&args.file)
        .map_err(|e| Error::internal(format!("{}: {e}", args.file.display())))?;
    let archive = Archive::read(BufReader::new(file))?;
    let db = serve::open(&Settings::load(&args.flags)?).await?;
    let done = take_in(&db, ambient, args.clinic, &lead, &archive, args.dry_run).await;
    db.close().await;
    done?;
    Ok(format!(
        "athlete     {}\nplans       {}\ncheck-ins   {}\ndecisions   {}\n{}",
        archive.athlete.id,
        archive.plans.len(),
        archive.check_ins.len(),
        archive.decisions.len(),
        if args.dry_run {
            "stored      nothing: it was checked only\n"
        } else {
            "stored      all of it\n"
        },
    ))
}

async fn take_in(
    db: &Db,
    ambient: &SharedAmbient,
    clinic: ClinicId,
    lead: &str,
    archive: &Archive,
    dry_run: bool,
) -> Result<()> {
    let access = ImportAccess::of_operator(&mut db.read().await?.conn(), clinic, lead).await?;
    let (archive, now) = (archive.clone(), ambient.now());
    let event = Event {
        athlete: Some(AthleteId::from(archive.athlete.id.uuid())),
        ..Event::by_operator(
            clinic,
            "rungd admin athlete import",
            Purpose::System.code(),
            ambient.as_ref(),
        )
    };
    let went_well = Arc::new(AtomicBool::new(false));
    let would = Arc::clone(&went_well);
    let done = db
        .write_in(clinic, move |mut tx| {
            let (access, archive, event) = (access.clone(), archive.clone(), event.clone());
            let would = Arc::clone(&would);
            Box::pin(async move {
                would.store(false, Ordering::Relaxed);
                import::insert(&mut tx, &access, &archive, now).await?;
                audit::insert(&mut tx, &event).await?;
                would.store(true, Ordering::Relaxed);
                if dry_run {
                    // What fails is undone, by the same transaction that would have stored it.
                    return Err(Error::internal("a dry run stores nothing"));
                }
                Ok(())
            })
        })
        .await;
    if dry_run && went_well.load(Ordering::Relaxed) {
        return Ok(());
    }
    done
}

#[cfg(test)]
#[path = "athlete_test.rs"]
mod tests;
