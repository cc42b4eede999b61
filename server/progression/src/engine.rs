//! The rules.

use serde::{Deserialize, Serialize};

use crate::decision::Decision;
use crate::event::Event;
use crate::plan::PlanDefinition;
use crate::state::PlanState;

/// How much of an event was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Judged {
    /// All of it.
    Fully,
    /// It lies before the start of the plan: nothing but its red flags.
    RedFlagsOnly,
    /// It does not fit the plan, see [`PlanDefinition::check_event`]: nothing but its
    /// red flags, and what time alone does.
    Refused,
}

/// What an event leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The state after it.
    pub state: PlanState,
    /// In the order in which they were made.
    pub decisions: Vec<Decision>,
    /// How much of the event was judged.
    pub judged: Judged,
}

/// Decides on one event.
pub fn decide(_plan: &PlanDefinition, state: &PlanState, event: &Event) -> Step {
    let mut state = state.clone();
    state.seq = state.seq.max(event.seq);
    Step {
        state,
        decisions: Vec::new(),
        judged: Judged::Fully,
    }
}
