//! The progression engine of Rung: from a plan, its state and one event to the
//! next state and the decisions with their reasons.
//!
//! Pure and total: no clock, randomness, I/O, async or database, no float, no panic.
//! [`engine::decide`] is the one way in; [`today::today`] previews it,
//! [`schedule::schedule`] lays the weeks ahead; [`explain`]
//! says its reasons in words. [`ladder::file`] reads ladders from TOML.

#![expect(
    clippy::doc_markdown,
    reason = "rules are written as the page of rules names them"
)]

pub mod decision;
pub mod engine;
pub mod event;
pub mod explain;
mod fault;
pub mod hash;
pub mod id;
pub mod ladder;
pub mod plan;
pub mod policy;
pub mod reason;
pub mod red_flag;
pub mod scale;
pub mod schedule;
pub mod simulation;
pub mod state;
pub mod today;

#[cfg(test)]
mod test;

pub use decision::{Ask, Decision, ENGINE_VERSION, Outcome, Record};
pub use engine::{Judged, Step, decide, decide_in_place};
pub use event::{
    Activity, Amendment, Correction, EarlierRung, Event, EventBody, MorningReport, Report,
    RungSetting, SessionReport, Swelling, UnplannedReport, WellnessReport,
};
pub use fault::Fault;
pub use id::{
    AthleteId, BreakGlassId, CheckInId, ClinicId, DecisionId, EventId, GoalId, InvitationId,
    LadderId, MembershipId, PersonId, PlanId, SessionId, TrackId,
};
pub use ladder::{Ladder, Rung, TrackKind};
pub use plan::{PlanDefinition, TrackDefinition};
pub use policy::{Policy, PolicyEdits, TissueProfile};
pub use reason::{Evidence, Measure, Reason, ReasonCode, Value};
pub use red_flag::RedFlag;
pub use scale::{
    Confidence, Dose, Fear, Metres, OutOfRange, PainScore, Percent, Rpe, RungIndex, SleepMinutes,
    StiffnessMinutes, WellnessScore,
};
pub use schedule::{Schedule, schedule};
pub use state::{Grade, NotBefore, PlanState, TrackState, TrackStatus};
pub use today::{Today, today};
