//! What is stored of a check-in reads back; the path of a check-in into storage is tested in `rpc/check_in/accept_test.rs`.

use rung_progression::{Activity, SessionReport, Swelling, UnplannedReport, WellnessReport};
use serde_json::json;

use super::*;

fn reads_back(body: ReportBody) {
    let report = Report {
        note: "windy".to_owned(),
        body,
    };
    let text = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
}

#[test]
fn a_report_of_each_kind_reads_back() {
    let pain = || 2_u32.try_into().unwrap();
    let detail = || {
        Box::new(Detail {
            rpe: Some(3_u32.try_into().unwrap()),
            measurement: Some(Measurement {
                distance_m: Some(9010),
                ..Measurement::default()
            }),
            cues_held: vec!["light steps".to_owned()],
            discomfort_side: Some(BodySide::Left),
            ..Detail::default()
        })
    };
    reads_back(ReportBody::Unplanned {
        judged: Box::new(UnplannedReport {
            activity: Activity::Other,
            pain_before: None,
            pain_during: pain(),
            pain_after: pain(),
            altered_gait: true,
            swelling: Swelling::Unchanged,
            red_flags: vec![],
            distance: Some(9010_u32.try_into().unwrap()),
        }),
        detail: detail(),
    });
    let zero = 0_u32.try_into().unwrap();
    let session = SessionReport {
        track: Uuid::max().into(),
        rung: 1_u32.try_into().unwrap(),
        pain_before: None,
        pain_during: zero,
        pain_after: zero,
        altered_gait: false,
        swelling: Swelling::None,
        red_flags: vec![],
        dose_done: 3_u32.try_into().unwrap(),
        confidence: None,
        fear: Some(60_u32.try_into().unwrap()),
        feared_outcome: Some(false),
        context: Some("hill".to_owned()),
        distance: None,
        earlier: None,
    };
    for reflection in [
        Reflection::default(),
        Reflection {
            surprise: Some(0),
            lesson: "it held".to_owned(),
        },
    ] {
        reads_back(ReportBody::Session {
            judged: Box::new(session.clone()),
            detail: detail(),
            reflection,
        });
    }
    reads_back(ReportBody::Wellness {
        judged: WellnessReport {
            ill: false,
            red_flags: vec![],
            sleep: Some(0_u32.try_into().unwrap()),
            energy: None,
            calm: Some(5_u32.try_into().unwrap()),
            mood: None,
            freshness: None,
            fuelling: None,
        },
    });
}

/// What servers stored and exported that knew neither corrections nor predictions.
#[test]
fn an_earlier_check_in_reads_as_one_of_the_first_revision() {
    let line = json!({
        "id": Uuid::max(), "plan_id": Uuid::max(), "seq": 2, "fingerprint": "Bw==", "performed_at": "2026-03-02T12:00:00Z",
        "time_zone": "UTC", "civil_date": "2026-03-02", "recorded_at": "2026-03-02T12:00:00Z", "entered_by": Uuid::max(),
        "judged": "FULLY", "report": {"note": "slept well", "type": "MORNING",
            "judged": {"pain": 1, "swelling": "NONE", "red_flags": []}},
    });
    let read: StoredCheckIn = serde_json::from_value(line).unwrap();
    assert_eq!(
        (read.revision, read.corrects_id, read.prediction_id),
        (1, None, None)
    );
    assert_eq!(read.first(), read.id);
}
