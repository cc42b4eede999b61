//! What if.

use rung_proto::v1::{self, simulated_event::What};

use super::{ATHLETE, PLAN, TRACK, at, on, step_back};
use crate::view::comparison::Comparisons;
use crate::view::simulation::Simulated;
use crate::what_if::Names;

fn after(counted: i32) -> v1::PlanSnapshot {
    let status = v1::TrackStatus {
        track_id: TRACK.into(),
        counted,
        ..v1::TrackStatus::default()
    };
    v1::PlanSnapshot {
        state: v1::PlanState::Active.into(),
        tracks: vec![v1::TrackSnapshot {
            status: Some(status),
            ..v1::TrackSnapshot::default()
        }],
        hash: "5ca1ab1e".into(),
        ..v1::PlanSnapshot::default()
    }
}

fn event(time: &str, zone: &str, what: What) -> v1::SimulatedEvent {
    v1::SimulatedEvent {
        at: at(time),
        time_zone: zone.into(),
        what: Some(what),
        ..v1::SimulatedEvent::default()
    }
}

/// A session that steps back, a correction that leaves nothing, and a word that is refused.
pub(crate) fn simulated() -> Simulated {
    let session = || What::Session(v1::SessionReport::default());
    let refusal = v1::Refusal {
        reason: v1::ErrorReason::AdvanceBarred.into(),
        text: "the step up cannot be taken now".into(),
        bars: vec![v1::AdvanceBar {
            code: v1::ReasonCode::WeeklyCap.into(),
            text: "There were enough steps up this week.".into(),
            until: on("2026-03-10"),
        }],
    };
    let full = v1::Judgement::Full.into();
    let steps = vec![
        v1::SimulatedStep {
            decisions: vec![step_back()],
            judgement: full,
            after: Some(after(1)),
            ..v1::SimulatedStep::default()
        },
        v1::SimulatedStep {
            judgement: full,
            after: Some(after(1)),
            ..v1::SimulatedStep::default()
        },
        v1::SimulatedStep {
            judgement: v1::Judgement::Refused.into(),
            after: Some(after(1)),
            refusal: Some(refusal),
            ..v1::SimulatedStep::default()
        },
    ];
    let approve = What::Approve(v1::SimulatedApproval::default());
    let events = vec![
        event("2026-03-03T17:30:00Z", "Europe/Berlin", session()),
        v1::SimulatedEvent {
            corrects: Some(0),
            ..event("2026-03-03T17:30:00Z", "Europe/Berlin", session())
        },
        event("2026-03-04T08:00:00Z", "", approve),
    ];
    Simulated {
        answer: v1::SimulatePlanResponse { steps },
        events,
        names: Names::default(),
    }
}

/// Somebody for whom the other policy steps back, somebody whose history ends in an act it refuses, and somebody whose plan
/// it does not fit.
pub(crate) fn comparisons() -> Comparisons {
    let counts = |step_back, advance| {
        Some(v1::OutcomeCounts {
            step_back,
            advance,
            ..v1::OutcomeCounts::default()
        })
    };
    let repeat = v1::Decision {
        outcome: v1::Outcome::Repeat.into(),
        reasons: vec![],
        ..step_back()
    };
    let full = i32::from(v1::Judgement::Full);
    let parted = v1::ComparePoliciesResponse {
        athlete_id: ATHLETE.into(),
        plan_id: PLAN.into(),
        events: 41,
        outcomes: counts(0, 3),
        other_outcomes: counts(1, 2),
        differing: 7,
        first: Some(repeat),
        other_first: Some(step_back()),
        tracks: vec![v1::ComparedTrack {
            track_id: TRACK.into(),
            ladder_title: "Run-walk return".into(),
            rung: 3,
            other_rung: 1,
        }],
        first_seq: 17,
        first_judgement: full,
        other_first_judgement: full,
        ..v1::ComparePoliciesResponse::default()
    };
    let refused = v1::ComparePoliciesResponse {
        athlete_id: "0190aaaa-0000-7000-8000-000000000009".into(),
        events: 2,
        differing: 1,
        other_first: None,
        other_refused: 1,
        other_first_judgement: v1::Judgement::Refused.into(),
        ..parted.clone()
    };
    let faulty = v1::ComparePoliciesResponse {
        athlete_id: ATHLETE.into(),
        plan_id: PLAN.into(),
        faults: vec!["tracks[0].policy.green_max: must be between 0 and 4".into()],
        ..v1::ComparePoliciesResponse::default()
    };
    Comparisons {
        comparisons: vec![parted, refused, faulty],
        names: [(ATHLETE.to_owned(), "Ada Berg".to_owned())].into(),
    }
}
