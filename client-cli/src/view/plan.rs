//! Plans and where their tracks stand.

use prost::{Message, Name};
use rung_proto::v1;
use serde_json::Value;

use super::layout::{fields, hanging};
use super::{decision, goal, word};
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

/// One plan, in whatever answer it came, with the decisions that came with it.
pub(crate) struct Plan<'a, M> {
    answer: &'a M,
    shown: Option<&'a v1::Plan>,
    decisions: &'a [v1::Decision],
}

impl<'a, M> Plan<'a, M> {
    /// The plan of an answer.
    pub(crate) fn of(
        answer: &'a M,
        shown: Option<&'a v1::Plan>,
        decisions: &'a [v1::Decision],
    ) -> Self {
        Self {
            answer,
            shown,
            decisions,
        }
    }
}

impl<M: Message + Name> Screen for Plan<'_, M> {
    fn json(&self) -> Result<Value> {
        super::json(self.answer)
    }

    /// One row a track.
    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("plan_id", For::Machine),
            ("etag", For::Machine),
            ("state", For::All),
            ("ladder", For::All),
            ("track_state", For::All),
            ("rung", For::All),
            ("top_rung", For::All),
            ("rung_title", For::All),
            ("counted", For::All),
            ("successes_to_advance", For::All),
            ("not_before_date", For::All),
            ("not_before_instant", For::Machine),
            ("awaiting_morning", For::Machine),
            ("awaiting_approval", For::Machine),
            ("effective_date", For::Machine),
            ("track_id", For::Machine),
            ("athlete_id", For::Machine),
        ]);
        for (plan, track) in self
            .shown
            .iter()
            .flat_map(|p| p.tracks.iter().map(move |t| (p, t)))
        {
            let bar = track.not_before.as_ref();
            sheet.row(vec![
                Cell::text(&plan.id),
                Cell::text(&plan.etag),
                Cell::text(word::bare(plan.state().as_str_name(), "PLAN_STATE")),
                Cell::text(ladder_name(plan, &track.track_id)),
                Cell::text(word::bare(track.state().as_str_name(), "TRACK_STATE")),
                Cell::text(track.rung.to_string()),
                Cell::text(track.top_rung.to_string()),
                Cell::text(&track.rung_title),
                Cell::text(track.counted.to_string()),
                Cell::text(track.successes_to_advance.to_string()),
                Cell::text(time::machine_date(bar.and_then(|b| b.date.as_ref()))),
                Cell::text(time::machine(bar.and_then(|b| b.instant.as_ref()))),
                Cell::text(track.awaiting_morning.to_string()),
                Cell::text(track.awaiting_approval.to_string()),
                Cell::text(time::machine_date(plan.effective_date.as_ref())),
                Cell::text(&track.track_id),
                Cell::text(&plan.athlete_id),
            ]);
        }
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let Some(plan) = self.shown else {
            return String::new();
        };
        let mut text = head(plan, style);
        for track in &plan.tracks {
            text.push('\n');
            text.push_str(&track_block(plan, track, style));
        }
        if let Some(definition) = &plan.definition {
            let lists = [
                ("Where", goal::sites(&definition.sites)),
                ("Anchors", definition.anchors.join("\n")),
                ("Small goals", goal::goals(&definition.micro_goals)),
                ("Coping", goal::tools(&definition.coping_tools)),
            ];
            let lists = fields(&lists, 0, style);
            if !lists.is_empty() {
                text.push('\n');
                text.push_str(&lists);
            }
        }
        if !self.decisions.is_empty() {
            text.push('\n');
            text.push_str(&decision::blocks(self.decisions, Some(plan), style));
        }
        if plan.state() == v1::PlanState::Draft {
            text.push_str(&format!(
                "\nIt is not in force yet. Start it: rung plan start {} --from YYYY-MM-DD\n",
                plan.id
            ));
        }
        text
    }
}

fn head(plan: &v1::Plan, style: &Style) -> String {
    let (state, tone) = word::plan_state(plan.state());
    let since = match &plan.effective_date {
        Some(date) => time::human_date(Some(date)),
        None => String::new(),
    };
    let baseline = plan.definition.as_ref().and_then(|d| d.baseline.as_ref());
    let mut text = format!("Plan {}\n", style.paint(tone, state));
    text.push_str(&fields(
        &[
            ("In force from", since),
            ("Paused", paused(plan)),
            (
                "Days",
                plan.definition.as_ref().map(days).unwrap_or_default(),
            ),
            ("Baseline", baseline.map(told_baseline).unwrap_or_default()),
            ("Revision", plan.revision.to_string()),
            ("Etag", plan.etag.clone()),
            ("Id", plan.id.clone()),
        ],
        0,
        style,
    ));
    text
}

/// The days on which the athlete can train, `mon, thu`; empty: any.
fn days(definition: &v1::PlanDefinition) -> String {
    let days = definition.weekdays();
    let names = days.map(|day| word::plain(&word::bare(day.as_str_name(), "WEEKDAY")));
    names.collect::<Vec<_>>().join(", ")
}

/// Since when and by what; the decisions say why.
fn paused(plan: &v1::Plan) -> String {
    match (plan.pause_cause.as_str(), &plan.paused_since) {
        ("", None) => String::new(),
        (cause, None) => word::plain(cause),
        (cause, since) => {
            format!(
                "{}, since {}",
                word::plain(cause),
                time::human_date(since.as_ref())
            )
        }
    }
}

fn told_baseline(baseline: &v1::Baseline) -> String {
    let number = |n: Option<i32>| n.map_or_else(|| "–".to_owned(), |n| n.to_string());
    let mut text = format!(
        "pain {} of 10, stiffness {} min",
        number(baseline.pain),
        number(baseline.stiffness)
    );
    if !baseline.over_limit_reason.is_empty() {
        text.push_str(&format!(" ({})", baseline.over_limit_reason));
    }
    text
}

fn prescription<'a>(plan: &'a v1::Plan, track_id: &str) -> Option<&'a v1::TrackPrescription> {
    plan.definition
        .as_ref()?
        .tracks
        .iter()
        .find(|t| t.id == track_id)
}

/// `key@version` of the ladder of a track.
fn ladder_name(plan: &v1::Plan, track_id: &str) -> String {
    prescription(plan, track_id)
        .and_then(|p| {
            p.ladder
                .as_ref()
                .map(|l| format!("{}@{}", l.key, p.ladder_version))
        })
        .unwrap_or_default()
}

/// The tissue that the ladder of a track loads.
fn tissue(plan: &v1::Plan, track_id: &str) -> String {
    let ladder = prescription(plan, track_id).and_then(|p| p.ladder.as_ref());
    let profile = ladder
        .map(v1::LadderDefinition::profile)
        .unwrap_or_default();
    match profile {
        v1::TissueProfile::Unspecified => String::new(),
        profile => word::plain(&word::bare(profile.as_str_name(), "TISSUE_PROFILE")),
    }
}

fn track_block(plan: &v1::Plan, track: &v1::TrackStatus, style: &Style) -> String {
    let title = prescription(plan, &track.track_id)
        .and_then(|p| p.ladder.as_ref())
        .map(|l| l.title.as_str())
        .unwrap_or_default();
    let state = match track.state() {
        v1::TrackState::Locked => "locked: its prerequisites do not hold yet",
        v1::TrackState::Done => "done; goes on as maintenance",
        v1::TrackState::Active | v1::TrackState::Unspecified => "",
    };
    let mut text = hanging("", title, Tone::Strong, style);
    text.push_str(&fields(
        &[
            ("Ladder", ladder_name(plan, &track.track_id)),
            ("Tissue", tissue(plan, &track.track_id)),
            ("State", state.to_owned()),
            (
                "Now at",
                word::rung(track.rung, Some(track.top_rung), &track.rung_title),
            ),
            (
                "Counted",
                format!(
                    "{} of {} sessions",
                    track.counted, track.successes_to_advance
                ),
            ),
            (
                "Not before",
                track
                    .not_before
                    .as_ref()
                    .map(|b| time::not_before(b, style))
                    .unwrap_or_default(),
            ),
            (
                "Waits for",
                match (track.awaiting_approval, track.awaiting_morning) {
                    (true, _) => "your word on the step up: rung plan approve, or decline".into(),
                    (false, true) => "a morning check-in".into(),
                    (false, false) => String::new(),
                },
            ),
            (
                "Track",
                if plan.tracks.len() > 1 {
                    track.track_id.clone()
                } else {
                    String::new()
                },
            ),
        ],
        2,
        style,
    ));
    text
}
