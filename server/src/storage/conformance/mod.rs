//! The same tests on both databases.
//!
//! How do I add a test of a storage function? Write it into `storage_tests!` beside the function: each runs once on an
//! `SQLite` file and once on a Postgres database of its own, both empty and migrated.

pub(crate) mod fixture;

use std::{future::Future, panic::AssertUnwindSafe};

use futures_util::FutureExt as _;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, sqlite::SqliteConnectOptions,
};

use super::{
    Db,
    db::{on, postgres_options},
    dialect,
};
use crate::clock::{Ambient as _, System};

/// Expands each `async fn name(db: Db) { … }` to a test on `SQLite` and one on Postgres.
macro_rules! storage_tests {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: Db) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn scenario($db: Db) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                $crate::storage::conformance::on_sqlite(scenario).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::storage::conformance::on_postgres(scenario).await;
            }
        }
    )+};
}
pub(crate) use storage_tests;

/// Runs a scenario on an `SQLite` file that is gone afterwards.
pub(crate) async fn on_sqlite<F: Future<Output = ()>>(scenario: impl FnOnce(Db) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open_sqlite(&folder.path().join("rung.db"))
        .await
        .unwrap();
    scenario(db.clone()).await;
    db.close().await;
}

/// [`on_sqlite`] for a scenario that looks at the files.
pub(crate) async fn on_sqlite_in<F: Future<Output = ()>>(
    scenario: impl FnOnce(Db, std::path::PathBuf) -> F,
) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rung.db");
    let db = Db::open_sqlite(&file).await.unwrap();
    scenario(db.clone(), folder.path().to_owned()).await;
    db.close().await;
}

/// Runs a scenario on a Postgres database that is gone afterwards, also when it fails. It signs in as a role that
/// serves, so that grants and row-level security bind every test.
pub(crate) async fn on_postgres<F: Future<Output = ()>>(scenario: impl FnOnce(Db) -> F) {
    on_postgres_after("", 0, scenario).await;
}

/// [`on_sqlite`] over a file that an earlier version has written: with the migrations before `version`, and `rows`.
pub(crate) async fn on_sqlite_after<F: Future<Output = ()>>(
    rows: &str,
    version: i64,
    scenario: impl FnOnce(Db) -> F,
) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rung.db");
    let options = SqliteConnectOptions::new()
        .filename(&file)
        .create_if_missing(true);
    let mut former = options.connect().await.unwrap();
    dialect::sqlite_before(version)
        .run(&mut former)
        .await
        .unwrap();
    sqlx::raw_sql(AssertSqlSafe(rows.to_owned()))
        .execute(&mut former)
        .await
        .unwrap();
    former.close().await.unwrap();
    let db = Db::open_sqlite(&file).await.unwrap();
    scenario(db.clone()).await;
    db.close().await;
}

/// [`on_postgres`] over a database that an earlier version has written, as [`on_sqlite_after`]; version 0: none has.
pub(crate) async fn on_postgres_after<F: Future<Output = ()>>(
    rows: &str,
    version: i64,
    scenario: impl FnOnce(Db) -> F,
) {
    let server = server();
    let name = format!("rung_{}", System.new_id().simple());
    execute(&server, &format!("CREATE DATABASE {name}")).await;
    execute(
        &server,
        &format!("CREATE ROLE {name} LOGIN PASSWORD '{name}'"),
    )
    .await;
    let outcome = AssertUnwindSafe(async {
        let url = with_database(&server, &name);
        if version > 0 {
            let mut former: PgConnection = postgres_options(&url).unwrap().connect().await.unwrap();
            dialect::postgres_before(version)
                .run(&mut former)
                .await
                .unwrap();
            former.close().await.unwrap();
            execute(&url, rows).await;
        }
        dialect::migrate_postgres(&url, Some(&name)).await.unwrap();
        let options = postgres_options(&url).unwrap();
        let signed_in = options.username(&name).password(&name).to_url_lossy();
        let db = Db::open_postgres(signed_in.as_str()).await.unwrap();
        scenario(db.clone()).await;
        db.close().await;
    })
    .catch_unwind()
    .await;
    execute(
        &server,
        &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
    )
    .await;
    execute(&server, &format!("DROP ROLE {name}")).await;
    if let Err(cause) = outcome {
        std::panic::resume_unwind(cause);
    }
}

/// Runs statements past every wall, as somebody can who owns the database or its file.
pub(crate) async fn as_owner(db: &Db, sql: &str) {
    if let Some(url) = owner_url(db) {
        return execute(&url, sql).await;
    }
    let sql = sql.to_owned();
    db.write(move |mut tx| {
        let sql = sql.clone();
        Box::pin(async move {
            for statement in sql.split(';').filter(|s| !s.trim().is_empty()) {
                on!(&mut *tx, execute sqlx::query(AssertSqlSafe(statement.to_owned())))?;
            }
            Ok(())
        })
    })
    .await
    .unwrap();
}

/// The URL by which the owner of a Postgres database signs in; `None` on `SQLite`.
pub(crate) fn owner_url(db: &Db) -> Option<String> {
    let Db::Postgres(pool, _) = db else {
        return None;
    };
    let options = pool.connect_options();
    Some(with_database(&server(), options.get_database().unwrap()))
}

fn server() -> String {
    std::env::var("RUNG_TEST_POSTGRES_URL").expect(
        "RUNG_TEST_POSTGRES_URL names no Postgres to test on; `make test` finds or makes one",
    )
}

async fn execute(url: &str, sql: &str) {
    let mut connection: PgConnection = postgres_options(url).unwrap().connect().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

/// The URL with another database. Over a unix socket it has no host, so that it is cut as text.
fn with_database(url: &str, name: &str) -> String {
    let (scheme, rest) = url.split_once("://").expect("a URL");
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = place.split('/').next().unwrap_or_default();
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.starts_with("dbname="))
        .collect();
    format!("{scheme}://{authority}/{name}?{}", kept.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_takes_the_place_of_the_first() {
        let over_socket = with_database("postgres:///?host=/run/x&dbname=postgres&user=a", "d");
        assert_eq!(over_socket, "postgres:///d?host=/run/x&user=a");
        let over_network = with_database("postgres://a:s@127.0.0.1:5432/postgres", "d");
        assert_eq!(over_network, "postgres://a:s@127.0.0.1:5432/d?");
    }

    storage_tests! {
        async fn a_fresh_database_is_migrated_and_empty(db: Db) {
            let mut reader = db.read().await.unwrap();
            let conn = &mut reader.conn();
            let clinics: i64 =
                on!(conn, fetch_one sqlx::query_scalar("SELECT COUNT(*) FROM clinic")).unwrap();
            assert_eq!(clinics, 0);
        }
    }
}
