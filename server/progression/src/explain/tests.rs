//! The catalogue is whole, reads well whatever is missing, and says what the reasons say.

mod beside;
mod coverage;
mod headline;
mod language;
mod row;
mod sample;
mod sentence;
mod wording;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fluent_bundle::FluentResource;
use fluent_syntax::ast::Entry;

use super::catalogue::{ENGLISH_ATHLETE, ENGLISH_PHYSIO, Files, GERMAN_ATHLETE};
use super::walk::{Piece, walk};
use super::{Language, Reader, Voice};
use crate::decision::Decision;
use crate::reason::Reason;

/// To an athlete, in English.
fn sentence(reason: &Reason) -> String {
    Voice::default().sentence(reason)
}

/// To an athlete, in English.
fn headline(decision: &Decision) -> String {
    Voice::default().headline(decision)
}

/// Who is spoken to in which language.
const VOICES: [(Reader, Language); 3] = [
    (Reader::Athlete, Language::English),
    (Reader::Physio, Language::English),
    (Reader::Athlete, Language::German),
];

/// Every catalogue.
static CATALOGUES: LazyLock<[(Reader, Language, Messages); 3]> = LazyLock::new(|| {
    VOICES.map(|(reader, language)| {
        let files = match (reader, language) {
            (Reader::Athlete, Language::English) => ENGLISH_ATHLETE,
            (Reader::Athlete, Language::German) => GERMAN_ATHLETE,
            (Reader::Physio, _) => ENGLISH_PHYSIO,
        };
        (reader, language, Messages::of(files))
    })
});

/// The pieces of every message, and of every attribute as `message.attribute`.
struct Messages(BTreeMap<String, Vec<Piece<'static>>>);

impl Messages {
    fn of(files: Files) -> Self {
        let mut found = BTreeMap::new();
        for file in files {
            // For as long as the tests run.
            let parsed = FluentResource::try_new((*file).to_owned());
            let resource: &'static FluentResource = Box::leak(Box::new(
                parsed.unwrap_or_else(|(_, faults)| panic!("{faults:?}")),
            ));
            for entry in resource.entries() {
                let Entry::Message(message) = entry else {
                    assert!(
                        !matches!(entry, Entry::Junk { .. } | Entry::Term(_)),
                        "{entry:?}"
                    );
                    continue;
                };
                let own = message
                    .value
                    .iter()
                    .map(|pattern| (message.id.name.to_owned(), pattern));
                let attributes = message.attributes.iter().map(|attribute| {
                    let key = format!("{}.{}", message.id.name, attribute.id.name);
                    (key, &attribute.value)
                });
                for (key, pattern) in own.chain(attributes) {
                    let mut pieces = Vec::new();
                    walk(pattern, &mut |piece| pieces.push(piece));
                    assert!(found.insert(key.clone(), pieces).is_none(), "{key} twice");
                }
            }
        }
        Self(found)
    }

    fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    fn pieces(&self, key: &str) -> &[Piece<'static>] {
        self.0
            .get(key)
            .unwrap_or_else(|| panic!("no message {key}"))
    }

    /// The variables of a message, those of the messages in it included.
    fn variables(&self, key: &str) -> Vec<&'static str> {
        let mut found = Vec::new();
        for piece in self.pieces(key) {
            match piece {
                Piece::Variable(name) => found.push(*name),
                Piece::Message(id) => found.extend(self.variables(id)),
                _ => {}
            }
        }
        found
    }

    /// All that can be read, whichever variants are chosen.
    fn texts(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.0.iter().flat_map(|(key, pieces)| {
            pieces.iter().filter_map(move |piece| match piece {
                Piece::Text(text) => Some((key.as_str(), *text)),
                _ => None,
            })
        })
    }
}

/// What several threads say at once is what one says.
#[test]
fn voices_are_shared_by_threads() {
    use crate::reason::ReasonCode;
    let whole = || -> Vec<String> {
        let said = ReasonCode::ALL.iter().flat_map(|code| {
            let reason = sample::full(*code);
            VOICES.map(|(reader, language)| Voice::new(reader, language).sentence(&reason))
        });
        said.collect()
    };
    let threads: Vec<_> = (0..8).map(|_| std::thread::spawn(whole)).collect();
    let once = whole();
    for thread in threads {
        assert_eq!(thread.join().expect("says"), once);
    }
}
