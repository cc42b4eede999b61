//! The texts, parsed once: one catalogue for each reader and language there is.

use std::collections::HashMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::{Entry, Message, Pattern};

use super::decimal;
use super::language::Language;
use super::voice::Reader;
use super::walk::{Piece, walk};

/// The value of what a reason does not have. No value of a reason is spelled so.
const ABSENT: &str = "none";

/// The texts of one reader in one language. Several threads may read it at once.
pub(super) struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    /// By message, and by message and attribute with a dot between them: the variables
    /// of its pattern and of the messages in it.
    variables: HashMap<String, Vec<String>>,
}

/// Files of one catalogue.
pub(super) type Files = &'static [&'static str];

pub(super) const ENGLISH_ATHLETE: Files = &[
    include_str!("catalogue/en/word.ftl"),
    include_str!("catalogue/en/athlete.ftl"),
];
pub(super) const ENGLISH_PHYSIO: Files = &[
    include_str!("catalogue/en/word.ftl"),
    include_str!("catalogue/en/physio.ftl"),
];
pub(super) const GERMAN_ATHLETE: Files = &[
    include_str!("catalogue/de/word.ftl"),
    include_str!("catalogue/de/athlete.ftl"),
];

impl Catalogue {
    /// The texts for a reader; in English where a language has none for them.
    pub(super) fn of(reader: Reader, language: Language) -> &'static Self {
        static ATHLETE: LazyLock<Catalogue> =
            LazyLock::new(|| Catalogue::new(Language::English, ENGLISH_ATHLETE));
        static PHYSIO: LazyLock<Catalogue> =
            LazyLock::new(|| Catalogue::new(Language::English, ENGLISH_PHYSIO));
        static ATHLETE_DE: LazyLock<Catalogue> =
            LazyLock::new(|| Catalogue::new(Language::German, GERMAN_ATHLETE));
        match (reader, language.spoken_to(reader)) {
            (Reader::Athlete, Language::English) => &ATHLETE,
            (Reader::Athlete, Language::German) => &ATHLETE_DE,
            (Reader::Physio, _) => &PHYSIO,
        }
    }

    fn new(language: Language, files: Files) -> Self {
        // What does not parse is left out; a test reads every file without a fault.
        let parsed = files.iter().map(|file| {
            FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(rest, _)| rest)
        });
        let resources: Vec<FluentResource> = parsed.collect();
        let variables = variables(&resources);
        let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
        // The marks around a value are for texts that mix directions of writing.
        bundle.set_use_isolating(false);
        let mark = language.decimal_mark();
        // None of these fails: nothing else has the names.
        let _ = bundle.add_function("CAPITAL", capital);
        let _ = bundle.add_function("DECIMAL", move |positional, named| {
            decimal::function(mark, positional, named)
        });
        for resource in resources {
            let _ = bundle.add_resource(resource);
        }
        Self { bundle, variables }
    }

    /// A message in words, or an attribute of one (`message.attribute`); `None` if there
    /// is none. What `fill` has no value for is absent.
    pub(super) fn say(
        &self,
        key: &str,
        fill: impl Fn(&str) -> Option<FluentValue<'static>>,
    ) -> Option<String> {
        let pattern = self.pattern(key)?;
        let names = self.variables.get(key).map_or(&[][..], Vec::as_slice);
        let mut values = FluentArgs::with_capacity(names.len());
        for name in names {
            values.set(
                name.as_str(),
                fill(name).unwrap_or(FluentValue::from(ABSENT)),
            );
        }
        // Every variable has a value, and the tests look after the rest.
        let mut faults = Vec::new();
        let text = self
            .bundle
            .format_pattern(pattern, Some(&values), &mut faults);
        Some(text.into_owned())
    }

    fn pattern(&self, key: &str) -> Option<&Pattern<&str>> {
        let (id, attribute) = match key.split_once('.') {
            Some((id, attribute)) => (id, Some(attribute)),
            None => (key, None),
        };
        let message = self.bundle.get_message(id)?;
        match attribute {
            None => message.value(),
            Some(name) => message.get_attribute(name).map(|found| found.value()),
        }
    }
}

/// The variables that each pattern of these files has, its messages' included.
fn variables(resources: &[FluentResource]) -> HashMap<String, Vec<String>> {
    let all: HashMap<&str, &Message<&str>> = resources
        .iter()
        .flat_map(FluentResource::entries)
        .filter_map(|entry| match entry {
            Entry::Message(message) => Some((message.id.name, message)),
            _ => None,
        })
        .collect();
    let mut found = HashMap::new();
    for (id, message) in &all {
        let own = message
            .value
            .iter()
            .map(|pattern| ((*id).to_owned(), pattern));
        let attributes = message.attributes.iter().map(|attribute| {
            let key = format!("{id}.{}", attribute.id.name);
            (key, &attribute.value)
        });
        for (key, pattern) in own.chain(attributes) {
            found.insert(key, of_pattern(pattern, &all));
        }
    }
    found
}

fn of_pattern(pattern: &Pattern<&str>, all: &HashMap<&str, &Message<&str>>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut open = vec![pattern];
    let mut seen: Vec<&str> = Vec::new();
    while let Some(pattern) = open.pop() {
        walk(pattern, &mut |piece| match piece {
            Piece::Variable(name) if names.iter().all(|known| known != name) => {
                names.push(name.to_owned());
            }
            Piece::Message(id) if !seen.contains(&id) => {
                seen.push(id);
                open.extend(all.get(id).and_then(|message| message.value.as_ref()));
            }
            _ => {}
        });
    }
    names
}

/// The Fluent function `CAPITAL($text)`: the text as the beginning of a sentence.
fn capital<'a>(positional: &[FluentValue<'a>], _: &FluentArgs<'_>) -> FluentValue<'a> {
    let Some(FluentValue::String(text)) = positional.first() else {
        return FluentValue::Error;
    };
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables_of(file: &str) -> HashMap<String, Vec<String>> {
        variables(&[FluentResource::try_new(file.to_owned()).expect("reads")])
    }

    #[test]
    fn a_variable_is_asked_for_once() {
        let found = variables_of("a = { $x }{ $y }{ $x }{ DECIMAL($z, per: 10) }");
        assert_eq!(found["a"], ["x", "y", "z"]);
    }

    #[test]
    fn messages_that_say_each_other_have_an_end() {
        let found = variables_of("a = { b }{ $x }\nb = { a }{ $y }");
        assert_eq!(found["a"], ["x", "y"]);
    }
}
