//! The services. A method fits one screen: parse, authorise, call, reply.
//!
//! How do I add one? Its proto with a rule, its handler in the service's file (parsing through [`field::Fields`], a
//! mutation through [`once::once`]), and its storage functions.

pub(crate) mod apply;
pub(crate) mod athlete;
pub(crate) mod audit;
pub(crate) mod auth;
pub(crate) mod check_in;
pub(crate) mod clinic;
mod decision;
pub(crate) mod due;
pub(crate) mod field;
#[cfg(test)]
pub(crate) mod front;
pub(crate) mod ladder;
pub(crate) mod layers;
pub(crate) mod once;
mod page;
pub(crate) mod plan;
mod policy;
pub(crate) mod simulation;
pub(crate) mod time;
pub(crate) mod triage;

pub(crate) use page::PageTokens;
