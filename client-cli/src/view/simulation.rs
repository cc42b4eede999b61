//! What a simulation decides, event by event.

use rung_proto::v1::{self, simulated_event::What};
use serde_json::Value;

use super::word;
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};
use crate::time;
use crate::what_if::Names;

/// The answer to `plan simulate`, with the events that were asked about.
pub(crate) struct Simulated {
    pub(crate) answer: v1::SimulatePlanResponse,
    pub(crate) events: Vec<v1::SimulatedEvent>,
    pub(crate) names: Names,
}

impl Screen for Simulated {
    fn json(&self) -> Result<Value> {
        super::json(&self.answer)
    }

    /// One row a decision; an event that leaves none has a row too.
    fn sheet(&self, style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("event", For::All),
            ("at", For::All),
            ("what", For::All),
            ("judgement", For::Machine),
            ("track", For::All),
            ("outcome", For::All),
            ("rung", For::Human),
            ("from_rung", For::Machine),
            ("to_rung", For::Machine),
            ("not_before_date", For::All),
            ("ask", For::All),
            ("rules", For::All),
            ("counted", For::Machine),
            ("plan_state", For::Machine),
            ("state_hash", For::Machine),
            ("headline", For::Machine),
        ]);
        for (index, (step, event)) in self.answer.steps.iter().zip(&self.events).enumerate() {
            let lead = || Self::lead(index, step, event, style);
            if step.decisions.is_empty() {
                let mut cells = lead();
                cells.extend(Self::undecided(step));
                sheet.row(cells);
            }
            for decision in &step.decisions {
                let mut cells = lead();
                cells.extend(self.decided(step, decision));
                sheet.row(cells);
            }
        }
        sheet
    }

    fn empty(&self) -> Option<&'static str> {
        let nothing = self.answer.steps.is_empty();
        nothing.then_some("Nothing happens: the file has no events.")
    }
}

impl Simulated {
    fn lead(
        index: usize,
        step: &v1::SimulatedStep,
        event: &v1::SimulatedEvent,
        style: &Style,
    ) -> Vec<Cell> {
        let at = event.at.as_ref();
        // Where none is said the contract means UTC.
        let zone = Some(event.time_zone.as_str()).filter(|zone| !zone.is_empty());
        vec![
            Cell::text(index.to_string()),
            Cell::both(
                time::human_in_zone(at, zone.unwrap_or("UTC"), style),
                time::machine(at),
            ),
            Cell::text(what(event)),
            Cell::text(word::bare(step.judgement().as_str_name(), "JUDGEMENT")),
        ]
    }

    fn decided(&self, step: &v1::SimulatedStep, decision: &v1::Decision) -> Vec<Cell> {
        let (outcome, tone) = word::outcome(decision.outcome());
        let bar = decision.not_before.as_ref();
        let ask = word::bare(decision.ask().as_str_name(), "ASK");
        let moved = match (decision.from_rung, decision.to_rung) {
            (Some(from), Some(to)) if from != to => format!("{from} → {to}"),
            (_, Some(rung)) | (Some(rung), None) => rung.to_string(),
            (None, None) => String::new(),
        };
        let asked = if ask == "NONE" { "" } else { ask.as_str() };
        let mut cells = vec![
            Cell::text(self.names.track(&decision.track_id)),
            Cell::both(
                outcome,
                word::bare(decision.outcome().as_str_name(), "OUTCOME"),
            )
            .tone(tone),
            Cell::text(moved),
            Cell::number(decision.from_rung),
            Cell::number(decision.to_rung),
            Cell::text(time::machine_date(bar.and_then(|b| b.date.as_ref()))),
            Cell::both(word::plain(asked), &ask),
            rules(decision),
        ];
        cells.extend(after(step, &decision.track_id));
        cells.push(Cell::text(&decision.headline));
        cells
    }

    /// Of an event that leaves no decision; why, if it is refused.
    fn undecided(step: &v1::SimulatedStep) -> Vec<Cell> {
        let empty = || Cell::text("");
        let mut cells = vec![empty()];
        cells.push(match &step.refusal {
            None => Cell::both("–", ""),
            Some(_) => Cell::both("REFUSED", "").tone(Tone::Bad),
        });
        cells.extend([empty(), empty(), empty(), empty(), empty()]);
        cells.push(match &step.refusal {
            None => empty(),
            Some(refusal) => {
                let bars = refusal.bars.iter();
                let bars = bars.map(|bar| word::bare(bar.code().as_str_name(), "REASON_CODE"));
                let bars: Vec<String> = bars.collect();
                let reason = word::bare(refusal.reason().as_str_name(), "ERROR_REASON");
                let codes: Vec<&str> = [reason.as_str()]
                    .into_iter()
                    .chain(bars.iter().map(String::as_str))
                    .collect();
                let told: Vec<&str> = refusal.bars.iter().map(|bar| bar.text.as_str()).collect();
                let told = if told.is_empty() {
                    refusal.text.clone()
                } else {
                    told.join(" ")
                };
                Cell::both(told, codes.join(","))
            }
        });
        cells.extend(after(step, ""));
        cells.push(Cell::text(
            step.refusal.as_ref().map_or("", |refusal| &refusal.text),
        ));
        cells
    }
}

/// Where track and plan stand after it.
fn after(step: &v1::SimulatedStep, track_id: &str) -> [Cell; 3] {
    let after = step.after.as_ref();
    let statuses = after
        .iter()
        .flat_map(|a| &a.tracks)
        .filter_map(|t| t.status.as_ref());
    let counted = { statuses }
        .find(|status| status.track_id == track_id)
        .map(|status| status.counted);
    let state = after.map(|after| word::bare(after.state().as_str_name(), "PLAN_STATE"));
    [
        Cell::number(counted),
        Cell::text(state.unwrap_or_default()),
        Cell::text(after.map(|after| after.hash.clone()).unwrap_or_default()),
    ]
}

/// The rules that fired, by name.
pub(super) fn rules(decision: &v1::Decision) -> Cell {
    let codes: Vec<String> = decision
        .reasons
        .iter()
        .map(|reason| word::bare(reason.code().as_str_name(), "REASON_CODE"))
        .collect();
    let plain: Vec<String> = codes.iter().map(|code| word::plain(code)).collect();
    Cell::both(plain.join(", "), codes.join(","))
}

fn what(event: &v1::SimulatedEvent) -> String {
    let kind = match &event.what {
        None => "–",
        Some(What::Session(_)) => "session",
        Some(What::Morning(_)) => "morning",
        Some(What::Wellness(_)) => "wellness",
        Some(What::Unplanned(_)) => "unplanned",
        Some(What::Start(_)) => "start",
        Some(What::Pause(_)) => "pause",
        Some(What::Resume(_)) => "resume",
        Some(What::Move(_)) => "move",
        Some(What::Approve(_)) => "approve",
        Some(What::Decline(_)) => "decline",
        Some(What::Amend(_)) => "amend",
        Some(What::Tick(_)) => "tick",
    };
    match event.corrects {
        None => kind.to_owned(),
        Some(place) => format!("{kind}, corrects {place}"),
    }
}
