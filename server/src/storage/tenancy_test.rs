//! The second wall of Postgres: one transaction, one clinic.

use std::{collections::BTreeSet, future::poll_fn, pin::pin, task::Poll};

use rung_progression::ClinicId;
use sqlx::{
    AssertSqlSafe, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{
    Db,
    athlete::{self},
    conformance::{
        as_owner,
        fixture::{Practice, plan},
        on_postgres, owner_url,
    },
    db::on,
};
use crate::error::{Error, Result};

/// SQLSTATE of the refusal, or nothing.
fn refusal<T: std::fmt::Debug>(outcome: Result<T>) -> String {
    let Err(Error::Database(e)) = outcome else {
        panic!("{outcome:?}");
    };
    let e = e.into_database_error().unwrap();
    e.code().unwrap().into_owned()
}

async fn count(db: &Db, clinic: Option<ClinicId>, table: &str) -> Result<i64> {
    let mut reader = match clinic {
        Some(clinic) => db.read_in(clinic).await?,
        None => db.read().await?,
    };
    let sql = format!("SELECT COUNT(*) FROM {table}");
    let conn = &mut reader.conn();
    Ok(on!(conn, fetch_one sqlx::query_scalar(AssertSqlSafe(sql.clone())))?)
}

async fn execute(db: &Db, clinic: ClinicId, sql: String) -> Result<u64> {
    db.write_in(clinic, move |mut tx| {
        let sql = sql.clone();
        Box::pin(async move { Ok(on!(&mut *tx, execute sqlx::query(AssertSqlSafe(sql.clone())))?) })
    })
    .await
}

fn options(db: &Db) -> PgConnectOptions {
    let Db::Postgres(pool, _) = db else {
        panic!("these tests are Postgres's")
    };
    (*pool.connect_options()).clone()
}

/// Tables of which every row belongs to one clinic.
async fn clinical(owner: &PgPool) -> BTreeSet<String> {
    const SQL: &str = "SELECT table_name::text FROM information_schema.columns \
        WHERE table_schema = 'public' AND column_name = 'clinic_id'";
    let all: Vec<String> = sqlx::query_scalar(SQL).fetch_all(owner).await.unwrap();
    // Who there is: asked before it is known in which clinic.
    let identity = [
        "auth_session",
        "invitation",
        "membership",
        "reset_code",
        "service_account",
    ];
    all.into_iter()
        .filter(|table| !identity.contains(&table.as_str()))
        .collect()
}

// Seen failing with FORCE taken out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_clinical_table_is_behind_the_wall_and_closed_without_a_clinic() {
    on_postgres(async |db: Db| {
        const SQL: &str = "SELECT relname::text FROM pg_class \
            WHERE relnamespace = 'public'::regnamespace AND relrowsecurity AND relforcerowsecurity";
        let owner = PgPool::connect(&owner_url(&db).unwrap()).await.unwrap();
        let walled: Vec<String> = sqlx::query_scalar(SQL).fetch_all(&owner).await.unwrap();
        let clinical = clinical(&owner).await;
        assert!(clinical.len() > 15, "{clinical:?}");
        assert_eq!(walled.into_iter().collect::<BTreeSet<_>>(), clinical);
        let (here, there) = (Practice::new(), Practice::new());
        for practice in [&here, &there] {
            plan(&db, &practice.athlete(&db, "Mia").await).await;
        }
        for table in &clinical {
            // Never set in this session: 42704. Set in an earlier transaction of it, it is empty, and that is no uuid.
            let refused = refusal(count(&db, None, table).await);
            assert!(
                ["42704", "22P02"].contains(&refused.as_str()),
                "{table}: {refused}"
            );
        }
        for table in [
            "athlete",
            "care_team",
            "plan",
            "plan_state",
            "plan_revision",
        ] {
            assert_eq!(
                count(&db, Some(here.clinic), table).await.unwrap(),
                1,
                "{table}"
            );
        }
        owner.close().await;
    })
    .await;
}

// Seen failing with WITH CHECK (TRUE).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_written_for_another_clinic() {
    on_postgres(async |db: Db| {
        let (here, there) = (Practice::new(), Practice::new());
        let mine = here.athlete(&db, "Mia").await;
        let theirs = there.athlete(&db, "Bo").await;
        let (here, there) = (here.clinic, there.clinic);
        let add = format!(
            "INSERT INTO athlete SELECT '{}', gen_random_uuid(), 1, 'X', 'UTC', NULL, created_at, created_by \
             FROM athlete",
            there.uuid()
        );
        assert_eq!(refusal(execute(&db, here, add).await), "42501");
        let give = format!("UPDATE care_team SET clinic_id = '{}'", there.uuid());
        assert_eq!(refusal(execute(&db, here, give).await), "42501");
        let touch = "UPDATE athlete SET etag = 99".to_owned();
        assert_eq!(execute(&db, here, touch).await.unwrap(), 1);
        let read = async |access| {
            let mut reader = db.read_in(theirs.clinic()).await.unwrap();
            athlete::get(&mut reader.conn(), access).await
        };
        assert_eq!(read(&theirs).await.unwrap().etag, 1);
        assert!(matches!(read(&mine).await, Err(Error::NotFound(_))));
    })
    .await;
}

// Seen failing with FORCE taken out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_owner_is_bound_too() {
    on_postgres(async |db: Db| {
        let practice = Practice::new();
        practice.athlete(&db, "Mia").await;
        let name = options(&db).get_database().unwrap().to_owned();
        // The role that serves is made the owner.
        as_owner(&db, &format!("ALTER TABLE athlete OWNER TO {name}")).await;
        let stranger = Practice::new().clinic;
        assert_eq!(count(&db, Some(stranger), "athlete").await.unwrap(), 0);
        let refused = refusal(count(&db, None, "athlete").await);
        assert!(["42704", "22P02"].contains(&refused.as_str()), "{refused}");
        as_owner(&db, "ALTER TABLE athlete OWNER TO CURRENT_USER").await;
    })
    .await;
}

// Seen failing with the policy's condition replaced by TRUE.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_about_an_athlete_go_with_a_tombstone_and_not_before() {
    on_postgres(async |db: Db| {
        let practice = Practice::new();
        let erased = practice.athlete(&db, "Mia").await;
        let kept = practice.athlete(&db, "Bo").await;
        for athlete in [&erased, &kept] {
            plan(&db, athlete).await;
        }
        let clinic = practice.clinic;
        let tables = ["plan_revision", "plan_state", "plan", "athlete"];
        for table in tables {
            let delete = format!("DELETE FROM {table}");
            assert_eq!(execute(&db, clinic, delete).await.unwrap(), 0, "{table}");
        }
        let tombstone = format!(
            "INSERT INTO tombstone (clinic_id, athlete_id, reason, erased_at) \
             SELECT clinic_id, id, 'asked', created_at FROM athlete WHERE id = '{}'",
            erased.athlete().uuid()
        );
        assert_eq!(execute(&db, clinic, tombstone).await.unwrap(), 1);
        let team = "DELETE FROM care_team".to_owned();
        assert_eq!(execute(&db, clinic, team).await.unwrap(), 2);
        for table in tables {
            let delete = format!("DELETE FROM {table}");
            assert_eq!(execute(&db, clinic, delete).await.unwrap(), 1, "{table}");
            assert_eq!(count(&db, Some(clinic), table).await.unwrap(), 1, "{table}");
        }
    })
    .await;
}

// Seen failing with `begin` awaited in the caller's own future.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_comes_back_carries_no_clinic() {
    /// Tasks that have to be dropped on their way.
    const CUTS: u32 = 12;
    on_postgres(async |db: Db| {
        let practice = Practice::new();
        let access = practice.athlete(&db, "Mia").await;
        let single = PgPoolOptions::new()
            .max_connections(1)
            .connect_with(options(&db))
            .await
            .unwrap();
        let one = Db::Postgres(single.clone(), super::db::Replica::new());
        let mut cuts = 0;
        // Where a task is dropped is a matter of luck: how often it is polled depends on who else wants the processor.
        while cuts < CUTS {
            let mut finished = 0;
            // Each round is dropped one step later than the one before it, until three in a row came to their end.
            for steps in 1.. {
                let reading = async {
                    let mut reader = one.read_in(practice.clinic).await.unwrap();
                    athlete::get(&mut reader.conn(), &access).await.unwrap();
                };
                let access = access.clone();
                let writing = one.write_in(practice.clinic, move |mut tx| {
                    let access = access.clone();
                    Box::pin(async move {
                        athlete::get(&mut tx, &access).await?;
                        Ok(())
                    })
                });
                let read = cut(reading, steps).await.is_some();
                assert_clean(&single).await;
                let wrote = cut(writing, steps).await.is_some();
                assert_clean(&single).await;
                cuts += u32::from(!read) + u32::from(!wrote);
                finished = if read && wrote { finished + 1 } else { 0 };
                if finished == 3 {
                    break;
                }
            }
        }
        single.close().await;
    })
    .await;
}

/// Polls a future `steps` times and drops it.
async fn cut<T>(future: impl Future<Output = T>, steps: u32) -> Option<T> {
    let mut future = pin!(future);
    let mut taken = 0;
    poll_fn(|context| {
        if taken == steps {
            return Poll::Ready(None);
        }
        taken += 1;
        let polled = future.as_mut().poll(context).map(Some);
        if polled.is_pending() && taken == steps {
            // Nobody would wake it for the last step, which is to drop it.
            return Poll::Ready(None);
        }
        polled
    })
    .await
}

/// Takes the one connection of the pool back and looks what it carries.
async fn assert_clean(pool: &PgPool) {
    let mut connection = pool.acquire().await.unwrap();
    let carried: Option<String> =
        sqlx::query_scalar("SELECT NULLIF(current_setting('rung.clinic', true), '')")
            .fetch_one(&mut *connection)
            .await
            .unwrap();
    assert_eq!(carried, None);
    let seen = sqlx::query("SELECT id FROM athlete WHERE clinic_id = $1")
        .bind(uuid::Uuid::nil())
        .fetch_all(&mut *connection)
        .await;
    assert!(seen.is_err(), "a clinical table is open without a clinic");
}
