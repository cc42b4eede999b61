use chrono::DateTime;
use clap::Parser;

use super::*;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: Args,
}

fn args(flags: &[&str]) -> Args {
    Line::try_parse_from(["rung"].iter().chain(flags))
        .unwrap()
        .args
}

fn recording() -> Activity {
    Activity {
        started_at: DateTime::UNIX_EPOCH,
        distance_m: Some(9010),
        duration_s: Some(2832),
        cadence_spm: Some(162),
        ascent_m: None,
    }
}

#[test]
fn what_was_not_said_stays_missing() {
    let report = report(&args(&[]), None, String::new(), None);
    assert_eq!(report, v1::SessionReport::default());
    assert_eq!(
        (report.pain_during, report.altered_gait, report.dose_done),
        (None, None, None)
    );
}

#[test]
fn a_said_zero_and_a_said_no_are_sent() {
    let said = args(&["--pain-during", "0", "--altered-gait", "no", "--dose", "0"]);
    let report = report(&said, None, String::new(), Some(0));
    assert_eq!(report.pain_during, Some(0));
    assert_eq!(report.altered_gait, Some(false));
    assert_eq!(report.dose_done, Some(0));
    assert_eq!(report.rung, Some(0));
}

#[test]
fn numbers_out_of_range_are_left_for_the_server_to_judge() {
    let said = args(&["--pain-during", "11", "--pain-after", "-1"]);
    let report = report(&said, None, String::new(), None);
    assert_eq!(
        (report.pain_during, report.pain_after),
        (Some(11), Some(-1))
    );
}

#[test]
fn a_recording_fills_what_was_measured_and_nothing_the_athlete_has_to_say() {
    let report = report(
        &args(&["--cadence", "170"]),
        Some(&recording()),
        String::new(),
        None,
    );
    let measured = report.measurement.unwrap();
    assert_eq!(measured.distance_m, Some(9010));
    assert_eq!(measured.cadence_spm, Some(170), "the flag wins");
    assert_eq!(measured.ascent_m, None);
    assert_eq!(measured.source, "FIT");
    assert_eq!(report.dose_done, None);
    assert_eq!(report.pain_during, None);
    assert_eq!(report.rpe, None);
}

#[test]
fn the_rung_of_today_is_taken_when_it_is_one_rung() {
    let track = |id: &str, rung| v1::TrackToday {
        track_id: id.into(),
        ladder_title: format!("ladder {id}"),
        rung_index: rung,
        ..Default::default()
    };
    let one = [track("a", 3)];
    let two = [track("a", 3), track("b", 5)];
    assert_eq!(choose(&one, String::new(), None), ("a".into(), Some(3)));
    assert_eq!(choose(&two, String::new(), None), (String::new(), None));
    assert_eq!(choose(&two, "ladder b".into(), None), ("b".into(), Some(5)));
    assert_eq!(choose(&two, "b".into(), Some(4)), ("b".into(), Some(4)));
    assert_eq!(choose(&one, "zzz".into(), None), ("zzz".into(), None));
}
