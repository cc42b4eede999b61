//! Recordings: what a good one fills in, and why a bad one is refused before anything is sent.

use rung_tests::{Clinic, Result, data};

use crate::{
    on_both_databases,
    prescription::{athlete, publish, session},
};

on_both_databases!(
    a_recording_fills_what_a_watch_knows,
    a_bad_recording_is_refused
);

fn with_recording(rung: &'static str, file: &str) -> Vec<String> {
    let mut args = session("", rung, "9010", &["--activity", file]);
    args.retain(|arg| !["--at", ""].contains(arg));
    args.into_iter().map(str::to_owned).collect()
}

fn a_recording_fills_what_a_watch_knows(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let athlete = athlete(clinic, "Nils Berg", "2015-08-01")?;
    let file = data("activities/fenix2-run.fit").display().to_string();
    let answer = athlete.member.rung.json(&with_recording("0", &file))?;
    let check_in = &answer["check_in"];
    assert_eq!(check_in["performed_at"], "2015-08-15T14:45:08Z");
    let measurement = &check_in["session"]["measurement"];
    assert_eq!(
        (
            &measurement["distance_m"],
            &measurement["duration_s"],
            &measurement["cadence_spm"],
            &measurement["source"]
        ),
        (&9008.into(), &2832.into(), &162.into(), &"FIT".into()),
        "9.01 km, 47 min 12 s, 162 steps a minute: {measurement}"
    );
    // What the athlete says stays theirs.
    assert_eq!(
        (
            &check_in["session"]["pain_during"],
            &check_in["session"]["dose_done"]
        ),
        (&1.into(), &9010.into())
    );
    // And it is stored as answered.
    let stored = athlete.member.rung.json(&["checkin", "list"])?;
    assert_eq!(&stored[0]["session"]["measurement"], measurement);
    Ok(())
}

fn a_bad_recording_is_refused(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let athlete = athlete(clinic, "Nils Berg", "2015-08-01")?;
    for (file, reason, word) in [
        ("invalid-truncated.fit", "ACTIVITY_TRUNCATED", "truncated"),
        ("invalid-file-crc.fit", "ACTIVITY_CHECKSUM", "checksum"),
        (
            "not-an-activity-settings.fit",
            "ACTIVITY_NOT_ONE",
            "not a recorded activity",
        ),
    ] {
        let path = data(&format!("activities/{file}")).display().to_string();
        let args = with_recording("0", &path);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let refusal = athlete.refused(clinic, &args)?;
        assert_eq!(
            (refusal.exit, refusal.reason.as_str()),
            (2, reason),
            "{}",
            refusal.message
        );
        assert!(
            refusal.message.contains(file) && refusal.message.contains(word),
            "{}",
            refusal.message
        );
    }
    Ok(())
}
