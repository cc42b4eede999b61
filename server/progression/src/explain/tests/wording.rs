//! How the texts read: no word that frightens, no code, no hole.

use super::sample::{self, shapes};
use super::{CATALOGUES, VOICES};
use crate::explain::voice::{Reader, Voice};
use crate::explain::{Language, seen};
use crate::reason::{ReasonCode, Value};

const ENGLISH: &str = include_str!("forbidden_en.txt");
const GERMAN: &str = include_str!("forbidden_de.txt");

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

// Planted: each of the words of the list in turn, in a variant that is seldom chosen.
#[test]
fn no_athlete_reads_a_word_that_frightens() {
    for (reader, language, messages) in CATALOGUES.iter() {
        let list = match (reader, language) {
            (Reader::Physio, _) => continue,
            (_, Language::English) => ENGLISH,
            (_, Language::German) => GERMAN,
        };
        let list: Vec<&str> = list
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(str::split_whitespace)
            .collect();
        for (key, text) in messages.texts() {
            for word in words(text) {
                let bad = list.iter().find(|start| word.starts_with(**start));
                assert_eq!(bad, None, "{key}: {word}");
            }
        }
    }
}

/// What is wrong with how a text reads.
fn fault(text: &str) -> Option<&'static str> {
    let begins = text
        .chars()
        .next()
        .is_some_and(|c| c.is_uppercase() || c.is_numeric() || "“„".contains(c));
    let holes = [
        "none", "None", "{", "}", "$", "  ", " .", " ,", " ;", " :", "..", ".,", ":.", ",,", "( ",
        " )", "()", "\n", "\u{2068}",
    ];
    if !begins {
        return Some("does not begin a sentence");
    }
    if !text.ends_with(['.', '!', '?']) {
        return Some("does not end a sentence");
    }
    holes.into_iter().find(|hole| text.contains(hole))
}

// Planted: a message that uses a measure without asking whether it is there.
#[test]
fn whatever_is_missing_a_sentence_stays_one() {
    for code in ReasonCode::ALL {
        for reason in shapes(*code) {
            for (reader, language) in VOICES {
                let text = Voice::new(reader, language).sentence(&reason);
                assert_eq!(fault(&text), None, "{text}\n{reason:#?}");
            }
        }
    }
}

// Planted: the code of a grade in a text for athletes.
#[test]
fn no_athlete_reads_a_code_or_an_id() {
    for code in ReasonCode::ALL {
        for reason in shapes(*code) {
            for language in Language::ALL {
                let text = Voice::new(Reader::Athlete, language).sentence(&reason);
                let shouted = text
                    .split(|c: char| !c.is_alphanumeric() && c != '_')
                    .find(|word| {
                        word.len() > 2
                            && word.chars().any(char::is_alphabetic)
                            && *word == word.to_uppercase()
                    });
                assert!(shouted.is_none_or(|word| word == "UTC"), "{text}");
                assert!(!text.contains("0000-"), "{text}");
            }
        }
    }
}

// Planted: two reasons with one text.
#[test]
fn every_reason_says_something_of_its_own() {
    for (reader, language) in VOICES {
        let mut seen = std::collections::BTreeMap::new();
        for code in ReasonCode::ALL {
            let text = Voice::new(reader, language).sentence(&sample::full(*code));
            assert_eq!(seen.insert(text, code), None, "{code:?}");
        }
    }
}

/// Whatever a physio writes, it is shown: also the word that stands for nothing.
#[test]
fn what_a_physio_wrote_is_never_taken_for_nothing() {
    use crate::decision::Outcome;
    use crate::reason::{Measure, Reason};
    for written in ["none", "None.", " none "] {
        let reason = Reason::new(ReasonCode::Pause, Outcome::Pause)
            .saw(Measure::PhysioReason, Value::Text(written.to_owned()));
        let text = Voice::default().sentence(&reason);
        let end = written.trim().trim_end_matches('.');
        assert_eq!(text, format!("Your physio paused the plan: {end}."));
    }
    assert_eq!(seen::tier(&sample::full(ReasonCode::Pause)), None);
}
