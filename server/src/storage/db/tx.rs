//! Transactions that may write, and what they leave for others to hear of.

use std::{
    ops::DerefMut,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use futures_util::future::BoxFuture;
use rung_progression::ClinicId;
use sqlx::{AssertSqlSafe, PgPool, SqlSafeStr as _, SqliteConnection, Transaction};

use super::Conn;
use crate::error::{Error, Result};
use crate::mutant::{off, planted_delay};

/// A connection inside a transaction that may write. Made by [`Db::write`] alone.
pub(crate) struct Tx<'c>(Conn<'c>, Mark);

/// What a transaction does that others have to hear of.
#[derive(Default)]
pub(super) struct Marks {
    /// It shuts somebody out.
    pub(super) shuts_out: AtomicBool,
    /// It appends audit rows.
    pub(super) audits: AtomicBool,
}

pub(super) type Mark = Arc<Marks>;

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
    pub(in crate::storage) fn of_writer(connection: &'c mut SqliteConnection) -> Self {
        Self(Conn::Sqlite(connection), Mark::default())
    }

    /// Says that what this replica knows of people is stale once this is committed.
    pub(in crate::storage) fn shuts_out(&self) {
        self.1.shuts_out.store(true, Ordering::Relaxed);
    }

    /// Says that there are audit rows to link once this is committed.
    pub(in crate::storage) fn audits(&self) {
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
pub(super) fn marking<T: 'static>(work: impl Work<T>, mark: Mark) -> impl Work<T> {
    move |tx| work(Tx(tx.0, Arc::clone(&mark)))
}

/// A transaction of Postgres, rolled back when it is dropped before its commit.
pub(super) type PgTransaction = Transaction<'static, sqlx::Postgres>;

/// Begins a transaction in one round trip; with a clinic, of its rows alone.
pub(super) async fn begin(
    pool: &PgPool,
    mode: &str,
    clinic: Option<ClinicId>,
) -> Result<PgTransaction> {
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

pub(super) async fn write_once<T>(
    pool: &PgPool,
    clinic: Option<ClinicId>,
    work: &impl Work<T>,
) -> Result<T> {
    let mut tx = begin(pool, "", clinic).await?;
    let done = work(Tx(Conn::Postgres(&mut tx), Mark::default())).await?;
    if off("ack-after-commit") {
        tokio::spawn(async move {
            planted_delay().await;
            let _late = tx.commit().await;
        });
        return Ok(done);
    }
    tx.commit().await?;
    Ok(done)
}
