//! What is different between two ladders, or two versions of one.
//!
//! Rungs are matched by their titles and criteria by their ids, so that one that is put in
//! between does not make a change of everything above it.

use similar::{Algorithm, capture_diff_slices};
use toml_edit::{Item, Table, TableLike, Value};

use super::{Ladder, file};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where, as a path of the ladder's file: `rungs[2].dose`. The index is that of the
    /// later ladder; of the earlier one for what only that has.
    pub field: String,
    /// What stood there, as files write it; none: nothing did.
    pub before: Option<String>,
    /// What stands there now; none: nothing does.
    pub after: Option<String>,
}

/// Every difference: of the whole first, then criterion by criterion and rung by rung from
/// the lowest up. Versions are not compared: they differ by themselves.
pub fn changes(before: &Ladder, after: &Ladder) -> Vec<Change> {
    let (before, after) = (file::document(before), file::document(after));
    let mut found = Vec::new();
    let whole = |table: &Table| {
        let mut entries = flat(table);
        entries.retain(|(field, _)| field != "version");
        entries
    };
    compare("", &whole(&before), &whole(&after), &mut found);
    for (list, name) in [("entry_criteria", "id"), ("rungs", "title")] {
        compare_lists(list, name, &before, &after, &mut found);
    }
    found
}

/// What stands in a table, tables within it included; lists of tables are not.
fn flat(table: &dyn TableLike) -> Vec<(String, String)> {
    let mut entries = Vec::new();
    for (key, item) in table.iter() {
        if let Some(inner) = item.as_table_like() {
            let inner = flat(inner).into_iter();
            entries.extend(inner.map(|(field, text)| (format!("{key}.{field}"), text)));
        } else if let Some(value) = item.as_value() {
            entries.push((key.to_owned(), text(value)));
        }
    }
    entries
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.value().clone(),
        other => other
            .to_string()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" "),
    }
}

type Entries = [(String, String)];

fn compare(path: &str, before: &Entries, after: &Entries, found: &mut Vec<Change>) {
    let of = |entries: &Entries, field: &str| {
        let entry = entries.iter().find(|(other, _)| other == field);
        entry.map(|(_, text)| text.clone())
    };
    let gone = before
        .iter()
        .filter(|(field, _)| of(after, field).is_none());
    for (field, _) in after.iter().chain(gone) {
        let (before, after) = (of(before, field), of(after, field));
        if before != after {
            let field = format!("{path}{field}");
            found.push(Change {
                field,
                before,
                after,
            });
        }
    }
}

fn compare_lists(list: &str, name: &str, before: &Table, after: &Table, found: &mut Vec<Change>) {
    let entries = |of: &Table| -> Vec<Vec<(String, String)>> {
        let tables = of.get(list).and_then(Item::as_array_of_tables);
        let tables = tables.into_iter().flatten();
        tables.map(|table| flat(table)).collect()
    };
    let names = |entries: &[Vec<(String, String)>]| -> Vec<Option<String>> {
        let name_of = |entry: &Vec<(String, String)>| {
            let named = entry.iter().find(|(field, _)| field == name);
            named.map(|(_, text)| text.clone())
        };
        entries.iter().map(name_of).collect()
    };
    let (before, after) = (entries(before), entries(after));
    let mut put = |index: usize, old: Option<usize>, new: Option<usize>| {
        let at = |entries: &[Vec<(String, String)>], index: Option<usize>| {
            index
                .and_then(|index| entries.get(index).cloned())
                .unwrap_or_default()
        };
        let path = format!("{list}[{index}].");
        compare(&path, &at(&before, old), &at(&after, new), found);
    };
    for op in capture_diff_slices(Algorithm::Patience, &names(&before), &names(&after)) {
        let (_, old, new) = op.as_tag_tuple();
        // What was given another name stays what it was; what is left over came or went.
        let both = old.len().min(new.len());
        for offset in 0..both {
            put(
                new.start + offset,
                Some(old.start + offset),
                Some(new.start + offset),
            );
        }
        for index in new.start + both..new.end {
            put(index, None, Some(index));
        }
        for index in old.start + both..old.end {
            put(index, Some(index), None);
        }
    }
}

#[cfg(test)]
mod tests;
