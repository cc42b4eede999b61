//! Who did what in the clinic.

use prost_types::Timestamp;
use rung_proto::v1;
use serde_json::Value;

use super::layout::hanging;
use super::word;
use crate::error::Result;
use crate::out::{Screen, Style, Tone, printable};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

/// An outcome as people read it.
pub(super) fn outcome(outcome: v1::AccessOutcome) -> (&'static str, Tone) {
    match outcome {
        v1::AccessOutcome::Unspecified => ("–", Tone::Plain),
        v1::AccessOutcome::Allowed => ("allowed", Tone::Plain),
        v1::AccessOutcome::Denied => ("denied", Tone::Bad),
        v1::AccessOutcome::Failed => ("failed", Tone::Warn),
    }
}

/// `rung.v1.PlanService/GetPlan` as `PlanService/GetPlan`.
pub(super) fn method(name: &str) -> &str {
    name.strip_prefix("rung.v1.").unwrap_or(name)
}

/// A purpose of use (HL7) in words; as it is when it is another.
pub(super) fn purpose(code: &str) -> &str {
    match code {
        "TREAT" => "treatment",
        "ETREAT" => "broken glass",
        "PATRQT" => "by the athlete",
        "FAMRQT" => "by a supporter",
        "HOPERAT" => "running the clinic",
        "HSYSADMIN" => "running the server",
        other => other,
    }
}

/// When, what became of it, and which call: the first line of an entry.
pub(super) fn headline(
    at: Option<&Timestamp>,
    outcome: &str,
    tone: Tone,
    name: &str,
    style: &Style,
) -> String {
    format!(
        "{}  {}  {}\n",
        style.paint(Tone::Quiet, &format!("{:22}", time::human(at, style))),
        style.paint(tone, &format!("{outcome:7}")),
        printable(method(name))
    )
}

/// Audit events, the newest first.
pub(crate) struct Events(pub(crate) Vec<v1::AuditEvent>);

impl Screen for Events {
    fn json(&self) -> Result<Value> {
        super::json_list(&self.0)
    }

    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("at", For::All),
            ("actor_id", For::All),
            ("roles", For::All),
            ("method", For::All),
            ("effect", For::All),
            ("athlete_id", For::All),
            ("object_id", For::All),
            ("outcome", For::All),
            ("error_reason", For::All),
            ("purpose", For::All),
            ("reason", For::All),
            ("call_id", For::All),
            ("network", For::All),
            ("seq", For::All),
            ("id", For::All),
        ]);
        for event in &self.0 {
            sheet.row(vec![
                Cell::text(time::machine(event.at.as_ref())),
                Cell::text(&event.actor_id),
                Cell::text(word::roles(&event.roles)),
                Cell::text(&event.method),
                Cell::text(word::bare(event.effect().as_str_name(), "EFFECT")),
                Cell::text(&event.athlete_id),
                Cell::text(&event.object_id),
                Cell::text(outcome(event.outcome()).0),
                Cell::text(&event.error_reason),
                Cell::text(&event.purpose),
                Cell::text(&event.reason),
                Cell::text(&event.call_id),
                Cell::text(&event.network),
                Cell::text(event.seq.to_string()),
                Cell::text(&event.id),
            ]);
        }
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let mut text = String::new();
        for event in &self.0 {
            let (word, tone) = outcome(event.outcome());
            text.push_str(&headline(
                event.at.as_ref(),
                word,
                tone,
                &event.method,
                style,
            ));
            for (label, value) in [
                ("by", actor(event)),
                ("athlete", event.athlete_id.clone()),
                ("object", event.object_id.clone()),
                ("why", why(event)),
            ] {
                if !value.is_empty() {
                    text.push_str(&hanging(
                        &format!("  {label:7}  "),
                        &value,
                        Tone::Plain,
                        style,
                    ));
                }
            }
        }
        text
    }

    fn empty(&self) -> Option<&'static str> {
        self.0.is_empty().then_some("There are no such events.")
    }
}

fn actor(event: &v1::AuditEvent) -> String {
    if event.actor_id.is_empty() {
        return "the operator of the server".to_owned();
    }
    let roles = word::roles(&event.roles);
    if roles.is_empty() {
        format!("{} (service account)", event.actor_id)
    } else {
        format!("{} ({roles})", event.actor_id)
    }
}

fn why(event: &v1::AuditEvent) -> String {
    let parts = [purpose(&event.purpose), &event.reason, &event.error_reason];
    let told: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
    told.join(", ")
}
