//! The shape of a ladder file: which key holds what.

use toml::de::DeTable;

use super::table::{Reader, Table};
use crate::ladder::{DoseUnit, EffortRange, EntryCriterion, Ladder, Rung, Sets, Source, TrackKind};
use crate::policy::{LayoffRow, LayoffTarget, PolicyEdits, TissueProfile};
use crate::scale::Dose;

pub(super) fn ladder(reader: &mut Reader, document: &DeTable<'_>) -> Ladder {
    let mut root = Table::root(reader, document);
    let ladder = Ladder {
        key: root.text("key"),
        version: root.number("version"),
        title: root.text("title"),
        summary: root.text("summary"),
        source: root.table("source", true, no_source(), source),
        proposal: root.optional_text("proposal"),
        profile: root.code("profile", TissueProfile::Unspecified),
        kind: root.code("kind", TrackKind::Running),
        unit: root.code("unit", DoseUnit::RunningSeconds),
        sessions_per_week: root.number("sessions_per_week"),
        entry_criteria: root.tables("entry_criteria", criterion).unwrap_or_default(),
        policy: root.table("policy", false, PolicyEdits::default(), policy),
        rungs: root.tables("rungs", rung).unwrap_or_default(),
    };
    root.refuse_unknown();
    ladder
}

fn no_source() -> Source {
    Source {
        citation: String::new(),
        url: None,
    }
}

fn source(table: &mut Table<'_, '_>) -> Source {
    Source {
        citation: table.text("citation"),
        url: table.optional_text("url"),
    }
}

fn criterion(table: &mut Table<'_, '_>) -> EntryCriterion {
    EntryCriterion {
        id: table.text("id"),
        text: table.text("text"),
        proposal: flag(table, "proposal"),
    }
}

fn rung(table: &mut Table<'_, '_>) -> Rung {
    Rung {
        title: table.text("title"),
        dose: table.scale("dose", Dose::MIN),
        instruction: table.text("instruction"),
        effort: table
            .pair("effort")
            .map(|(min, max)| EffortRange { min, max }),
        terrain: table.optional_text("terrain"),
        surface: table.optional_text("surface"),
        cues: table.texts("cues"),
        rest_days: table.optional_number("rest_days"),
        needs_approval: flag(table, "needs_approval"),
        sets: table.table("sets", false, None, |table| Some(sets(table))),
        prediction: table.optional_text("prediction"),
        note: table.optional_text("note"),
        proposal: flag(table, "proposal"),
    }
}

fn sets(table: &mut Table<'_, '_>) -> Sets {
    Sets {
        count: table.number("count"),
        repetitions: table.number("repetitions"),
        each_side: flag(table, "each_side"),
        load: table.optional_text("load"),
        tempo: table.optional_text("tempo"),
    }
}

fn flag(table: &mut Table<'_, '_>, key: &'static str) -> bool {
    table.optional_flag(key).unwrap_or_default()
}

fn policy(table: &mut Table<'_, '_>) -> PolicyEdits {
    PolicyEdits {
        green_max: table.optional_number("green_max"),
        amber_max: table.optional_number("amber_max"),
        morning_amber_points: table.optional_number("morning_amber_points"),
        morning_red_points: table.optional_number("morning_red_points"),
        successes_to_advance: table.optional_number("successes_to_advance"),
        rest_days: table.optional_number("rest_days"),
        red_rest_days: table.optional_number("red_rest_days"),
        max_advances_per_7_days: table.optional_number("max_advances_per_7_days"),
        confidence_min: table.optional_number("confidence_min"),
        require_confidence: table.optional_flag("require_confidence"),
        fear_max: table.optional_number("fear_max"),
        completion_min: table.optional_number("completion_min"),
        completion_max: table.optional_number("completion_max"),
        morning_window_hours: table.optional_number("morning_window_hours"),
        stiffness_amber_minutes: table.optional_number("stiffness_amber_minutes"),
        contexts_required: table.optional_number("contexts_required"),
        deload_every_weeks: table.optional_number("deload_every_weeks"),
        deload_percent: table.optional_number("deload_percent"),
        readiness_percent: table.optional_number("readiness_percent"),
        layoff: table.tables("layoff", layoff_row),
    }
}

fn layoff_row(table: &mut Table<'_, '_>) -> LayoffRow {
    LayoffRow {
        from_gap: table.number("from_gap"),
        target: match table.optional_number("dose_percent") {
            None => LayoffTarget::Repeat,
            Some(0) => LayoffTarget::Bottom,
            Some(percent) => LayoffTarget::DosePercent(percent),
        },
        ask: flag(table, "ask"),
    }
}
