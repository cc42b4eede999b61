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

/// The report of flags alone.
fn report(args: &Args, recording: Option<&Activity>) -> v1::SessionReport {
    args.report(v1::SessionReport::default(), recording)
}

#[test]
fn what_was_not_said_stays_missing() {
    let report = report(&args(&[]), None);
    assert_eq!(report, v1::SessionReport::default());
    assert_eq!(
        (report.pain_during, report.altered_gait, report.dose_done),
        (None, None, None)
    );
}

#[test]
fn a_said_zero_and_a_said_no_are_sent() {
    let said = args(&["--pain-during", "0", "--altered-gait", "no", "--dose", "0"]);
    let report = report(&said, None);
    assert_eq!(report.pain_during, Some(0));
    assert_eq!(report.altered_gait, Some(false));
    assert_eq!(report.dose_done, Some(0));
}

#[test]
fn numbers_out_of_range_are_left_for_the_server_to_judge() {
    let said = args(&["--pain-during", "11", "--pain-after", "-1"]);
    let report = report(&said, None);
    assert_eq!(
        (report.pain_during, report.pain_after),
        (Some(11), Some(-1))
    );
}

#[test]
fn a_recording_fills_what_was_measured_and_nothing_the_athlete_has_to_say() {
    let report = report(&args(&["--cadence", "170"]), Some(&recording()));
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
fn a_correction_keeps_what_is_not_said_again() {
    let before = report(
        &args(&[
            "--pain-during",
            "1",
            "--altered-gait",
            "no",
            "--swelling",
            "none",
            "--dose",
            "3000",
            "--confidence",
            "8",
            "--resumed-lighter",
            "--felt",
            "warm",
            "--went-well",
            "the hill",
            "--side",
            "left",
            "--distance-m",
            "3000",
            "--prediction",
            "0190a002-0000-7000-8000-000000000009",
        ]),
        None,
    );
    let unchanged = args(&[]).report(before.clone(), None);
    assert_eq!(unchanged, before);
    let said = args(&[
        "--pain-during",
        "6",
        "--altered-gait",
        "yes",
        "--resumed-lighter",
        "no",
        "--felt",
        "tired",
        "--duration-s",
        "60",
        "--feared-outcome",
        "no",
        "--lesson",
        "it held",
    ]);
    let corrected = said.report(before.clone(), None);
    let measurement = v1::Measurement {
        distance_m: Some(3000),
        duration_s: Some(60),
        ..Default::default()
    };
    let expected = v1::SessionReport {
        pain_during: Some(6),
        altered_gait: Some(true),
        paused_and_resumed_lighter: false,
        sensory_cues: vec!["tired".into()],
        measurement: Some(measurement),
        feared_outcome: Some(false),
        lesson: "it held".into(),
        ..before
    };
    assert_eq!(corrected, expected);
}
