//! The invariants of the page (§7) over random plans and histories. Each one was seen
//! failing on the fault its comment names. Invariant 9 is the service's.
//!
//! `PROPTEST_CASES` raises the number of cases; what a run finds is written to
//! `proptest-regressions` and tried first from then on.

mod answer;
mod change;
mod comfort;
mod history;
mod moves;
mod prescription;
mod record;
mod replay;
mod safety;
mod sample;
mod step;
mod worse;

use proptest::prelude::ProptestConfig;

/// What CI asks of each invariant; more with `PROPTEST_CASES`.
const CASES: u32 = 10_000;

fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_some() {
        return default;
    }
    ProptestConfig {
        cases: CASES,
        ..default
    }
}
