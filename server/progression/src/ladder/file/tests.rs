use super::*;
use crate::policy::{LayoffTarget, TissueProfile};

const VALID: &str = r#"key = "run-walk"
version = 2
title = "Run-walk"
summary = "From five minutes of running to ten."
profile = "JOINT"
kind = "RUNNING"
unit = "RUNNING_SECONDS"
sessions_per_week = 3

[source]
citation = "Example Hospital, 2024"
url = "https://example.org"

[[entry_criteria]]
id = "walk"
text = "Walks 30 minutes"

[policy]
rest_days = 2
layoff = [{ from_gap = 2 }, { from_gap = 9, dose_percent = 50 }, { from_gap = 30, dose_percent = 0, ask = true }]

[[rungs]]
title = "One"
dose = 300
instruction = "5 x (4 min walk, 1 min run)"
effort = [2, 4]
cues = ["quiet feet"]
[[rungs]]
title = "Two"
dose = 600
instruction = "5 x (3 min walk, 2 min run)"
effort = [3, 4]
cues = ["light strike"]
needs_approval = true
note = "Twice the running."
"#;

/// Faults as (line, path) of the valid file with one line replaced.
fn faults(line: &str, replacement: &str) -> Vec<(u32, String)> {
    assert!(VALID.contains(line), "{line}");
    let text = VALID.replacen(line, replacement, 1);
    let found = read(&text).expect_err("a fault");
    found
        .into_iter()
        .map(|fault| (fault.line, fault.path))
        .collect()
}

fn one(line: &str, replacement: &str) -> (u32, String) {
    let mut found = faults(line, replacement);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn place(line: u32, path: &str) -> (u32, String) {
    (line, path.to_owned())
}

#[test]
fn a_valid_file_reads_whole() {
    let reading = read_with_warnings(VALID).expect("valid");
    let ladder = reading.ladder;
    assert_eq!((ladder.version, ladder.profile), (2, TissueProfile::Joint));
    assert_eq!(ladder.policy.rest_days, Some(2));
    let targets: Vec<_> = ladder
        .policy
        .layoff
        .iter()
        .flatten()
        .map(|row| (row.from_gap, row.target))
        .collect();
    let expected = [
        (2, LayoffTarget::Repeat),
        (9, LayoffTarget::DosePercent(50)),
        (30, LayoffTarget::Bottom),
    ];
    assert_eq!(targets, expected);
    assert!(ladder.rungs[1].needs_approval && !ladder.rungs[0].needs_approval);
    assert_eq!(ladder.rungs[1].cues, ["light strike"]);
    assert_eq!(reading.warnings, []);
}

#[test]
fn syntax_is_reported_on_its_line() {
    assert_eq!(one("dose = 300", "dose = = 300"), place(24, ""));
    assert_eq!(faults("version = 2", "version = 2\nversion = 3")[0].0, 3);
}

#[test]
fn unknown_keys_missing_keys_and_wrong_types_are_reported_on_their_lines() {
    assert_eq!(
        one("rest_days = 2", "rest_day = 2"),
        place(19, "policy.rest_day")
    );
    assert_eq!(
        one("dose = 600", "dose = 600\ndoes = 1"),
        place(31, "rungs[1].does")
    );
    assert_eq!(one("id = \"walk\"", ""), place(14, "entry_criteria[0].id"));
    assert_eq!(one("title = \"Two\"", ""), place(28, "rungs[1].title"));
    assert_eq!(
        one("dose = 300", "dose = \"300\""),
        place(24, "rungs[0].dose")
    );
    assert_eq!(
        one("dose = 300", "dose = 300.5"),
        place(24, "rungs[0].dose")
    );
    assert_eq!(
        one("kind = \"RUNNING\"", "kind = \"JOGGING\""),
        place(6, "kind")
    );
    assert_eq!(
        one("effort = [3, 4]", "effort = 3"),
        place(32, "rungs[1].effort")
    );
    assert_eq!(
        one("[\"light strike\"]", "[\"light\", 4]"),
        place(33, "rungs[1].cues[1]")
    );
    assert_eq!(
        one("needs_approval = true", "needs_approval = 1"),
        place(34, "rungs[1].needs_approval")
    );
}

#[test]
fn a_value_of_another_type_is_told_from_what_it_must_be() {
    let told = |line: &str, replacement: &str| {
        let text = VALID.replacen(line, replacement, 1);
        let found = read(&text).expect_err("a fault");
        (found[0].path.clone(), found[0].message.clone())
    };
    let says = |path: &str, message: &str| (path.to_owned(), message.to_owned());
    assert_eq!(
        told("kind = \"RUNNING\"", "kind = true"),
        says("kind", "is true or false; it must be a text")
    );
    assert_eq!(
        told("version = 2", "version = 2026-03-02"),
        says("version", "is a date or time; it must be a whole number")
    );
    assert_eq!(
        told("version = 2", "version = -1"),
        says("version", "is -1; it must be between 0 and 4294967295")
    );
    assert_eq!(
        told("dose = 300", "dose = [300]"),
        says("rungs[0].dose", "is a list; it must be a whole number")
    );
    assert_eq!(
        told("dose = 300", "dose = { seconds = 300 }"),
        says("rungs[0].dose", "is a table; it must be a whole number")
    );
    assert_eq!(
        told("cues = [\"light strike\"]", "cues = \"light strike\""),
        says("rungs[1].cues", "is a text; it must be a list of texts")
    );
    // A key of the file itself stands before its first table.
    let first = |name: &str, value: &str, table: &str| {
        assert!(VALID.contains(table), "{table}");
        let text = VALID.replacen(table, "", 1);
        let found = read(&format!("{name} = {value}\n{text}")).expect_err("a fault");
        (found[0].path.clone(), found[0].message.clone())
    };
    let (start, end) = (VALID.find("[policy]"), VALID.find("[[rungs]]"));
    let policy = &VALID[start.expect("a table")..end.expect("a list")];
    assert_eq!(
        first("policy", "2", policy),
        says("policy", "is a whole number; it must be a table")
    );
    let criterion = "[[entry_criteria]]\nid = \"walk\"\ntext = \"Walks 30 minutes\"\n";
    assert_eq!(
        first("entry_criteria", "3", criterion),
        says(
            "entry_criteria",
            "is a whole number; it must be a list of tables"
        )
    );
    assert_eq!(
        first("entry_criteria", "[1.5]", criterion),
        says(
            "entry_criteria[0]",
            "is a number with a fraction; it must be a table"
        )
    );
}

#[test]
fn ranges_and_meaning_are_reported_on_their_lines() {
    assert_eq!(one("dose = 600", "dose = -1"), place(30, "rungs[1].dose"));
    assert_eq!(one("dose = 600", "dose = 0"), place(30, "rungs[1].dose"));
    assert_eq!(
        one("dose = 600", "dose = 99999999999999999999"),
        place(30, "rungs[1].dose")
    );
    assert_eq!(
        one("effort = [3, 4]", "effort = [4, 11]"),
        place(32, "rungs[1].effort")
    );
    assert_eq!(
        one("effort = [3, 4]", "effort = [5, 4]"),
        place(32, "rungs[1].effort")
    );
    assert_eq!(one("version = 2", "version = 0"), place(2, "version"));
    assert_eq!(
        one("rest_days = 2", "rest_days = 7"),
        place(19, "policy.rest_days")
    );
    assert_eq!(
        one("rest_days = 2", "green_max = 9"),
        place(19, "policy.green_max")
    );
    assert_eq!(
        one("from_gap = 9", "from_gap = 2"),
        place(20, "policy.layoff")
    );
    assert_eq!(
        one("key = \"run-walk\"", "key = \"Run walk\""),
        place(1, "key")
    );
    for key in ["r", "7-run", &"r".repeat(65)] {
        let line = format!("key = \"{key}\"");
        assert_eq!(one("key = \"run-walk\"", &line), place(1, "key"));
    }
    assert_eq!(
        one("\"https://example.org\"", "\"example.org\""),
        place(12, "source.url")
    );
    assert_eq!(
        one("title = \"Two\"", "title = \"\""),
        place(29, "rungs[1].title")
    );
}

#[test]
fn all_faults_come_at_once_in_the_order_of_lines() {
    let text = VALID
        .replace("version = 2", "version = 0")
        .replace("profile = \"JOINT\"", "profile = \"KNEE\"")
        .replace("dose = 300", "dose = \"much\"")
        .replace("title = \"Two\"", "titel = \"Two\"");
    let found = read(&text).expect_err("faults");
    let places: Vec<_> = found
        .iter()
        .map(|fault| (fault.line, fault.path.as_str()))
        .collect();
    let expected = [
        (2, "version"),
        (5, "profile"),
        (24, "rungs[0].dose"),
        (28, "rungs[1].title"),
        (29, "rungs[1].titel"),
    ];
    assert_eq!(places, expected);
    assert_eq!(found[2].message, "is a text; it must be a whole number");
    assert_eq!(found[2].column, 8);
    assert!(
        found[4].message.contains("known are"),
        "{}",
        found[4].message
    );
}

#[test]
fn an_empty_file_misses_everything_a_ladder_needs() {
    let found = read("").expect_err("faults");
    let mut paths: Vec<_> = found.iter().map(|fault| fault.path.as_str()).collect();
    paths.sort_unstable();
    let needed = [
        "key",
        "kind",
        "profile",
        "rungs",
        "sessions_per_week",
        "source",
        "summary",
        "title",
        "unit",
        "version",
    ];
    assert_eq!(paths, needed);
    assert!(found.iter().all(|fault| fault.line == 1));
}

#[test]
fn a_file_that_is_too_long_is_refused_unread() {
    let found = read(&"#".repeat(LONGEST + 1)).expect_err("too long");
    assert_eq!(found.len(), 1);
    let just = "#".repeat(LONGEST - VALID.len());
    assert!(read(&format!("{VALID}{just}")).is_ok());
}

#[test]
fn lint_warns_of_what_is_unusual_with_its_line() {
    let text = VALID
        .replace("dose = 600", "dose = 200")
        .replace("note = \"Twice the running.\"", "")
        .replace("effort = [2, 4]\n", "");
    let warnings = read_with_warnings(&text).expect("valid").warnings;
    let places: Vec<_> = warnings.iter().map(|w| (w.line, w.path.as_str())).collect();
    assert_eq!(places, [(22, "rungs[0].effort"), (29, "rungs[1].dose")]);
}

#[test]
fn ordinal_doses_count_the_rungs_from_one() {
    let with = |first: u32, second: u32| {
        let text = VALID
            .replace("RUNNING_SECONDS", "ORDINAL")
            .replace("dose = 300", &format!("dose = {first}"))
            .replace("dose = 600", &format!("dose = {second}"));
        let faults = read(&text).err().unwrap_or_default();
        faults
            .into_iter()
            .map(|fault| fault.path)
            .collect::<Vec<_>>()
    };
    assert_eq!(with(1, 2), [""; 0]);
    assert_eq!(with(1, 3), ["rungs[1].dose"]);
    assert_eq!(with(2, 2), ["rungs[0].dose"]);
}

#[test]
fn sets_are_read_and_their_faults_stand_on_their_lines() {
    let counted = VALID
        .replace("RUNNING_SECONDS", "REPETITIONS")
        .replace("dose = 300", "dose = 24\nsets = SETS");
    let with = |sets: &str| read(&counted.replace("SETS", sets));
    let read = with(r#"{ count = 3, repetitions = 8, each_side = true, load = "body weight" }"#);
    let sets = read.expect("valid").rungs[0].sets.clone();
    let expected = crate::ladder::Sets {
        count: 3,
        repetitions: 8,
        each_side: true,
        load: Some("body weight".to_owned()),
        tempo: None,
    };
    assert_eq!(sets, Some(expected));
    let paths = |sets: &str| -> Vec<(u32, String)> {
        let faults = with(sets).expect_err("a fault");
        faults
            .into_iter()
            .map(|fault| (fault.line, fault.path))
            .collect()
    };
    assert_eq!(
        paths("{ count = 3 }"),
        [place(25, "rungs[0].sets.repetitions")]
    );
    assert_eq!(paths("3"), [place(25, "rungs[0].sets")]);
    assert_eq!(
        paths("{ count = 3, repetitions = 9 }"),
        [place(24, "rungs[0].dose")]
    );
    assert_eq!(
        paths("{ count = 0, repetitions = 8 }"),
        [place(25, "rungs[0].sets.count")]
    );
    for tempo in ["3", "3-1", "3-1-1-0", "3-1-x", "3-1-61", "+3-1-1", "3--1"] {
        let sets = format!("{{ count = 3, repetitions = 8, tempo = \"{tempo}\" }}");
        assert_eq!(paths(&sets), [place(25, "rungs[0].sets.tempo")], "{tempo}");
    }
    assert!(with(r#"{ count = 3, repetitions = 8, tempo = "3-1-60" }"#).is_ok());
}

#[test]
fn sets_are_for_repetitions_alone() {
    let sets = "needs_approval = true\nsets = { count = 3, repetitions = 200 }";
    assert_eq!(
        one("needs_approval = true", sets),
        place(35, "rungs[1].sets")
    );
}
