use std::path::PathBuf;

use super::*;
use crate::error::Exit;

fn file(name: &str) -> PathBuf {
    [
        env!("CARGO_MANIFEST_DIR"),
        "..",
        "tests",
        "data",
        "activities",
        name,
    ]
    .iter()
    .collect()
}

fn refused(path: &Path) -> Box<Failure> {
    let failure = read(path).unwrap_err();
    assert_eq!(failure.exit, Exit::BadInput);
    assert!(
        failure.message.contains(path.to_str().unwrap()),
        "{}",
        failure.message
    );
    failure
}

#[test]
fn a_run_is_read_as_its_watch_showed_it() {
    let run = read(&file("fenix2-run.fit")).unwrap();
    assert_eq!(run.started_at.to_rfc3339(), "2015-08-15T14:45:08+00:00");
    assert_eq!(run.distance_m, Some(9008), "9.01 km");
    assert_eq!(run.duration_s, Some(47 * 60 + 12));
    assert_eq!(run.cadence_spm, Some(162));
}

#[test]
fn a_walk_is_an_activity_on_foot_too() {
    let walk = read(&file("fenix5-walk.fit")).unwrap();
    assert!(walk.duration_s.is_some_and(|s| s > 0));
}

#[test]
fn a_damaged_a_cut_and_a_foreign_file_are_told_apart() {
    assert_eq!(
        refused(&file("invalid-file-crc.fit")).reason,
        "ACTIVITY_CHECKSUM"
    );
    assert_eq!(
        refused(&file("invalid-truncated.fit")).reason,
        "ACTIVITY_TRUNCATED"
    );
    assert_eq!(
        refused(&file("not-an-activity-settings.fit")).reason,
        "ACTIVITY_NOT_ONE"
    );
    assert_eq!(
        refused(&file("LICENSE-fitdecode.txt")).reason,
        "ACTIVITY_UNREADABLE"
    );
    assert_eq!(refused(&file("there-is-none.fit")).reason, "FILE");
    assert_eq!(refused(&file("")).reason, "ACTIVITY_UNREADABLE");
}

#[test]
fn every_cut_of_a_file_and_every_flipped_byte_is_refused_without_a_panic() {
    let whole = std::fs::read(file("fenix5-walk.fit")).unwrap();
    for end in 0..whole.len() {
        assert!(parse(&whole[..end]).is_err(), "cut at {end}");
    }
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        assert!(parse(&damaged).is_err(), "flipped at {at}");
    }
}

#[test]
fn a_file_too_large_to_be_a_recording_is_not_read_to_its_end() {
    let large = tempfile::NamedTempFile::new().unwrap();
    large.as_file().set_len(MAX_BYTES + 1).unwrap();
    assert!(refused(large.path()).message.contains("larger than 32 MiB"));
}
