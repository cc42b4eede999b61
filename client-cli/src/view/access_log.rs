//! Who has read or changed an athlete's record.

use rung_proto::v1;
use serde_json::Value;

use super::{audit, word};
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

/// The log, the newest first.
pub(crate) struct AccessLog(pub(crate) Vec<v1::AccessLogEntry>);

/// Who it was, as well as it is known.
fn who(entry: &v1::AccessLogEntry) -> &str {
    match (entry.actor_display_name.as_str(), entry.actor_id.as_str()) {
        ("", "") => "the operator of the server",
        ("", _) => "an account that is gone",
        (name, _) => name,
    }
}

impl Screen for AccessLog {
    fn json(&self) -> Result<Value> {
        super::json_list(&self.0)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("at", For::All),
            ("who", For::All),
            ("roles", For::All),
            ("did", For::All),
            ("outcome", For::All),
            ("why", For::All),
            ("effect", For::Machine),
            ("reason", For::Machine),
            ("actor_id", For::Machine),
            ("id", For::Machine),
        ]);
        for entry in &self.0 {
            let at = entry.at.as_ref();
            let (outcome, tone) = audit::outcome(entry.outcome());
            sheet.row(vec![
                Cell::both(time::human(at, style), time::machine(at)),
                Cell::both(who(entry), entry.actor_display_name.clone()),
                Cell::text(word::roles(&entry.roles)),
                Cell::both(audit::method(&entry.method), entry.method.clone()),
                Cell::text(outcome).tone(tone),
                Cell::both(why(entry), entry.purpose.clone()),
                Cell::text(word::bare(entry.effect().as_str_name(), "EFFECT")),
                Cell::text(&entry.reason),
                Cell::text(&entry.actor_id),
                Cell::text(&entry.id),
            ]);
        }
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let mut text = String::new();
        for entry in &self.0 {
            let (outcome, tone) = audit::outcome(entry.outcome());
            let roles = word::roles(&entry.roles);
            let roles = if roles.is_empty() {
                roles
            } else {
                format!(" ({roles})")
            };
            text.push_str(&audit::headline(
                entry.at.as_ref(),
                outcome,
                tone,
                &entry.method,
                style,
            ));
            let tone = if entry.reason.is_empty() {
                Tone::Plain
            } else {
                Tone::Warn
            };
            let who = format!("{}{roles}, {}", who(entry), why(entry));
            text.push_str(&super::layout::hanging("  ", &who, tone, style));
        }
        text
    }

    fn empty(&self) -> Option<&'static str> {
        self.0
            .is_empty()
            .then_some("Nobody has read or changed the record yet.")
    }
}

/// On what ground, and with broken glass the reason given.
fn why(entry: &v1::AccessLogEntry) -> String {
    let purpose = audit::purpose(&entry.purpose);
    if entry.reason.is_empty() {
        purpose.to_owned()
    } else {
        format!("{purpose}: {}", entry.reason)
    }
}
