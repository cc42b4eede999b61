//! Everybody in the caller's care.

use rung_proto::v1;
use serde_json::Value;

use super::layout::{fields, hanging};
use super::{decision, word};
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

/// The caseload, as the server orders it.
pub(crate) struct Caseload(pub(crate) Vec<v1::CaseloadEntry>);

impl Screen for Caseload {
    fn json(&self) -> Result<Value> {
        super::json_list(&self.0)
    }

    /// One row a track; an athlete without a plan has one row too.
    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("display_name", For::All),
            ("plan_state", For::All),
            ("rung", For::All),
            ("top_rung", For::All),
            ("rung_title", For::All),
            ("outcome", For::All),
            ("ask", For::All),
            ("why", For::All),
            ("not_before_date", For::All),
            ("last_check_in_at", For::All),
            ("athlete_id", For::Machine),
            ("plan_id", For::Machine),
            ("track_id", For::Machine),
        ]);
        for entry in &self.0 {
            if entry.tracks.is_empty() {
                sheet.row(cells(entry, None));
            }
            for track in &entry.tracks {
                sheet.row(cells(entry, Some(track)));
            }
        }
        sheet
    }

    fn human(&self, style: &Style) -> String {
        self.0
            .iter()
            .map(|entry| block(entry, style))
            .collect::<Vec<_>>()
            .join("\n")
    }

    fn empty(&self) -> Option<&'static str> {
        self.0
            .is_empty()
            .then_some("No athletes in your care yet. Add one: rung athletes add NAME --zone ZONE")
    }
}

fn cells(entry: &v1::CaseloadEntry, track: Option<&v1::TrackStatus>) -> Vec<Cell> {
    let track_id = track.map(|t| t.track_id.as_str()).unwrap_or_default();
    // The last one of the event on this track, or on the whole plan.
    let latest = entry
        .decisions
        .iter()
        .rev()
        .find(|d| d.track_id.is_empty() || d.track_id == track_id);
    let bar = track
        .and_then(|t| t.not_before.as_ref())
        .and_then(|b| b.date.as_ref());
    vec![
        Cell::text(&entry.display_name),
        Cell::text(word::bare(entry.plan_state().as_str_name(), "PLAN_STATE")),
        Cell::number(track.map(|t| t.rung)),
        Cell::number(track.map(|t| t.top_rung)),
        Cell::text(track.map(|t| t.rung_title.clone()).unwrap_or_default()),
        Cell::text(
            latest
                .map(|d| word::bare(d.outcome().as_str_name(), "OUTCOME"))
                .unwrap_or_default(),
        ),
        Cell::text(
            latest
                .map(|d| word::bare(d.ask().as_str_name(), "ASK"))
                .unwrap_or_default(),
        ),
        Cell::text(latest.map(decision::reasons).unwrap_or_default()),
        Cell::text(time::machine_date(bar)),
        Cell::text(time::machine(entry.last_check_in_at.as_ref())),
        Cell::text(&entry.athlete_id),
        Cell::text(&entry.plan_id),
        Cell::text(track_id),
    ]
}

fn block(entry: &v1::CaseloadEntry, style: &Style) -> String {
    let (state, tone) = word::plan_state(entry.plan_state());
    let name = crate::out::printable(&entry.display_name);
    let mut text = format!(
        "{}  {}\n",
        style.paint(Tone::Strong, &name),
        style.paint(tone, state)
    );
    for track in &entry.tracks {
        let place = word::rung(track.rung, Some(track.top_rung), &track.rung_title);
        let bar = match &track.not_before {
            // A paused plan waits for its physiotherapist, not for a date.
            Some(bar) if entry.plan_state() != v1::PlanState::Paused => {
                format!("; not before {}", time::not_before(bar, style))
            }
            _ => String::new(),
        };
        text.push_str(&hanging("  ", &format!("{place}{bar}"), Tone::Plain, style));
    }
    for decision in &entry.decisions {
        text.push_str(&latest(decision, style));
    }
    let last = match &entry.last_check_in_at {
        Some(at) => time::human(Some(at), style),
        None => "none yet".to_owned(),
    };
    text.push_str(&fields(&[("Last check-in", last)], 2, style));
    text
}

fn latest(decision: &v1::Decision, style: &Style) -> String {
    let (outcome, tone) = word::outcome(decision.outcome());
    let lead = format!("  {outcome:9}  ");
    let why = hanging(&lead, &decision::reasons(decision), Tone::Plain, style);
    let mut text = why.replacen(outcome, &style.paint(tone, outcome), 1);
    let ask = word::ask(decision.ask());
    if !ask.is_empty() {
        text.push_str(&hanging(
            &" ".repeat(lead.chars().count()),
            ask,
            tone,
            style,
        ));
    }
    text
}
