//! Helping somebody who has lost their authenticator and their recovery codes. Nobody can do it through the API.

use clap::Subcommand;
use rung_progression::PersonId;

use crate::{
    access::Purpose,
    clock::SharedAmbient,
    config::{Flags, Settings},
    error::{Error, Result},
    rpc::field::Fields,
    serve,
    storage::{
        Db,
        audit::{self, Event},
        identity::{epoch, membership, person, second_factor, session},
    },
};

/// What the operator can do about somebody's second factor.
#[derive(Subcommand)]
pub(crate) enum Act {
    /// Take the second factor of an account away, once you are sure who asks: whoever knows the password signs in with it
    /// alone from then on. All sessions of the account end.
    Remove(Which),
}

/// The account that is meant.
#[derive(clap::Args)]
pub(crate) struct Which {
    /// Its e-mail address.
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    #[command(flatten)]
    flags: Flags,
}

/// Does it, and says what was done.
pub(crate) async fn run(act: Act, ambient: &SharedAmbient) -> Result<String> {
    let Act::Remove(which) = act;
    let mut f = Fields::new();
    let email = f.email("email", &which.email);
    let email = f.finish(email)?;
    let db = serve::open(&Settings::load(&which.flags)?).await?;
    let done = remove(&db, ambient, &email).await;
    db.close().await;
    done?;
    Ok(format!("account        {email}\nsecond factor  removed\n"))
}

async fn remove(db: &Db, ambient: &SharedAmbient, email: &str) -> Result<()> {
    let missing = || Error::field("email", "is of no account that has a second factor");
    let (person, places) = {
        let mut reader = db.read().await?;
        let conn = &mut reader.conn();
        let known = person::credential(conn, email).await?.ok_or_else(missing)?;
        let factor = second_factor::find(conn, known.person).await?;
        factor.ok_or_else(missing)?;
        (
            known.person,
            membership::of_person(conn, known.person).await?,
        )
    };
    // A row in each clinic, which a transaction of one clinic cannot write together. They come first: what is done without
    // a row would be worse than a row of what was not done.
    for place in places {
        let clinic = place.clinic;
        let method = "rungd admin second-factor remove";
        let event = Event::by_operator(clinic, method, Purpose::System.code(), ambient.as_ref());
        db.write_in(clinic, move |mut tx| {
            let event = event.clone();
            Box::pin(async move { audit::insert(&mut tx, &event).await })
        })
        .await?;
    }
    let removed = take_away(db, ambient, person).await?;
    removed.then_some(()).ok_or_else(missing)
}

async fn take_away(db: &Db, ambient: &SharedAmbient, person: PersonId) -> Result<bool> {
    let now = ambient.now();
    db.write(move |mut tx| {
        Box::pin(async move {
            person::hold_any(&mut tx, person).await?;
            let removed = second_factor::remove(&mut tx, person).await?;
            session::end_all(&mut tx, person, None, now).await?;
            epoch::bump(&mut tx).await?;
            Ok(removed)
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        access::{
            Call, ClinicAccess, Password, Passwords, Role,
            account::{self, Desk},
        },
        clock::System,
        storage::conformance::storage_tests,
    };

    const EMAIL: &str = "ada@harbour.example";

    storage_tests! {
        // Seen failing without the row in the audit.
        async fn removing_a_second_factor_is_an_act_of_the_operator_in_every_clinic(db: Db) {
            let ambient: SharedAmbient = Arc::new(System);
            let passwords = Passwords::new(ambient.clone()).unwrap();
            let call = Call::by_operator("test", &ambient);
            let desk = Desk { call: &call, db: &db, ambient: &ambient, passwords: &passwords };
            let password = Password::parse("correct horse battery".to_owned()).unwrap();
            let mut clinics = vec![];
            for name in ["Harbour", "Hill"] {
                let (name, email) = (name.to_owned(), EMAIL.to_owned());
                let founded = account::found(&db, &ambient, name, email, Role::Admin.into());
                let (invite, code) = founded.await.unwrap();
                desk.join(&code, &password, Some("Ada")).await.unwrap();
                clinics.push(invite.clinic());
            }
            assert!(remove(&db, &ambient, EMAIL).await.is_err());
            let known = person::credential(&mut db.read().await.unwrap().conn(), EMAIL).await;
            let (person, now) = (known.unwrap().unwrap().person, ambient.now());
            db.write(move |mut tx| {
                Box::pin(async move {
                    second_factor::offer(&mut tx, person, b"sealed", now).await?;
                    second_factor::confirm(&mut tx, person, b"sealed", 1, now).await
                })
            })
            .await
            .unwrap();

            remove(&db, &ambient, EMAIL).await.unwrap();
            let found = second_factor::find(&mut db.read().await.unwrap().conn(), person).await;
            assert!(found.unwrap().is_none());
            for clinic in clinics {
                let access = ClinicAccess::for_test(clinic, person, &[Role::Admin]);
                let mut reader = db.read_in(clinic).await.unwrap();
                let filter = audit::Filter::default();
                let rows = audit::list(&mut reader.conn(), &access, filter, 10).await.unwrap();
                // Before it: the founding and the joining.
                assert_eq!(rows.len(), 3);
                assert_eq!(rows[0].actor_kind, "OPERATOR");
                assert_eq!(rows[0].method, "rungd admin second-factor remove");
            }
        }
    }
}
