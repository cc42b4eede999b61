//! The number that counts up with every act that shuts somebody out, and what a replica makes of it.
//!
//! How do I write such an act? Call [`bump`] in its transaction. The rest follows: this replica forgets whom it knows
//! when the commit is through, the others when they next ask for the number, within a second.

use std::sync::Arc;

use tokio::sync::watch;

use crate::{
    error::Result,
    storage::{Conn, Tx, db::on},
};

/// Counts the number up, with the transaction: logout, revocation, roles, settings, consent, keys. Call it last: its row
/// is everybody's, and locked until the commit.
pub(crate) async fn bump(tx: &mut Tx<'_>) -> Result<()> {
    const SQL: &str = "UPDATE access_epoch SET epoch = epoch + 1 WHERE id = 1";
    on!(&mut **tx, execute sqlx::query(SQL))?;
    tx.shuts_out();
    Ok(())
}

/// The number as it stands.
pub(crate) async fn current(conn: &mut Conn<'_>) -> Result<i64> {
    const SQL: &str = "SELECT epoch FROM access_epoch WHERE id = 1";
    Ok(on!(conn, fetch_one sqlx::query_scalar(SQL))?)
}

/// What this replica knows is of this generation or stale: the next one begins whenever it learns that somebody was
/// shut out, by itself or by another.
#[derive(Clone)]
pub(crate) struct Generation(Arc<watch::Sender<u64>>);

impl Generation {
    pub(crate) fn first() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }

    pub(crate) fn now(&self) -> u64 {
        *self.0.borrow()
    }

    /// What was known is stale from here on.
    pub(crate) fn next(&self) {
        self.0.send_modify(|generation| *generation += 1);
    }

    /// Tells whoever waits for the next one.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        error::Error,
        storage::{Db, conformance::storage_tests},
    };

    async fn epoch(db: &Db) -> i64 {
        current(&mut db.read().await.unwrap().conn()).await.unwrap()
    }

    storage_tests! {
        // Seen failing without the mark on the transaction.
        async fn an_act_that_shuts_out_begins_a_generation_once_it_is_committed(db: Db) {
            let (before, known) = (epoch(&db).await, db.generation().now());
            db.write(|mut tx| Box::pin(async move { bump(&mut tx).await })).await.unwrap();
            assert_eq!(epoch(&db).await, before + 1);
            assert_eq!(db.generation().now(), known + 1);

            let failed: Result<()> = db
                .write(|mut tx| Box::pin(async move {
                    bump(&mut tx).await?;
                    Err(Error::RoleRequired)
                }))
                .await;
            assert!(failed.is_err());
            assert_eq!(epoch(&db).await, before + 1);
            let known = db.generation().now();
            db.write(|_| Box::pin(async move { Ok(()) })).await.unwrap();
            assert_eq!(db.generation().now(), known, "nobody was shut out");
        }

        async fn acts_at_the_same_moment_all_count(db: Db) {
            let before = epoch(&db).await;
            let act = || db.write(|mut tx| Box::pin(async move { bump(&mut tx).await }));
            futures_util::future::try_join_all((0..20).map(|_| act())).await.unwrap();
            assert_eq!(epoch(&db).await, before + 20);
        }
    }
}
