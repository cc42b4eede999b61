//! What is to be done on a day.

use rung_proto::v1;
use serde_json::Value;

use super::layout::{fields, hanging};
use super::{decision, goal, ladder, word};
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

/// The answer to `today`.
pub(crate) struct Today(pub(crate) v1::GetTodayResponse);

impl Screen for Today {
    fn json(&self) -> Result<Value> {
        super::json(&self.0)
    }

    /// One row a track.
    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("date", For::All),
            ("ladder", For::All),
            ("rung", For::All),
            ("rung_title", For::All),
            ("advised_dose", For::All),
            ("dose_unit", For::All),
            ("not_before_date", For::All),
            ("not_before_instant", For::All),
            ("reasons", For::All),
            ("owed", For::All),
            ("track_id", For::Machine),
            ("plan_id", For::Machine),
        ]);
        for track in &self.0.tracks {
            let bar = track.not_before.as_ref();
            let reasons: Vec<&str> = track.reasons.iter().map(|r| r.text.as_str()).collect();
            let owed = self.0.owed.iter().filter(|o| o.track_id == track.track_id);
            let owed = owed.map(|o| word::bare(o.kind().as_str_name(), "OWED_KIND"));
            sheet.row(vec![
                Cell::text(time::machine_date(self.0.date.as_ref())),
                Cell::text(&track.ladder_title),
                Cell::text(track.rung_index.to_string()),
                Cell::text(
                    track
                        .rung
                        .as_ref()
                        .map(|r| r.title.as_str())
                        .unwrap_or_default(),
                ),
                Cell::number(track.advised_dose),
                Cell::text(word::bare(track.dose_unit().as_str_name(), "DOSE_UNIT")),
                Cell::text(time::machine_date(bar.and_then(|b| b.date.as_ref()))),
                Cell::text(time::machine(bar.and_then(|b| b.instant.as_ref()))),
                Cell::text(reasons.join(" ")),
                Cell::text(owed.collect::<Vec<_>>().join(", ")),
                Cell::text(&track.track_id),
                Cell::text(&self.0.plan_id),
            ]);
        }
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let day = time::human_date(self.0.date.as_ref());
        let mut text = format!("{}\n", style.paint(Tone::Strong, &day));
        for owed in &self.0.owed {
            let until = time::human(owed.until.as_ref(), style);
            let line = match owed.kind() {
                v1::OwedKind::Morning => {
                    format!("How is it this morning? Tell by {until}: rung checkin morning")
                }
                v1::OwedKind::Wellness => "How are you today? rung checkin wellness".to_owned(),
                v1::OwedKind::Unspecified => format!("A check-in is owed by {until}."),
            };
            text.push_str(&hanging("", &line, Tone::Warn, style));
        }
        for track in &self.0.tracks {
            text.push('\n');
            text.push_str(&track_block(track, style));
        }
        let lists = fields(
            &[
                ("Anchors", self.0.anchors.join("\n")),
                ("Small goals", goal::goals(&self.0.micro_goals)),
                ("Coping", goal::tools(&self.0.coping_tools)),
            ],
            0,
            style,
        );
        if !lists.is_empty() {
            text.push('\n');
            text.push_str(&lists);
        }
        if !self.0.preview.is_empty() {
            text.push_str("\nWhat time alone decides until then\n");
            text.push_str(&decision::blocks(&self.0.preview, None, style));
        }
        text
    }
}

fn track_block(track: &v1::TrackToday, style: &Style) -> String {
    let empty = v1::Rung::default();
    let rung = track.rung.as_ref().unwrap_or(&empty);
    let place = word::rung(track.rung_index, Some(track.top_rung), &rung.title);
    let mut text = hanging(
        "",
        &format!("{}, {place}", track.ladder_title),
        Tone::Strong,
        style,
    );
    if let Some(dose) = track.advised_dose {
        text.push_str(&fields(
            &[
                ("Today", word::dose(dose, track.dose_unit())),
                ("How", rung.instruction.clone()),
                ("Sets", ladder::sets(rung)),
                ("Write down", rung.prediction.clone()),
                ("Effort", ladder::effort_of_ten(rung)),
                ("Where", ladder::place(rung)),
                ("Cues", rung.cues.join(", ")),
            ],
            2,
            style,
        ));
    } else {
        let until = match &track.not_before {
            Some(bar) => {
                let bar = time::not_before(bar, style);
                format!("Not today. Next session not before {bar}.")
            }
            None => "Not today.".to_owned(),
        };
        text.push_str(&hanging("  ", &until, Tone::Warn, style));
    }
    for reason in &track.reasons {
        text.push_str(&decision::reason_lines(reason, style));
    }
    text
}
