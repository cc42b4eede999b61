//! Glass that was broken.

use prost::{Message, Name};
use rung_proto::v1;
use serde_json::Value;

use super::layout::{fields, hanging};
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

fn sheet<'a>(records: impl IntoIterator<Item = &'a v1::BreakGlassRecord>, style: &Style) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("at", For::All),
        ("display_name", For::All),
        ("reason", For::All),
        ("seen", For::Human),
        ("expires_at", For::Machine),
        ("acknowledged_at", For::Machine),
        ("acknowledged_by", For::Machine),
        ("person_id", For::Machine),
        ("athlete_id", For::Wide),
        ("id", For::All),
    ]);
    for record in records {
        let when = |at: Option<&prost_types::Timestamp>| {
            Cell::both(time::human(at, style), time::machine(at))
        };
        let seen = match record.acknowledged_at {
            Some(_) => Cell::both("yes", ""),
            None => Cell::both("no", "").tone(Tone::Warn),
        };
        sheet.row(vec![
            when(record.at.as_ref()),
            Cell::text(&record.display_name),
            Cell::text(&record.reason),
            seen,
            when(record.expires_at.as_ref()),
            when(record.acknowledged_at.as_ref()),
            Cell::text(&record.acknowledged_by),
            Cell::text(&record.person_id),
            Cell::text(&record.athlete_id),
            Cell::text(&record.id),
        ]);
    }
    sheet
}

/// When glass was broken, the newest first.
pub(crate) struct Broken(pub(crate) Vec<v1::BreakGlassRecord>);

impl Screen for Broken {
    fn json(&self) -> Result<Value> {
        super::json_list(&self.0)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        sheet(&self.0, style)
    }

    fn human(&self, style: &Style) -> String {
        let mut text = String::new();
        for record in &self.0 {
            let seen = match record.acknowledged_at.as_ref() {
                Some(at) => time::human(Some(at), style),
                None => format!("not yet: rung audit acknowledge {}", record.id),
            };
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&fields(
                &[
                    ("By", record.display_name.clone()),
                    ("At", time::human(record.at.as_ref(), style)),
                    ("Until", time::human(record.expires_at.as_ref(), style)),
                    ("Athlete", record.athlete_id.clone()),
                    ("Reason", record.reason.clone()),
                    ("Looked at", seen),
                ],
                0,
                style,
            ));
        }
        text
    }

    fn empty(&self) -> Option<&'static str> {
        self.0.is_empty().then_some("There is nothing to look at.")
    }
}

/// One breaking of glass, in whatever answer it came.
pub(crate) struct Record<'a, M> {
    answer: &'a M,
    record: Option<&'a v1::BreakGlassRecord>,
}

impl<'a, M> Record<'a, M> {
    /// The record of an answer.
    pub(crate) fn of(answer: &'a M, record: Option<&'a v1::BreakGlassRecord>) -> Self {
        Self { answer, record }
    }
}

impl<M: Message + Name> Screen for Record<'_, M> {
    fn json(&self) -> Result<Value> {
        super::json(self.answer)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        sheet(self.record, style)
    }

    fn human(&self, style: &Style) -> String {
        Broken(self.record.cloned().into_iter().collect()).human(style)
    }
}

/// The answer to `athletes break-glass`.
pub(crate) struct Opened(pub(crate) v1::BreakGlassResponse);

impl Screen for Opened {
    fn json(&self) -> Result<Value> {
        super::json(&self.0)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[("athlete_id", For::All), ("expires_at", For::All)]);
        let expires = self.0.expires_at.as_ref();
        sheet.row(vec![
            Cell::text(&self.0.athlete_id),
            Cell::both(time::human(expires, style), time::machine(expires)),
        ]);
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let until = time::human(self.0.expires_at.as_ref(), style);
        let told = format!(
            "You may read the record until {until}. The admins of the clinic are alerted; they and the athlete see that you did, \
             and the reason."
        );
        let mut text = hanging("", &told, Tone::Plain, style);
        text.push_str(&format!("\n  rung athletes show {}\n", self.0.athlete_id));
        text
    }
}
