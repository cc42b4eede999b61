//! How the athlete is (§6 Wellness).

use rung_progression::{Event, Outcome, ReasonCode, WellnessReport};

use super::calendar::plus;
use super::settle::count;
use super::{Answers, Illness, Model, fired};

impl Model {
    pub(crate) fn wellness(&mut self, event: &Event, report: &WellnessReport) {
        let was_ill = self.ill.is_some();
        let low = self.store_wellness(event, report);
        // Adopted: answers and illness are kept while the plan is paused.
        if self.paused.is_some() {
            return self.decide(None, vec![fired(ReasonCode::Paused, Outcome::Pause)]);
        }
        let Some(low) = low else {
            return self.decide(None, vec![fired(ReasonCode::Late, Outcome::Repeat)]);
        };
        if report.ill || was_ill {
            for track in 0..self.tracks.len() {
                self.decide(Some(track), vec![fired(ReasonCode::Illness, Outcome::Hold)]);
            }
        }
        if low {
            let mut reasons = vec![fired(ReasonCode::ReadinessLow, Outcome::Repeat)];
            // Adopted: dates without an answer do not break the row.
            if self.wellness.len() >= 3 && self.wellness.iter().rev().take(3).all(|day| day.low) {
                reasons.push(fired(ReasonCode::ReadinessTrend, Outcome::Repeat).ask());
            }
            self.decide(None, reasons);
        }
    }

    /// "Judged only if its date is not before the last wellness date"; then, whether its
    /// answers are low. Adopted: of two check-ins of a date the later one's answers stand.
    pub(crate) fn store_wellness(
        &mut self,
        event: &Event,
        report: &WellnessReport,
    ) -> Option<bool> {
        if self
            .wellness
            .last()
            .is_some_and(|last| event.date < last.date)
        {
            return None;
        }
        match (&self.ill, report.ill) {
            (None, true) => {
                let since = event.date;
                self.ill = Some(Illness {
                    since,
                    asked: false,
                });
            }
            (Some(_), false) => {
                self.ill = None;
                self.well_from = Some(plus(event.date, 1));
            }
            _ => {}
        }
        let items = [
            report.sleep.map(i64::from),
            report.energy.map(i64::from),
            report.calm.map(i64::from),
            report.mood.map(i64::from),
            report.freshness.map(i64::from),
            report.fuelling.map(i64::from),
        ];
        let low = self.bad_items(event, items) >= 2 || items[0].is_some_and(|sleep| sleep < 360);
        match self.wellness.last_mut() {
            Some(last) if last.date == event.date => {
                last.items = items;
                last.low |= low;
            }
            _ => self.wellness.push(Answers {
                date: event.date,
                items,
                low,
            }),
        }
        Some(low)
    }

    /// Items that are worse than the person's mean of the last 14 earlier answers by at
    /// least one population standard deviation.
    fn bad_items(&self, event: &Event, items: [Option<i64>; 6]) -> usize {
        let earlier = self
            .wellness
            .iter()
            .rev()
            .filter(|answers| answers.date < event.date);
        let earlier: Vec<_> = earlier.take(14).collect();
        let is_bad = |(item, x): &(usize, i64)| {
            let answers: Vec<i64> = earlier.iter().filter_map(|day| day.items[*item]).collect();
            let n = count(&answers);
            let s: i64 = answers.iter().sum();
            let q: i64 = answers.iter().map(|answer| answer * answer).sum();
            n >= 7 && s - n * x > 0 && (s - n * x).pow(2) >= n * q - s * s
        };
        let given = items
            .into_iter()
            .enumerate()
            .filter_map(|(item, x)| Some((item, x?)));
        given.filter(is_bad).count()
    }
}
