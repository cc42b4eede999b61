//! Members of the clinic.

use prost::{Message, Name};
use rung_proto::v1;
use serde_json::Value;

use super::layout::{fields, hanging};
use super::word;
use crate::error::Result;
use crate::out::{Screen, Style, Tone, printable};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

fn sheet<'a>(members: impl IntoIterator<Item = &'a v1::Member>, style: &Style) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("display_name", For::All),
        ("roles", For::All),
        ("state", For::All),
        ("second_factor", For::All),
        ("email", For::All),
        ("joined_at", For::Wide),
        ("etag", For::Machine),
        ("person_id", For::Wide),
    ]);
    for member in members {
        let joined = member.joined_at.as_ref();
        let state = if member.deactivated {
            Cell::text("deactivated").tone(Tone::Bad)
        } else {
            Cell::text("active")
        };
        // Only admins are told, and only they see the address: its absence must not read as "no second factor".
        let second_factor = match (member.email.is_empty(), member.second_factor) {
            (true, _) => Cell::both("–", ""),
            (false, true) => Cell::both("on", "true"),
            (false, false) => Cell::both("off", "false"),
        };
        sheet.row(vec![
            Cell::text(&member.display_name),
            Cell::text(word::roles(&member.roles)),
            state,
            second_factor,
            Cell::text(&member.email),
            Cell::both(time::human(joined, style), time::machine(joined)),
            Cell::text(&member.etag),
            Cell::text(&member.person_id),
        ]);
    }
    sheet
}

/// The members of the clinic.
pub(crate) struct Members(pub(crate) Vec<v1::Member>);

impl Screen for Members {
    fn json(&self) -> Result<Value> {
        super::json_list(&self.0)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        sheet(&self.0, style)
    }

    fn empty(&self) -> Option<&'static str> {
        self.0.is_empty().then_some("The clinic has no members.")
    }
}

/// One member, in whatever answer they came.
pub(crate) struct Member<'a, M> {
    answer: &'a M,
    member: Option<&'a v1::Member>,
}

impl<'a, M> Member<'a, M> {
    /// The member of an answer.
    pub(crate) fn of(answer: &'a M, member: Option<&'a v1::Member>) -> Self {
        Self { answer, member }
    }
}

impl<M: Message + Name> Screen for Member<'_, M> {
    fn json(&self) -> Result<Value> {
        super::json(self.answer)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        sheet(self.member, style)
    }
}

/// A code that sets a new password, while it is shown.
pub(crate) struct ResetCode {
    pub(crate) answer: v1::ResetCredentialsResponse,
    pub(crate) server: String,
}

impl ResetCode {
    fn command(&self) -> String {
        format!(
            "rung password reset {} --server {}",
            self.answer.code, self.server
        )
    }
}

impl Screen for ResetCode {
    fn json(&self) -> Result<Value> {
        super::json(&self.answer)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("code", For::All),
            ("expires_at", For::All),
            ("command", For::All),
        ]);
        let expires = self.answer.expires_at.as_ref();
        let command = if self.answer.code.is_empty() {
            String::new()
        } else {
            self.command()
        };
        sheet.row(vec![
            Cell::text(&self.answer.code),
            Cell::both(time::human(expires, style), time::machine(expires)),
            Cell::text(command),
        ]);
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let until = time::human(self.answer.expires_at.as_ref(), style);
        if self.answer.code.is_empty() {
            return format!(
                "This code was made before; it was shown then and is not stored. Valid until {until}."
            );
        }
        let mut text = fields(
            &[("Code", self.answer.code.clone()), ("Valid until", until)],
            0,
            style,
        );
        let before = "It is shown this once and works once. Make sure whom you give it to; they set a password that nobody \
                      else learns with:";
        let after = "Their present sign-ins end with that. A second factor stays and is asked for as always.";
        text.push('\n');
        text.push_str(&hanging("", before, Tone::Plain, style));
        text.push_str(&format!("\n  {}\n\n", printable(&self.command())));
        text.push_str(&hanging("", after, Tone::Plain, style));
        text
    }
}
