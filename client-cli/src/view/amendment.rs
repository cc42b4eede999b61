//! What an amendment changes.

use rung_proto::v1;
use serde_json::Value;

use super::decision::{self, value};
use super::layout::hanging;
use super::plan::Plan;
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

/// The answer to `plan amend`.
pub(crate) struct Amended {
    pub(crate) answer: v1::AmendPlanResponse,
    /// Nothing was stored.
    pub(crate) dry: bool,
}

impl Screen for Amended {
    fn json(&self) -> Result<Value> {
        super::json(&self.answer)
    }

    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("path", For::All),
            ("before", For::All),
            ("after", For::All),
            ("track_id", For::Machine),
        ]);
        for change in &self.answer.changes {
            sheet.row(cells(change).into());
        }
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let head = if self.dry {
            "What it would change; nothing is stored"
        } else {
            "What it changes"
        };
        let mut text = format!("{}\n", style.paint(Tone::Strong, head));
        text.push_str(&list(&self.answer.changes, style));
        text.push('\n');
        // The decisions tell the changes once more, track by track.
        let mut decisions = self.answer.decisions.clone();
        for decision in &mut decisions {
            decision.changes.clear();
        }
        if self.dry {
            let plan = self.answer.plan.as_ref();
            text.push_str(&decision::blocks(&decisions, plan, style));
            return text;
        }
        let plan = Plan::of(&self.answer, self.answer.plan.as_ref(), &decisions);
        text.push_str(&plan.human(style));
        text
    }
}

/// The answer to `plan changes`.
pub(crate) struct Amendments {
    pub(crate) amendments: Vec<v1::Amendment>,
    pub(crate) plan: v1::Plan,
}

impl Screen for Amendments {
    fn json(&self) -> Result<Value> {
        super::json_list(&self.amendments)
    }

    /// One row a change.
    fn sheet(&self, style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("revision", For::All),
            ("amended_at", For::All),
            ("path", For::All),
            ("before", For::All),
            ("after", For::All),
            ("reason", For::All),
            ("track_id", For::Machine),
            ("amended_by", For::Machine),
            ("plan_id", For::Machine),
        ]);
        for amendment in &self.amendments {
            let at = amendment.amended_at.as_ref();
            for change in &amendment.changes {
                let [path, before, after, track] = cells(change);
                sheet.row(vec![
                    Cell::text(amendment.revision.to_string()),
                    Cell::both(time::human(at, style), time::machine(at)),
                    path,
                    before,
                    after,
                    Cell::text(&amendment.reason),
                    track,
                    Cell::text(&amendment.amended_by),
                    Cell::text(&self.plan.id),
                ]);
            }
        }
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let blocks = self.amendments.iter().map(|amendment| {
            let at = time::human(amendment.amended_at.as_ref(), style);
            let head = format!("Revision {}, {at}", amendment.revision);
            let mut text = format!("{}\n", style.paint(Tone::Strong, &head));
            text.push_str(&hanging("  ", &amendment.reason, Tone::Plain, style));
            text.push_str(&list(&amendment.changes, style));
            text
        });
        blocks.collect::<Vec<_>>().join("\n")
    }

    fn empty(&self) -> Option<&'static str> {
        self.amendments
            .is_empty()
            .then_some("The plan was not amended.")
    }
}

fn cells(change: &v1::PlanChange) -> [Cell; 4] {
    let told = |side: &Option<v1::Value>| side.as_ref().map(|v| value(v, None)).unwrap_or_default();
    [
        Cell::text(&change.path),
        Cell::text(told(&change.before)),
        Cell::text(told(&change.after)),
        Cell::text(&change.track_id),
    ]
}

/// Changes under each other, or that there are none.
fn list(changes: &[v1::PlanChange], style: &Style) -> String {
    if changes.is_empty() {
        return "  Nothing.\n".to_owned();
    }
    lines(changes, "  ", style)
}

/// Changes under each other: `where: what it was → what it is`.
pub(crate) fn lines(changes: &[v1::PlanChange], lead: &str, style: &Style) -> String {
    let told = |side: &Option<v1::Value>| match side {
        None => "–".to_owned(),
        Some(side) => value(side, Some(style)),
    };
    let lines = changes.iter().map(|change| {
        let (before, after) = (told(&change.before), told(&change.after));
        let line = format!("{}: {before} → {after}", change.path);
        hanging(&format!("{lead}* "), &line, Tone::Plain, style)
    });
    lines.collect()
}
