//! One small clinic, as the server would tell of it.

use chrono::NaiveDate;
use prost_types::Timestamp;
use rung_proto::v1;

use crate::time;

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

fn membership() -> v1::Membership {
    v1::Membership {
        clinic_id: CLINIC.into(),
        clinic_name: "Praxis am See".into(),
        roles: vec![v1::Role::Admin.into(), v1::Role::Physio.into()],
        athlete_id: String::new(),
    }
}

pub(super) fn login() -> v1::LoginResponse {
    let tokens = v1::TokenPair {
        access_token: "token-secret".into(),
        refresh_token: "token-secret".into(),
        ..Default::default()
    };
    v1::LoginResponse {
        tokens: Some(tokens),
        person_id: PHYSIO.into(),
        membership: Some(membership()),
        memberships: vec![membership(), membership()],
    }
}

pub(super) fn who_am_i() -> v1::WhoAmIResponse {
    v1::WhoAmIResponse {
        person_id: PHYSIO.into(),
        email: "kim@example.org".into(),
        display_name: "Kim Holm".into(),
        membership: Some(membership()),
    }
}

pub(super) fn members() -> Vec<v1::Member> {
    vec![v1::Member {
        person_id: PHYSIO.into(),
        display_name: "Kim Holm".into(),
        email: "kim@example.org".into(),
        roles: vec![v1::Role::Admin.into(), v1::Role::Physio.into()],
        joined_at: at("2026-02-01T09:00:00Z"),
    }]
}

pub(super) fn invitation(code: &str) -> v1::InviteMemberResponse {
    v1::InviteMemberResponse {
        invitation_id: "0190ffff-0000-7000-8000-000000000006".into(),
        code: code.into(),
        expires_at: at("2026-03-08T09:00:00Z"),
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
        }],
        policy: None,
        rungs: vec![
            rung("Run 1 min, walk 4 min ×6", 360),
            rung("Run 2 min, walk 3 min ×6", 720),
        ],
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
            micro_goals: vec!["warm-up 5 minutes longer".into()],
            coping_tools: vec!["breathe out twice as long as in".into()],
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

pub(super) fn today() -> v1::GetTodayResponse {
    let reason = v1::Reason {
        text: "Nothing bars it: the rest is over and the morning was calm.".into(),
        evidence: vec![evidence(v1::Measure::Counted, 1, 2)],
        ..Default::default()
    };
    v1::GetTodayResponse {
        plan_id: PLAN.into(),
        date: on("2026-03-05"),
        tracks: vec![v1::TrackToday {
            track_id: TRACK.into(),
            ladder_title: "Run-walk return".into(),
            rung_index: 1,
            top_rung: 9,
            rung: Some(rung("Run 2 min, walk 3 min ×6", 720)),
            dose_unit: v1::DoseUnit::RunningSeconds.into(),
            advised_dose: Some(720),
            reasons: vec![reason],
            counted: 1,
            successes_to_advance: 2,
            ..Default::default()
        }],
        anchors: vec!["calf raises after the run".into()],
        ..Default::default()
    }
}

pub(super) fn resting() -> v1::GetTodayResponse {
    let mut today = today();
    if let Some(track) = today.tracks.first_mut() {
        track.advised_dose = None;
        track.not_before = Some(bar("2026-03-06", "2026-03-06T05:00:00Z"));
    }
    today.owed = vec![v1::OwedCheckIn {
        kind: v1::OwedKind::Morning.into(),
        track_id: TRACK.into(),
        session_date: on("2026-03-04"),
        from: None,
        until: at("2026-03-06T17:30:00Z"),
    }];
    today
}

pub(super) fn caseload() -> Vec<v1::CaseloadEntry> {
    let entry = |name: &str, state: v1::PlanState, tracks, decisions| v1::CaseloadEntry {
        athlete_id: ATHLETE.into(),
        display_name: name.into(),
        plan_id: PLAN.into(),
        plan_state: state.into(),
        tracks,
        decisions,
        last_check_in_at: at("2026-03-03T17:30:00Z"),
    };
    let mut new = entry("Cleo Dahl", v1::PlanState::Unspecified, vec![], vec![]);
    new.plan_id = String::new();
    new.last_check_in_at = None;
    vec![
        entry(
            "Ada Berg",
            v1::PlanState::Active,
            vec![status(1)],
            vec![step_back()],
        ),
        entry(
            "Bo Winter",
            v1::PlanState::Paused,
            vec![status(0)],
            vec![stop()],
        ),
        new,
    ]
}

fn session() -> v1::CheckIn {
    v1::CheckIn {
        id: "0190a002-0000-7000-8000-000000000009".into(),
        athlete_id: ATHLETE.into(),
        plan_id: PLAN.into(),
        performed_at: at("2015-08-15T14:45:08Z"),
        time_zone: "Europe/Berlin".into(),
        red_flags: vec![],
        no_red_flags: true,
        note: "easy".into(),
        report: Some(v1::check_in::Report::Session(v1::SessionReport {
            track_id: TRACK.into(),
            rung: Some(1),
            pain_during: Some(0),
            pain_after: Some(1),
            altered_gait: Some(false),
            swelling: v1::Swelling::None.into(),
            dose_done: Some(720),
            measurement: Some(v1::Measurement {
                distance_m: Some(9008),
                duration_s: Some(2832),
                cadence_spm: Some(162),
                ascent_m: Some(37),
                source: "FIT".into(),
            }),
            ..Default::default()
        })),
        recorded_at: at("2015-08-15T16:00:00Z"),
        date: on("2015-08-15"),
        entered_by: PHYSIO.into(),
        seq: 8,
    }
}

pub(super) fn check_ins() -> Vec<v1::CheckIn> {
    let morning = v1::CheckIn {
        performed_at: at("2015-08-16T05:00:00Z"),
        red_flags: vec![v1::RedFlag::CalfSwelling.into()],
        no_red_flags: false,
        report: Some(v1::check_in::Report::Morning(v1::MorningReport {
            pain: Some(2),
            stiffness: None,
            swelling: v1::Swelling::Increased.into(),
        })),
        seq: 9,
        ..session()
    };
    vec![morning, session()]
}

pub(super) fn submitted() -> v1::SubmitCheckInResponse {
    v1::SubmitCheckInResponse {
        check_in: Some(session()),
        decisions: vec![step_back()],
        judgement: v1::Judgement::Full.into(),
    }
}
