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

const FIRST: &str = "0190a002-0000-7000-8000-00000000000a";
const SECOND: &str = "0190a002-0000-7000-8000-00000000000b";
const PREDICTION: &str = "0190a002-0000-7000-8000-00000000000c";

/// How a day was, a run beside the plan, and a session that was corrected.
pub(crate) fn check_ins_of_all_kinds() -> Vec<v1::CheckIn> {
    let wellness = |ill, sleep, mood| {
        Some(v1::check_in::Report::Wellness(v1::WellnessReport {
            ill: Some(ill),
            sleep,
            mood,
            energy: mood,
            ..Default::default()
        }))
    };
    let of = |report, note: &str, seq| v1::CheckIn {
        report,
        note: note.into(),
        seq,
        ..session()
    };
    vec![
        predicted(),
        v1::CheckIn {
            id: FIRST.into(),
            corrected_by: SECOND.into(),
            ..session()
        },
        of(wellness(true, Some(370), Some(2)), "sore throat", 6),
        of(wellness(false, None, None), "", 5),
        of(Some(unplanned()), "caught the bus", 4),
    ]
}

fn unplanned() -> v1::check_in::Report {
    v1::check_in::Report::Unplanned(v1::UnplannedReport {
        activity: v1::Activity::Run.into(),
        pain_during: Some(1),
        pain_after: Some(0),
        altered_gait: Some(false),
        swelling: v1::Swelling::None.into(),
        rpe: Some(6),
        measurement: Some(v1::Measurement {
            distance_m: Some(11_200),
            ..Default::default()
        }),
        sensory_cues: vec!["warm".into(), "light".into()],
        discomfort_site: "calf".into(),
        discomfort_side: v1::BodySide::Left.into(),
        ..Default::default()
    })
}

/// A session after a prediction, as it was corrected.
fn predicted() -> v1::CheckIn {
    let mut check_in = v1::CheckIn {
        id: SECOND.into(),
        corrects_id: FIRST.into(),
        revision: 2,
        ..session()
    };
    if let Some(v1::check_in::Report::Session(session)) = &mut check_in.report {
        session.prediction_id = PREDICTION.into();
        session.fear = Some(40);
        session.feared_outcome = Some(false);
        session.surprise = Some(80);
        session.lesson = "it holds".into();
    }
    check_in
}

pub(crate) fn shown() -> v1::GetCheckInResponse {
    v1::GetCheckInResponse {
        check_in: Some(predicted()),
        judgement: v1::Judgement::Full.into(),
    }
}

/// As a supporter reads it who may not read notes.
pub(crate) fn shown_without_notes() -> v1::GetCheckInResponse {
    let mut report = unplanned();
    if let v1::check_in::Report::Unplanned(unplanned) = &mut report {
        unplanned.sensory_cues.clear();
        unplanned.discomfort_site.clear();
    }
    v1::GetCheckInResponse {
        check_in: Some(v1::CheckIn {
            report: Some(report),
            note: String::new(),
            notes_withheld: true,
            ..session()
        }),
        judgement: v1::Judgement::Full.into(),
    }
}

pub(crate) fn submitted() -> v1::SubmitCheckInResponse {
    v1::SubmitCheckInResponse {
        check_in: Some(session()),
        decisions: vec![step_back()],
        judgement: v1::Judgement::Full.into(),
        asked: vec![],
    }
}

/// A correction after which something is asked still.
pub(crate) fn corrected() -> v1::CorrectCheckInResponse {
    v1::CorrectCheckInResponse {
        check_in: Some(predicted()),
        decisions: vec![],
        judgement: v1::Judgement::Full.into(),
        asked: vec!["fear".into(), "feared_outcome".into(), "context".into()],
    }
}

fn prediction(id: &str, made_at: &str) -> v1::Prediction {
    v1::Prediction {
        id: id.into(),
        athlete_id: ATHLETE.into(),
        plan_id: PLAN.into(),
        revision: 1,
        track_id: TRACK.into(),
        rung: Some(1),
        made_at: at(made_at),
        feared_outcome: "the calf tears".into(),
        likelihood: Some(60),
        expected_fear: Some(70),
        expected_pain: Some(5),
        recorded_at: at("2015-08-15T16:00:00Z"),
        entered_by: PHYSIO.into(),
        ..Default::default()
    }
}

pub(crate) fn predictions() -> Vec<v1::Prediction> {
    vec![
        prediction(PREDICTION, "2015-08-17T06:00:00Z"),
        v1::Prediction {
            check_in_id: FIRST.into(),
            late: true,
            ..prediction(SECOND, "2015-08-15T15:00:00Z")
        },
        v1::Prediction {
            check_in_id: SECOND.into(),
            ..prediction(FIRST, "2015-08-15T06:00:00Z")
        },
    ]
}

pub(crate) fn recorded() -> v1::RecordPredictionResponse {
    v1::RecordPredictionResponse {
        prediction: predictions().into_iter().next(),
    }
}
