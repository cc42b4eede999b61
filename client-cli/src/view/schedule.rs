//! What is to be done in the weeks ahead.

use rung_proto::v1;
use serde_json::Value;

use super::layout::{fields, hanging};
use super::{decision, word};
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

/// The answer to `schedule`.
pub(crate) struct Schedule(pub(crate) v1::GetScheduleResponse);

impl Screen for Schedule {
    fn json(&self) -> Result<Value> {
        super::json(&self.0)
    }

    /// One row a session, done or to be done, and a day of rest; one a track that nothing is laid on, or not all.
    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("date", For::All),
            ("what", For::All),
            ("ladder", For::All),
            ("rung", For::All),
            ("rung_title", For::All),
            ("advised_dose", For::All),
            ("dose_unit", For::All),
            ("deload_week", For::All),
            ("not_before_instant", For::All),
            ("why", For::All),
            ("track_id", For::Machine),
            ("plan_id", For::Machine),
        ]);
        for track in self.0.tracks.iter().filter(|t| !t.reasons.is_empty()) {
            let reasons: Vec<&str> = track.reasons.iter().map(|r| r.text.as_str()).collect();
            let today = self.0.today.as_ref();
            self.row(
                &mut sheet,
                today,
                "BARRED",
                &track.track_id,
                None,
                &reasons.join(" "),
            );
        }
        for week in &self.0.weeks {
            for day in &week.days {
                let on = day.date.as_ref();
                for done in &day.done {
                    self.row(&mut sheet, on, "DONE", &done.track_id, None, "");
                }
                for session in &day.sessions {
                    self.row(
                        &mut sheet,
                        on,
                        "SESSION",
                        &session.track_id,
                        Some(session),
                        "",
                    );
                }
                if is_rest(day) {
                    self.row(&mut sheet, on, "REST", "", None, "");
                }
            }
            let monday = week.days.first().and_then(|day| day.date.as_ref());
            for unfit in &week.unfit {
                self.row(
                    &mut sheet,
                    monday,
                    "UNFIT",
                    &unfit.track_id,
                    None,
                    &unfit.text,
                );
            }
        }
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let mut text = String::new();
        for track in &self.0.tracks {
            text.push_str(&track_block(track, style));
        }
        for week in &self.0.weeks {
            text.push('\n');
            text.push_str(&self.week_block(week, style));
        }
        text
    }
}

impl Schedule {
    fn track(&self, id: &str) -> Option<&v1::ScheduledTrack> {
        self.0.tracks.iter().find(|t| t.track_id == id)
    }

    fn row(
        &self,
        sheet: &mut Sheet,
        on: Option<&v1::Date>,
        what: &str,
        track_id: &str,
        session: Option<&v1::ScheduledSession>,
        why: &str,
    ) {
        let track = self.track(track_id);
        let rung = track.and_then(|t| t.rung.as_ref());
        let of_session = session.and(track);
        let lighter = session.map(|s| s.deload_week).filter(|week| *week > 0);
        sheet.row(vec![
            Cell::text(time::machine_date(on)),
            Cell::text(what),
            Cell::text(track.map(|t| t.ladder_title.clone()).unwrap_or_default()),
            Cell::number(of_session.map(|t| t.rung_index)),
            Cell::text(
                session
                    .and(rung)
                    .map(|r| r.title.clone())
                    .unwrap_or_default(),
            ),
            Cell::number(session.map(|s| s.advised_dose)),
            Cell::text(
                of_session
                    .map(|t| word::bare(t.dose_unit().as_str_name(), "DOSE_UNIT"))
                    .unwrap_or_default(),
            ),
            Cell::number(lighter),
            Cell::text(time::machine(session.and_then(|s| s.not_before.as_ref()))),
            Cell::text(why),
            Cell::text(track_id),
            Cell::text(&self.0.plan_id),
        ]);
    }

    fn week_block(&self, week: &v1::ScheduledWeek, style: &Style) -> String {
        let mut text = String::new();
        for day in &week.days {
            let lead = format!("{}  ", short_date(day.date.as_ref()));
            let tone = if is_rest(day) {
                Tone::Quiet
            } else if day.date == self.0.today {
                Tone::Strong
            } else {
                Tone::Plain
            };
            text.push_str(&hanging(&lead, &self.day(day, style), tone, style));
        }
        for unfit in &week.unfit {
            let title = self.track(&unfit.track_id).map(|t| t.ladder_title.as_str());
            let line = format!("{}: {}", title.unwrap_or_default(), unfit.text);
            text.push_str(&hanging("  ", &line, Tone::Warn, style));
        }
        text
    }

    /// What a day holds, in one line.
    fn day(&self, day: &v1::ScheduledDay, style: &Style) -> String {
        if is_rest(day) {
            return "rest".to_owned();
        }
        let title = |id: &str| match self.track(id) {
            Some(track) => track.ladder_title.clone(),
            None => "something else".to_owned(),
        };
        let done = day
            .done
            .iter()
            .map(|d| format!("{}: done", title(&d.track_id)));
        let sessions = day.sessions.iter().map(|s| {
            let unit = self.track(&s.track_id).map(v1::ScheduledTrack::dose_unit);
            let dose = word::dose(s.advised_dose, unit.unwrap_or_default());
            let mut line = format!("{}: {dose}", title(&s.track_id));
            if s.deload_week > 0 {
                line.push_str(", lighter week");
            }
            if s.not_before.is_some() {
                let from = time::human(s.not_before.as_ref(), style);
                line.push_str(&format!(", not before {from}"));
            }
            line
        });
        done.chain(sessions).collect::<Vec<_>>().join("; ")
    }
}

fn is_rest(day: &v1::ScheduledDay) -> bool {
    day.done.is_empty() && day.sessions.is_empty()
}

/// `Mon  2 Mar`.
fn short_date(date: Option<&v1::Date>) -> String {
    date.and_then(time::naive).map_or_else(
        || "–".to_owned(),
        |date| date.format("%a %e %b").to_string(),
    )
}

fn track_block(track: &v1::ScheduledTrack, style: &Style) -> String {
    let title = track.rung.as_ref().map(|r| r.title.as_str());
    let place = word::rung(
        track.rung_index,
        Some(track.top_rung),
        title.unwrap_or_default(),
    );
    let mut text = hanging(
        "",
        &format!("{}, {place}", track.ladder_title),
        Tone::Strong,
        style,
    );
    if !track.reasons.is_empty() {
        text.push_str(&hanging("  ", "No sessions for now.", Tone::Warn, style));
        for reason in &track.reasons {
            text.push_str(&decision::reason_lines(reason, style));
        }
        return text;
    }
    let rest = match track.rest_days {
        1 => "1 full day off after each".to_owned(),
        days => format!("{days} full days off after each"),
    };
    let week = format!("{} sessions; {rest}", track.sessions_per_week);
    text.push_str(&fields(&[("A week", week)], 2, style));
    text
}
