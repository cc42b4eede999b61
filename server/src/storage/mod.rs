//! All SQL. One file per aggregate, one text for both databases.
//!
//! How do I add a query? A free function in the aggregate's file: it takes `&mut Conn` (or `&mut Tx` when it writes)
//! and the proof of permission it needs, names the clinic in its WHERE, and gets a test in `conformance`, which runs on
//! both databases.

pub(crate) mod db;
pub(crate) mod dialect;
pub(crate) mod relation;
mod writer;

pub(crate) use db::{Conn, Db, Reader, Tx};
