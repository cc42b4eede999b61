use chrono::TimeDelta;
use rung_progression::PersonId;

use super::*;
use crate::{
    access::{GlassAccess, Role, Roles},
    clock::{Ambient as _, System},
    storage::{
        Db,
        conformance::{
            fixture::{Practice, noon},
            storage_tests,
        },
        identity::{
            clinic,
            person::{self, NewPerson},
        },
    },
};

async fn joins(db: &Db, clinic: ClinicId, person: PersonId, roles: Roles) {
    const SQL: &str = "INSERT INTO membership (clinic_id, person_id, roles, state, created_at) \
        VALUES ($1, $2, $3, 'ACTIVE', $4)";
    db.write(move |mut tx| {
        Box::pin(async move {
            let new = NewPerson {
                id: person,
                email: format!("{person}@mail.example"),
                display_name: "Ada".to_owned(),
                password_hash: "hash".to_owned(),
                at: noon(),
            };
            assert!(person::insert(&mut tx, &new).await?);
            // Written plainly: how people join is another room's business.
            on!(&mut *tx, execute sqlx::query(SQL)
                .bind(clinic.uuid())
                .bind(person.uuid())
                .bind(roles.to_string())
                .bind(noon()))?;
            Ok(())
        })
    })
    .await
    .unwrap();
}

async fn acknowledged(db: &Db, access: &ClinicAccess, id: BreakGlassId) -> Result<bool> {
    let access = access.clone();
    db.write_in(access.clinic(), move |mut tx| {
        let access = access.clone();
        Box::pin(async move {
            let seen = acknowledge(&mut tx, &access, id, noon()).await?;
            Ok(seen.is_some_and(|seen| seen.acknowledged_by == Some(access.person().uuid())))
        })
    })
    .await
}

storage_tests! {
    // Seen failing with the caller's own let through.
    async fn nobody_waves_their_own_through_while_somebody_else_could_look(db: Db) {
        let here = Practice::new();
        let (clinic, solo) = (here.clinic, here.physio);
        db.write(move |mut tx| {
            Box::pin(async move { clinic::insert(&mut tx, clinic, "Harbour", noon()).await })
        })
        .await
        .unwrap();
        joins(&db, clinic, solo, [Role::Admin, Role::Physio].into_iter().collect()).await;
        let record = here.athlete(&db, "Nora").await;
        let mut ids = vec![];
        for _ in 0..2 {
            let id = BreakGlassId::from(System.new_id());
            let access = GlassAccess::for_test(clinic, record.athlete(), solo, id);
            db.write_in(clinic, move |mut tx| {
                let access = access.clone();
                Box::pin(async move {
                    insert(&mut tx, &access, "she fell", noon(), noon() + TimeDelta::hours(1)).await
                })
            })
            .await
            .unwrap();
            ids.push(id);
        }
        let own = ClinicAccess::for_test(clinic, solo, &[Role::Admin]);
        assert!(acknowledged(&db, &own, ids[0]).await.unwrap(), "there is nobody else");

        let other = PersonId::from(System.new_id());
        joins(&db, clinic, other, Role::Admin.into()).await;
        assert!(matches!(acknowledged(&db, &own, ids[1]).await, Err(Error::RoleRequired)));
        let mut reader = db.read_in(clinic).await.unwrap();
        assert_eq!(unseen(&mut reader.conn(), clinic).await.unwrap(), 1);
        drop(reader);
        let admin = ClinicAccess::for_test(clinic, other, &[Role::Admin]);
        assert!(acknowledged(&db, &admin, ids[1]).await.unwrap());
    }
}
