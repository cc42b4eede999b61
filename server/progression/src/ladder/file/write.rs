//! Ladders written as files, in the order in which people write them.

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

use crate::ladder::{EntryCriterion, Ladder, Rung, Sets, Source};
use crate::policy::{LayoffRow, LayoffTarget, PolicyEdits};

pub(super) fn document(ladder: &Ladder) -> DocumentMut {
    let mut document = DocumentMut::new();
    let root = document.as_table_mut();
    put(root, "key", &ladder.key);
    put(root, "version", i64::from(ladder.version));
    put(root, "title", &ladder.title);
    put(root, "summary", &ladder.summary);
    put_some(root, "proposal", ladder.proposal.as_ref());
    put(root, "profile", code(&ladder.profile));
    put(root, "kind", code(&ladder.kind));
    put(root, "unit", code(&ladder.unit));
    put(
        root,
        "sessions_per_week",
        i64::from(ladder.sessions_per_week),
    );
    root.insert("source", Item::Table(source(&ladder.source)));
    put_tables(
        root,
        "entry_criteria",
        ladder.entry_criteria.iter().map(criterion),
    );
    if !ladder.policy.is_empty() {
        root.insert("policy", Item::Table(policy(&ladder.policy)));
    }
    put_tables(root, "rungs", ladder.rungs.iter().map(rung));
    document
}

fn put(table: &mut Table, key: &str, what: impl Into<Value>) {
    table.insert(key, value(what));
}

fn put_some(table: &mut Table, key: &str, what: Option<impl Into<Value>>) {
    if let Some(what) = what {
        put(table, key, what);
    }
}

/// A flag is written where it is set.
fn put_flag(table: &mut Table, key: &str, flag: bool) {
    put_some(table, key, flag.then_some(true));
}

fn put_tables(table: &mut Table, key: &str, parts: impl Iterator<Item = Table>) {
    let parts: ArrayOfTables = parts.collect();
    if !parts.is_empty() {
        table.insert(key, Item::ArrayOfTables(parts));
    }
}

/// The name of an enum's variant, as files have it.
fn code(variant: &impl serde::Serialize) -> String {
    let name = serde_json::to_value(variant).unwrap_or_default();
    name.as_str().unwrap_or_default().to_owned()
}

fn source(source: &Source) -> Table {
    let mut table = Table::new();
    put(&mut table, "citation", &source.citation);
    put_some(&mut table, "url", source.url.as_ref());
    table
}

fn criterion(criterion: &EntryCriterion) -> Table {
    let mut table = Table::new();
    put(&mut table, "id", &criterion.id);
    put(&mut table, "text", &criterion.text);
    put_flag(&mut table, "proposal", criterion.proposal);
    table
}

fn rung(rung: &Rung) -> Table {
    let mut table = Table::new();
    put(&mut table, "title", &rung.title);
    put(&mut table, "dose", i64::from(rung.dose));
    put_some(&mut table, "note", rung.note.as_ref());
    put(&mut table, "instruction", &rung.instruction);
    put_some(&mut table, "sets", rung.sets.as_ref().map(sets));
    let effort = rung.effort.map(|effort| {
        let ends = [effort.min, effort.max];
        ends.into_iter().map(i64::from).collect::<Array>()
    });
    put_some(&mut table, "effort", effort);
    put_some(&mut table, "terrain", rung.terrain.as_ref());
    put_some(&mut table, "surface", rung.surface.as_ref());
    let cues = (!rung.cues.is_empty()).then(|| rung.cues.iter().collect::<Array>());
    put_some(&mut table, "cues", cues);
    put_some(&mut table, "prediction", rung.prediction.as_ref());
    put_some(&mut table, "rest_days", rung.rest_days.map(i64::from));
    put_flag(&mut table, "needs_approval", rung.needs_approval);
    put_flag(&mut table, "proposal", rung.proposal);
    table
}

fn sets(sets: &Sets) -> InlineTable {
    let mut table = InlineTable::new();
    table.insert("count", i64::from(sets.count).into());
    table.insert("repetitions", i64::from(sets.repetitions).into());
    if sets.each_side {
        table.insert("each_side", true.into());
    }
    for (key, text) in [("load", &sets.load), ("tempo", &sets.tempo)] {
        if let Some(text) = text {
            table.insert(key, text.into());
        }
    }
    table
}

/// Destructured: a limit that is not written would be lost silently.
fn policy(edits: &PolicyEdits) -> Table {
    let PolicyEdits {
        green_max,
        amber_max,
        morning_amber_points,
        morning_red_points,
        successes_to_advance,
        rest_days,
        red_rest_days,
        max_advances_per_7_days,
        confidence_min,
        require_confidence,
        fear_max,
        completion_min,
        completion_max,
        morning_window_hours,
        stiffness_amber_minutes,
        contexts_required,
        deload_every_weeks,
        deload_percent,
        readiness_percent,
        layoff,
    } = edits;
    let mut table = Table::new();
    for (key, limit) in [
        ("green_max", green_max),
        ("amber_max", amber_max),
        ("morning_amber_points", morning_amber_points),
        ("morning_red_points", morning_red_points),
        ("successes_to_advance", successes_to_advance),
        ("rest_days", rest_days),
        ("red_rest_days", red_rest_days),
        ("max_advances_per_7_days", max_advances_per_7_days),
        ("confidence_min", confidence_min),
        ("fear_max", fear_max),
        ("completion_min", completion_min),
        ("completion_max", completion_max),
        ("morning_window_hours", morning_window_hours),
        ("stiffness_amber_minutes", stiffness_amber_minutes),
        ("contexts_required", contexts_required),
        ("deload_every_weeks", deload_every_weeks),
        ("deload_percent", deload_percent),
        ("readiness_percent", readiness_percent),
    ] {
        put_some(&mut table, key, limit.map(i64::from));
    }
    put_some(&mut table, "require_confidence", *require_confidence);
    let rows = layoff.as_ref().map(|rows| {
        let mut rows: Array = rows.iter().map(layoff_row).collect();
        for row in rows.iter_mut() {
            row.decor_mut().set_prefix("\n    ");
        }
        rows.set_trailing("\n");
        rows.set_trailing_comma(true);
        rows
    });
    put_some(&mut table, "layoff", rows);
    table
}

fn layoff_row(row: &LayoffRow) -> InlineTable {
    let mut table = InlineTable::new();
    table.insert("from_gap", i64::from(row.from_gap).into());
    match row.target {
        LayoffTarget::Repeat => {}
        LayoffTarget::DosePercent(percent) => {
            table.insert("dose_percent", i64::from(percent).into());
        }
        LayoffTarget::Bottom => {
            table.insert("dose_percent", 0.into());
        }
    }
    if row.ask {
        table.insert("ask", true.into());
    }
    table
}
