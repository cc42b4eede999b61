//! Shutting a clinic, and opening it again.

use clap::Subcommand;
use rung_progression::ClinicId;

use crate::{
    access::Purpose,
    clock::SharedAmbient,
    config::{Flags, Settings},
    error::{Error, Result},
    serve,
    storage::{
        Db,
        audit::{self, Event},
        identity::clinic,
    },
};

/// What the operator can do to a clinic.
#[derive(Subcommand)]
pub(crate) enum Act {
    /// Shut a clinic: its people and systems are out within 5 seconds, and nothing is lost.
    Deactivate(Which),
    /// Open a clinic again.
    Activate(Which),
}

/// The clinic that is meant.
#[derive(clap::Args)]
pub(crate) struct Which {
    /// Its id, as `rungd admin bootstrap` and `rung whoami` show it.
    #[arg(value_name = "CLINIC")]
    clinic: ClinicId,
    #[command(flatten)]
    flags: Flags,
}

/// Does it, and says what was done.
pub(crate) async fn run(act: Act, ambient: &SharedAmbient) -> Result<String> {
    let (which, active) = match act {
        Act::Deactivate(which) => (which, false),
        Act::Activate(which) => (which, true),
    };
    let db = serve::open(&Settings::load(&which.flags)?).await?;
    let done = set_active(&db, ambient, which.clinic, active).await;
    db.close().await;
    done?;
    let state = if active { "active" } else { "deactivated" };
    Ok(format!(
        "clinic      {}\nstate       {state}\n",
        which.clinic
    ))
}

async fn set_active(
    db: &Db,
    ambient: &SharedAmbient,
    clinic: ClinicId,
    active: bool,
) -> Result<()> {
    let method = if active {
        "rungd admin clinic activate"
    } else {
        "rungd admin clinic deactivate"
    };
    let event = Event::by_operator(clinic, method, Purpose::System.code(), ambient.as_ref());
    let found = db
        .write_in(clinic, move |mut tx| {
            let event = event.clone();
            Box::pin(async move {
                let found = clinic::set_active(&mut tx, clinic, active).await?;
                if found {
                    audit::insert(&mut tx, &event).await?;
                }
                Ok(found)
            })
        })
        .await?;
    let missing = || Error::internal(format!("there is no clinic {clinic}"));
    found.then_some(()).ok_or_else(missing)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        access::{ClinicAccess, Role, Roles, account},
        clock::{Ambient as _, System},
        storage::conformance::storage_tests,
    };

    storage_tests! {
        async fn shutting_a_clinic_is_an_act_of_the_operator_in_its_audit(db: Db) {
            let ambient: SharedAmbient = Arc::new(System);
            let (email, roles) = ("ada@harbour.example".to_owned(), Roles::from(Role::Admin));
            let (invite, _) =
                account::found(&db, &ambient, "Harbour".to_owned(), email, roles).await.unwrap();
            let clinic = invite.clinic();
            set_active(&db, &ambient, clinic, false).await.unwrap();
            assert!(set_active(&db, &ambient, System.new_id().into(), false).await.is_err());
            let access = ClinicAccess::for_test(clinic, System.new_id().into(), &[Role::Admin]);
            let mut reader = db.read_in(clinic).await.unwrap();
            let filter = audit::Filter::default();
            let rows = audit::list(&mut reader.conn(), &access, filter, 10).await.unwrap();
            let told: Vec<_> =
                rows.iter().map(|row| (row.method.as_str(), row.actor_kind.as_str(), row.actor_id)).collect();
            let by_operator = |method| (method, "OPERATOR", None);
            let both = ["rungd admin clinic deactivate", "rungd admin bootstrap"].map(by_operator);
            assert_eq!(told, both);
        }
    }
}
