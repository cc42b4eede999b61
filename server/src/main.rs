//! `rungd`: the server.

mod clock;
mod error;
mod storage;

fn main() {}
