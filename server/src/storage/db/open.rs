//! Opening either database, and what it has to be like.

use std::{fs::OpenOptions, os::unix::fs::OpenOptionsExt as _, path::Path, time::Duration};

use sqlx::{
    ConnectOptions as _, SqliteConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tracing::log::LevelFilter;

use super::{Db, Replica};
use crate::{
    error::{Error, Result},
    storage::{dialect, writer::Writer},
};

/// The first `SQLite` without the WAL-reset bug, which can corrupt a database with two connections.
const SQLITE_AT_LEAST: (u32, u32, u32) = (3, 51, 3);
const SQLITE_READERS: u32 = 4;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const POSTGRES_CONNECTIONS: u32 = 16;
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

impl Db {
    /// Opens the `SQLite` file, makes it when it is missing, and brings its schema up to date.
    pub(crate) async fn open_sqlite(file: &Path) -> Result<Self> {
        // Readable for its owner alone, whatever the umask says; SQLite gives its side files the same mode.
        OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(file)
            .map_err(|e| Error::internal(format!("{}: {e}", file.display())))?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL, not NORMAL: an acknowledged check-in survives a power cut.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // What is deleted is overwritten: an erasure reaches the bytes of the file.
            .pragma("secure_delete", "ON")
            .busy_timeout(BUSY_TIMEOUT)
            .log_statements(LevelFilter::Trace)
            .log_slow_statements(LevelFilter::Debug, Duration::from_secs(1));
        let mut connection = options.connect().await?;
        assert_sqlite(&mut connection).await?;
        dialect::migrate_sqlite(&mut connection).await?;
        let read = SqlitePoolOptions::new()
            .max_connections(SQLITE_READERS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(options.read_only(true))
            .await?;
        Ok(Self::Sqlite {
            write: Writer::spawn(connection),
            read,
            replica: Replica::new(),
        })
    }

    /// Opens a Postgres database whose schema is up to date.
    pub(crate) async fn open_postgres(url: &str) -> Result<Self> {
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(postgres_options(url)?)
            .await?;
        dialect::assert_migrated(&pool).await?;
        Ok(Self::Postgres(pool, Replica::new()))
    }
}

/// Options of a Postgres URL, with statements kept out of the log: they carry values.
pub(in crate::storage) fn postgres_options(url: &str) -> Result<PgConnectOptions> {
    let options: PgConnectOptions = url.parse()?;
    Ok(options
        .application_name("rungd")
        .log_statements(LevelFilter::Trace)
        .log_slow_statements(LevelFilter::Debug, Duration::from_secs(1)))
}

/// Refuses to go on when the bundled `SQLite` or a setting is not what durability rests on.
async fn assert_sqlite(connection: &mut SqliteConnection) -> Result<()> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(&mut *connection)
        .await?;
    let mut parts = version.split('.').map(|n| n.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    if (next(), next(), next()) < SQLITE_AT_LEAST {
        return Err(Error::internal(format!(
            "SQLite {version} can corrupt a database; at least 3.51.3 is needed"
        )));
    }
    for (pragma, expected) in [
        ("SELECT journal_mode FROM pragma_journal_mode", "wal"),
        (
            "SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous",
            "2",
        ),
        (
            "SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys",
            "1",
        ),
        (
            "SELECT CAST(secure_delete AS TEXT) FROM pragma_secure_delete",
            "1",
        ),
        (
            "SELECT CAST(timeout AS TEXT) FROM pragma_busy_timeout",
            "5000",
        ),
    ] {
        let found: String = sqlx::query_scalar(pragma)
            .fetch_one(&mut *connection)
            .await?;
        if found != expected {
            return Err(Error::internal(format!(
                "{pragma}: {found}, not {expected}"
            )));
        }
    }
    Ok(())
}
