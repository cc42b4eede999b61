//! A second implementation of the page of rules, held against the engine after every
//! event of random histories.

#![expect(
    clippy::doc_markdown,
    reason = "rules are written as the page of rules names them"
)]

mod differential;
mod found;
mod r#gen;
mod page;
