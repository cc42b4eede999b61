//! The layout of a history: what is said, what happens, what is decided.

/// No line is longer, in characters.
pub(super) const WIDTH: usize = 120;

const DECIDED: &str = "    -> ";
const GOES_ON: &str = "      ";

/// A line of a history, with what belongs to it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A comment, a line of the plan, an empty line.
    Text(String),
    /// Something that happens.
    Event {
        line: String,
        /// One entry per decision, however it is wrapped.
        decided: Vec<String>,
    },
}

pub(super) fn read(text: &str) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for line in text.lines() {
        if !line.starts_with(' ') {
            items.push(if is_event(line) {
                Item::Event {
                    line: line.to_owned(),
                    decided: Vec::new(),
                }
            } else {
                Item::Text(line.to_owned())
            });
            continue;
        }
        let Some(Item::Event { decided, .. }) = items.last_mut() else {
            panic!("decided on nothing: {line}");
        };
        match (line.strip_prefix(DECIDED), decided.last_mut()) {
            (Some(decision), _) => decided.push(decision.to_owned()),
            (None, Some(decision)) => *decision += &format!(" {}", line.trim_start()),
            (None, None) => panic!("goes on from nothing: {line}"),
        }
    }
    items
}

/// Whether a line begins with a day.
fn is_event(line: &str) -> bool {
    let day = line.get(..4).unwrap_or_default();
    ["Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun "].contains(&day)
}

pub(super) fn write<'a>(items: impl IntoIterator<Item = &'a Item>) -> String {
    let mut text = String::new();
    for item in items {
        match item {
            Item::Text(line) => text += &format!("{line}\n"),
            Item::Event { line, decided } => {
                text += &format!("{line}\n");
                for decision in decided {
                    text += &wrap(decision);
                }
            }
        }
    }
    text
}

fn wrap(decision: &str) -> String {
    let mut text = String::new();
    let mut line = DECIDED.trim_end().to_owned();
    for word in decision.split(' ') {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            text += &format!("{line}\n");
            GOES_ON.clone_into(&mut line);
        }
        line += &format!(" {word}");
    }
    text + &line + "\n"
}
