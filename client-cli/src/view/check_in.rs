//! Check-ins, and what each one led to.

mod said;

use rung_proto::v1;
use rung_proto::v1::check_in::Report;
use serde_json::Value;

use self::said::Said;
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
        sheet(&self.0, style)
    }

    fn empty(&self) -> Option<&'static str> {
        self.0.is_empty().then_some("No check-ins yet.")
    }
}

fn sheet(check_ins: &[v1::CheckIn], style: &Style) -> Sheet {
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
        ("activity", For::Machine),
        ("distance_m", For::Machine),
        ("ill", For::Machine),
        ("sleep", For::Machine),
        ("energy", For::Machine),
        ("calm", For::Machine),
        ("mood", For::Machine),
        ("freshness", For::Machine),
        ("fuelling", For::Machine),
        ("red_flags", For::All),
        ("note", For::All),
        ("date", For::Machine),
        ("seq", For::Machine),
        ("revision", For::Machine),
        ("prediction_id", For::Machine),
        ("corrects_id", For::Machine),
        ("corrected_by", For::Machine),
        ("entered_by", For::Machine),
        ("id", For::Wide),
    ]);
    for check_in in check_ins {
        sheet.row(cells(check_in, style));
    }
    sheet
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
    let kind = Cell::both(said.kind(check_in), said.kind);
    let corrected = !check_in.corrected_by.is_empty();
    let day = |of: fn(&v1::WellnessReport) -> Option<i32>| Cell::number(said.wellness.and_then(of));
    vec![
        Cell::both(
            time::human_in_zone(at, &check_in.time_zone, style),
            time::machine(at),
        ),
        if corrected {
            kind.tone(Tone::Quiet)
        } else {
            kind
        },
        Cell::number(said.rung),
        Cell::text(said.pain()),
        Cell::number(said.pain_during),
        Cell::number(said.pain_after),
        Cell::number(said.morning_pain),
        Cell::number(said.stiffness),
        Cell::both(word::plain(&swelling), swelling),
        Cell::number(said.dose),
        Cell::text(word::bare(said.activity.as_str_name(), "ACTIVITY")),
        Cell::number(said.distance_m),
        Cell::number(said.wellness.and_then(|w| w.ill)),
        day(|w| w.sleep),
        day(|w| w.energy),
        day(|w| w.calm),
        day(|w| w.mood),
        day(|w| w.freshness),
        day(|w| w.fuelling),
        Cell::both(word::plain(&flags.join(", ")), flags.join(",")).tone(tone),
        Cell::both(said.note(check_in), &check_in.note),
        Cell::text(time::machine_date(check_in.date.as_ref())),
        Cell::text(check_in.seq.to_string()),
        Cell::text(check_in.revision.to_string()),
        Cell::text(said.prediction_id),
        Cell::text(&check_in.corrects_id),
        Cell::text(&check_in.corrected_by),
        Cell::text(&check_in.entered_by),
        Cell::text(&check_in.id),
    ]
}

fn red_flags(check_in: &v1::CheckIn) -> Vec<&'static str> {
    check_in.red_flags().map(code).collect()
}

/// One check-in, all that it says.
pub(crate) struct Shown(pub(crate) v1::GetCheckInResponse);

impl Screen for Shown {
    fn json(&self) -> Result<Value> {
        super::json(&self.0)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        sheet(self.0.check_in.as_slice(), style)
    }

    fn human(&self, style: &Style) -> String {
        let Some(check_in) = &self.0.check_in else {
            return String::new();
        };
        let mut all = check_in.report.as_ref().map(said::all).unwrap_or_default();
        let flags = word::plain(&red_flags(check_in).join(", "));
        all.extend([
            ("Red flags", flags),
            ("Note", check_in.note.clone()),
            ("Corrects", check_in.corrects_id.clone()),
            ("Corrected by", check_in.corrected_by.clone()),
            ("Check-in", check_in.id.clone()),
        ]);
        let mut text = headline(check_in, style);
        text.push_str(&fields(&all, 2, style));
        if check_in.notes_withheld {
            let notice = "Free text is left out: the athlete has not opened it to you.";
            text.push_str(&hanging("", notice, Tone::Quiet, style));
        }
        text
    }
}

/// The answer to a check-in, or to a correction.
pub(crate) struct Submitted(v1::SubmitCheckInResponse);

impl Submitted {
    pub(crate) fn check_in(answer: v1::SubmitCheckInResponse) -> Self {
        Self(answer)
    }

    /// It says the same under the same names.
    pub(crate) fn correction(answer: v1::CorrectCheckInResponse) -> Self {
        Self(v1::SubmitCheckInResponse {
            check_in: answer.check_in,
            decisions: answer.decisions,
            judgement: answer.judgement,
            asked: answer.asked,
        })
    }
}

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
            text.push_str(&asked(check_in, &self.0.asked, style));
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

/// `Session on rung 1, Sat 15 Aug 2015, 16:45`.
fn headline(check_in: &v1::CheckIn, style: &Style) -> String {
    let at = time::human_in_zone(check_in.performed_at.as_ref(), &check_in.time_zone, style);
    let what = match &check_in.report {
        Some(Report::Session(s)) => {
            let rung = s.rung.map(|n| format!(" on rung {n}")).unwrap_or_default();
            format!("Session{rung}")
        }
        Some(Report::Unplanned(u)) if u.activity() == v1::Activity::Run => {
            "Unplanned run".to_owned()
        }
        Some(Report::Unplanned(_)) => "Unplanned activity".to_owned(),
        Some(Report::Morning(_)) => "Morning".to_owned(),
        Some(Report::Wellness(_)) => "Wellness".to_owned(),
        None => "Check-in".to_owned(),
    };
    let correction = if check_in.corrects_id.is_empty() {
        ""
    } else {
        "Correction: "
    };
    format!("{correction}{what}, {at}\n")
}

fn receipt(check_in: &v1::CheckIn, style: &Style) -> String {
    let mut text = headline(check_in, style);
    let measurement = match &check_in.report {
        Some(Report::Session(s)) => s.measurement.as_ref(),
        Some(Report::Unplanned(u)) => u.measurement.as_ref(),
        _ => None,
    };
    let day = match &check_in.report {
        Some(Report::Wellness(w)) => said::day(w),
        _ => String::new(),
    };
    let flags = word::plain(&red_flags(check_in).join(", "));
    text.push_str(&fields(
        &[
            (
                "Measured",
                measurement.map(said::measured).unwrap_or_default(),
            ),
            ("Day", day),
            ("Red flags", flags),
            ("Corrects", check_in.corrects_id.clone()),
            ("Check-in", check_in.id.clone()),
        ],
        2,
        style,
    ));
    text
}

/// What the session is asked besides, and how to say it.
fn asked(check_in: &v1::CheckIn, asked: &[String], style: &Style) -> String {
    let flags = asked.iter().map(|field| match field.as_str() {
        "fear" => "--fear N",
        "feared_outcome" => "--feared-outcome yes|no",
        "context" => "--context KEY",
        other => other,
    });
    let flags = flags.collect::<Vec<_>>().join(" ");
    if flags.is_empty() {
        return String::new();
    }
    let line = format!(
        "Not said yet: rung checkin correct {} session {flags}",
        check_in.id
    );
    hanging("  ", &line, Tone::Warn, style)
}
