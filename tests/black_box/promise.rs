//! `docs/security.md` names a test for each promise: they have to be there.

use std::{collections::BTreeSet, fs, path::Path};

use rung_tests::Result;

/// The names of all tests in the sources under `dir`.
fn tests_under(dir: &Path, into: &mut BTreeSet<String>) -> Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            tests_under(&path, into)?;
        } else if path.extension().is_some_and(|end| end == "rs") {
            tests_in(&fs::read_to_string(path)?, into);
        }
    }
    Ok(())
}

/// The tests of one source: functions behind `#[test]` or `#[tokio::test…]`, and what the project's own macros make tests
/// of, which end where their first line is indented again.
fn tests_in(source: &str, into: &mut BTreeSet<String>) {
    // What is read: a test's attribute was seen, or a macro is open, of this indentation.
    let (mut attribute, mut open) = (false, None);
    for line in source.lines() {
        let text = line.trim_start();
        let indent = line.len() - text.len();
        let macros = ["storage_tests! {", "stories!(", "on_both_databases!("];
        if let Some(opening) = macros.iter().find(|opening| text.starts_with(**opening)) {
            open = Some((indent, *opening));
            // Short ones stand on one line.
            listed(text.trim_start_matches(opening), into);
            if text.ends_with(");") {
                open = None;
            }
        } else if open.is_some_and(|(at, _)| indent == at && text.starts_with(['}', ')'])) {
            open = None;
        } else if let Some((_, opening)) = open {
            match text.strip_prefix("async fn ") {
                Some(signature) if signature.contains("(db: Db)") => {
                    into.insert(name_of(signature));
                }
                _ if opening != "storage_tests! {" => listed(text, into),
                _ => {}
            }
        } else if text.starts_with("#[test]") || text.starts_with("#[tokio::test") {
            attribute = true;
        } else if attribute && !text.starts_with("#[") && !text.starts_with("//") {
            let signature = text.trim_start_matches("async ").strip_prefix("fn ");
            into.extend(signature.map(name_of));
            attribute = false;
        }
    }
}

/// Stories that are named in a list, with the file that they stand in or without.
fn listed(text: &str, into: &mut BTreeSet<String>) {
    let names = text.trim_end_matches([')', ';', ',']).split(',');
    let names = names.filter_map(|name| name.trim().rsplit("::").next());
    into.extend(names.filter(|name| !name.is_empty()).map(name_of));
}

fn name_of(signature: &str) -> String {
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    signature.chars().take_while(|c| letter(*c)).collect()
}

// Seen failing with a macro that does not end.
#[test]
fn tests_are_told_from_what_merely_looks_like_one() {
    let source = "
        fn helper() {}
        #[test]
        #[should_panic]
        fn plain() {}
        fn beside() {}
        #[tokio::test(start_paused = true)]
        // Seen failing.
        async fn waiting() {}
        storage_tests! {
            // async fn told_of(db: Db)
            async fn stored(db: Db) {
                fn inside() {}
            }
        }
        async fn after(db: Db) {}
        stories!(
            end::told,
        );
        on_both_databases!(one, two);
        fn last() {}
    ";
    let mut found = BTreeSet::new();
    tests_in(source, &mut found);
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(found, ["one", "plain", "stored", "told", "two", "waiting"]);
}

// Seen failing with a test's name misspelt in the page, and with a line taken out of it.
#[test]
fn every_promise_names_tests_that_are_there() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut tests = BTreeSet::new();
    for dir in ["server/src", "tests/black_box"] {
        tests_under(&root.join(dir), &mut tests)?;
    }
    let page = fs::read_to_string(root.join("docs/security.md"))?;
    let mut promised = BTreeSet::new();
    for line in page.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, number, _, held, _] = cells[..] else {
            continue;
        };
        let Ok(number) = number.parse::<u32>() else {
            continue;
        };
        promised.insert(number);
        let names: Vec<&str> = held.split('`').skip(1).step_by(2).collect();
        // There is nothing yet that could be tested for 19.
        assert!(!names.is_empty() || number == 19, "{number} names no test");
        for name in names {
            assert!(tests.contains(name), "{number}: there is no test {name}");
        }
    }
    assert_eq!(promised, (1..=36).collect());
    Ok(())
}

// Seen failing with a switch added to the list, with one that nobody noticed, and with another sum in the page's head.
#[test]
fn every_check_that_can_be_turned_off_was_noticed() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let list = fs::read_to_string(root.join("server/mutants.txt"))?;
    let result = fs::read_to_string(root.join("docs/mutants.md"))?;
    let listed: BTreeSet<&str> = list
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let noticed: BTreeSet<&str> = result
        .lines()
        .filter(|line| line.contains('`') && !line.contains("**nobody**"))
        .filter_map(|line| line.strip_prefix("| ")?.split(' ').next())
        .collect();
    assert_eq!(
        listed, noticed,
        "`make mutants` writes docs/mutants.md anew"
    );
    let sum = format!(
        "{0} turned off, {0} noticed. A run of all of them took ",
        listed.len()
    );
    let head = result.lines().find_map(|line| line.strip_prefix(&sum));
    let minutes = head.and_then(|rest| rest.split(' ').next()?.parse::<u32>().ok());
    assert!(minutes.is_some(), "the page's head is not: {sum}…");
    Ok(())
}
