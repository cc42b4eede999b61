//! Checking at the machine that every stored decision comes out again as it was taken.

use std::fmt::Write as _;

use rung_progression::ClinicId;

use super::audit::Told;
use crate::{
    access::PlanAccess,
    config::{Flags, Settings},
    error::{Error, Result},
    replay::{self, Replayed},
    serve,
    storage::{Db, identity::clinic, plan},
};

/// Plans that are looked up at once.
const CHUNK: i64 = 200;

/// Which decisions.
#[derive(clap::Args)]
pub(crate) struct VerifyDecisions {
    /// Those of this clinic alone.
    #[arg(long, value_name = "ID")]
    clinic: Option<ClinicId>,
    #[command(flatten)]
    flags: Flags,
}

/// Does it, and tells what came of it.
pub(crate) async fn run(args: VerifyDecisions) -> Result<Told> {
    let db = serve::open(&Settings::load(&args.flags)?).await?;
    let told = verify(&db, args.clinic).await;
    db.close().await;
    told
}

/// Decides on everything stored again, plan by plan; ids are told, and nothing about anybody.
pub(crate) async fn verify(db: &Db, named: Option<ClinicId>) -> Result<Told> {
    let all = clinic::all(&mut db.read().await?.conn()).await?;
    let clinics = match named {
        Some(named) if !all.contains(&named) => return Err(Error::NotFound("clinic")),
        Some(named) => vec![named],
        None => all,
    };
    let mut told = Told {
        text: String::new(),
        whole: true,
    };
    for clinic in clinics {
        in_clinic(db, clinic, &mut told).await?;
    }
    Ok(told)
}

async fn in_clinic(db: &Db, clinic: ClinicId, told: &mut Told) -> Result<()> {
    let (mut plans, mut same, mut other_version, mut differing) = (0_u64, 0, 0, 0_u64);
    let mut after = None;
    loop {
        let mut reader = db.read_in(clinic).await?;
        let batch = plan::all(&mut reader.conn(), clinic, after, CHUNK).await?;
        drop(reader);
        let Some(last) = batch.last() else {
            break;
        };
        after = Some(last.plan_id);
        for named in batch {
            let access = PlanAccess::of_machine(clinic, named.athlete_id, named.plan_id);
            let mut reader = db.read_in(clinic).await?;
            let replayed = match replay::plan(&mut reader.conn(), &access).await {
                // Erased since it was found.
                Err(Error::NotFound(_)) => continue,
                replayed => replayed?,
            };
            plans += 1;
            same += replayed.verdict.same;
            other_version += replayed.verdict.other_version;
            if !replayed.is_whole() {
                differing += 1;
                told.text.push_str(&difference(clinic, &access, &replayed));
            }
        }
    }
    told.whole &= differing == 0;
    let outcome = match differing {
        0 => "all come out the same".to_owned(),
        n => format!("DIFFERENT in {n}"),
    };
    writeln!(
        told.text,
        "clinic {clinic}  plans {plans}  decisions {same}  of other versions {other_version}  {outcome}"
    )
    .map_err(Error::internal)
}

/// Where a history parts first from what is stored.
fn difference(clinic: ClinicId, access: &PlanAccess, replayed: &Replayed) -> String {
    let what = match &replayed.verdict.differs {
        None => "it does not stand where its events lead".to_owned(),
        Some(d) => {
            let record = d.stored.as_ref().or(d.again.as_ref());
            let ordinal = record.map(|record| record.decision.ordinal);
            let how = match (&d.stored, &d.again) {
                (Some(_), Some(_)) => "is decided otherwise",
                (Some(_), None) => "is not taken",
                (None, _) => "was not stored",
            };
            let ordinal = ordinal.unwrap_or_default();
            format!("decision {ordinal} on event {} {how}", d.seq)
        }
    };
    format!("clinic {clinic}  plan {}  {what}\n", access.plan())
}

#[cfg(test)]
#[path = "decision_test.rs"]
mod tests;
