//! `docs/security.md` names a test for each promise: they have to be there.

use std::{collections::BTreeSet, fs, path::Path};

use rung_tests::Result;

fn sources(dir: &Path, into: &mut String) -> Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            sources(&path, into)?;
        } else if path.extension().is_some_and(|end| end == "rs") {
            into.push_str(&fs::read_to_string(path)?);
        }
    }
    Ok(())
}

// Seen failing with a test's name misspelt in the page, and with a line taken out of it.
#[test]
fn every_promise_names_tests_that_are_there() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut code = String::new();
    for dir in ["server/src", "tests/black_box"] {
        sources(&root.join(dir), &mut code)?;
    }
    let page = fs::read_to_string(root.join("docs/security.md"))?;
    let mut promised = BTreeSet::new();
    for line in page.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, number, _, tests, _] = cells[..] else {
            continue;
        };
        let Ok(number) = number.parse::<u32>() else {
            continue;
        };
        promised.insert(number);
        let names: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        // There is nothing yet that could be tested for 19.
        assert!(!names.is_empty() || number == 19, "{number} names no test");
        for name in names {
            assert!(
                code.contains(&format!("fn {name}(")),
                "{number}: there is no {name}"
            );
        }
    }
    assert_eq!(promised, (1..=36).collect());
    Ok(())
}

// Seen failing with a switch added to the list, and with one that nobody noticed.
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
    Ok(())
}
