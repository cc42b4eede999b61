//! Drives the real binaries `rungd` and `rung` from outside, for the black-box tests, the demo and the generated
//! documents. Knows nothing of the server but its contract: flags, `rung.v1`, and what is printed.
//!
//! How do I add a story? Write a function in `black_box/` that takes a [`Clinic`] and name it in that file's
//! `on_both_databases!`: it is run on SQLite and on Postgres.

mod clinic;
mod clock;
pub mod crash;
mod database;
pub mod decision_page;
mod demo;
mod failure;
mod normal;
mod rung;
mod rungd;
mod terminal;

pub use clinic::{Clinic, Member, PASSWORD, bootstrap, text};
pub use clock::{new_id, now};
pub use database::{Backend, Database, execute};
pub use demo::Demo;
pub use failure::{Failure, Result, fail};
pub use normal::Normal;
pub use rung::{Output, Refusal, Rung};
pub use rungd::{Rungd, Settings, rungd};
pub use terminal::columns;

use std::path::{Path, PathBuf};

/// The binary of that name, in the directory that `RUNG_BIN_DIR` names (`make test` sets it).
pub fn binary(name: &str) -> Result<PathBuf> {
    let dir = std::env::var_os("RUNG_BIN_DIR")
        .ok_or("RUNG_BIN_DIR names no directory with the built binaries; run `make test`")?;
    let path = Path::new(&dir).join(name);
    if path.is_file() {
        Ok(path)
    } else {
        fail(format!("{} is not built; run `make build`", path.display()))
    }
}

/// The what-if file of the documents.
pub fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/simulation.toml")
}

/// A file of `tests/data`.
pub fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("data")
        .join(name)
}
