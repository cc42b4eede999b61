//! What athletes expect of sessions, and whether that came true.

use rung_proto::v1;
use serde_json::Value;

use super::layout::{fields, hanging};
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

/// Predictions of one athlete, the newest first.
pub(crate) struct Predictions(pub(crate) Vec<v1::Prediction>);

impl Screen for Predictions {
    fn json(&self) -> Result<Value> {
        super::json_list(&self.0)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        sheet(&self.0, style)
    }

    fn empty(&self) -> Option<&'static str> {
        self.0.is_empty().then_some("No predictions yet.")
    }
}

fn sheet(predictions: &[v1::Prediction], style: &Style) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("made_at", For::All),
        ("rung", For::All),
        ("feared_outcome", For::All),
        ("likelihood", For::All),
        ("expected_fear", For::All),
        ("expected_pain", For::All),
        ("answered", For::Human),
        ("check_in_id", For::Machine),
        ("late", For::Machine),
        ("recorded_at", For::Machine),
        ("entered_by", For::Machine),
        ("track_id", For::Machine),
        ("plan_id", For::Machine),
        ("revision", For::Machine),
        ("id", For::Wide),
    ]);
    for p in predictions {
        let made_at = p.made_at.as_ref();
        let answered = match (p.check_in_id.is_empty(), p.late) {
            (true, _) => "not yet",
            (false, true) => "late",
            (false, false) => "yes",
        };
        let recorded = p.recorded_at.as_ref();
        sheet.row(vec![
            Cell::both(time::human(made_at, style), time::machine(made_at)),
            Cell::number(p.rung),
            Cell::text(&p.feared_outcome),
            Cell::number(p.likelihood),
            Cell::number(p.expected_fear),
            Cell::number(p.expected_pain),
            Cell::text(answered),
            Cell::text(&p.check_in_id),
            Cell::text(p.late.to_string()),
            Cell::text(time::machine(recorded)),
            Cell::text(&p.entered_by),
            Cell::text(&p.track_id),
            Cell::text(&p.plan_id),
            Cell::text(p.revision.to_string()),
            Cell::text(&p.id),
        ]);
    }
    sheet
}

/// The answer to a prediction.
pub(crate) struct Recorded(pub(crate) v1::RecordPredictionResponse);

impl Screen for Recorded {
    fn json(&self) -> Result<Value> {
        super::json(&self.0)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        sheet(self.0.prediction.as_slice(), style)
    }

    fn human(&self, style: &Style) -> String {
        let Some(p) = &self.0.prediction else {
            return String::new();
        };
        let number = |n: Option<i32>| n.map_or_else(|| "–".to_owned(), |n| n.to_string());
        let at = time::human(p.made_at.as_ref(), style);
        let mut text = format!("Prediction for rung {}, {at}\n", number(p.rung));
        let expected = format!(
            "fear {}, pain {}",
            number(p.expected_fear),
            number(p.expected_pain)
        );
        text.push_str(&fields(
            &[
                ("Feared", p.feared_outcome.clone()),
                ("Likelihood", format!("{} %", number(p.likelihood))),
                ("Expected", expected),
                ("Prediction", p.id.clone()),
            ],
            2,
            style,
        ));
        let then = format!(
            "After the session: rung checkin session --prediction {} --fear N --feared-outcome yes|no --surprise N \
             --lesson TEXT …",
            p.id
        );
        text.push('\n');
        text.push_str(&hanging("", &then, Tone::Quiet, style));
        text
    }
}
