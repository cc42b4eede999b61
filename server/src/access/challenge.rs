//! A sign-in whose password was right and whose second factor is still to come.
//!
//! It is handed out and comes back, so that the server keeps nothing of it: it says for whom, and by what state of their
//! credentials. The session that comes of it has its id from here: a challenge opens one session, and no second one.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use rung_progression::{ClinicId, PersonId, SessionId};
use uuid::Uuid;

use super::seal::Vault;
use crate::mutant::off;

/// How long somebody has for the code.
const LIFETIME: TimeDelta = TimeDelta::minutes(5);
/// How far the clocks of two replicas may lie apart.
const SKEW: TimeDelta = TimeDelta::seconds(5);

const TAG: usize = 32;
const BYTES: usize = 3 * 16 + 3 * 8;

/// What a challenge says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Challenge {
    pub(crate) person: PersonId,
    pub(crate) clinic: ClinicId,
    /// The session that is to be.
    pub(crate) session: SessionId,
    /// When the password was set that was right.
    pub(crate) password_set_at: DateTime<Utc>,
    /// When the second factor was confirmed that is asked for.
    pub(crate) factor_set_at: DateTime<Utc>,
    pub(crate) issued_at: DateTime<Utc>,
}

impl Challenge {
    /// The text to hand out.
    pub(crate) fn text(&self, vault: &Vault) -> String {
        let mut bytes = Vec::with_capacity(BYTES + TAG);
        for id in [self.person.uuid(), self.clinic.uuid(), self.session.uuid()] {
            bytes.extend_from_slice(id.as_bytes());
        }
        for at in [self.password_set_at, self.factor_set_at, self.issued_at] {
            bytes.extend_from_slice(&at.timestamp_micros().to_be_bytes());
        }
        let tag = hmac::sign(&vault.challenge, &bytes);
        bytes.extend_from_slice(tag.as_ref());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What a client hands in; `None` when it is none of ours, or too old.
    pub(crate) fn parse(text: &str, vault: &Vault, now: DateTime<Utc>) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (bytes, tag) = bytes.split_at_checked(BYTES)?;
        if hmac::verify(&vault.challenge, bytes, tag).is_err() && !off("challenge-mac") {
            return None;
        }
        let (ids, instants) = bytes.split_at_checked(3 * 16)?;
        let mut ids = ids.chunks_exact(16).map(Uuid::from_slice);
        let mut id = || ids.next()?.ok();
        let mut instants = instants.chunks_exact(8);
        let mut instant = || {
            let micros = i64::from_be_bytes(instants.next()?.try_into().ok()?);
            DateTime::from_timestamp_micros(micros)
        };
        let this = Self {
            person: id()?.into(),
            clinic: id()?.into(),
            session: id()?.into(),
            password_set_at: instant()?,
            factor_set_at: instant()?,
            issued_at: instant()?,
        };
        let fresh = this.issued_at <= now + SKEW
            && (now < this.issued_at + LIFETIME || off("challenge-expired"));
        fresh.then_some(this)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{access::key::for_test::kek, storage::conformance::fixture::noon};

    // Seen failing with the tag not checked.
    #[test]
    fn a_challenge_is_ours_unchanged_and_five_minutes_old_at_most() {
        let vault = Vault::new(&kek(1)).unwrap();
        let id = |n| Uuid::from_u128(n);
        let challenge = Challenge {
            person: id(1).into(),
            clinic: id(2).into(),
            session: id(3).into(),
            password_set_at: noon() - TimeDelta::days(9),
            factor_set_at: noon() - TimeDelta::days(3),
            issued_at: noon(),
        };
        let text = challenge.text(&vault);
        let read = |text: &str, seconds| {
            Challenge::parse(text, &vault, noon() + TimeDelta::seconds(seconds))
        };
        assert_eq!(read(&text, 0), Some(challenge));
        assert_eq!(read(&text, 299), Some(challenge));
        assert_eq!(read(&text, 300), None);
        assert_eq!(read(&text, -6), None, "from a clock far ahead of ours");

        let bytes = URL_SAFE_NO_PAD.decode(&text).unwrap();
        for place in 0..bytes.len() {
            let mut bent = bytes.clone();
            bent[place] ^= 1;
            assert_eq!(read(&URL_SAFE_NO_PAD.encode(bent), 0), None, "byte {place}");
        }
        for wrong in ["", "x", &text[1..], &text[..text.len() - 4]] {
            assert_eq!(read(wrong, 0), None);
        }
        let other = Vault::new(&kek(2)).unwrap();
        assert_eq!(Challenge::parse(&text, &other, noon()), None);
    }
}
