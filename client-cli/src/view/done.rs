//! Answers that say nothing but that it was done.

use prost::{Message, Name};
use serde_json::Value;

use crate::error::Result;
use crate::out::{Screen, Style};
use crate::sheet::{Cell, For, Sheet};

/// An empty answer, what it is about, and the sentence for people.
pub(crate) struct Done<'a, M> {
    pub(crate) answer: &'a M,
    /// What it was done to: a column and its value.
    pub(crate) id: (&'static str, String),
    pub(crate) text: &'a str,
}

impl<M: Message + Name> Screen for Done<'_, M> {
    fn json(&self) -> Result<Value> {
        super::json(self.answer)
    }

    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[(self.id.0, For::All)]);
        sheet.row(vec![Cell::text(&self.id.1)]);
        sheet
    }

    fn human(&self, _style: &Style) -> String {
        crate::out::printable(self.text)
    }
}
