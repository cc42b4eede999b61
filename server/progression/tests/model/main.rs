//! A second implementation of the page of rules, held against the engine after every
//! event of random histories.

#![cfg(test)]
#![expect(
    clippy::doc_markdown,
    clippy::print_stdout,
    reason = "rules are written as the page of rules names them; how much was compared is told"
)]

mod differential;
mod found;
mod r#gen;
mod page;
