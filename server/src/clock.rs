//! Time, ids and randomness as parameters: the only place that asks the machine for them.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};
use uuid::Uuid;

/// What a piece of code may not make up for itself: the instant, new ids, unguessable bytes.
pub(crate) trait Ambient: Send + Sync {
    /// The instant, in whole microseconds: Postgres keeps no more, and what is stored must read back equal.
    fn now(&self) -> DateTime<Utc>;

    /// Fills `bytes` from a cryptographically secure source.
    fn fill(&self, bytes: &mut [u8]);

    /// A new `UUIDv7`: ids sort by creation.
    fn new_id(&self) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        let millis = u64::try_from(self.now().timestamp_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

/// How [`Ambient`] is handed around.
pub(crate) type SharedAmbient = Arc<dyn Ambient>;

/// The machine's own clock and randomness.
pub(crate) struct System;

impl Ambient for System {
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }

    fn fill(&self, bytes: &mut [u8]) {
        use rand::Rng as _;
        rand::rng().fill_bytes(bytes);
    }

    // With a counter inside a millisecond: lists that go by id keep the order in which things were made.
    #[expect(clippy::disallowed_methods, reason = "this is the one source of ids")]
    fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}

#[cfg(test)]
pub(crate) mod fixed {
    //! A clock that stands where it is put, with reproducible randomness.

    use std::sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    };

    use chrono::{DateTime, Utc};
    use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

    use super::Ambient;

    /// How many there are: no two make the same ids.
    static MADE: AtomicU64 = AtomicU64::new(1);

    pub(crate) struct Fixed(Mutex<(DateTime<Utc>, StdRng)>);

    impl Fixed {
        pub(crate) fn at(now: DateTime<Utc>) -> Self {
            let seed = MADE.fetch_add(1, Ordering::Relaxed);
            Self(Mutex::new((now, StdRng::seed_from_u64(seed))))
        }

        pub(crate) fn set(&self, now: DateTime<Utc>) {
            self.0.lock().unwrap().0 = now;
        }
    }

    impl Ambient for Fixed {
        fn now(&self) -> DateTime<Utc> {
            self.0.lock().unwrap().0
        }

        fn fill(&self, bytes: &mut [u8]) {
            self.0.lock().unwrap().1.fill_bytes(bytes);
        }
    }
}
