//! Check-ins, and what each one led to.

use rung_proto::v1;
use rung_proto::v1::check_in::Report;
use serde_json::Value;

use super::layout::{fields, hanging};
use super::{decision, word};
use crate::commands::check_in::report::code;
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

/// Check-ins of one athlete, the newest first.
pub(crate) struct CheckIns(pub(crate) Vec<v1::CheckIn>);

impl Screen for CheckIns {
    fn json(&self) -> Result<Value> {
        super::json_list(&self.0)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("performed_at", For::All),
            ("kind", For::All),
            ("rung", For::All),
            ("pain", For::All),
            ("swelling", For::All),
            ("dose", For::All),
            ("red_flags", For::All),
            ("note", For::All),
            ("date", For::Machine),
            ("seq", For::Machine),
            ("entered_by", For::Machine),
            ("id", For::Wide),
        ]);
        for check_in in &self.0 {
            sheet.row(cells(check_in, style));
        }
        sheet
    }

    fn empty(&self) -> Option<&'static str> {
        self.0.is_empty().then_some("No check-ins yet.")
    }
}

fn cells(check_in: &v1::CheckIn, style: &Style) -> Vec<Cell> {
    let at = check_in.performed_at.as_ref();
    let swelling =
        |s: v1::Swelling| Cell::text(word::plain(&word::bare(s.as_str_name(), "SWELLING")));
    let (kind, rung, pain, swelling, dose) = match &check_in.report {
        Some(Report::Session(s)) => {
            let both = |separator| {
                [s.pain_during, s.pain_after]
                    .map(|n| n.map_or_else(|| "–".to_owned(), |n| n.to_string()))
                    .join(separator)
            };
            let pain = Cell::both(both(" then "), both("/"));
            ("session", s.rung, pain, swelling(s.swelling()), s.dose_done)
        }
        Some(Report::Morning(m)) => (
            "morning",
            None,
            Cell::number(m.pain),
            swelling(m.swelling()),
            None,
        ),
        None => ("", None, Cell::default(), Cell::default(), None),
    };
    let flags = red_flags(check_in);
    let tone = if flags.is_empty() {
        Tone::Plain
    } else {
        Tone::Bad
    };
    vec![
        Cell::both(
            time::human_in_zone(at, &check_in.time_zone, style),
            time::machine(at),
        ),
        Cell::text(kind),
        Cell::number(rung),
        pain,
        swelling,
        Cell::number(dose),
        Cell::both(word::plain(&flags.join(", ")), flags.join(",")).tone(tone),
        Cell::text(&check_in.note),
        Cell::text(time::machine_date(check_in.date.as_ref())),
        Cell::text(check_in.seq.to_string()),
        Cell::text(&check_in.entered_by),
        Cell::text(&check_in.id),
    ]
}

fn red_flags(check_in: &v1::CheckIn) -> Vec<&'static str> {
    check_in.red_flags().map(code).collect()
}

/// The answer to a check-in.
pub(crate) struct Submitted(pub(crate) v1::SubmitCheckInResponse);

impl Screen for Submitted {
    fn json(&self) -> Result<Value> {
        super::json(&self.0)
    }

    /// One row a decision.
    fn sheet(&self, style: &Style) -> Sheet {
        decision::sheet(&self.0.decisions, style)
    }

    fn human(&self, style: &Style) -> String {
        let mut text = String::new();
        if let Some(check_in) = &self.0.check_in {
            text.push_str(&receipt(check_in, style));
        }
        if self.0.judgement() == v1::Judgement::RedFlagsOnly {
            let notice = "It happened before the plan's first day: only red flags were judged.";
            text.push_str(&hanging("", notice, Tone::Warn, style));
        }
        if !self.0.decisions.is_empty() {
            text.push('\n');
            text.push_str(&decision::blocks(&self.0.decisions, None, style));
        }
        text
    }
}

fn receipt(check_in: &v1::CheckIn, style: &Style) -> String {
    let at = time::human_in_zone(check_in.performed_at.as_ref(), &check_in.time_zone, style);
    let mut text = match &check_in.report {
        Some(Report::Session(s)) => {
            let rung = s.rung.map(|n| format!(" on rung {n}")).unwrap_or_default();
            format!("Session{rung}, {at}\n")
        }
        Some(Report::Morning(_)) => format!("Morning, {at}\n"),
        None => format!("Check-in, {at}\n"),
    };
    let measured = match &check_in.report {
        Some(Report::Session(s)) => s.measurement.as_ref().map(told).unwrap_or_default(),
        _ => String::new(),
    };
    let flags = word::plain(&red_flags(check_in).join(", "));
    text.push_str(&fields(
        &[
            ("Measured", measured),
            ("Red flags", flags),
            ("Check-in", check_in.id.clone()),
        ],
        2,
        style,
    ));
    text
}

/// `9.01 km, 47 min 12 s, 162 steps/min, 120 m up`.
fn told(measured: &v1::Measurement) -> String {
    let distance = measured.distance_m.map(time::distance);
    let parts = [
        distance,
        measured.duration_s.map(time::duration),
        measured.cadence_spm.map(|n| format!("{n} steps/min")),
        measured.ascent_m.map(|m| format!("{m} m up")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
