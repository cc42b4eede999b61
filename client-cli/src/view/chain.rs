//! The chain that links audit rows, and its signed end.

use rung_proto::v1;
use serde_json::Value;

use super::layout::fields;
use crate::error::Result;
use crate::out::{Screen, Style};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

/// The answer to `audit verify`.
pub(crate) struct Verified(pub(crate) v1::VerifyAuditResponse);

impl Screen for Verified {
    fn json(&self) -> Result<Value> {
        super::json(&self.0)
    }

    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("verified", For::All),
            ("unchained", For::All),
            ("broken_seq", For::All),
            ("broken_event_id", For::All),
            ("broken_what", For::All),
        ]);
        let broken = self.0.first_break.as_ref();
        sheet.row(vec![
            Cell::text(self.0.verified.to_string()),
            Cell::text(self.0.unchained.to_string()),
            Cell::number(broken.map(|b| b.seq)),
            Cell::text(broken.map_or("", |b| &b.event_id)),
            Cell::text(broken.map_or("", |b| &b.what)),
        ]);
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let chain = match &self.0.first_break {
            None => "whole".to_owned(),
            Some(at) => format!("broken at row {}: {}", at.seq, at.what),
        };
        let event = self.0.first_break.as_ref().map(|b| b.event_id.clone());
        fields(
            &[
                ("Chain", chain),
                ("Event", event.unwrap_or_default()),
                ("Verified", format!("{} rows", self.0.verified)),
                ("Not linked yet", format!("{} rows", self.0.unchained)),
            ],
            0,
            style,
        )
    }
}

/// The answer to `audit head`: the head itself, as it is to be kept.
pub(crate) struct Head(pub(crate) v1::AuditHead);

impl Screen for Head {
    fn json(&self) -> Result<Value> {
        super::json(&self.0)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("seq", For::All),
            ("hash", For::All),
            ("signed_at", For::All),
            ("kid", For::All),
            ("clinic_id", For::All),
            ("signature", For::All),
        ]);
        let signed = self.0.signed_at.as_ref();
        sheet.row(vec![
            Cell::text(self.0.seq.to_string()),
            Cell::text(&self.0.hash),
            Cell::both(time::human(signed, style), time::machine(signed)),
            Cell::text(&self.0.kid),
            Cell::text(&self.0.clinic_id),
            Cell::text(&self.0.signature),
        ]);
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let mut text = fields(
            &[
                ("Row", self.0.seq.to_string()),
                ("Hash", self.0.hash.clone()),
                ("Signed", time::human(self.0.signed_at.as_ref(), style)),
                ("Key", self.0.kid.clone()),
                ("Clinic", self.0.clinic_id.clone()),
            ],
            0,
            style,
        );
        text.push_str(
            "\nTo keep it elsewhere, signature included: rung audit head --json > HEAD.json\n",
        );
        text
    }
}
