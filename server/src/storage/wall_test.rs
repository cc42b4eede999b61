//! The walls of the house that the compiler does not hold.

use std::{fs, path::PathBuf};

/// Every Rust file of the server, with its path from `src`.
fn sources() -> Vec<(String, String)> {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    let mut folders = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(&root).unwrap().display().to_string();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(found.len() > 30, "the sources were not found");
    found
}

fn is_test(name: &str) -> bool {
    name.ends_with("_test.rs") || name.contains("conformance")
}

#[test]
fn the_backend_is_matched_in_few_files_only() {
    let few = [
        "storage/db.rs",
        "storage/db/open.rs",
        "storage/db/tx.rs",
        "storage/dialect.rs",
    ];
    for (name, text) in sources() {
        if few.contains(&name.as_str()) || is_test(&name) {
            continue;
        }
        for word in ["Sqlite(", "Postgres(", "Sqlite {"] {
            assert!(!text.contains(word), "{name} matches on the database");
        }
    }
}

#[test]
fn no_room_knows_what_it_must_not() {
    // (room, what it may not name): see ARCHITECTURE.md, "What may know what".
    let walls = [
        ("storage/", "crate::rpc"),
        ("storage/", "rung_proto"),
        ("storage/", "tonic"),
        ("access/", "crate::rpc"),
        ("access/", "storage::athlete"),
        ("access/", "storage::check_in"),
        ("access/", "storage::plan"),
        ("rpc/", "sqlx::query"),
        // A call comes with somebody's permission, never with the machine's own.
        ("rpc/", "of_machine"),
    ];
    for (name, text) in sources() {
        for (room, forbidden) in walls {
            if name.starts_with(room) && !is_test(&name) {
                assert!(!text.contains(forbidden), "{name} knows {forbidden}");
            }
        }
    }
}

#[test]
fn every_query_on_clinical_tables_names_the_clinic() {
    let clinical = [
        "athlete",
        "care_team",
        "ladder",
        "plan",
        "plan_revision",
        "plan_state",
        "plan_event",
        "prediction",
        "check_in",
        "decision",
        "request",
        "audit_event",
        "audit_link",
        "audit_chain",
        "audit_head",
        "consent",
        "break_glass",
        "tombstone",
    ];
    let mut seen = 0;
    for (name, text) in sources() {
        if !name.starts_with("storage/") || is_test(&name) {
            continue;
        }
        // A statement is the literal from its verb to the closing quote.
        for literal in text.split('"').skip(1).step_by(2) {
            let words: Vec<&str> = literal.split_whitespace().collect();
            let touches = words.windows(2).any(|pair| {
                ["FROM", "INTO", "UPDATE", "JOIN"].contains(&pair[0]) && clinical.contains(&pair[1])
            });
            if touches {
                assert!(literal.contains("clinic_id"), "{name}: {literal}");
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "only {seen} statements were found");
}
