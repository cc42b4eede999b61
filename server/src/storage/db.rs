//! The two databases behind one SQL text.
//!
//! [`Db`] holds the pools, [`Conn`] is what query functions take, [`Tx`] is a `Conn` that may write. `on!` dispatches
//! one query to the right driver and does nothing else. Matching on the backend is legal here and in `dialect.rs` only.

use std::{
    collections::BTreeSet,
    fs::OpenOptions,
    ops::DerefMut,
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::future::BoxFuture;
use rung_progression::ClinicId;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, PgConnection, PgPool, SqlSafeStr as _, Sqlite,
    SqliteConnection, SqlitePool, Transaction,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tracing::log::LevelFilter;

use super::{dialect, identity::epoch::Generation, writer::Writer};
use crate::{
    error::{Error, Result},
    mutant::off,
};

/// The first `SQLite` without the WAL-reset bug, which can corrupt a database with two connections.
const SQLITE_AT_LEAST: (u32, u32, u32) = (3, 51, 3);
const SQLITE_READERS: u32 = 4;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const POSTGRES_CONNECTIONS: u32 = 16;
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// Tries of one transaction that Postgres asks to repeat. The lock-first write makes even a second one rare.
const TRIES: u32 = 5;

/// The open database.
#[derive(Clone)]
pub(crate) enum Db {
    /// One writer that commits in groups, and read-only connections.
    Sqlite {
        write: Writer,
        read: SqlitePool,
        replica: Replica,
    },
    /// One pool for both.
    Postgres(PgPool, Replica),
}

/// What this server alone knows of what it has committed.
#[derive(Clone)]
pub(crate) struct Replica {
    generation: Generation,
    audited: Arc<Mutex<BTreeSet<ClinicId>>>,
}

impl Replica {
    pub(super) fn new() -> Self {
        Self {
            generation: Generation::first(),
            audited: Arc::default(),
        }
    }
}

/// A borrowed connection: what query functions take.
pub(crate) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// A connection inside a transaction that may write. Made by [`Db::write`] alone.
pub(crate) struct Tx<'c>(Conn<'c>, Mark);

/// What a transaction does that others have to hear of.
#[derive(Default)]
struct Marks {
    /// It shuts somebody out.
    shuts_out: AtomicBool,
    /// It appends audit rows.
    audits: AtomicBool,
}

type Mark = Arc<Marks>;

impl<'c> Tx<'c> {
    /// The same transaction, for a part of the work.
    pub(crate) fn again(&mut self) -> Tx<'_> {
        let conn = match &mut self.0 {
            Conn::Sqlite(connection) => Conn::Sqlite(connection),
            Conn::Postgres(connection) => Conn::Postgres(connection),
        };
        Tx(conn, Arc::clone(&self.1))
    }

    /// For the writer task, which has begun a transaction on its connection.
    pub(super) fn of_writer(connection: &'c mut SqliteConnection) -> Self {
        Self(Conn::Sqlite(connection), Mark::default())
    }

    /// Says that what this replica knows of people is stale once this is committed.
    pub(super) fn shuts_out(&self) {
        self.1.shuts_out.store(true, Ordering::Relaxed);
    }

    /// Says that there are audit rows to link once this is committed.
    pub(super) fn audits(&self) {
        self.1.audits.store(true, Ordering::Relaxed);
    }
}

impl<'c> std::ops::Deref for Tx<'c> {
    type Target = Conn<'c>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

/// An owned connection for reading.
pub(crate) enum Reader {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<sqlx::Postgres>),
    /// Bound to one clinic until it is dropped.
    PostgresIn(PgTransaction),
}

impl Reader {
    /// The connection, for query functions.
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(c) => Conn::Sqlite(c),
            Self::Postgres(c) => Conn::Postgres(c),
            Self::PostgresIn(tx) => Conn::Postgres(tx),
        }
    }
}

/// A transaction of Postgres, rolled back when it is dropped before its commit.
type PgTransaction = Transaction<'static, sqlx::Postgres>;

/// Begins a transaction in one round trip; with a clinic, of its rows alone.
async fn begin(pool: &PgPool, mode: &str, clinic: Option<ClinicId>) -> Result<PgTransaction> {
    let bound = clinic.map_or(String::new(), |clinic| {
        // A uuid's text is hexadecimal digits and hyphens, and SET takes no parameters. LOCAL: it ends with the
        // transaction, however that ends.
        let scope = if off("wall-leak") { "SESSION" } else { "LOCAL" };
        format!("; SET {scope} rung.clinic = '{}'", clinic.uuid())
    });
    let statement = AssertSqlSafe(format!("BEGIN{mode}{bound}")).into_sql_str();
    let connection = pool.acquire().await?;
    // A task of its own, which nobody cancels: dropped while it waits for the answer to BEGIN, sqlx would give the
    // connection back inside the transaction, and whoever got it next would see the clinic of somebody else.
    tokio::spawn(Transaction::begin(connection, Some(statement)))
        .await
        .map_err(Error::internal)?
        .map_err(Error::Database)
}

/// Runs one query on whichever database `conn` is: `on!(conn, fetch_one sqlx::query_as::<_, Row>(SQL).bind(id))`.
///
/// A bind that only one driver knows fails to compile with "expected Sqlite, found Postgres" or the reverse: use `i64`,
/// `String`, `Uuid`, `DateTime<Utc>`, `NaiveDate`, `bool`, `Json`.
macro_rules! on {
    ($conn:expr, execute $query:expr) => {
        match $crate::storage::db::borrow($conn) {
            $crate::storage::db::Conn::Sqlite(c) => $query
                .execute(&mut **c)
                .await
                .map(|done| done.rows_affected()),
            $crate::storage::db::Conn::Postgres(c) => $query
                .execute(&mut **c)
                .await
                .map(|done| done.rows_affected()),
        }
    };
    ($conn:expr, $method:ident $query:expr) => {
        match $crate::storage::db::borrow($conn) {
            $crate::storage::db::Conn::Sqlite(c) => $query.$method(&mut **c).await,
            $crate::storage::db::Conn::Postgres(c) => $query.$method(&mut **c).await,
        }
    };
}
pub(crate) use on;

/// Lets `on!` take a [`Tx`] where it takes a [`Conn`].
pub(crate) fn borrow<'a, 'c>(conn: &'a mut Conn<'c>) -> &'a mut Conn<'c> {
    conn
}

/// What a transaction does. It may run again, so it has no effect outside its [`Tx`].
pub(crate) trait Work<T>:
    for<'t> Fn(Tx<'t>) -> BoxFuture<'t, Result<T>> + Send + Sync + 'static
{
}
impl<T, F> Work<T> for F where
    F: for<'t> Fn(Tx<'t>) -> BoxFuture<'t, Result<T>> + Send + Sync + 'static
{
}

/// The same work, which leaves its mark here too.
fn marking<T: 'static>(work: impl Work<T>, mark: Mark) -> impl Work<T> {
    move |tx| work(Tx(tx.0, Arc::clone(&mark)))
}

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

    /// A connection for reading what belongs to no clinic: Postgres refuses it every clinical table.
    pub(crate) async fn read(&self) -> Result<Reader> {
        Ok(match self {
            Self::Sqlite { read, .. } => Reader::Sqlite(read.acquire().await?),
            Self::Postgres(pool, _) => Reader::Postgres(pool.acquire().await?),
        })
    }

    /// A connection for reading in one clinic: Postgres shows it no row of another one.
    pub(crate) async fn read_in(&self, clinic: ClinicId) -> Result<Reader> {
        Ok(match self {
            Self::Sqlite { read, .. } => Reader::Sqlite(read.acquire().await?),
            Self::Postgres(pool, _) => {
                Reader::PostgresIn(begin(pool, " READ ONLY", Some(clinic)).await?)
            }
        })
    }

    /// Runs `work` in one transaction and answers after the commit. On an error nothing of it remains. It is for what
    /// belongs to no clinic, like [`Db::read`].
    pub(crate) async fn write<T: Send + 'static>(&self, work: impl Work<T>) -> Result<T> {
        self.write_bound(None, work).await
    }

    /// [`Db::write`] in one clinic: Postgres lets it neither see nor write a row of another one.
    pub(crate) async fn write_in<T: Send + 'static>(
        &self,
        clinic: ClinicId,
        work: impl Work<T>,
    ) -> Result<T> {
        self.write_bound(Some(clinic), work).await
    }

    async fn write_bound<T: Send + 'static>(
        &self,
        clinic: Option<ClinicId>,
        work: impl Work<T>,
    ) -> Result<T> {
        let mark = Mark::default();
        let done = self.run(clinic, marking(work, Arc::clone(&mark))).await;
        // Also when it failed: nobody knows whether a commit that was not answered stands.
        if mark.shuts_out.load(Ordering::Relaxed) && !off("known-here") {
            self.generation().next();
        }
        if let Some(clinic) = clinic
            && mark.audits.load(Ordering::Relaxed)
        {
            self.audited().insert(clinic);
        }
        done
    }

    /// The clinics for which this server has appended audit rows since it was last asked.
    pub(crate) fn take_audited(&self) -> BTreeSet<ClinicId> {
        std::mem::take(&mut *self.audited())
    }

    fn audited(&self) -> MutexGuard<'_, BTreeSet<ClinicId>> {
        let audited = &self.replica().audited;
        audited.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn replica(&self) -> &Replica {
        match self {
            Self::Sqlite { replica, .. } | Self::Postgres(_, replica) => replica,
        }
    }

    /// The generation of what this replica knows of people.
    pub(crate) fn generation(&self) -> &Generation {
        &self.replica().generation
    }

    /// The same database with a generation of its own, as another server has it.
    #[cfg(test)]
    pub(crate) fn into_other_replica(mut self) -> Self {
        match &mut self {
            Self::Sqlite { replica, .. } | Self::Postgres(_, replica) => *replica = Replica::new(),
        }
        self
    }

    async fn run<T: Send + 'static>(
        &self,
        clinic: Option<ClinicId>,
        work: impl Work<T>,
    ) -> Result<T> {
        match self {
            Self::Sqlite { write, .. } => write.run(work).await,
            Self::Postgres(pool, _) => {
                let mut tries = 1;
                loop {
                    match write_once(pool, clinic, &work).await {
                        Err(e) if e.is_retryable() && tries < TRIES => tries += 1,
                        done => return done,
                    }
                }
            }
        }
    }

    /// Another replica on the same database. `SQLite` has one writer, and hence one replica.
    #[cfg(test)]
    pub(crate) async fn replica_for_test(&self) -> Self {
        match self {
            Self::Sqlite { .. } => self.clone(),
            Self::Postgres(pool, _) => {
                let options = pool.connect_options().as_ref().clone();
                Self::Postgres(
                    PgPoolOptions::new().connect_with(options).await.unwrap(),
                    Replica::new(),
                )
            }
        }
    }

    /// Sees to it that what was deleted is in no file of the embedded database any more. Postgres gives the space of
    /// deleted rows up by itself, when it vacuums.
    pub(crate) async fn scrub(&self) -> Result<()> {
        match self {
            Self::Sqlite { write, .. } => write.scrub().await,
            Self::Postgres(..) => Ok(()),
        }
    }

    /// Closes every connection; what was acknowledged is on disk already.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { write, read, .. } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool, _) => pool.close().await,
        }
    }
}

/// Options of a Postgres URL, with statements kept out of the log: they carry values.
pub(super) fn postgres_options(url: &str) -> Result<PgConnectOptions> {
    let options: PgConnectOptions = url.parse()?;
    Ok(options
        .application_name("rungd")
        .log_statements(LevelFilter::Trace)
        .log_slow_statements(LevelFilter::Debug, Duration::from_secs(1)))
}

async fn write_once<T>(pool: &PgPool, clinic: Option<ClinicId>, work: &impl Work<T>) -> Result<T> {
    let mut tx = begin(pool, "", clinic).await?;
    let done = work(Tx(Conn::Postgres(&mut tx), Mark::default())).await?;
    tx.commit().await?;
    Ok(done)
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
