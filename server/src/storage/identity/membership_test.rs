use super::*;
use crate::{
    access::Role,
    clock::{Ambient as _, System},
    storage::{
        Db,
        conformance::storage_tests,
        identity::{
            clinic,
            person::{self, NewPerson},
        },
    },
};

/// A clinic with members of these names, the first of whom is an athlete and nothing else.
async fn clinic_of(db: &Db, names: &'static [&'static str]) -> (ClinicId, Vec<PersonId>) {
    let clinic = ClinicId::from(System.new_id());
    let people: Vec<PersonId> = names.iter().map(|_| System.new_id().into()).collect();
    let made = people.clone();
    db.write(move |mut tx| {
        let people = people.clone();
        Box::pin(async move {
            clinic::insert(&mut tx, clinic, "Harbour", System.now()).await?;
            for (place, (id, name)) in people.into_iter().zip(names).enumerate() {
                let new = NewPerson {
                    id,
                    email: format!("{id}@mail.example"),
                    display_name: (*name).to_owned(),
                    password_hash: "hash".to_owned(),
                    at: System.now(),
                };
                assert!(person::insert(&mut tx, &new).await?);
                let role = if place == 0 {
                    Role::Athlete
                } else {
                    Role::Physio
                };
                join(&mut tx, clinic, id, role.into(), true, System.now()).await?;
            }
            Ok(())
        })
    })
    .await
    .unwrap();
    (clinic, made)
}

storage_tests! {
    // Seen failing on Postgres with the roles read before the row is locked.
    async fn two_invitations_of_one_person_at_once_both_count(db: Db) {
        let (clinic, people) = clinic_of(&db, &["Nora", "Pia"]).await;
        let nora = people[0];
        for round in 0..20 {
            db.write(move |mut tx| {
                Box::pin(async move {
                    const SQL: &str = "UPDATE membership SET roles = 'ATHLETE' WHERE person_id = $1";
                    on!(&mut *tx, execute sqlx::query(SQL).bind(nora.uuid()))?;
                    Ok(())
                })
            })
            .await
            .unwrap();
            let both = [Role::Admin, Role::Physio].map(|role| {
                db.write(move |mut tx| {
                    Box::pin(async move { join(&mut tx, clinic, nora, role.into(), true, System.now()).await })
                })
            });
            futures_util::future::try_join_all(both).await.unwrap();
            let mut reader = db.read().await.unwrap();
            let held = roles(&mut reader.conn(), clinic, nora).await.unwrap().unwrap();
            assert_eq!(held.to_string(), "ADMIN,PHYSIO,ATHLETE", "round {round}");
        }
    }

    async fn names_and_roles_are_those_of_the_clinic(db: Db) {
        let (here, people) = clinic_of(&db, &["Nora", "Pia"]).await;
        let (_, strangers) = clinic_of(&db, &["Stranger"]).await;
        let mut reader = db.read().await.unwrap();
        let conn = &mut reader.conn();
        let all = people.iter().chain(&strangers).copied();
        let found = names(conn, here, all).await.unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[&people[1]], "Pia");
        assert_eq!(roles(conn, here, people[1]).await.unwrap(), Some(Role::Physio.into()));
        assert_eq!(roles(conn, here, strangers[0]).await.unwrap(), None);
    }

    async fn one_address_has_one_account(db: Db) {
        let new = |id: PersonId| NewPerson {
            id,
            email: "ada@harbour.example".to_owned(),
            display_name: "Ada".to_owned(),
            password_hash: "hash".to_owned(),
            at: System.now(),
        };
        let (first, second) = (new(System.new_id().into()), new(System.new_id().into()));
        let made = db
            .write(move |mut tx| {
                let (first, second) = (first.clone(), second.clone());
                Box::pin(async move {
                    // The refused one does not end the transaction.
                    Ok([person::insert(&mut tx, &first).await?, person::insert(&mut tx, &second).await?])
                })
            })
            .await;
        assert_eq!(made.unwrap(), [true, false]);
    }
}
