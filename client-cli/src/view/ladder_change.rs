//! What is different between two versions of ladders.

use rung_proto::v1;
use serde_json::Value;

use super::ladder::named;
use super::layout::{fields, hanging};
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};

/// The answer about two versions.
pub(crate) struct Changes {
    pub(crate) from: v1::Ladder,
    pub(crate) to: v1::Ladder,
    pub(crate) answer: v1::DiffLadderVersionsResponse,
}

impl Screen for Changes {
    fn json(&self) -> Result<Value> {
        super::json(&self.answer)
    }

    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("field", For::All),
            ("before", For::All),
            ("after", For::All),
        ]);
        for change in &self.answer.changes {
            sheet.row(vec![
                Cell::text(&change.field),
                Cell::text(change.before.as_deref().unwrap_or_default()),
                Cell::text(change.after.as_deref().unwrap_or_default()),
            ]);
        }
        sheet
    }

    /// Before and after under each other: both may be long.
    fn human(&self, style: &Style) -> String {
        let which = [("From", named(&self.from)), ("To", named(&self.to))];
        let mut text = fields(&which, 0, style);
        for change in &self.answer.changes {
            text.push('\n');
            text.push_str(&hanging("", &change.field, Tone::Strong, style));
            for (lead, tone, side) in [
                ("  - ", Tone::Warn, &change.before),
                ("  + ", Tone::Good, &change.after),
            ] {
                if let Some(side) = side {
                    text.push_str(&hanging(lead, side, tone, style));
                }
            }
        }
        text
    }

    fn empty(&self) -> Option<&'static str> {
        self.answer
            .changes
            .is_empty()
            .then_some("They say the same.")
    }
}
