//! Random plans and histories.

pub(crate) mod history;
pub(crate) mod plan;
pub(crate) mod play;
