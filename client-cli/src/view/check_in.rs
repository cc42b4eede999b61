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
            ("pain", For::Human),
            ("pain_during", For::Machine),
            ("pain_after", For::Machine),
            ("morning_pain", For::Machine),
            ("morning_stiffness", For::Machine),
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

/// What a report says, whichever kind it is; what it does not ask is missing.
#[derive(Default)]
struct Said {
    kind: &'static str,
    rung: Option<i32>,
    pain_during: Option<i32>,
    pain_after: Option<i32>,
    morning_pain: Option<i32>,
    stiffness: Option<i32>,
    swelling: v1::Swelling,
    dose: Option<i64>,
}

impl Said {
    fn of(report: Option<&Report>) -> Self {
        match report {
            Some(Report::Session(s)) => Self {
                kind: "session",
                rung: s.rung,
                pain_during: s.pain_during,
                pain_after: s.pain_after,
                swelling: s.swelling(),
                dose: s.dose_done,
                ..Self::default()
            },
            Some(Report::Morning(m)) => Self {
                kind: "morning",
                morning_pain: m.pain,
                stiffness: m.stiffness,
                swelling: m.swelling(),
                ..Self::default()
            },
            None => Self::default(),
        }
    }

    /// `0 then 1` for a session, one number for a morning.
    fn pain(&self) -> String {
        let told = |n: Option<i32>| n.map_or_else(|| "–".to_owned(), |n| n.to_string());
        match self.kind {
            "session" => format!("{} then {}", told(self.pain_during), told(self.pain_after)),
            _ => told(self.morning_pain),
        }
    }
}

fn cells(check_in: &v1::CheckIn, style: &Style) -> Vec<Cell> {
    let at = check_in.performed_at.as_ref();
    let said = Said::of(check_in.report.as_ref());
    let swelling = word::bare(said.swelling.as_str_name(), "SWELLING");
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
        Cell::text(said.kind),
        Cell::number(said.rung),
        Cell::text(said.pain()),
        Cell::number(said.pain_during),
        Cell::number(said.pain_after),
        Cell::number(said.morning_pain),
        Cell::number(said.stiffness),
        Cell::both(word::plain(&swelling), swelling),
        Cell::number(said.dose),
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
