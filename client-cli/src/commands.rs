//! One file a command: `<noun>/<verb>.rs` with its `Args` and its `run`.

pub(crate) mod athlete;
pub(crate) mod caseload;
pub(crate) mod check_in;
pub(crate) mod decisions;
pub(crate) mod join;
pub(crate) mod ladder;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod member;
pub(crate) mod plan;
pub(crate) mod today;
pub(crate) mod whoami;
