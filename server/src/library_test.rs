use std::collections::{BTreeMap, BTreeSet};

use rung_progression::{
    TrackKind,
    ladder::{DoseUnit, file},
};
use sha2::{Digest as _, Sha256};

use super::{FILES, Library};

/// What each published protocol prescribes, written by hand from its source (`docs/ladders.md` names them).
const PUBLISHED: &[(&str, DoseUnit, &[u32])] = {
    use DoseUnit::{Ordinal, RunningMetres, RunningSeconds};
    &[
        // 0.5, 0.6, 0.7, 0.8 of 1 mi; 1, 1¼, 1½, 1¾, 2 mi.
        (
            "chop-acl",
            RunningMetres,
            &[805, 966, 1127, 1287, 1609, 2012, 2414, 2816, 3219],
        ),
        // ¼, ½, ¾; ¾, 1, 1; then ¼ mi more each time, to 3 mi.
        (
            "mgh-running",
            RunningMetres,
            &[
                402, 805, 1207, 1207, 1609, 1609, 2012, 2414, 2816, 3219, 3621, 4023, 4426, 4828,
            ],
        ),
        // 8 and 8 min on the treadmill, 12 and 12 over ground, 16 and 18 without a walk.
        (
            "moen-mtss",
            RunningSeconds,
            &[480, 480, 720, 720, 960, 1080],
        ),
        // 3×1, 3×2, 3×3, 4×4, 3×5, 3×6, 3×7, 2×8, 2×10, 12, 15, 18, and three times 20 min.
        (
            "nwachukwu-post-op",
            RunningSeconds,
            &[
                180, 360, 540, 960, 900, 1080, 1260, 960, 1200, 720, 900, 1080, 1200, 1200, 1200,
            ],
        ),
        // 15, 20, 24, 27, 29, 30 of 30 min.
        (
            "oxsport-walk-run",
            RunningSeconds,
            &[900, 1200, 1440, 1620, 1740, 1800],
        ),
        // Four blocks of ½ to 5 min.
        (
            "physioadvisor-walk-jog",
            RunningSeconds,
            &[120, 240, 360, 480, 600, 720, 840, 960, 1080, 1200],
        ),
        ("silbernagel-achilles", Ordinal, &[1, 2, 3]),
        ("soldiers-overuse-knee", Ordinal, &[1, 2, 3, 4, 5, 6]),
        // 1.0, 1.3, 1.5, 1.6 of 2 mi; 2, 2½, 3 mi; 3 mi, partly run.
        (
            "udel-knee",
            RunningMetres,
            &[1609, 2092, 2414, 2575, 3219, 4023, 4828, 4828],
        ),
    ]
};

/// The ladders of the project's own: all their rungs are proposals.
const OWN: &[&str] = &[
    "feared-situations",
    "first-race",
    "hills",
    "strength-calf",
    "strength-carry",
    "strength-core",
    "strength-hinge",
    "strength-single-leg",
    "strides",
    "surfaces",
    "tibial-bone-stress",
];

#[test]
fn every_file_of_the_folder_is_built_in_under_its_name() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/ladders");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".toml"))
        .collect();
    let listed: BTreeSet<String> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(files, listed);
    let library = Library::load().unwrap();
    let keys: BTreeSet<String> = library
        .all()
        .map(|(_, l)| format!("{}.toml", l.key))
        .collect();
    assert_eq!(keys, listed);
    for (id, ladder) in library.all() {
        assert_eq!(library.get(id), Some(ladder));
    }
}

// Seen failing with a dose raised by half, with the cues of a rung and with a criterion taken away.
#[test]
fn nobody_has_to_look_twice_at_a_built_in_ladder() {
    let readings = FILES
        .iter()
        .map(|(name, text)| (name, file::read_with_warnings(text).unwrap()));
    let found: Vec<_> = readings
        .flat_map(|(name, reading)| reading.warnings.into_iter().map(move |w| (name, w)))
        .collect();
    assert_eq!(found, []);
}

#[test]
fn doses_are_those_of_the_sources() {
    let library = Library::load().unwrap();
    let expected: BTreeMap<_, _> = PUBLISHED
        .iter()
        .map(|(key, unit, doses)| (*key, (*unit, doses.to_vec())))
        .collect();
    let found: BTreeMap<_, _> = library
        .all()
        .filter(|(_, ladder)| !OWN.contains(&ladder.key.as_str()))
        .map(|(_, ladder)| {
            let doses = ladder.rungs.iter().map(|rung| rung.dose.get()).collect();
            (ladder.key.as_str(), (ladder.unit, doses))
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn what_is_the_projects_own_is_marked_and_everything_cites() {
    let library = Library::load().unwrap();
    for (_, ladder) in library.all() {
        let key = ladder.key.as_str();
        assert!(ladder.source.url.is_some(), "{key} cites no address");
        assert!(
            ladder.proposal.is_some(),
            "{key} says nothing of its proposals"
        );
        let own = OWN.contains(&key);
        assert!(
            ladder.rungs.iter().all(|rung| rung.proposal == own),
            "{key}"
        );
    }
}

#[test]
fn feared_situations_have_as_many_items_as_a_hierarchy_and_a_question_each() {
    let library = Library::load().unwrap();
    let (_, template) = library
        .all()
        .find(|(_, l)| l.key == "feared-situations")
        .unwrap();
    assert_eq!(template.kind, TrackKind::Exposure);
    assert!((8..=15).contains(&template.rungs.len()));
    assert!(template.rungs.iter().all(|rung| rung.prediction.is_some()));
    assert_eq!(template.resolved_policy().contexts_required, 2);
}

// Seen failing with a word of a ladder changed.
/// Whoever prescribed a version finds it as it was: another content is another version.
#[test]
fn a_version_says_for_ever_what_it_said() {
    let versions = concat!(env!("CARGO_MANIFEST_DIR"), "/ladders/versions.txt");
    let library = Library::load().unwrap();
    let print = |ladder| {
        let text = serde_json::to_vec(ladder).unwrap();
        let hash = Sha256::digest(&text);
        hash.iter()
            .take(8)
            .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
    };
    let found: String = library
        .all()
        .map(|(_, ladder)| format!("{}@{} {}\n", ladder.key, ladder.version, print(ladder)))
        .collect();
    assert_eq!(
        found,
        std::fs::read_to_string(versions).unwrap(),
        "a ladder that was changed needs its next version; a new one its line in ladders/versions.txt"
    );
}
