use std::sync::Arc;

use futures_util::future::join_all;
use tokio::{sync::Notify, task::JoinHandle};

use super::*;
use crate::storage::Db;

/// A database with a table of parents and one of children, whose parents have to be there at the commit.
async fn families() -> (tempfile::TempDir, Db) {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open_sqlite(&dir.path().join("rung.db")).await.unwrap();
    for table in [
        "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
        "CREATE TABLE child (parent INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)",
    ] {
        done(&db, table).await.unwrap();
    }
    (dir, db)
}

async fn done(db: &Db, sql: &'static str) -> Result<()> {
    db.write(move |mut tx| {
        Box::pin(async move {
            crate::storage::db::on!(&mut tx, execute sqlx::query(sql))?;
            Ok(())
        })
    })
    .await
}

async fn children(db: &Db) -> i64 {
    let mut reader = db.read().await.unwrap();
    let count = "SELECT COUNT(*) FROM child";
    crate::storage::db::on!(&mut reader.conn(), fetch_one sqlx::query_scalar::<_, i64>(count))
        .unwrap()
}

/// Keeps the writer busy until it is told to go on.
async fn held(db: &Db) -> (Arc<Notify>, JoinHandle<Result<()>>) {
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let holding = {
        let (db, begun, go_on) = (db.clone(), Arc::clone(&begun), Arc::clone(&go_on));
        tokio::spawn(async move {
            db.write(move |_| {
                let (begun, go_on) = (Arc::clone(&begun), Arc::clone(&go_on));
                Box::pin(async move {
                    begun.notify_one();
                    go_on.notified().await;
                    Ok(())
                })
            })
            .await
        })
    };
    begun.notified().await;
    (go_on, holding)
}

#[tokio::test]
async fn when_the_commit_fails_nobody_of_the_group_is_told_that_it_stands() {
    let (_dir, db) = families().await;
    let (go_on, holding) = held(&db).await;
    let both = tokio::spawn({
        let db = db.clone();
        async move {
            tokio::join!(
                done(&db, "INSERT INTO child VALUES (7)"),
                done(&db, "INSERT INTO parent VALUES (1)")
            )
        }
    });
    tokio::task::yield_now().await;
    go_on.notify_one();
    holding.await.unwrap().unwrap();
    let (orphan, parent) = both.await.unwrap();
    assert!(orphan.is_err(), "the commit fails");
    assert!(parent.is_err(), "they share it");
    assert_eq!(children(&db).await, 0);
    // The next one starts clean.
    done(&db, "INSERT INTO parent VALUES (1)").await.unwrap();
    done(&db, "INSERT INTO child VALUES (1)").await.unwrap();
    assert_eq!(children(&db).await, 1);
}

#[tokio::test]
async fn a_request_that_fails_takes_nothing_of_its_neighbours_with_it() {
    let (_dir, db) = families().await;
    done(&db, "INSERT INTO parent VALUES (1)").await.unwrap();
    let (go_on, holding) = held(&db).await;
    let all = tokio::spawn({
        let db = db.clone();
        async move {
            tokio::join!(
                done(&db, "INSERT INTO child VALUES (1)"),
                done(&db, "INSERT INTO parent VALUES (1)"),
                done(&db, "INSERT INTO child VALUES (1)")
            )
        }
    });
    tokio::task::yield_now().await;
    go_on.notify_one();
    holding.await.unwrap().unwrap();
    let (before, taken, after) = all.await.unwrap();
    assert!(taken.is_err(), "there is such a parent already");
    before.unwrap();
    after.unwrap();
    assert_eq!(children(&db).await, 2);
}

#[tokio::test]
async fn who_finds_the_queue_full_is_told_when_to_come_back() {
    let (_dir, db) = families().await;
    done(&db, "INSERT INTO parent VALUES (1)").await.unwrap();
    let (go_on, holding) = held(&db).await;
    let many = QUEUE + 10;
    let all = tokio::spawn({
        let db = db.clone();
        async move { join_all((0..many).map(|_| done(&db, "INSERT INTO child VALUES (1)"))).await }
    });
    // Every one of them is polled once, and has its place or none.
    tokio::task::yield_now().await;
    go_on.notify_one();
    holding.await.unwrap().unwrap();
    let all = all.await.unwrap();
    let (taken, refused): (Vec<_>, Vec<_>) = all.into_iter().partition(Result::is_ok);
    assert_eq!((taken.len(), refused.len()), (QUEUE, 10));
    for refusal in refused {
        assert!(
            matches!(refusal, Err(Error::Overloaded { retry_after }) if retry_after == RETRY_AFTER)
        );
    }
    assert_eq!(children(&db).await, i64::try_from(QUEUE).unwrap());
}
