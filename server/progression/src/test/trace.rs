//! Golden traces: histories written by hand with the decisions the page of rules asks
//! for, one file each in `trace/`, for a physio to read.
//!
//! A file begins with what it shows (`#`), then the plan, then what happens, one line an
//! event; what an event does not say is the best answer there is. Below each event, after
//! `->`, stands what is decided: the track where there are several, the outcome, the rung,
//! every reason with what was observed, `[ask]` where the physio has to look, then what it
//! changes: the first day of the next session, the first day of a step up, a count that
//! starts over. `[ask urgently]` is for red flags. A rung that moves is written "rung 2 to
//! 1". What an event changes on a track it decides nothing on stands alone.
//!
//! How do I add one? Write the events and what the page makes of them, then run the
//! tests; where they part, find out who is wrong. After a change that is meant,
//! `UPDATE_TRACES=1` writes the decisions anew, to be read in the difference; it does
//! nothing where `CI` is set.

mod event;
mod file;
mod plan;
mod tell;
mod word;

use std::collections::BTreeSet;
use std::path::PathBuf;

use self::file::{Item, read, write};
use self::plan::Prescription;
use super::story::Story;
use crate::event::EventBody;
use crate::reason::ReasonCode;

/// The least the issue asks for.
const ENOUGH: usize = 40;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/test/trace")
}

/// The name and the text of every history.
fn histories() -> Vec<(PathBuf, String)> {
    let entries = std::fs::read_dir(folder()).expect("the folder of the traces");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    let text = |path: &PathBuf| std::fs::read_to_string(path).expect("a history");
    paths
        .iter()
        .map(|path| (path.clone(), text(path)))
        .collect()
}

/// A history with what the engine decides in place of what is written, and all its codes.
fn replay(items: &[Item]) -> (Vec<Item>, BTreeSet<ReasonCode>) {
    let prescription = Prescription::read(items);
    let mut story = Story::unstarted(prescription.plan.clone());
    if let Some(effective) = prescription.started {
        let at = effective.and_time(chrono::NaiveTime::MIN).and_utc();
        story.event_dated(effective, at, EventBody::Start { effective });
    }
    let mut codes = BTreeSet::new();
    let replayed = items.iter().map(|item| match item {
        Item::Text(text) => Item::Text(text.clone()),
        Item::Event { line, .. } => {
            let (date, at, body) = event::read(&prescription, &story, line);
            let before = story.state.clone();
            story.event_dated(date, at, body);
            let reasons = story.step.iter().flat_map(|decision| &decision.reasons);
            codes.extend(reasons.map(|reason| reason.code));
            Item::Event {
                line: line.clone(),
                decided: tell::step(&prescription, &story, &before),
            }
        }
    });
    (replayed.collect(), codes)
}

#[test]
fn every_history_is_decided_as_written() {
    let update = std::env::var_os("UPDATE_TRACES").is_some() && std::env::var_os("CI").is_none();
    let mut parted = String::new();
    for (path, text) in histories() {
        let written = read(&text);
        let (replayed, _) = replay(&written);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        for (written, replayed) in written.iter().zip(&replayed) {
            if written != replayed {
                let (asked, got) = (write([written]), write([replayed]));
                parted += &format!("{name}, written:\n{asked}decided:\n{got}\n");
            }
        }
        if update {
            std::fs::write(&path, write(&replayed)).expect("writes");
        }
    }
    assert!(update || parted.is_empty(), "\n{parted}");
}

#[test]
fn every_history_says_what_it_shows_and_stands_as_it_would_be_written() {
    let histories = histories();
    assert!(histories.len() >= ENOUGH, "{} histories", histories.len());
    for (path, text) in histories {
        assert!(text.starts_with("# "), "{} says nothing", path.display());
        let rewritten = write(&read(&text));
        assert_eq!(rewritten, text, "{} is laid out otherwise", path.display());
        assert!(text.lines().all(|line| line.chars().count() <= file::WIDTH));
    }
}

#[test]
fn every_reason_occurs_in_a_history() {
    let found = histories()
        .into_iter()
        .map(|(_, text)| replay(&read(&text)).1);
    let found: BTreeSet<ReasonCode> = found.flatten().collect();
    let missing: Vec<_> = ReasonCode::ALL
        .iter()
        .filter(|code| !found.contains(code))
        .collect();
    assert!(missing.is_empty(), "in no history: {missing:?}");
}
