//! What every service shares.

use crate::{
    access::{Passwords, Tokens},
    clock::SharedAmbient,
    library::Library,
    rpc::PageTokens,
    storage::Db,
};

/// The parts of a running server.
pub(crate) struct App {
    pub(crate) db: Db,
    pub(crate) ambient: SharedAmbient,
    /// Makes and checks access tokens.
    pub(crate) tokens: Tokens,
    /// Hashes and checks passwords.
    pub(crate) passwords: Passwords,
    pub(crate) pages: PageTokens,
    /// The built-in ladders.
    pub(crate) library: Library,
}
