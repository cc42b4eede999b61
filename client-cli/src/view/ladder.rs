//! Ladders.

use prost::{Message, Name};
use rung_proto::v1;
use serde_json::Value;

use super::layout::{fields, hanging};
use super::word;
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};

/// All ladders the clinic can use.
pub(crate) struct Ladders(pub(crate) Vec<v1::Ladder>);

impl Screen for Ladders {
    fn json(&self) -> Result<Value> {
        super::json_list(&self.0)
    }

    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("key", For::All),
            ("version", For::All),
            ("state", For::All),
            ("title", For::All),
            ("tissue_profile", For::All),
            ("rungs", For::All),
            ("built_in", For::Machine),
            ("proposals", For::Machine),
            ("id", For::Machine),
        ]);
        for ladder in &self.0 {
            let empty = v1::LadderDefinition::default();
            let definition = ladder.definition.as_ref().unwrap_or(&empty);
            let state = word::bare(ladder.state().as_str_name(), "LADDER_STATE");
            let shown = if ladder.built_in {
                "library".to_owned()
            } else {
                word::plain(&state)
            };
            sheet.row(vec![
                Cell::text(&definition.key),
                Cell::text(ladder.version.to_string()),
                Cell::both(shown, state),
                Cell::text(&definition.title),
                profile(definition),
                Cell::text(definition.rungs.len().to_string()),
                Cell::text(ladder.built_in.to_string()),
                Cell::text(
                    definition
                        .rungs
                        .iter()
                        .filter(|r| r.proposal)
                        .count()
                        .to_string(),
                ),
                Cell::text(&ladder.id),
            ]);
        }
        sheet
    }

    fn empty(&self) -> Option<&'static str> {
        self.0
            .is_empty()
            .then_some("No ladders yet. Publish one: rung ladders publish FILE")
    }
}

fn profile(definition: &v1::LadderDefinition) -> Cell {
    let name = definition.profile().as_str_name();
    let code = name
        .trim_start_matches("TISSUE_PROFILE_")
        .trim_end_matches("_TISSUE");
    Cell::both(word::plain(code), code)
}

/// One ladder, in whatever answer it came.
pub(crate) struct Ladder<'a, M> {
    answer: &'a M,
    ladder: Option<&'a v1::Ladder>,
}

impl<'a, M> Ladder<'a, M> {
    /// The ladder of an answer.
    pub(crate) fn of(answer: &'a M, ladder: Option<&'a v1::Ladder>) -> Self {
        Self { answer, ladder }
    }
}

impl<M: Message + Name> Screen for Ladder<'_, M> {
    fn json(&self) -> Result<Value> {
        super::json(self.answer)
    }

    /// One row a rung.
    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("rung", For::All),
            ("title", For::All),
            ("dose", For::All),
            ("effort", For::All),
            ("rest_days", For::All),
            ("needs_approval", For::All),
            ("instruction", For::All),
            ("sets", For::All),
            ("prediction", For::All),
            ("note", For::All),
            ("proposal", For::All),
            ("key", For::Machine),
            ("version", For::Machine),
            ("state", For::Machine),
            ("id", For::Machine),
        ]);
        let none = v1::Ladder::default();
        let ladder = self.ladder.unwrap_or(&none);
        let definition = self.ladder.and_then(|l| l.definition.as_ref());
        for (index, rung) in definition.iter().flat_map(|d| &d.rungs).enumerate() {
            let unit = definition.map_or(v1::DoseUnit::Unspecified, v1::LadderDefinition::unit);
            sheet.row(vec![
                Cell::text(index.to_string()),
                Cell::text(&rung.title),
                Cell::both(word::dose(rung.dose, unit), rung.dose.to_string()),
                Cell::text(effort(rung)),
                Cell::number(rung.rest_days),
                Cell::both(
                    if rung.needs_approval { "yes" } else { "" },
                    rung.needs_approval.to_string(),
                ),
                Cell::text(&rung.instruction),
                Cell::text(sets(rung)),
                Cell::text(&rung.prediction),
                Cell::text(&rung.note),
                Cell::both(
                    if rung.proposal { "yes" } else { "" },
                    rung.proposal.to_string(),
                ),
                Cell::text(definition.map(|d| d.key.clone()).unwrap_or_default()),
                Cell::text(ladder.version.to_string()),
                Cell::text(word::bare(ladder.state().as_str_name(), "LADDER_STATE")),
                Cell::text(&ladder.id),
            ]);
        }
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let Some((ladder, definition)) = self
            .ladder
            .and_then(|l| l.definition.as_ref().map(|d| (l, d)))
        else {
            return String::new();
        };
        let source = definition.source.clone().unwrap_or_default();
        let mut text = hanging("", &definition.title, Tone::Strong, style);
        text.push_str(&fields(
            &[
                ("Ladder", named(ladder)),
                ("Clone of", origin(ladder)),
                ("For", definition.summary.clone()),
                ("Source", source.citation),
                ("", source.url),
                ("Proposed", definition.proposal.clone()),
                ("Id", ladder.id.clone()),
            ],
            0,
            style,
        ));
        if !definition.entry_criteria.is_empty() {
            text.push_str("\nBefore the first session\n");
            let criteria: Vec<(&str, String)> = definition
                .entry_criteria
                .iter()
                .map(|c| (c.id.as_str(), marked(&c.text, c.proposal)))
                .collect();
            text.push_str(&fields(&criteria, 2, style));
        }
        for (index, rung) in definition.rungs.iter().enumerate() {
            text.push('\n');
            text.push_str(&rung_block(index, rung, definition.unit(), style));
        }
        text
    }
}

/// `run-walk@2, published`.
pub(super) fn named(ladder: &v1::Ladder) -> String {
    let key = ladder.definition.as_ref().map(|d| d.key.as_str());
    let state = word::plain(&word::bare(ladder.state().as_str_name(), "LADDER_STATE"));
    let library = if ladder.built_in { ", library" } else { "" };
    let key = key.unwrap_or_default();
    format!("{key}@{}, {state}{library}", ladder.version)
}

fn origin(ladder: &v1::Ladder) -> String {
    let origin = ladder.cloned_from.as_ref();
    origin.map_or(String::new(), |o| format!("{}@{}", o.key, o.version))
}

/// What the source does not have is told from what it has.
fn marked(text: &str, proposal: bool) -> String {
    let mark = if proposal { " (proposed)" } else { "" };
    format!("{text}{mark}")
}

/// How the repetitions are divided: `3 × 8 on each side, body weight, 3-1-1 s`; empty when it was not said.
pub(crate) fn sets(rung: &v1::Rung) -> String {
    let Some(sets) = &rung.sets else {
        return String::new();
    };
    let side = if sets.each_side { " on each side" } else { "" };
    let mut text = format!("{} × {}{side}", sets.count, sets.repetitions);
    if !sets.load.is_empty() {
        text.push_str(&format!(", {}", sets.load));
    }
    if !sets.tempo.is_empty() {
        text.push_str(&format!(", {} s", sets.tempo));
    }
    text
}

fn effort(rung: &v1::Rung) -> String {
    let range = rung.effort.unwrap_or_default();
    match (range.min, range.max) {
        (Some(min), Some(max)) if min == max => min.to_string(),
        (Some(min), Some(max)) => format!("{min}–{max}"),
        (Some(min), None) => format!("from {min}"),
        (None, Some(max)) => format!("up to {max}"),
        (None, None) => String::new(),
    }
}

fn rung_block(index: usize, rung: &v1::Rung, unit: v1::DoseUnit, style: &Style) -> String {
    let lead = format!("{index:>2}  ");
    let title = marked(&rung.title, rung.proposal);
    let mut text = hanging(&lead, &title, Tone::Strong, style);
    text.push_str(&fields(
        &[
            ("Dose", word::dose(rung.dose, unit)),
            ("Note", rung.note.clone()),
            ("How", rung.instruction.clone()),
            ("Sets", sets(rung)),
            ("Effort", with(&effort(rung), "of 10")),
            ("Where", place(rung)),
            ("Cues", rung.cues.join(", ")),
            ("Asks", rung.prediction.clone()),
            (
                "Rest",
                match rung.rest_days {
                    Some(1) => "1 full day off".to_owned(),
                    Some(days) => format!("{days} full days off"),
                    None => String::new(),
                },
            ),
            (
                "Needs",
                if rung.needs_approval {
                    "the physiotherapist's approval".into()
                } else {
                    String::new()
                },
            ),
        ],
        4,
        style,
    ));
    text
}

/// Terrain and surface.
pub(crate) fn place(rung: &v1::Rung) -> String {
    let parts = [rung.terrain.as_str(), rung.surface.as_str()];
    parts
        .iter()
        .filter(|p| !p.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join(", ")
}

/// How hard, `3–4 of 10`; empty when it was not said.
pub(crate) fn effort_of_ten(rung: &v1::Rung) -> String {
    with(&effort(rung), "of 10")
}

fn with(text: &str, unit: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("{text} {unit}")
    }
}
