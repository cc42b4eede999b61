//! What every service shares.

use crate::{
    access::{Passwords, Throttle, Tokens, Vault},
    clock::SharedAmbient,
    library::Library,
    link::Links,
    rpc::PageTokens,
    storage::Db,
    tombstone::TombstoneFile,
};

/// The parts of a running server.
pub(crate) struct App {
    pub(crate) db: Db,
    /// Names outside the database what was erased in it.
    pub(crate) tombstones: TombstoneFile,
    pub(crate) ambient: SharedAmbient,
    /// Makes and checks access tokens.
    pub(crate) tokens: Tokens,
    /// Hashes and checks passwords.
    pub(crate) passwords: Passwords,
    /// Slows down those who guess.
    pub(crate) throttle: Throttle,
    /// The keys with which accounts are kept.
    pub(crate) vault: Vault,
    pub(crate) links: Links,
    pub(crate) pages: PageTokens,
    /// The built-in ladders.
    pub(crate) library: Library,
}
