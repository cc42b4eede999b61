//! Nothing is missing in the catalogue, and nothing is there for nobody.

use std::collections::BTreeSet;

use super::{CATALOGUES, Messages};
use crate::decision::Outcome;
use crate::explain::value::kebab;
use crate::explain::walk::Piece;
use crate::explain::{EvidenceRow, Language, Reader};
use crate::reason::{Measure, ReasonCode};

const HEADLINES: [&str; 12] = [
    "red-flag",
    "ladder-done",
    "unlocked",
    "start",
    "illness",
    "readiness-low",
    "await-morning",
    "pause",
    "step-back",
    "hold",
    "repeat",
    "advance",
];

/// What keeps a step up from being approved: what `bars_to_approval` gives.
const BARS: [&str; 7] = [
    "paused",
    "needs-approval",
    "illness",
    "readiness-low",
    "deload-week",
    "weekly-cap",
    "locked",
];

fn measures() -> BTreeSet<String> {
    let all = Measure::ALL.iter().map(|measure| kebab(measure.code()));
    all.collect()
}

fn reasons() -> impl Iterator<Item = String> {
    ReasonCode::ALL
        .iter()
        .map(|code| format!("reason-{}", kebab(code.code())))
}

/// The messages that a reader is told by name.
fn told(reader: Reader) -> BTreeSet<String> {
    let mut keys: BTreeSet<String> = reasons().collect();
    keys.extend(HEADLINES.map(|name| format!("headline-{name}")));
    keys.extend(["next-session", "asked"].map(str::to_owned));
    keys.extend(["date", "instant", "list-more", "list-last"].map(str::to_owned));
    if reader == Reader::Physio {
        keys.extend(
            [
                "line",
                "brief",
                "with-limit",
                "unanswered",
                "limit",
                "row",
                "source-proposal",
            ]
            .map(str::to_owned),
        );
        keys.extend(measures().iter().map(|name| format!("measure-{name}")));
        keys.extend(BARS.map(|name| format!("bar-{name}")));
        for row in EvidenceRow::ALL {
            let key = format!("row-{}", kebab(row.code()));
            keys.extend([format!("{key}.claim"), key]);
        }
    } else {
        let items = ["sleep", "energy", "calm", "mood", "freshness", "fuelling"];
        keys.extend(items.map(|name| format!("item-{name}")));
    }
    keys
}

// Planted: the text of one reason taken out of each file in turn.
#[test]
fn every_reason_headline_measure_and_row_has_its_text() {
    for (reader, language, messages) in CATALOGUES.iter() {
        let missing: Vec<String> = told(*reader)
            .into_iter()
            .filter(|key| !messages.has(key))
            .collect();
        assert!(missing.is_empty(), "{reader:?} {language:?}: {missing:?}");
    }
}

// Planted: a message that nothing says.
#[test]
fn no_message_is_there_for_nobody() {
    let measures = measures();
    for (reader, language, messages) in CATALOGUES.iter() {
        let told = told(*reader);
        let inside: BTreeSet<&str> = messages
            .keys()
            .flat_map(|key| messages.pieces(key))
            .filter_map(|piece| match piece {
                Piece::Message(id) => Some(*id),
                _ => None,
            })
            .collect();
        for key in messages.keys() {
            let of_measure = |start: &str, end: &str| {
                let name = key
                    .strip_prefix(start)
                    .and_then(|key| key.strip_suffix(end));
                name.is_some_and(|name| measures.contains(name))
            };
            let by_measure = match reader {
                Reader::Athlete => of_measure("clause-", ""),
                Reader::Physio => of_measure("measure-", ".limit"),
            };
            assert!(
                told.contains(key) || inside.contains(key) || by_measure,
                "{reader:?} {language:?}: nothing says {key}"
            );
        }
    }
}

// Planted: a variable with a letter too many, in a reason, a headline and a measure.
#[test]
fn every_variable_is_given_a_value() {
    let of_all = ["code", "outcome", "ask", "tier", "fits", "rest-ends"];
    let measures = measures();
    let is_measure = |name: &str| {
        measures.contains(name)
            || name
                .strip_suffix("-limit")
                .is_some_and(|name| measures.contains(name))
    };
    for (reader, language, messages) in CATALOGUES.iter() {
        for key in messages.keys() {
            let of_key: &[&str] = match key.split('-').next().unwrap_or_default() {
                "reason" | "bar" | "layoff" | "opening" | "morning" | "beside" | "rest" => {
                    &["seen", "items"]
                }
                "headline" => &["from", "to"],
                "clause" | "measure" => &["value", "limit"],
                "date" | "instant" | "month" | "next" => {
                    &["day", "month", "year", "hour", "minute"]
                }
                "list" => &["first", "second"],
                "line" | "brief" => &["rule", "evidence", "rows"],
                "with" => &["measured", "limit"],
                "limit" => &["limit"],
                "row" => &["title", "marks"],
                _ => &[],
            };
            let may_measure = of_key.contains(&"seen");
            for name in messages.variables(key) {
                let given = of_key.contains(&name)
                    || of_all.contains(&name)
                    || may_measure && is_measure(name);
                assert!(
                    given,
                    "{reader:?} {language:?}: nobody gives ${name} to {key}"
                );
            }
        }
    }
}

// Planted: a function and a message that are not there.
#[test]
fn every_function_and_every_message_in_a_message_is_there() {
    for (_, _, messages) in CATALOGUES.iter() {
        for key in messages.keys() {
            for piece in messages.pieces(key) {
                match piece {
                    Piece::Message(id) => assert!(messages.has(id), "{key} says {id}"),
                    Piece::Function(name) => {
                        assert!(["CAPITAL", "DECIMAL"].contains(name), "{key}: {name}");
                    }
                    Piece::Foreign => panic!("{key} has a term or an attribute in it"),
                    Piece::Text(_) | Piece::Variable(_) | Piece::Key(_) => {}
                }
            }
        }
    }
}

// Planted: `STEPBACK`.
#[test]
fn every_variant_can_be_chosen() {
    let outcomes = [
        Outcome::Pause,
        Outcome::StepBack,
        Outcome::Hold,
        Outcome::Repeat,
        Outcome::Advance,
    ];
    let mut keys: BTreeSet<&str> = outcomes.iter().map(|outcome| outcome.code()).collect();
    keys.extend(ReasonCode::ALL.iter().map(|code| code.code()));
    keys.extend([
        "none",
        "one",
        "other",
        "yes",
        "no",
        "REVIEW",
        "URGENT",
        "RUN",
        "INCREASED",
    ]);
    keys.extend([
        "EMERGENCY",
        "SELF_HARM",
        "SAME_DAY",
        "WITHIN_72_HOURS",
        "AT_HOUR",
        "ON_DATE",
    ]);
    for (_, _, messages) in CATALOGUES.iter() {
        for key in messages.keys() {
            for piece in messages.pieces(key) {
                if let Piece::Key(variant) = piece {
                    let known = keys.contains(variant) || variant.parse::<u8>().is_ok();
                    assert!(known, "{key}: nothing is {variant}");
                }
            }
        }
    }
}

// Planted: a message of the English file taken out of the German one, and one left in English.
#[test]
fn german_is_complete_for_athletes() {
    let of = |language| {
        let found = CATALOGUES
            .iter()
            .find(|entry| (entry.0, entry.1) == (Reader::Athlete, language));
        &found.expect("a catalogue").2
    };
    let (english, german) = (of(Language::English), of(Language::German));
    let keys = |messages: &Messages| messages.keys().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(keys(english), keys(german));
    for key in english.keys() {
        let words = |messages: &Messages| -> Vec<&str> {
            let texts = messages.pieces(key).iter().filter_map(|piece| match piece {
                Piece::Text(text) if text.chars().any(char::is_alphabetic) => Some(text.trim()),
                _ => None,
            });
            texts.collect()
        };
        let (left, right) = (words(english), words(german));
        assert!(
            left.is_empty() || left != right,
            "{key} is English: {left:?}"
        );
    }
}
