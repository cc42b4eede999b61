//! Who may do what: tokens, roles, the rule of every method, and the proofs that storage functions ask for.
//!
//! Three gates stand one behind the other. The layer reads the rule of the method from the contract, and lets nobody
//! in whom the rule does not name, before the body is read. A proof then judges the object that the request names.
//! Storage takes proofs only, and names the clinic in every query.

pub(crate) mod account;
pub(crate) mod assertion;
mod audit;
mod caller;
mod challenge;
mod epoch;
mod erasure;
mod identify;
mod invite;
mod jws;
mod key;
mod keyring;
mod layer;
mod network;
mod new_password;
mod part;
mod password;
pub(crate) mod proof;
mod public_key;
mod recorder;
mod role;
pub(crate) mod rotation;
mod rule;
mod scope;
mod seal;
mod secret;
mod session;
mod stream;
mod throttle;
mod token;
mod totp;
mod trail;

pub(crate) use audit::AuditAccess;
#[cfg(test)]
pub(crate) use caller::Identity;
pub(crate) use caller::{Actor, Caller};
pub(crate) use challenge::Challenge;
pub(crate) use epoch::Epoch;
pub(crate) use erasure::ErasureAccess;
pub(crate) use identify::Identities;
pub(crate) use invite::{Invite, Promise};
pub(crate) use key::KeyEncryptionKey;
pub(crate) use keyring::Keyring;
pub(crate) use layer::{AccessLayer, Gate};
pub(crate) use network::network_of;
pub(crate) use new_password::NewPassword;
pub(crate) use part::{Part, Parts};
pub(crate) use password::{Password, Passwords};
pub(crate) use proof::Relation;
pub(crate) use proof::{
    AthleteAccess, AthleteAccountAccess, CareAccess, ClinicAccess, DecisionAccess, GlassAccess,
    ImportAccess, PlanAccess, SupporterAccess,
};
pub(crate) use public_key::{Algorithm, PublicKey};
pub(crate) use role::{Role, Roles};
pub(crate) use rule::HTTP;
pub(crate) use rule::{Rule, Rules};
#[cfg(test)]
pub(crate) use scope::Scope;
pub(crate) use scope::Scopes;
pub(crate) use seal::Vault;
pub(crate) use secret::{InviteCode, RecoveryCode, RefreshSecret};
pub(crate) use session::Session;
pub(crate) use stream::Answers;
pub(crate) use throttle::{Target, Throttle};
pub(crate) use token::Tokens;
#[cfg(test)]
pub(crate) use totp::TotpSecret;
#[cfg(test)]
pub(crate) use trail::Trail;
pub(crate) use trail::{Call, Purpose};

/// A key-encryption key for tests of what needs an `App`.
#[cfg(test)]
pub(crate) fn key_for_test() -> KeyEncryptionKey {
    key::for_test::kek(1)
}

/// A ring of so many keys without a database, for tests of what needs tokens.
#[cfg(test)]
pub(crate) fn keyring_for_test(ambient: &dyn crate::clock::Ambient, keys: i64) -> Keyring {
    keyring::for_test::keyring(ambient, keys)
}
