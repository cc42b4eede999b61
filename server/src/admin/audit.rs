//! Checking the audit chains at the machine, past the API.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::TimeDelta;
use rung_progression::ClinicId;
use serde::Deserialize;

use crate::{
    access::{AuditAccess, Keyring},
    chainer,
    clock::{SharedAmbient, System},
    config::{Flags, Settings},
    error::{Error, Result},
    serve,
    storage::{
        Db,
        audit::{
            chain::Look,
            head::{self, Statement, TYPE},
            verify::{self, Report},
        },
        identity::clinic,
    },
};

/// What the operator can do with the audit.
#[derive(clap::Subcommand)]
pub(crate) enum Act {
    /// Check the chains from their first row to their last; tells the first break and fails at one.
    Verify(Verify),
    /// Sign the ends of the chains and print them, one JSON object a line, to be kept elsewhere.
    Head(Which),
}

/// Which chains, and against what.
#[derive(clap::Args)]
pub(crate) struct Verify {
    /// A signed head that was kept elsewhere: nothing before it may have changed since.
    #[arg(long, value_name = "FILE")]
    head: Option<PathBuf>,
    #[command(flatten)]
    which: Which,
}

/// Which chains.
#[derive(clap::Args)]
pub(crate) struct Which {
    /// That of this clinic alone.
    #[arg(long, value_name = "ID")]
    clinic: Option<ClinicId>,
    #[command(flatten)]
    flags: Flags,
}

/// Does it, and tells what came of it.
pub(crate) async fn run(act: Act) -> Result<Told> {
    let (Act::Verify(Verify { which, .. }) | Act::Head(which)) = &act;
    let settings = Settings::load(&which.flags)?;
    let ambient: SharedAmbient = Arc::new(System);
    let db = serve::open(&settings).await?;
    let keyring = Arc::new(serve::keyring(&settings, &db, &ambient).await?);
    let desk = AuditDesk {
        db: db.clone(),
        ambient,
        keyring,
    };
    let told = match &act {
        Act::Verify(Verify { head, .. }) => desk.verify(which.clinic, head.as_deref()).await,
        Act::Head(_) => desk
            .heads(which.clinic)
            .await
            .map(|text| Told { text, whole: true }),
    };
    db.close().await;
    told
}

/// What the operator's acts on the audit need.
pub(crate) struct AuditDesk {
    pub(crate) db: Db,
    pub(crate) ambient: SharedAmbient,
    pub(crate) keyring: Arc<Keyring>,
}

/// What is told, and whether every chain holds.
pub(crate) struct Told {
    pub(crate) text: String,
    pub(crate) whole: bool,
}

/// The part of an exported head that is read: the rest stands in the signature too.
#[derive(Deserialize)]
struct Exported {
    signature: String,
}

/// As `rung audit head --json` writes it.
#[derive(Deserialize)]
#[serde(untagged)]
enum ExportedFile {
    Head(Exported),
    Answer { head: Exported },
}

impl AuditDesk {
    /// Checks the chain of one clinic, or of all; with a head that was kept elsewhere, that of its clinic.
    pub(crate) async fn verify(
        &self,
        clinic: Option<ClinicId>,
        kept: Option<&Path>,
    ) -> Result<Told> {
        let kept = kept.map(|file| self.read_head(file)).transpose()?;
        let clinics = match (&kept, clinic) {
            (Some(kept), Some(named)) if named.uuid() != kept.clinic_id => {
                return Err(Error::internal("the head is that of another clinic"));
            }
            (Some(kept), _) => vec![kept.clinic_id.into()],
            (None, clinic) => self.clinics(clinic).await?,
        };
        let mut told = Told {
            text: String::new(),
            whole: true,
        };
        let read = |signature: &str| self.keyring.read_jws(TYPE, signature);
        for clinic in clinics {
            let access = AuditAccess::of_machine(clinic);
            let mut reader = self.db.read_in(clinic).await?;
            let report = verify::verify(&mut reader.conn(), &access, kept.as_ref(), &read).await?;
            told.whole &= report.first_break.is_none();
            told.text.push_str(&line(clinic, &report));
        }
        Ok(told)
    }

    /// The signed ends of the chains, one JSON object a line, after linking and signing what is new.
    pub(crate) async fn heads(&self, clinic: Option<ClinicId>) -> Result<String> {
        let mut text = String::new();
        for clinic in self.clinics(clinic).await? {
            chainer::link(&self.db, clinic, Look::Lately).await?;
            let none = TimeDelta::zero();
            chainer::sign(&self.db, &self.ambient, &self.keyring, clinic, none).await?;
            let access = AuditAccess::of_machine(clinic);
            let newest = head::newest(&mut self.db.read_in(clinic).await?.conn(), &access).await?;
            let Some(head) = newest else { continue };
            let object = serde_json::json!({
                "clinic_id": clinic, "seq": head.seq, "hash": head.hash()?.hex(),
                "signed_at": head.signed_at, "kid": head.kid, "signature": head.signature,
            });
            text.push_str(&object.to_string());
            text.push('\n');
        }
        Ok(text)
    }

    async fn clinics(&self, named: Option<ClinicId>) -> Result<Vec<ClinicId>> {
        let all = clinic::all(&mut self.db.read().await?.conn()).await?;
        match named {
            Some(named) if !all.contains(&named) => Err(Error::NotFound("clinic")),
            Some(named) => Ok(vec![named]),
            None => Ok(all),
        }
    }

    fn read_head(&self, file: &Path) -> Result<Statement> {
        let place = file.display();
        let text =
            fs::read_to_string(file).map_err(|e| Error::internal(format!("{place}: {e}")))?;
        let head = match serde_json::from_str(&text) {
            Ok(ExportedFile::Head(head) | ExportedFile::Answer { head }) => head,
            Err(e) => return Err(Error::internal(format!("{place} holds no head: {e}"))),
        };
        let read = self.keyring.read_jws(TYPE, &head.signature);
        read.ok_or_else(|| {
            Error::internal(format!(
                "{place}: no key of this server has signed this head"
            ))
        })
    }
}

fn line(clinic: ClinicId, report: &Report) -> String {
    let Report {
        verified,
        unchained,
        first_break,
    } = report;
    let outcome = match first_break {
        None => "the chain holds".to_owned(),
        Some(b) => {
            let event = b
                .event
                .map(|id| format!(" (event {id})"))
                .unwrap_or_default();
            format!("BROKEN at row {}{event}: {}", b.seq, b.what)
        }
    };
    format!("clinic {clinic}  verified {verified}  unchained {unchained}  {outcome}\n")
}
