//! One small clinic, as the server would tell of it.

mod access;
mod account;
mod day;
mod plan;
mod simulation;
mod week;

pub(super) use access::*;
pub(super) use account::*;
pub(super) use day::*;
pub(super) use plan::*;
pub(super) use simulation::{comparisons, simulated};
pub(super) use week::{barred, schedule};

use chrono::NaiveDate;
use prost_types::Timestamp;
use rung_proto::v1;

use crate::time;
use crate::view::ladder_change::Changes;

const ATHLETE: &str = "0190aaaa-0000-7000-8000-000000000001";
const PLAN: &str = "0190bbbb-0000-7000-8000-000000000002";
const TRACK: &str = "0190cccc-0000-7000-8000-000000000003";
const PHYSIO: &str = "0190dddd-0000-7000-8000-000000000004";
const CLINIC: &str = "0190eeee-0000-7000-8000-000000000005";

fn at(text: &str) -> Option<Timestamp> {
    time::parse_instant(text).ok().map(time::timestamp)
}

fn on(text: &str) -> Option<v1::Date> {
    text.parse::<NaiveDate>().ok().map(time::date)
}

fn bar(date: &str, instant: &str) -> v1::NotBefore {
    v1::NotBefore {
        date: on(date),
        instant: at(instant),
    }
}

pub(super) fn athlete() -> v1::Athlete {
    v1::Athlete {
        id: ATHLETE.into(),
        etag: "3".into(),
        display_name: "Ada Berg".into(),
        time_zone: "Europe/Berlin".into(),
        plan_id: PLAN.into(),
        has_account: true,
        care_team: vec![v1::CareTeamMember {
            person_id: PHYSIO.into(),
            display_name: "Kim Holm".into(),
            lead: true,
        }],
        created_at: at("2026-02-20T10:00:00Z"),
    }
}

pub(super) fn athlete_answer() -> v1::GetAthleteResponse {
    v1::GetAthleteResponse {
        athlete: Some(athlete()),
    }
}

fn rung(title: &str, dose: i64) -> v1::Rung {
    v1::Rung {
        title: title.into(),
        dose,
        instruction:
            "Walk 5 minutes, then run and walk by turns on flat ground, easy enough to talk.".into(),
        effort: Some(v1::EffortRange {
            min: Some(2),
            max: Some(4),
        }),
        terrain: "flat".into(),
        surface: "grass".into(),
        cues: vec!["light steps".into(), "relaxed shoulders".into()],
        rest_days: Some(1),
        needs_approval: dose > 400,
        ..v1::Rung::default()
    }
}

fn definition() -> v1::LadderDefinition {
    v1::LadderDefinition {
        key: "run-walk".into(),
        title: "Run-walk return".into(),
        summary: "From the first running minute to half an hour without a break.".into(),
        source: Some(v1::Source {
            citation: "A published protocol".into(),
            url: "https://example.org/protocol".into(),
        }),
        profile: v1::TissueProfile::Tendon.into(),
        kind: v1::TrackKind::Running.into(),
        unit: v1::DoseUnit::RunningSeconds.into(),
        sessions_per_week: 3,
        entry_criteria: vec![v1::EntryCriterion {
            id: "walk-30".into(),
            text: "Walks 30 minutes without pain.".into(),
            proposal: false,
        }],
        policy: None,
        rungs: vec![
            rung("Run 1 min, walk 4 min ×6", 360),
            rung("Run 2 min, walk 3 min ×6", 720),
        ],
        proposal: String::new(),
    }
}

pub(super) fn ladder() -> v1::Ladder {
    v1::Ladder {
        id: "0190abcd-0000-7000-8000-000000000007".into(),
        etag: "1".into(),
        state: v1::LadderState::Published.into(),
        version: 2,
        built_in: false,
        definition: Some(definition()),
        created_at: at("2026-02-01T09:00:00Z"),
        published_at: at("2026-02-01T09:05:00Z"),
        ..v1::Ladder::default()
    }
}

/// A draft that was made of one of the library's, with everything a rung may say.
pub(super) fn clone() -> v1::Ladder {
    let lift = v1::Rung {
        title: "One leg, 3 × 8".into(),
        dose: 24,
        note: "One leg takes the whole weight.".into(),
        sets: Some(v1::Sets {
            count: 3,
            repetitions: 8,
            each_side: true,
            load: "body weight".into(),
            tempo: "3-1-1".into(),
        }),
        prediction: "How much pain will there be (0 to 10)?".into(),
        proposal: true,
        ..rung("", 24)
    };
    let mut definition = v1::LadderDefinition {
        key: "calf".into(),
        unit: v1::DoseUnit::Repetitions.into(),
        kind: v1::TrackKind::Strength.into(),
        proposal: "The exercises.".into(),
        rungs: vec![lift],
        ..definition()
    };
    definition.entry_criteria[0].proposal = true;
    v1::Ladder {
        state: v1::LadderState::Draft.into(),
        version: 1,
        definition: Some(definition),
        published_at: None,
        cloned_from: Some(v1::LadderOrigin {
            ladder_id: "0190abcd-0000-7000-8000-00000000000b".into(),
            key: "strength-calf".into(),
            version: 1,
        }),
        ..ladder()
    }
}

pub(super) fn clone_answer() -> v1::CloneLadderResponse {
    v1::CloneLadderResponse {
        ladder: Some(clone()),
    }
}

pub(super) fn difference() -> Vec<v1::LadderChange> {
    let change = |field: &str, before: Option<&str>, after: Option<&str>| v1::LadderChange {
        field: field.into(),
        before: before.map(Into::into),
        after: after.map(Into::into),
    };
    vec![
        change(
            "summary",
            Some("From the first running minute to half an hour without a break."),
            Some("As it was, and then three quarters of an hour."),
        ),
        change("policy.green_max", None, Some("1")),
        change("rungs[1].note", Some("Twice the running."), None),
    ]
}

pub(super) fn changes(changes: Vec<v1::LadderChange>) -> Changes {
    Changes {
        from: ladder(),
        to: clone(),
        answer: v1::DiffLadderVersionsResponse { changes },
    }
}

pub(super) fn ladder_answer() -> v1::GetLadderResponse {
    v1::GetLadderResponse {
        ladder: Some(ladder()),
    }
}

fn status(rung: i32) -> v1::TrackStatus {
    v1::TrackStatus {
        track_id: TRACK.into(),
        state: v1::TrackState::Active.into(),
        rung,
        rung_title: "Run 2 min, walk 3 min ×6".into(),
        top_rung: 9,
        counted: 1,
        successes_to_advance: 2,
        not_before: Some(bar("2026-03-05", "2026-03-05T17:30:00Z")),
        awaiting_morning: true,
        ..Default::default()
    }
}

pub(super) fn active() -> v1::Plan {
    let track = v1::TrackPrescription {
        id: TRACK.into(),
        ladder: Some(definition()),
        ladder_version: 2,
        sessions_per_week: 3,
        ..Default::default()
    };
    v1::Plan {
        id: PLAN.into(),
        athlete_id: ATHLETE.into(),
        etag: "17".into(),
        state: v1::PlanState::Active.into(),
        revision: 1,
        definition: Some(v1::PlanDefinition {
            tracks: vec![track],
            baseline: Some(v1::Baseline {
                pain: Some(1),
                stiffness: Some(0),
                over_limit_reason: String::new(),
            }),
            anchors: vec!["calf raises after the run".into()],
            weekdays: vec![v1::Weekday::Monday.into(), v1::Weekday::Thursday.into()],
            micro_goals: vec![goal()],
            coping_tools: vec![tool()],
            sites: vec![site()],
            ..Default::default()
        }),
        tracks: vec![status(1)],
        effective_date: on("2026-03-01"),
        created_at: at("2026-02-28T10:00:00Z"),
        created_by: PHYSIO.into(),
        ..Default::default()
    }
}

pub(super) fn draft() -> v1::Plan {
    v1::Plan {
        state: v1::PlanState::Draft.into(),
        effective_date: None,
        etag: "1".into(),
        ..active()
    }
}

pub(super) fn draft_answer() -> v1::CreatePlanResponse {
    v1::CreatePlanResponse {
        plan: Some(draft()),
    }
}

pub(super) fn paused() -> v1::Plan {
    v1::Plan {
        state: v1::PlanState::Paused.into(),
        pause_cause: "RED_FLAG".into(),
        paused_since: on("2026-03-04"),
        ..active()
    }
}

pub(super) fn paused_answer() -> v1::PausePlanResponse {
    v1::PausePlanResponse {
        plan: Some(paused()),
        decisions: vec![stop()],
    }
}

fn evidence(measure: v1::Measure, observed: i64, threshold: i64) -> v1::Evidence {
    let number = |n| {
        Some(v1::Value {
            kind: Some(v1::value::Kind::Number(n)),
        })
    };
    v1::Evidence {
        measure: measure.into(),
        observed: number(observed),
        threshold: number(threshold),
    }
}

fn step_back() -> v1::Decision {
    let reason = v1::Reason {
        code: v1::ReasonCode::PainRed.into(),
        evidence: vec![
            evidence(v1::Measure::PainDuring, 6, 5),
            evidence(v1::Measure::PainAfter, 4, 5),
        ],
        text: "Pain of 6 during the session is more than the 5 that are acceptable.".into(),
        ..Default::default()
    };
    v1::Decision {
        id: "0190a001-0000-7000-8000-000000000008".into(),
        plan_id: PLAN.into(),
        check_in_id: "0190a002-0000-7000-8000-000000000009".into(),
        seq: 8,
        track_id: TRACK.into(),
        outcome: v1::Outcome::StepBack.into(),
        from_rung: Some(1),
        to_rung: Some(0),
        not_before: Some(bar("2026-03-06", "2026-03-05T17:30:00Z")),
        ask: v1::Ask::Review.into(),
        reasons: vec![reason],
        headline: "Go down to rung 0 and give it two full days of rest.".into(),
        decided_at: at("2026-03-03T17:31:00Z"),
        date: on("2026-03-03"),
        automatic: true,
        ..Default::default()
    }
}

fn stop() -> v1::Decision {
    let flag = v1::Value {
        kind: Some(v1::value::Kind::Code("CALF_SWELLING".into())),
    };
    let reason = v1::Reason {
        code: v1::ReasonCode::RedFlag.into(),
        evidence: vec![v1::Evidence {
            measure: v1::Measure::RedFlag.into(),
            observed: Some(flag),
            threshold: None,
        }],
        text: "A red flag was reported: calf swelling.".into(),
        ..Default::default()
    };
    v1::Decision {
        track_id: String::new(),
        outcome: v1::Outcome::Pause.into(),
        from_rung: None,
        to_rung: None,
        not_before: None,
        ask: v1::Ask::Urgent.into(),
        reasons: vec![reason],
        headline: "Stop until your physiotherapist has looked.".into(),
        seq: 9,
        ..step_back()
    }
}

pub(super) fn decisions() -> Vec<v1::Decision> {
    vec![stop(), step_back()]
}

pub(super) fn explained(reader: v1::Reader) -> v1::ExplainDecisionResponse {
    let source = |mark: v1::EvidenceMark, label: &str, citation: &str| v1::EvidenceSource {
        mark: mark.into(),
        label: label.into(),
        citation: citation.into(),
    };
    let row = v1::EvidenceRow {
        code: "TENDON".into(),
        title: "Tendon bands".into(),
        claim: "Green 0–3 and amber 4–5 with the baseline reached by morning; red from 6, or a morning of +2.".into(),
        sources: vec![
            source(v1::EvidenceMark::Found, "F21", "bim.physio/the-pain-monitoring-model"),
            source(v1::EvidenceMark::Known, "K", "Thomeé 1997 draws safe at 0–2"),
        ],
    };
    let (headline, text, rows) = match reader {
        v1::Reader::Physio => (
            "Step back, rung 1 → 0",
            "PAIN_RED → STEP_BACK. RED session: down to min(current rung, rung done) − 1, red rest. Observed: NPRS during \
             6 (highest not worse 5).",
            vec![row],
        ),
        _ => (
            "Step back to rung 0",
            "Pain during was 6 (the limit is 5), so one step down to where it felt secure.",
            vec![],
        ),
    };
    v1::ExplainDecisionResponse {
        decision: Some(step_back()),
        reader: reader.into(),
        language: "en".into(),
        headline: headline.into(),
        reasons: vec![v1::ExplainedReason {
            code: v1::ReasonCode::PainRed.into(),
            text: text.into(),
            rows,
        }],
        notes: vec!["Next session not before 5 March 2026, 18:30 where the athlete is.".into()],
    }
}
