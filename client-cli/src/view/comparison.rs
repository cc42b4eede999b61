//! What another policy would have made of what happened.

use std::collections::BTreeMap;

use rung_proto::v1;
use serde_json::Value;

use super::simulation::rules;
use super::word;
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

/// The answers to `plan compare`, and what the athletes are called.
pub(crate) struct Comparisons {
    pub(crate) comparisons: Vec<v1::ComparePoliciesResponse>,
    pub(crate) names: BTreeMap<String, String>,
}

impl Screen for Comparisons {
    fn json(&self) -> Result<Value> {
        super::json_list(&self.comparisons)
    }

    /// One row an athlete. What is of the other policy or ladder is called so.
    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("athlete", For::All),
            ("events", For::All),
            ("differing", For::All),
            ("other_refused", For::All),
            ("advances", For::Human),
            ("pause", For::Machine),
            ("step_back", For::Machine),
            ("hold", For::Machine),
            ("repeat", For::Machine),
            ("advance", For::Machine),
            ("other_pause", For::Machine),
            ("other_step_back", For::Machine),
            ("other_hold", For::Machine),
            ("other_repeat", For::Machine),
            ("other_advance", For::Machine),
            ("first_date", For::All),
            ("first_seq", For::Machine),
            ("outcome", For::All),
            ("other_outcome", For::All),
            ("rules", For::Machine),
            ("other_rules", For::All),
            ("rungs", For::All),
            ("faults", For::All),
            ("athlete_id", For::Machine),
            ("plan_id", For::Machine),
        ]);
        for comparison in &self.comparisons {
            sheet.row(self.cells(comparison));
        }
        sheet
    }

    fn empty(&self) -> Option<&'static str> {
        let nothing = self.comparisons.is_empty();
        nothing.then_some("Nobody in your care has a plan that could be compared.")
    }
}

impl Comparisons {
    fn cells(&self, c: &v1::ComparePoliciesResponse) -> Vec<Cell> {
        let name = self.names.get(&c.athlete_id).unwrap_or(&c.athlete_id);
        let ran = c.faults.is_empty();
        let number = |n: i64| Cell::number(ran.then_some(n));
        let (ours, theirs) = (c.outcomes.as_ref(), c.other_outcomes.as_ref());
        let advances = ours
            .zip(theirs)
            .map(|(ours, theirs)| format!("{} → {}", ours.advance, theirs.advance));
        let mut cells = vec![
            Cell::text(name),
            number(c.events),
            number(c.differing),
            number(c.other_refused),
            Cell::text(advances.unwrap_or_default()),
        ];
        for counts in [ours, theirs] {
            let of = |count: fn(&v1::OutcomeCounts) -> i64| Cell::number(counts.map(count));
            cells.extend([
                of(|c| c.pause),
                of(|c| c.step_back),
                of(|c| c.hold),
                of(|c| c.repeat),
                of(|c| c.advance),
            ]);
        }
        let either = c.first.as_ref().or(c.other_first.as_ref());
        let date = either.and_then(|decision| decision.date.as_ref());
        let fired = |decision: Option<&v1::Decision>| decision.map_or(Cell::text(""), rules);
        cells.extend([
            Cell::text(time::machine_date(date)),
            Cell::number((c.first_seq > 0).then_some(c.first_seq)),
            outcome(c.first.as_ref(), c.first_judgement()),
            outcome(c.other_first.as_ref(), c.other_first_judgement()),
            fired(c.first.as_ref()),
            fired(c.other_first.as_ref()),
            rungs(&c.tracks),
            Cell::text(c.faults.join("; ")),
            Cell::text(&c.athlete_id),
            Cell::text(&c.plan_id),
        ]);
        cells
    }
}

/// What one of the two decides where they part first; nothing where they do not, or where it leaves no decision.
fn outcome(decision: Option<&v1::Decision>, judgement: v1::Judgement) -> Cell {
    match decision {
        _ if judgement == v1::Judgement::Refused => Cell::text("REFUSED").tone(Tone::Bad),
        None => Cell::both("–", ""),
        Some(decision) => {
            let (human, tone) = word::outcome(decision.outcome());
            Cell::both(
                human,
                word::bare(decision.outcome().as_str_name(), "OUTCOME"),
            )
            .tone(tone)
        }
    }
}

/// Where each track ends under the one and under the other.
fn rungs(tracks: &[v1::ComparedTrack]) -> Cell {
    let several = tracks.len() > 1;
    let human = tracks.iter().map(|track| {
        let ends = format!("{} → {}", track.rung, track.other_rung);
        if several {
            format!("{}: {ends}", track.ladder_title)
        } else {
            ends
        }
    });
    let machine = tracks
        .iter()
        .map(|track| format!("{}={}:{}", track.track_id, track.rung, track.other_rung));
    Cell::both(
        human.collect::<Vec<_>>().join("; "),
        machine.collect::<Vec<_>>().join(","),
    )
}
