//! `rungd`: the server.

mod access;
mod clock;
mod error;
mod storage;

fn main() {}
