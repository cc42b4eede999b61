//! What comes out: an outcome per track with its reasons, stored for ever.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::engine::Step;
use crate::id::{EventId, TrackId};
use crate::plan::PlanDefinition;
use crate::reason::Reason;
use crate::scale::RungIndex;
use crate::state::{NotBefore, PlanState};

/// The version of the rules. It changes whenever any history could be decided
/// differently, so that a stored decision says which rules made it. Version 1 knew
/// neither wellness, unplanned activity, corrections, trends, approvals nor amendments.
pub const ENGINE_VERSION: u32 = 2;

/// What happens to a track, from the least to the most aggressive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// The plan stands still until a physio resumes it.
    Pause,
    /// One rung or more down.
    StepBack,
    /// Wait.
    Hold,
    /// The same rung again.
    Repeat,
    /// One rung up.
    Advance,
}

impl Outcome {
    /// The stored and transmitted name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pause => "PAUSE",
            Self::StepBack => "STEP_BACK",
            Self::Hold => "HOLD",
            Self::Repeat => "REPEAT",
            Self::Advance => "ADVANCE",
        }
    }
}

/// The physio has to look; raises an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Ask {
    /// Whether at once: only red flags.
    pub urgent: bool,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The event it answers.
    pub event: EventId,
    /// That event's place in the order of acceptance.
    pub seq: u64,
    /// Its place among the decisions of that event, from 0.
    pub ordinal: u32,
    /// The event's civil date.
    pub date: NaiveDate,
    /// The track, or none if it holds for the whole plan.
    pub track: Option<TrackId>,
    /// False if a physio's instruction made it.
    pub automatic: bool,
    /// The least aggressive outcome any reason asks for.
    pub outcome: Outcome,
    /// The track's rung before; none for the whole plan.
    pub from_rung: Option<RungIndex>,
    /// The track's rung after; none for the whole plan.
    pub to_rung: Option<RungIndex>,
    /// The earliest next session of the track, as known when this event was decided.
    pub not_before: Option<NotBefore>,
    /// Whether the physio has to look.
    pub ask: Option<Ask>,
    /// All fired reasons, least aggressive first; never empty.
    pub reasons: Vec<Reason>,
    /// The revision of the plan whose policy was used.
    pub plan_revision: u32,
    /// The version of the track's ladder; none for the whole plan.
    pub ladder_version: Option<u32>,
    /// The version of the rules, [`ENGINE_VERSION`].
    pub engine_version: u32,
}

/// A decision with the fingerprints of what it was made from, as it is stored: whoever
/// replays the history can prove that they met the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// What was decided.
    #[serde(flatten)]
    pub decision: Decision,
    /// SHA-256 of the plan as it was before the event, hex.
    pub plan_hash: String,
    /// SHA-256 of the state before the event, hex.
    pub state_before: String,
    /// SHA-256 of the state after the event, hex.
    pub state_after: String,
}

impl Step {
    /// The decisions as they are stored. Apart from [`crate::decide`], which previews and
    /// simulations call many times and hashing would make slow.
    pub fn records(&self, plan: &PlanDefinition, before: &PlanState) -> Vec<Record> {
        if self.decisions.is_empty() {
            return Vec::new();
        }
        let plan_hash = plan.fingerprint();
        let (state_before, state_after) = (before.fingerprint(), self.state.fingerprint());
        let recorded = self.decisions.iter().cloned().map(|decision| Record {
            decision,
            plan_hash: plan_hash.clone(),
            state_before: state_before.clone(),
            state_after: state_after.clone(),
        });
        recorded.collect()
    }
}

/// The one alert a check-in raises: the most severe reason that asks, urgent
/// first, then the least aggressive outcome, then the order of the codes.
pub fn alert(decisions: &[Decision]) -> Option<(&Decision, &Reason)> {
    decisions
        .iter()
        .flat_map(|decision| {
            decision
                .reasons
                .iter()
                .map(move |reason| (decision, reason))
        })
        .filter(|(_, reason)| reason.ask.is_some())
        .min_by_key(|(_, reason)| {
            let urgent = reason.ask.is_some_and(|ask| ask.urgent);
            (!urgent, reason.outcome, reason.code)
        })
}
