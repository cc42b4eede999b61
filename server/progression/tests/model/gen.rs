//! Random plans and histories.

pub(crate) mod history;
pub(crate) mod play;
pub(crate) mod plan;
