//! Reasons and decisions in plain words, for physio and athlete alike.

use crate::decision::Decision;
use crate::reason::Reason;

/// A decision in a few words.
pub fn headline(decision: &Decision) -> String {
    decision.outcome.code().to_owned()
}

/// A reason as one sentence.
pub fn sentence(reason: &Reason) -> String {
    reason.code.code().to_owned()
}
