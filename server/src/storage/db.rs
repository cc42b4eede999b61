//! The two databases behind one SQL text.
//!
//! [`Db`] holds the pools, [`Conn`] is what query functions take, [`Tx`] is a `Conn` that may write. `on!` dispatches
//! one query to the right driver and does nothing else. Matching on the backend is legal here, in `db/`, and in
//! `dialect.rs` only.

mod open;
mod tx;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering},
};

use rung_progression::ClinicId;
use sqlx::{PgConnection, PgPool, Sqlite, SqliteConnection, SqlitePool, pool::PoolConnection};

use self::tx::{Mark, PgTransaction, begin, marking, write_once};
use super::{identity::epoch::Generation, writer::Writer};
use crate::{error::Result, mutant::off};

pub(super) use self::open::postgres_options;
pub(crate) use self::tx::{Tx, Work};

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

impl Db {
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
                    sqlx::postgres::PgPoolOptions::new()
                        .connect_with(options)
                        .await
                        .unwrap(),
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
