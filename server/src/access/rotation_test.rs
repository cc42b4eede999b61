use std::sync::Arc;

use super::*;
use crate::{
    access::{
        Epoch, Keyring, Tokens,
        key::for_test::kek,
        token::{Bearer, Fault},
    },
    clock::{Ambient as _, fixed::Fixed},
    storage::conformance::storage_tests,
};

/// One server of several on the same database, whose clock goes a little wrong.
struct Replica {
    clock: Arc<Fixed>,
    skew: TimeDelta,
    tokens: Tokens,
    epoch: Epoch,
}

fn start() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

impl Replica {
    async fn new(db: &Db, skew: i64) -> Self {
        let skew = TimeDelta::seconds(skew);
        let clock = Arc::new(Fixed::at(start() + skew));
        let ambient: SharedAmbient = clock.clone();
        let keyring = Keyring::load_or_create(db, kek(1), &ambient).await.unwrap();
        let tokens = Tokens::new(keyring, "issuer".into(), "audience".into(), ambient);
        let epoch = Epoch::new(
            db.clone().into_other_replica(),
            Arc::clone(tokens.keyring()),
        );
        epoch.ask().await.unwrap();
        Self {
            clock,
            skew,
            tokens,
            epoch,
        }
    }

    fn at(&self, second: i64) {
        self.clock
            .set(start() + TimeDelta::seconds(second) + self.skew);
    }

    fn issue(&self) -> String {
        let id = |n| uuid::Uuid::from_u128(n);
        let bearer = Bearer {
            person: id(1).into(),
            session: id(2).into(),
            clinic: id(3).into(),
            rotation: 0,
        };
        self.tokens.issue(bearer).unwrap().jwt
    }

    fn takes(&self, jwt: &str) -> bool {
        self.tokens.check(jwt).is_ok()
    }
}

storage_tests! {
    // Seen failing with a key that signs at once, and with older keys that end with the notice.
    async fn keys_rotate_under_traffic_and_no_token_is_refused(db: Db) {
        // The first hears of a change within a second, the second one late; their clocks lie five seconds apart.
        let replicas = [Replica::new(&db, 2).await, Replica::new(&db, -3).await];
        let operator = Arc::new(Fixed::at(start()));
        let ambient: SharedAmbient = operator.clone();
        let mut tokens: Vec<(i64, String)> = vec![];
        let mut signed_by = std::collections::BTreeSet::new();
        for second in 0..800 {
            operator.set(start() + TimeDelta::seconds(second));
            for replica in &replicas {
                replica.at(second);
            }
            // The second one while the first is not over.
            if [20, 24, 400].contains(&second) {
                rotate(&db, &kek(1), &ambient).await.unwrap();
            }
            replicas[0].epoch.ask().await.unwrap();
            if second % 5 == 3 {
                replicas[1].epoch.ask().await.unwrap();
            }
            if second % 3 == 0 {
                for replica in &replicas {
                    tokens.push((second, replica.issue()));
                    let key = replica.tokens.keyring().signing(replica.clock.now());
                    signed_by.insert(key.unwrap().kid.clone());
                }
            }
            // Whatever has not expired by any of the clocks is taken by both.
            tokens.retain(|(issued, _)| second - issued < LIFETIME.num_seconds() - SKEW);
            for replica in &replicas {
                // The oldest and the newest: those in between are taken by the same keys.
                for (issued, jwt) in tokens.iter().take(4).chain(tokens.iter().rev().take(4)) {
                    assert!(replica.takes(jwt), "issued at {issued}, refused at {second}");
                }
            }
        }
        assert!(signed_by.len() >= 3, "{signed_by:?}");
        assert_eq!(replicas[0].tokens.keyring().verifying(replicas[0].clock.now()).len(), 1);
    }

    // Seen failing with the keys left as they are when the number has changed.
    async fn a_key_that_was_taken_away_fails_with_the_next_poll(db: Db) {
        let replica = Replica::new(&db, 0).await;
        let ambient: SharedAmbient = replica.clock.clone();
        let stolen = list(&db).await.unwrap()[0].kid.clone();
        let jwt = replica.issue();
        let only = retire(&db, &ambient, &stolen).await.unwrap_err();
        assert!(matches!(only, Error::InvalidFields(_)));
        let new = rotate(&db, &kek(1), &ambient).await.unwrap();
        let early = retire(&db, &ambient, &stolen).await.unwrap_err();
        assert!(matches!(early, Error::InvalidFields(_)), "the new one does not sign yet");
        replica.at(11);
        retire(&db, &ambient, &stolen).await.unwrap();
        assert!(replica.takes(&jwt), "it has not heard of it yet");
        replica.epoch.ask().await.unwrap();
        assert_eq!(replica.tokens.check(&jwt).unwrap_err(), Fault::Key);
        assert_eq!(replica.tokens.keyring().signing(ambient.now()).unwrap().kid, new.kid);
        assert!(replica.takes(&replica.issue()));
        // Ended is ended: no later act gives it back.
        replica.at(12);
        rotate(&db, &kek(1), &ambient).await.unwrap();
        replica.epoch.ask().await.unwrap();
        assert!(!replica.takes(&jwt));
        let unknown = retire(&db, &ambient, "another").await.unwrap_err();
        assert!(matches!(unknown, Error::InvalidFields(_)));
    }

    async fn another_key_encryption_key_makes_no_key(db: Db) {
        let replica = Replica::new(&db, 0).await;
        let ambient: SharedAmbient = replica.clock.clone();
        assert!(rotate(&db, &kek(2), &ambient).await.is_err());
        assert_eq!(list(&db).await.unwrap().len(), 1);
    }

    async fn rotations_at_once_make_a_key_each(db: Db) {
        let replica = Replica::new(&db, 0).await;
        let (ambient, kek): (SharedAmbient, _) = (replica.clock.clone(), kek(1));
        let at_once = (0..5).map(|_| rotate(&db, &kek, &ambient));
        futures_util::future::try_join_all(at_once).await.unwrap();
        assert_eq!(list(&db).await.unwrap().len(), 6);
        replica.epoch.ask().await.unwrap();
        assert!(replica.takes(&replica.issue()));
    }

    // Seen failing without the limit: the second of two looks finds the key.
    async fn an_unknown_key_is_looked_for_but_not_as_often_as_somebody_asks(db: Db) {
        let (maker, asked) = (Replica::new(&db, 0).await, Replica::new(&db, 0).await);
        let ambient: SharedAmbient = maker.clock.clone();
        let keyring = asked.tokens.keyring();
        assert!(keyring.look_again(&db).await.unwrap());
        let new = rotate(&db, &kek(1), &ambient).await.unwrap();
        assert!(!keyring.look_again(&db).await.unwrap());
        assert!(keyring.find(&new.kid, ambient.now()).is_none());
        keyring.forget_look_for_test();
        assert!(keyring.look_again(&db).await.unwrap());
        assert!(keyring.find(&new.kid, ambient.now()).is_some());
    }
}
