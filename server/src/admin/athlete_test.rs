use sqlx::AssertSqlSafe;

use super::*;
use crate::{
    access::ErasureAccess,
    archive,
    storage::{
        conformance::{
            fixture::{Practice, ambient, noon},
            storage_tests,
        },
        db::on,
        erasure::{self, Tombstone},
        identity::{clinic, membership, person},
    },
};

const LEAD: &str = "pia@harbour.example";

/// A clinic with one physiotherapist.
async fn practice(db: &Db) -> Practice {
    let practice = Practice::new();
    let (id, physio) = (practice.clinic, practice.physio);
    db.write_in(id, move |mut tx| {
        Box::pin(async move {
            clinic::insert(&mut tx, id, "Harbour", noon()).await?;
            let new = person::NewPerson {
                id: physio,
                email: LEAD.to_owned(),
                display_name: "Pia".to_owned(),
                password_hash: "none".to_owned(),
                at: noon(),
            };
            person::insert(&mut tx, &new).await?;
            let roles = crate::access::Role::Physio.into();
            membership::join(&mut tx, id, physio, roles, true, noon()).await
        })
    })
    .await
    .unwrap();
    practice
}

/// Rows in the tables that an import writes.
async fn rows(db: &Db, clinic: ClinicId) -> i64 {
    let mut sum = 0;
    for table in [
        "athlete",
        "care_team",
        "plan",
        "plan_revision",
        "plan_state",
        "plan_event",
        "check_in",
        "decision",
        "audit_event",
    ] {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE clinic_id = $1");
        let mut reader = db.read_in(clinic).await.unwrap();
        let mut conn = reader.conn();
        let count: i64 = on!(&mut conn, fetch_one sqlx::query_scalar(AssertSqlSafe(sql.clone())).bind(clinic.uuid())).unwrap();
        sum += count;
    }
    sum
}

fn told(outcome: Result<()>) -> String {
    match outcome {
        Ok(()) => "taken in".to_owned(),
        Err(Error::Internal(told)) => told,
        Err(other) => format!("{other:?}"),
    }
}

storage_tests! {
    // Seen failing with the dry run answered before the transaction, and with its rows left.
    async fn a_dry_run_answers_what_the_import_would_and_changes_nothing(db: Db) {
        let (practice, ambient) = (practice(&db).await, ambient());
        let clinic = practice.clinic;
        let text = archive::tests::lines().join("\n") + "\n";
        let archive = Archive::read(text.as_bytes()).unwrap();
        let both = async |lead: &'static str, expected: &str| {
            let before = rows(&db, clinic).await;
            let dry = told(take_in(&db, &ambient, clinic, lead, &archive, true).await);
            assert_eq!(rows(&db, clinic).await, before, "a dry run stores nothing");
            let real = told(take_in(&db, &ambient, clinic, lead, &archive, false).await);
            assert_eq!(dry, real);
            assert!(real.contains(expected), "{real}");
        };
        both("nobody@harbour.example", "is no physiotherapist").await;
        both(LEAD, "taken in").await;
        assert!(rows(&db, clinic).await > 5, "everything is stored");
        both(LEAD, "AlreadyExists").await;

        let access = ErasureAccess::of_machine(clinic, archive.athlete.id);
        let tombstone = Tombstone::new(&access, "asked for".to_owned(), ambient.now(), None);
        db.write_in(clinic, move |mut tx| {
            let (access, tombstone) = (access, tombstone.clone());
            Box::pin(async move {
                erasure::erase(&mut tx, &access, &tombstone, noon(), None).await
            })
        })
        .await
        .unwrap();
        both(LEAD, "has erased this athlete").await;
    }
}
