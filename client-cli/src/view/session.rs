//! Open sign-ins.

use rung_proto::v1;
use serde_json::Value;

use super::layout::fields;
use crate::error::Result;
use crate::out::{Screen, Style};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

/// The open sign-ins of an account, and the clinics to name them by.
pub(crate) struct Sessions {
    pub(crate) sessions: Vec<v1::AccountSession>,
    pub(crate) clinics: Vec<v1::Membership>,
}

impl Sessions {
    /// The name of a clinic; its id when the account is no longer let in there.
    fn clinic<'a>(&'a self, id: &'a str) -> &'a str {
        self.clinics
            .iter()
            .find(|m| m.clinic_id == id)
            .map_or(id, |m| m.clinic_name.as_str())
    }
}

impl Screen for Sessions {
    fn json(&self) -> Result<Value> {
        super::json_list(&self.sessions)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("current", For::All),
            ("created_at", For::All),
            ("refreshed_at", For::All),
            ("expires_at", For::All),
            ("clinic_id", For::All),
            ("id", For::All),
        ]);
        let when = |at: Option<&prost_types::Timestamp>| {
            Cell::both(time::human(at, style), time::machine(at))
        };
        for session in &self.sessions {
            sheet.row(vec![
                Cell::text(session.current.to_string()),
                when(session.created_at.as_ref()),
                when(session.refreshed_at.as_ref()),
                when(session.expires_at.as_ref()),
                Cell::text(&session.clinic_id),
                Cell::text(&session.id),
            ]);
        }
        sheet
    }

    /// One under the other: the id has to be copied in one piece.
    fn human(&self, style: &Style) -> String {
        let blocks: Vec<String> = self
            .sessions
            .iter()
            .map(|session| {
                let here = if session.current { " (this one)" } else { "" };
                fields(
                    &[
                        (
                            "Clinic",
                            format!("{}{here}", self.clinic(&session.clinic_id)),
                        ),
                        ("Since", time::human(session.created_at.as_ref(), style)),
                        ("Renewed", time::human(session.refreshed_at.as_ref(), style)),
                        ("Until", time::human(session.expires_at.as_ref(), style)),
                        ("Id", session.id.clone()),
                    ],
                    0,
                    style,
                )
            })
            .collect();
        blocks.join("\n")
    }

    fn empty(&self) -> Option<&'static str> {
        self.sessions.is_empty().then_some("No sign-in is open.")
    }
}
