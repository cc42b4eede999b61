//! Random plans and histories.

pub mod history;
pub mod play;
pub mod plan;
