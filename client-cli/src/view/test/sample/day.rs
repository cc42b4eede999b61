//! A day in it: what is to be done, who needs a look, what was reported.

use rung_proto::v1;

use super::{
    ATHLETE, PHYSIO, PLAN, TRACK, at, bar, evidence, goal, on, rung, status, step_back, stop, tool,
};

pub(crate) fn today() -> v1::GetTodayResponse {
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
        micro_goals: vec![goal()],
        coping_tools: vec![tool()],
        ..Default::default()
    }
}

pub(crate) fn resting() -> v1::GetTodayResponse {
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

pub(crate) fn caseload() -> Vec<v1::CaseloadEntry> {
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
        ..Default::default()
    }
}

pub(crate) fn check_ins() -> Vec<v1::CheckIn> {
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

pub(crate) fn submitted() -> v1::SubmitCheckInResponse {
    v1::SubmitCheckInResponse {
        check_in: Some(session()),
        decisions: vec![step_back()],
        judgement: v1::Judgement::Full.into(),
    }
}
