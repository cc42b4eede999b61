use futures_util::future::join_all;

use super::*;
use crate::{
    clock::{Ambient as _, System},
    error::Error,
    storage::{
        Db,
        conformance::{fixture::noon, storage_tests},
    },
};

fn a_claim() -> Claim {
    Claim {
        clinic: System.new_id().into(),
        person: System.new_id().into(),
        request_id: System.new_id(),
        fingerprint: vec![1],
        at: noon(),
    }
}

/// Answers "first", or what the first one was answered.
async fn call(db: &Db, asked: &Claim, fail: bool) -> Result<Vec<u8>> {
    let asked = asked.clone();
    db.write_in(asked.clinic, move |mut tx| {
        let asked = asked.clone();
        Box::pin(async move {
            if let Some(stored) = claim(&mut tx, &asked).await? {
                assert_eq!(stored.fingerprint, asked.fingerprint);
                return Ok(stored.response);
            }
            answer(&mut tx, &asked, b"first", None).await?;
            if fail {
                return Err(Error::NoPlan);
            }
            Ok(b"new".to_vec())
        })
    })
    .await
}

storage_tests! {
    // Seen failing with the person and with the clinic left out of the statement.
    async fn an_answer_is_for_who_asked_where_they_asked(db: Db) {
        let asked = a_claim();
        call(&db, &asked, false).await.unwrap();
        let found = async |clinic, person| {
            let mut reader = db.read_in(clinic).await.unwrap();
            let found = find(&mut reader.conn(), clinic, person, asked.request_id).await;
            found.unwrap().is_some()
        };
        assert!(found(asked.clinic, asked.person).await);
        assert!(!found(asked.clinic, System.new_id().into()).await);
        assert!(!found(System.new_id().into(), asked.person).await);
    }

    async fn of_many_equal_requests_at_once_one_is_done(db: Db) {
        let asked = a_claim();
        let answers = join_all((0..32).map(|_| call(&db, &asked, false))).await;
        let done = answers.iter().filter(|a| a.as_ref().unwrap() == b"new").count();
        let repeated = answers.iter().filter(|a| a.as_ref().unwrap() == b"first").count();
        assert_eq!((done, repeated), (1, 31));
    }

    async fn a_request_that_failed_may_be_made_again(db: Db) {
        let asked = a_claim();
        assert!(call(&db, &asked, true).await.is_err());
        assert_eq!(call(&db, &asked, false).await.unwrap(), b"new");
    }

    async fn one_that_fails_takes_nothing_of_its_neighbours_with_it(db: Db) {
        let asked: Vec<Claim> = (0..32).map(|_| a_claim()).collect();
        let calls = asked.iter().enumerate().map(|(n, asked)| call(&db, asked, n % 2 == 0));
        let answers = join_all(calls).await;
        for (n, answer) in answers.iter().enumerate() {
            assert_eq!(answer.is_err(), n % 2 == 0);
        }
        for (n, asked) in asked.iter().enumerate() {
            let again = call(&db, asked, false).await.unwrap();
            let expected: &[u8] = if n % 2 == 0 { b"new" } else { b"first" };
            assert_eq!(again, expected, "call {n}");
        }
    }
}
