//! Decisions in words, and the evidence they rest on.

use rung_proto::v1;
use serde_json::Value;

use super::decision::head;
use super::layout::hanging;
use super::{amendment, word};
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

/// Each decision with its reasons in words.
pub(crate) struct Explanations(pub(crate) Vec<v1::ExplainDecisionResponse>);

impl Screen for Explanations {
    fn json(&self) -> Result<Value> {
        super::json_list(&self.0)
    }

    /// One row a reason.
    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("date", For::All),
            ("outcome", For::All),
            ("headline", For::All),
            ("reason", For::All),
            ("text", For::All),
            ("evidence", For::All),
            ("reader", For::Machine),
            ("language", For::Machine),
            ("decision_id", For::Machine),
        ]);
        for explained in &self.0 {
            let decision = explained.decision.clone().unwrap_or_default();
            let (outcome, tone) = word::outcome(decision.outcome());
            for reason in &explained.reasons {
                let rows = reason.rows.iter().map(|row| row.code.as_str());
                sheet.row(vec![
                    Cell::text(time::machine_date(decision.date.as_ref())),
                    Cell::both(
                        outcome,
                        word::bare(decision.outcome().as_str_name(), "OUTCOME"),
                    )
                    .tone(tone),
                    Cell::text(&explained.headline),
                    Cell::text(word::bare(reason.code().as_str_name(), "REASON_CODE")),
                    Cell::text(&reason.text),
                    Cell::text(rows.collect::<Vec<_>>().join("; ")),
                    Cell::text(word::bare(explained.reader().as_str_name(), "READER")),
                    Cell::text(&explained.language),
                    Cell::text(&decision.id),
                ]);
            }
        }
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let blocks = self.0.iter().map(|explained| block(explained, style));
        blocks.collect::<Vec<_>>().join("\n")
    }
}

fn block(explained: &v1::ExplainDecisionResponse, style: &Style) -> String {
    let decision = explained.decision.clone().unwrap_or_default();
    let mut text = head(&decision, None, style);
    text.push_str(&hanging("  ", &explained.headline, Tone::Strong, style));
    for reason in &explained.reasons {
        text.push_str(&hanging("  - ", &reason.text, Tone::Plain, style));
        for row in &reason.rows {
            text.push_str(&evidence(row, style));
        }
    }
    for note in &explained.notes {
        text.push_str(&hanging("  ", note, Tone::Plain, style));
    }
    text.push_str(&amendment::lines(&decision.changes, "  ", style));
    text
}

/// `Weekly cap: at most …`, and below it where that comes from.
fn evidence(row: &v1::EvidenceRow, style: &Style) -> String {
    let claim = format!("{}: {}", row.title, row.claim);
    let mut text = hanging("    ", &claim, Tone::Quiet, style);
    for source in &row.sources {
        let source = format!("{}: {}", source.label, source.citation);
        text.push_str(&hanging("      ", &source, Tone::Quiet, style));
    }
    text
}
