//! Red flags, and what to do about each.

use rung_proto::v1;
use serde_json::Value;

use super::layout::hanging;
use super::word;
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};

/// The answer to `red-flags`.
pub(crate) struct RedFlags(pub(crate) Vec<v1::RedFlagInfo>);

impl Screen for RedFlags {
    fn json(&self) -> Result<Value> {
        super::json_list(&self.0)
    }

    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("tier", For::All),
            ("red_flag", For::All),
            ("question", For::All),
            ("advice", For::All),
        ]);
        for info in &self.0 {
            sheet.row(vec![
                Cell::text(word::bare(info.tier().as_str_name(), "RED_FLAG_TIER")),
                Cell::text(word::bare(info.flag().as_str_name(), "RED_FLAG")),
                Cell::text(&info.question),
                Cell::text(&info.advice),
            ]);
        }
        sheet
    }

    /// The flags of each advice under it.
    fn human(&self, style: &Style) -> String {
        let mut text = String::new();
        let mut advice = "";
        for info in &self.0 {
            if info.advice != advice {
                let tone = match info.tier() {
                    v1::RedFlagTier::Emergency => Tone::Bad,
                    _ => Tone::Warn,
                };
                let gap = if text.is_empty() { "" } else { "\n" };
                text.push_str(gap);
                text.push_str(&hanging("", &info.advice, tone, style));
                advice = &info.advice;
            }
            text.push_str(&hanging("  - ", &info.question, Tone::Plain, style));
        }
        text
    }
}
