//! Members and invitations.

use rung_proto::v1;
use serde_json::Value;

use super::layout::fields;
use super::word;
use crate::error::Result;
use crate::out::{Screen, Style};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

/// The members of the clinic.
pub(crate) struct Members(pub(crate) Vec<v1::Member>);

impl Screen for Members {
    fn json(&self) -> Result<Value> {
        super::json_list(&self.0)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("display_name", For::All),
            ("roles", For::All),
            ("email", For::All),
            ("joined_at", For::Wide),
            ("person_id", For::All),
        ]);
        for member in &self.0 {
            let joined = member.joined_at.as_ref();
            sheet.row(vec![
                Cell::text(&member.display_name),
                Cell::text(word::roles(&member.roles)),
                Cell::text(&member.email),
                Cell::both(time::human(joined, style), time::machine(joined)),
                Cell::text(&member.person_id),
            ]);
        }
        sheet
    }

    fn empty(&self) -> Option<&'static str> {
        self.0.is_empty().then_some("The clinic has no members.")
    }
}

/// An invitation, with its code while it is shown.
pub(crate) struct Invitation {
    pub(crate) answer: v1::InviteMemberResponse,
    pub(crate) server: String,
}

impl Invitation {
    fn command(&self) -> String {
        format!("rung join {} --server {}", self.answer.code, self.server)
    }
}

impl Screen for Invitation {
    fn json(&self) -> Result<Value> {
        super::json(&self.answer)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("code", For::All),
            ("expires_at", For::All),
            ("command", For::All),
            ("invitation_id", For::Machine),
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
            Cell::text(&self.answer.invitation_id),
        ]);
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let until = time::human(self.answer.expires_at.as_ref(), style);
        if self.answer.code.is_empty() {
            return format!(
                "This invitation was made before; its code was shown then and is not stored. Valid until {until}."
            );
        }
        let mut text = fields(
            &[("Code", self.answer.code.clone()), ("Valid until", until)],
            0,
            style,
        );
        text.push_str(
            "\nIt is shown this once and works once. Give the person this command:\n\n  ",
        );
        text.push_str(&self.command());
        text
    }
}
