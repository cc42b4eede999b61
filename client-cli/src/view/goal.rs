//! What a plan holds beside its tracks.

use rung_proto::v1;
use serde_json::Value;

use super::layout::fields;
use super::word;
use crate::error::Result;
use crate::out::{Screen, Style};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

/// The answer to `plan goal`.
pub(crate) struct Goal(pub(crate) v1::SetMicroGoalResponse);

impl Screen for Goal {
    fn json(&self) -> Result<Value> {
        super::json(&self.0)
    }

    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("what", For::All),
            ("target", For::All),
            ("unit", For::All),
            ("by", For::All),
            ("reached_on", For::All),
            ("id", For::Machine),
            ("etag", For::Machine),
        ]);
        if let Some(goal) = &self.0.goal {
            let target = goal.target.as_ref();
            sheet.row(vec![
                Cell::text(&goal.what),
                Cell::number(target.map(|target| target.value)),
                Cell::text(target.map_or("", |target| &target.unit)),
                Cell::text(time::machine_date(goal.by.as_ref())),
                Cell::text(time::machine_date(goal.reached_on.as_ref())),
                Cell::text(&goal.id),
                Cell::text(&goal.etag),
            ]);
        }
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let Some(goal) = &self.0.goal else {
            return String::new();
        };
        let pairs = [
            ("Goal", told(goal)),
            ("Id", goal.id.clone()),
            ("Etag", goal.etag.clone()),
        ];
        fields(&pairs, 0, style)
    }
}

/// Small goals, one a line.
pub(crate) fn goals(goals: &[v1::MicroGoal]) -> String {
    goals.iter().map(told).collect::<Vec<_>>().join("\n")
}

/// `Warm up longer: 5 minutes, by Fri 1 May 2026 (reached Tue 3 Mar 2026)`.
fn told(goal: &v1::MicroGoal) -> String {
    let mut text = goal.what.clone();
    if let Some(target) = &goal.target {
        text.push_str(&format!(": {} {}", target.value, target.unit));
    }
    if goal.by.is_some() {
        text.push_str(&format!(", by {}", time::human_date(goal.by.as_ref())));
    }
    if goal.reached_on.is_some() {
        let on = time::human_date(goal.reached_on.as_ref());
        text.push_str(&format!(" (reached {on})"));
    }
    text
}

/// Coping tools, one a line.
pub(crate) fn tools(tools: &[v1::CopingTool]) -> String {
    let lines = tools.iter().map(|tool| {
        let kind = word::bare(tool.kind().as_str_name(), "COPING_KIND");
        match tool.kind() {
            v1::CopingKind::Other | v1::CopingKind::Unspecified => tool.text.clone(),
            _ => format!("{} ({})", tool.text, word::plain(&kind)),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Places on the body, in one line.
pub(crate) fn sites(sites: &[v1::Site]) -> String {
    let words = sites.iter().map(|site| {
        let place = word::plain(&word::bare(site.site().as_str_name(), "BODY_SITE"));
        let side = word::plain(&word::bare(site.side().as_str_name(), "BODY_SIDE"));
        format!("{place} ({side})")
    });
    words.collect::<Vec<_>>().join(", ")
}
