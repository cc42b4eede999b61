//! Invitations, with code and link while they are shown.

use prost_types::Timestamp;
use rung_proto::v1;
use serde_json::Value;

use super::layout::fields;
use crate::error::Result;
use crate::out::{Screen, Style, printable};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

/// An invitation of a member or of a supporter.
pub(crate) struct Invitation {
    json: Value,
    id: String,
    code: String,
    link: String,
    expires_at: Option<Timestamp>,
    command: String,
}

impl Invitation {
    /// After `members invite`.
    pub(crate) fn of_member(answer: &v1::InviteMemberResponse, server: &str) -> Result<Self> {
        Ok(Self {
            json: super::json(answer)?,
            id: answer.invitation_id.clone(),
            code: answer.code.clone(),
            link: answer.link.clone(),
            expires_at: answer.expires_at,
            command: command(&answer.code, server),
        })
    }

    /// After `supporters invite`.
    pub(crate) fn of_supporter(answer: &v1::InviteSupporterResponse, server: &str) -> Result<Self> {
        Ok(Self {
            json: super::json(answer)?,
            id: answer.invitation_id.clone(),
            code: answer.code.clone(),
            link: answer.link.clone(),
            expires_at: answer.expires_at,
            command: command(&answer.code, server),
        })
    }
}

fn command(code: &str, server: &str) -> String {
    if code.is_empty() {
        return String::new();
    }
    format!("rung join {code} --server {server}")
}

impl Screen for Invitation {
    fn json(&self) -> Result<Value> {
        Ok(self.json.clone())
    }

    fn sheet(&self, style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("code", For::All),
            ("link", For::All),
            ("expires_at", For::All),
            ("command", For::All),
            ("invitation_id", For::Machine),
        ]);
        let expires = self.expires_at.as_ref();
        sheet.row(vec![
            Cell::text(&self.code),
            Cell::text(&self.link),
            Cell::both(time::human(expires, style), time::machine(expires)),
            Cell::text(&self.command),
            Cell::text(&self.id),
        ]);
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let until = time::human(self.expires_at.as_ref(), style);
        if self.code.is_empty() {
            return format!(
                "This invitation was made before; its code was shown then and is not stored. Valid until {until}."
            );
        }
        let mut text = fields(
            &[
                ("Code", self.code.clone()),
                ("Link", self.link.clone()),
                ("Valid until", until),
            ],
            0,
            style,
        );
        text.push_str("\nIt is shown this once and works once. Send the person the link, or this command:\n\n  ");
        text.push_str(&printable(&self.command));
        text
    }
}
