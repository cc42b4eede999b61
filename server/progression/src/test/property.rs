//! The invariants of the page (§7) over random plans and histories. Each one was seen
//! failing on the fault its comment names.
//!
//! `PROPTEST_CASES` raises the number of cases; what a run finds is written to
//! `proptest-regressions` and tried first from then on.

mod history;
mod prescription;
mod safety;
mod shape;
mod worse;

use proptest::prelude::ProptestConfig;

/// Enough to find every planted fault; more with `PROPTEST_CASES`.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_some() {
        return default;
    }
    ProptestConfig {
        cases: 192,
        ..default
    }
}
