//! The second factor: a code of an authenticator, or a recovery code in its place.

use chrono::{DateTime, Utc};
use rung_progression::PersonId;

use super::{Desk, Proved, own};
use crate::{
    access::{
        Session,
        password::Password,
        seal::Vault,
        secret::{RecoveryCode, SecretHash},
        totp::TotpSecret,
    },
    error::{Error, Result},
    mutant::off,
    storage::{
        Tx,
        identity::{
            epoch, person,
            second_factor::{self, Factor},
            session,
        },
    },
};

/// How many recovery codes there are at first.
const RECOVERY_CODES: usize = 10;

const HAS_ONE: Error = Error::SecondFactorState {
    state: "a second factor already",
};
const HAS_NONE: Error = Error::SecondFactorState {
    state: "no second factor",
};

/// What somebody typed as a second factor.
pub(crate) enum Code {
    /// Six digits.
    Totp(zeroize::Zeroizing<String>),
    Recovery(RecoveryCode),
}

impl Code {
    /// `None` when it can be neither.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|c| *c != ' ').collect();
        let digits = zeroize::Zeroizing::new(digits);
        if digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit()) {
            return Some(Self::Totp(digits));
        }
        RecoveryCode::parse(text).map(Self::Recovery)
    }
}

/// A code that is right, and works once: what is left to do is to use it up.
#[derive(Clone)]
pub(super) enum Spend {
    Step { sealed: Vec<u8>, step: i64 },
    Recovery(SecretHash),
}

impl Spend {
    /// `false` when somebody was faster.
    pub(super) async fn run(
        &self,
        tx: &mut Tx<'_>,
        person: PersonId,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        match self {
            Self::Step { sealed, step } => {
                second_factor::spend_step(tx, person, sealed, *step).await
            }
            Self::Recovery(hash) => {
                second_factor::spend_recovery(tx, person, hash.as_slice(), now).await
            }
        }
    }
}

/// Whether the code may be right; a recovery code shows that when it is spent.
pub(super) fn check(
    vault: &Vault,
    person: PersonId,
    factor: &Factor,
    code: &Code,
    now: DateTime<Utc>,
) -> Result<Spend> {
    match code {
        Code::Totp(digits) => {
            let step = unseal(vault, person, &factor.sealed)?.step_of(digits, now);
            Ok(Spend::Step {
                sealed: factor.sealed.clone(),
                step: step.ok_or(Error::SecondFactorInvalid)?,
            })
        }
        Code::Recovery(code) => Ok(Spend::Recovery(code.hash(person))),
    }
}

fn unseal(vault: &Vault, person: PersonId, sealed: &[u8]) -> Result<TotpSecret> {
    let opened = vault.totp.open(person.uuid().as_bytes(), sealed)?;
    Ok(TotpSecret::from_bytes(opened))
}

/// A secret on offer.
pub(crate) struct Offer {
    pub(crate) secret: TotpSecret,
    pub(crate) email: String,
}

impl Desk<'_> {
    /// Makes a secret for an authenticator. It counts once a code of it was shown.
    pub(crate) async fn enroll(
        &self,
        session: &Session,
        password: &Password,
        vault: &Vault,
    ) -> Result<Offer> {
        let person = session.caller().person;
        if !off("factor-enroll-password") {
            self.check_own(person, password).await?;
        }
        let secret = TotpSecret::new(self.ambient.as_ref());
        let (owner, now) = (person.uuid(), self.ambient.now());
        let sealed = vault
            .totp
            .seal(owner.as_bytes(), secret.as_bytes(), self.ambient.as_ref())?;
        let offered = session
            .write(move |mut tx| {
                let sealed = sealed.clone();
                Box::pin(async move { second_factor::offer(&mut tx, person, &sealed, now).await })
            })
            .await?;
        if !offered {
            return Err(HAS_ONE);
        }
        let profile = person::profile(&mut self.db.read().await?.conn(), person).await?;
        let email = profile.ok_or(Error::TokenInvalid)?.email;
        Ok(Offer { secret, email })
    }

    /// Lets the secret on offer count from here on, and ends the other sessions, which have not shown it. Answers the
    /// recovery codes, this once.
    pub(crate) async fn confirm(
        &self,
        session: &Session,
        code: &Code,
        vault: &Vault,
    ) -> Result<Vec<RecoveryCode>> {
        let (person, kept) = (session.caller().person, own(session)?);
        let found = second_factor::find(&mut self.db.read().await?.conn(), person).await?;
        let offer = match found {
            None => return Err(HAS_NONE),
            Some(factor) if factor.confirmed_at.is_some() => return Err(HAS_ONE),
            Some(offer) => offer,
        };
        let now = self.ambient.now();
        let Code::Totp(digits) = code else {
            return Err(Error::SecondFactorInvalid);
        };
        let step = unseal(vault, person, &offer.sealed)?.step_of(digits, now);
        let step = step.or_else(|| off("factor-confirm-code").then_some(0));
        let step = step.ok_or(Error::SecondFactorInvalid)?;
        let codes: Vec<_> = (0..RECOVERY_CODES)
            .map(|_| RecoveryCode::new(self.ambient.as_ref()))
            .collect();
        let hashes: Vec<_> = codes.iter().map(|code| code.hash(person)).collect();
        let confirmed = session
            .write(move |mut tx| {
                let (sealed, hashes) = (offer.sealed.clone(), hashes.clone());
                Box::pin(async move {
                    // Against a sign-in with the password alone that is on its way.
                    person::hold_any(&mut tx, person).await?;
                    if !second_factor::confirm(&mut tx, person, &sealed, step, now).await? {
                        return Ok(false);
                    }
                    for hash in hashes {
                        second_factor::insert_recovery(&mut tx, person, hash.as_slice()).await?;
                    }
                    if !off("factor-sessions") {
                        session::end_all(&mut tx, person, Some(kept), now).await?;
                    }
                    session::set_second_factor(&mut tx, person, true).await?;
                    epoch::bump(&mut tx).await?;
                    Ok(true)
                })
            })
            .await?;
        confirmed.then_some(codes).ok_or(HAS_ONE)
    }

    /// The password of somebody who wants to be rid of their second factor.
    pub(crate) async fn check_for_disabling(
        &self,
        session: &Session,
        password: &Password,
    ) -> Result<()> {
        let person = session.caller().person;
        let _proved: Proved = self.check_own(person, password).await?;
        match self.factor_of(person).await? {
            Some(_) => Ok(()),
            None => Err(HAS_NONE),
        }
    }

    /// Turns the second factor off, with a code of it.
    pub(crate) async fn disable(
        &self,
        session: &Session,
        code: &Code,
        vault: &Vault,
    ) -> Result<()> {
        let person = session.caller().person;
        let found = second_factor::find(&mut self.db.read().await?.conn(), person).await?;
        let found = found.filter(|factor| factor.confirmed_at.is_some());
        let factor = found.ok_or(HAS_NONE)?;
        let now = self.ambient.now();
        let spend = match check(vault, person, &factor, code, now) {
            Err(_) if off("factor-disable-code") => None,
            checked => Some(checked?),
        };
        session
            .write(move |mut tx| {
                let spend = spend.clone();
                Box::pin(async move {
                    person::hold_any(&mut tx, person).await?;
                    if let Some(spend) = &spend
                        && !spend.run(&mut tx, person, now).await?
                    {
                        return Err(Error::SecondFactorInvalid);
                    }
                    second_factor::remove(&mut tx, person).await?;
                    session::set_second_factor(&mut tx, person, false).await?;
                    epoch::bump(&mut tx).await
                })
            })
            .await
    }
}
