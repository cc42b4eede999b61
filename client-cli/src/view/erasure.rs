//! An athlete who was erased.

use rung_proto::v1;
use serde_json::Value;

use super::layout::hanging;
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

/// The answer to `athletes erase`.
pub(crate) struct Erased(pub(crate) v1::EraseAthleteResponse);

impl Screen for Erased {
    fn json(&self) -> Result<Value> {
        super::json(&self.0)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("athlete_id", For::All),
            ("erased_at", For::All),
            ("hold_until", For::All),
        ]);
        let (erased, hold) = (self.0.erased_at.as_ref(), self.0.hold_until.as_ref());
        sheet.row(vec![
            Cell::text(&self.0.athlete_id),
            Cell::both(time::human(erased, style), time::machine(erased)),
            Cell::both(time::human(hold, style), time::machine(hold)),
        ]);
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let told = match self.0.hold_until.as_ref() {
            None => format!(
                "The athlete {} is erased; nothing is kept.",
                self.0.athlete_id
            ),
            Some(until) => format!(
                "The athlete {} is erased. What the law wants kept is locked under a pseudonym until {}, and erased then.",
                self.0.athlete_id,
                time::human(Some(until), style)
            ),
        };
        hanging("", &told, Tone::Plain, style)
    }
}
