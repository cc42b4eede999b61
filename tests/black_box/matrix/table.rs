//! Reads `access.txt`: what the design says, in a form that people read.

use std::collections::BTreeSet;

/// Objects in the order of a cell's letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Object {
    Own,
    Same,
    Other,
    Missing,
}

pub(super) const OBJECTS: [Object; 4] = [Object::Own, Object::Same, Object::Other, Object::Missing];

/// Callers in the order of the columns.
pub(super) const CALLERS: [&str; 13] = [
    "anon", "admin", "care", "phys", "self", "othr", "supp", "none", "wdrn", "expd", "svc", "svc0",
    "glas",
];

/// One line: an RPC or a route, the id that differs, and what everybody is answered.
pub(super) struct Row {
    /// Such as `AthleteService/GetAthlete`.
    pub(super) call: String,
    /// The field that names the object; `-` where there is none.
    pub(super) field: String,
    cells: Vec<[char; 4]>,
    /// What `x` stands for.
    pub(super) secret: Option<String>,
}

/// What somebody shall be answered about something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) caller: &'static str,
    pub(super) object: Object,
    pub(super) letter: char,
}

impl Row {
    pub(super) fn cells(&self) -> impl Iterator<Item = Cell> {
        CALLERS
            .iter()
            .zip(&self.cells)
            .flat_map(|(caller, letters)| {
                OBJECTS
                    .iter()
                    .zip(letters)
                    .filter(|(_, letter)| **letter != '-')
                    .map(|(object, letter)| Cell {
                        caller,
                        object: *object,
                        letter: *letter,
                    })
            })
    }

    /// Whether it is served over HTTP beside the RPCs.
    pub(super) fn is_route(&self) -> bool {
        self.call.starts_with("http:")
    }

    /// The path of a route.
    pub(super) fn path(&self) -> &str {
        self.call.trim_start_matches("http:")
    }

    /// Full name of the method with its path, such as `rung.v1.AthleteService/GetAthlete`.
    pub(super) fn method(&self) -> String {
        if self.call.starts_with("grpc.") {
            self.call.clone()
        } else {
            format!("rung.v1.{}", self.call)
        }
    }
}

/// The whole table. A line that is none is a fault of the table.
pub(super) fn read() -> Vec<Row> {
    let mut lines = include_str!("access.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let head: Vec<&str> = lines
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    assert_eq!(head, CALLERS, "the columns");
    let rows: Vec<Row> = lines.map(row).collect();
    let names: BTreeSet<_> = rows.iter().map(|row| (&row.call, &row.field)).collect();
    assert_eq!(names.len(), rows.len(), "a row stands twice");
    rows
}

fn row(line: &str) -> Row {
    let mut words = line.split_whitespace();
    let mut word = || words.next().unwrap_or_default().to_owned();
    let (call, field) = (word(), word());
    let cells = CALLERS.map(|caller| cell(&word(), &call, caller)).to_vec();
    let last = word();
    let secret = last.strip_prefix("x=").map(str::to_owned);
    assert!(last.is_empty() || secret.is_some(), "{call}: {last}");
    let holds_x = cells.iter().flatten().any(|letter| *letter == 'x');
    assert_eq!(holds_x, secret.is_some(), "{call}: what is x?");
    Row {
        call,
        field,
        cells,
        secret,
    }
}

fn cell(text: &str, call: &str, caller: &str) -> [char; 4] {
    let letters: Vec<char> = text.chars().collect();
    assert!(
        letters
            .iter()
            .all(|letter| "+eurscnixlz-".contains(*letter)),
        "{call} {caller}: {text}"
    );
    letters
        .try_into()
        .unwrap_or_else(|_| panic!("{call} {caller}: {text} has no four letters"))
}
