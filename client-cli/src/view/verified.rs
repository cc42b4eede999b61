//! A plan's history, decided on again.

use rung_proto::v1;
use serde_json::Value;

use super::decision;
use super::layout::fields;
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};

/// The answer to `plan verify`.
pub(crate) struct Verified(pub(crate) v1::VerifyPlanResponse);

impl Screen for Verified {
    fn json(&self) -> Result<Value> {
        super::json(&self.0)
    }

    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("events", For::All),
            ("same", For::All),
            ("other_version", For::All),
            ("different_at_seq", For::All),
            ("state_holds", For::All),
        ]);
        let difference = self.0.first_difference.as_ref();
        sheet.row(vec![
            Cell::text(self.0.events.to_string()),
            Cell::text(self.0.same.to_string()),
            Cell::text(self.0.other_version.to_string()),
            Cell::number(difference.map(|d| d.seq)),
            Cell::text(self.0.state_holds.to_string()),
        ]);
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let difference = self.0.first_difference.as_ref();
        let decisions = match difference {
            None => format!("{}, all come out the same", self.0.same),
            Some(d) => format!("{} come out the same; not so event {}", self.0.same, d.seq),
        };
        let stands = if self.0.state_holds {
            "where its events lead"
        } else {
            "not where its events lead"
        };
        let other = match self.0.other_version {
            0 => String::new(),
            n => format!("{n}, which these rules do not take again"),
        };
        let mut text = fields(
            &[
                ("Events", self.0.events.to_string()),
                ("Decisions", decisions),
                ("Of other rules", other),
                ("The plan stands", stands.to_owned()),
            ],
            0,
            style,
        );
        for (head, side) in [
            (
                "As it is stored",
                difference.and_then(|d| d.stored.as_ref()),
            ),
            (
                "As it is decided",
                difference.and_then(|d| d.again.as_ref()),
            ),
        ] {
            if let Some(decision) = side {
                text.push_str(&format!("\n{}\n", style.paint(Tone::Strong, head)));
                text.push_str(&decision::blocks(
                    std::slice::from_ref(decision),
                    None,
                    style,
                ));
            }
        }
        text
    }
}
