//! Decisions and their reasons.

use rung_proto::v1;
use rung_proto::v1::value::Kind;
use serde_json::Value;

use super::layout::hanging;
use super::{amendment, word};
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

/// Decisions on one plan, the newest first.
pub(crate) struct Decisions {
    pub(crate) decisions: Vec<v1::Decision>,
    pub(crate) plan: v1::Plan,
}

impl Screen for Decisions {
    fn json(&self) -> Result<Value> {
        super::json_list(&self.decisions)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        sheet(&self.decisions, style)
    }

    fn human(&self, style: &Style) -> String {
        blocks(&self.decisions, Some(&self.plan), style)
    }

    fn empty(&self) -> Option<&'static str> {
        self.decisions.is_empty().then_some("No decisions yet.")
    }
}

/// One row a decision.
pub(crate) fn sheet(decisions: &[v1::Decision], style: &Style) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("date", For::All),
        ("decided_at", For::Machine),
        ("seq", For::All),
        ("ordinal", For::Machine),
        ("outcome", For::All),
        ("from_rung", For::All),
        ("to_rung", For::All),
        ("not_before_date", For::All),
        ("not_before_instant", For::Machine),
        ("ask", For::All),
        ("headline", For::All),
        ("reasons", For::All),
        ("evidence", For::Machine),
        ("track_id", For::Machine),
        ("check_in_id", For::Machine),
        ("id", For::Machine),
    ]);
    for decision in decisions {
        let decided = decision.decided_at.as_ref();
        let bar = decision.not_before.as_ref();
        let (outcome, tone) = word::outcome(decision.outcome());
        let evidence = decision
            .reasons
            .iter()
            .flat_map(|r| &r.evidence)
            .map(|e| told(e, None));
        sheet.row(vec![
            Cell::text(time::machine_date(decision.date.as_ref())),
            Cell::both(time::human(decided, style), time::machine(decided)),
            Cell::text(decision.seq.to_string()),
            Cell::text(decision.ordinal.to_string()),
            Cell::both(
                outcome,
                word::bare(decision.outcome().as_str_name(), "OUTCOME"),
            )
            .tone(tone),
            Cell::number(decision.from_rung),
            Cell::number(decision.to_rung),
            Cell::text(time::machine_date(bar.and_then(|b| b.date.as_ref()))),
            Cell::text(time::machine(bar.and_then(|b| b.instant.as_ref()))),
            Cell::text(word::bare(decision.ask().as_str_name(), "ASK")),
            Cell::text(&decision.headline),
            Cell::text(reasons(decision)),
            Cell::text(evidence.collect::<Vec<_>>().join("; ")),
            Cell::text(&decision.track_id),
            Cell::text(&decision.check_in_id),
            Cell::text(&decision.id),
        ]);
    }
    sheet
}

/// All reasons in their own words, one after the other.
pub(crate) fn reasons(decision: &v1::Decision) -> String {
    decision
        .reasons
        .iter()
        .map(|r| r.text.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Decisions under each other, each with its reasons. With a plan, rungs get their titles and tracks their names.
pub(crate) fn blocks(decisions: &[v1::Decision], plan: Option<&v1::Plan>, style: &Style) -> String {
    let blocks = decisions.iter().map(|d| block(d, plan, style));
    blocks.collect::<Vec<_>>().join("\n")
}

/// `STEP BACK  rung 1 → 0  Tue 3 Mar 2026`.
pub(super) fn head(decision: &v1::Decision, plan: Option<&v1::Plan>, style: &Style) -> String {
    let (outcome, tone) = word::outcome(decision.outcome());
    let ladder = plan.and_then(|p| ladder_of(p, &decision.track_id));
    let mut head = style.paint(tone, &format!("{outcome:9}"));
    let facts = [
        moved(decision, ladder),
        several_tracks(plan, ladder),
        time::human_date(decision.date.as_ref()),
    ];
    for fact in facts.iter().filter(|f| !f.is_empty() && *f != "–") {
        head.push_str("  ");
        head.push_str(&crate::out::printable(fact));
    }
    format!("{}\n", head.trim_end())
}

fn block(decision: &v1::Decision, plan: Option<&v1::Plan>, style: &Style) -> String {
    let mut text = head(decision, plan, style);
    if !decision.headline.is_empty() {
        text.push_str(&hanging("  ", &decision.headline, Tone::Strong, style));
    }
    for reason in &decision.reasons {
        text.push_str(&reason_lines(reason, style));
    }
    text.push_str(&tail(decision, style));
    text
}

/// From when on the next session may be, and whether the physiotherapist has to look.
fn tail(decision: &v1::Decision, style: &Style) -> String {
    let mut text = String::new();
    if let Some(bar) = &decision.not_before {
        text.push_str(&format!(
            "  Next session not before {}.\n",
            time::not_before(bar, style)
        ));
    }
    text.push_str(&amendment::lines(&decision.changes, "  ", style));
    let ask = word::ask(decision.ask());
    if !ask.is_empty() {
        let tone = if decision.ask() == v1::Ask::Urgent {
            Tone::Bad
        } else {
            Tone::Warn
        };
        text.push_str(&hanging("  ", ask, tone, style));
    }
    text
}

/// A reason in its own words, and the numbers it was judged by.
pub(crate) fn reason_lines(reason: &v1::Reason, style: &Style) -> String {
    let mut text = hanging("  - ", &reason.text, Tone::Plain, style);
    let evidence: Vec<String> = reason
        .evidence
        .iter()
        .map(|e| told(e, Some(style)))
        .collect();
    if !evidence.is_empty() {
        text.push_str(&hanging("    ", &evidence.join("; "), Tone::Quiet, style));
    }
    text
}

fn ladder_of<'a>(plan: &'a v1::Plan, track_id: &str) -> Option<&'a v1::LadderDefinition> {
    let tracks = &plan.definition.as_ref()?.tracks;
    tracks.iter().find(|t| t.id == track_id)?.ladder.as_ref()
}

fn several_tracks(plan: Option<&v1::Plan>, ladder: Option<&v1::LadderDefinition>) -> String {
    let tracks = plan
        .and_then(|p| p.definition.as_ref())
        .map_or(0, |d| d.tracks.len());
    if tracks > 1 {
        ladder.map(|l| l.title.clone()).unwrap_or_default()
    } else {
        String::new()
    }
}

/// `rung 2 → 3: Run 3 min`; empty for the whole plan.
fn moved(decision: &v1::Decision, ladder: Option<&v1::LadderDefinition>) -> String {
    let title = |index: i32| {
        let rung = usize::try_from(index)
            .ok()
            .and_then(|i| ladder?.rungs.get(i));
        rung.map(|r| format!(": {}", r.title)).unwrap_or_default()
    };
    match (decision.from_rung, decision.to_rung) {
        (Some(from), Some(to)) if from != to => format!("rung {from} → {to}{}", title(to)),
        (_, Some(to)) => format!("rung {to}{}", title(to)),
        (Some(from), None) => format!("rung {from}{}", title(from)),
        (None, None) => String::new(),
    }
}

/// `pain during 4, threshold 3`. With a style for people, without one for programs.
fn told(evidence: &v1::Evidence, style: Option<&Style>) -> String {
    let name = word::bare(evidence.measure().as_str_name(), "MEASURE");
    let measure = match style {
        Some(_) => word::plain(&name),
        None => name.to_lowercase(),
    };
    let mut text = match &evidence.observed {
        Some(observed) => format!("{measure} {}", value(observed, style)),
        None => format!("{measure} missing"),
    };
    if let Some(threshold) = &evidence.threshold {
        text.push_str(&format!(", threshold {}", value(threshold, style)));
    }
    text
}

pub(crate) fn value(value: &v1::Value, style: Option<&Style>) -> String {
    match (&value.kind, style) {
        (Some(Kind::Number(number)), _) => number.to_string(),
        (Some(Kind::Date(date)), Some(_)) => time::human_date(Some(date)),
        (Some(Kind::Date(date)), None) => time::machine_date(Some(date)),
        (Some(Kind::Instant(at)), Some(style)) => time::human(Some(at), style),
        (Some(Kind::Instant(at)), None) => time::machine(Some(at)),
        (Some(Kind::Flag(flag)), Some(_)) => if *flag { "yes" } else { "no" }.to_owned(),
        (Some(Kind::Flag(flag)), None) => flag.to_string(),
        (Some(Kind::Code(code)), Some(_)) => word::plain(code),
        (Some(Kind::Text(text) | Kind::Code(text) | Kind::TrackId(text)), _) => text.clone(),
        (None, _) => "–".to_owned(),
    }
}
