//! The invariants of the page (§7) over every sequence of a few events on small plans.
//!
//! One event a day (or one every few days), so that after as many events as many days have
//! gone by, whatever happened: histories that have come to the same state are gone on from
//! once, and counted each. States go through their bytes between two events, as in
//! production.
//!
//! Monotone safety is asked of every two sequences that differ in one event, worse in one
//! than in the other. Sequences that differ in several lie at the ends of a chain of such.

#![expect(clippy::print_stdout, reason = "how much was searched is told")]

mod alphabet;
mod pair;
mod path;
mod small;

/// A deeper search, by hand.
fn depth(default: u32) -> u32 {
    let asked = std::env::var("RUNG_EXHAUSTIVE_DEPTH").ok();
    asked.map_or(default, |depth| depth.parse().expect("a number of events"))
}
