//! Wellness (§6): illness holds, low readiness makes the day lighter.

use chrono::NaiveDate;

use super::run::Run;
use super::{Judged, day};
use crate::decision::Outcome;
use crate::event::WellnessReport;
use crate::reason::{Measure, Reason, ReasonCode, Value};
use crate::state::{ITEMS, Illness, Items, PlanState, WellnessDay};

/// So many of the latest earlier answers make what is usual.
const EARLIER: usize = 14;
/// Wellness answers that are kept, one per date: the date's own beside the earlier ones,
/// so that a second check-in of a date is held against as many.
const KEPT: usize = EARLIER + 1;
/// So many earlier answers make a mean.
const ENOUGH: i64 = 7;
/// So many items clearly worse than usual make a day low.
const BAD_ITEMS: usize = 2;
/// The least sleep, in minutes, that does not make a day low by itself.
const SLEEP_MIN: u32 = 360;
/// From here on low dates in a row are worth a physio's look.
const IN_A_ROW: usize = 3;

impl Run<'_> {
    /// Silent: what is judged while the plan is paused. The answers and the illness are
    /// kept, since a RESUME would not know of them otherwise; nothing else.
    pub(super) fn wellness(&mut self, report: &WellnessReport, begun: bool) -> Judged {
        let date = self.event.date;
        let latest = self.state.wellness.last().map(|day| day.date);
        let late = latest.filter(|latest| date < *latest);
        let low = late.is_none().then(|| self.keep(report)).flatten();
        let was_ill = self.state.ill.is_some();
        if late.is_none() {
            self.fall_ill_or_recover(report.ill);
        }
        if !begun {
            // What is answered is stored, an illness too; nothing is judged.
            return Judged::RedFlagsOnly;
        }
        if let Some(paused) = self.state.paused {
            self.decide_plan(true, vec![paused.reason(Outcome::Pause)]);
            return Judged::Fully;
        }
        if let Some(latest) = late {
            let late = Reason::new(ReasonCode::Late, Outcome::Repeat);
            self.decide_plan(true, vec![late.held(Measure::EventDate, date, latest)]);
            return Judged::Fully;
        }
        if (report.ill || was_ill)
            && let Some(illness) = day::ill(self.state, date, Outcome::Hold)
        {
            for index in self.positions() {
                let rung = self.track(index).rung;
                self.decide(index, rung, vec![illness.clone()]);
            }
        }
        if let Some(low) = low {
            let reasons = std::iter::once(low).chain(self.readiness_trend());
            let reasons = reasons.collect();
            self.decide_plan(true, reasons);
        }
        Judged::Fully
    }

    /// Keeps the answers, and says why the date is low if it is. Silent: a second
    /// check-in of a date; its answers stand for the date, which stays low once it was.
    fn keep(&mut self, report: &WellnessReport) -> Option<Reason> {
        let date = self.event.date;
        let items = report.items();
        let low = readiness_low(self.state, date, items);
        let days = &mut self.state.wellness;
        let was_low = days
            .pop_if(|day| day.date == date)
            .is_some_and(|day| day.low);
        let surplus = days.len().saturating_add(1).saturating_sub(KEPT);
        days.drain(..surplus);
        days.push(WellnessDay {
            date,
            items,
            low: was_low || low.is_some(),
        });
        low
    }

    fn fall_ill_or_recover(&mut self, ill: bool) {
        let since = self.event.date;
        match (ill, self.state.ill) {
            (true, None) => {
                self.state.ill = Some(Illness {
                    since,
                    asked: false,
                });
            }
            (false, Some(_)) => {
                self.state.ill = None;
                let tomorrow = super::calendar::add_days(since, 1);
                self.state.well_from = self.state.well_from.max(Some(tomorrow));
            }
            (true, Some(_)) | (false, None) => {}
        }
    }

    /// READINESS_TREND. Silent: dates without an answer in between; they break no row.
    fn readiness_trend(&self) -> Option<Reason> {
        let days = self.state.wellness.iter().rev();
        let row = days.take_while(|day| day.low).count();
        (row >= IN_A_ROW).then(|| {
            Reason::new(ReasonCode::ReadinessTrend, Outcome::Repeat)
                .held(Measure::LowDaysInARow, count(row), count(IN_A_ROW))
                .ask_if(true)
        })
    }
}

/// READINESS_LOW: two items clearly worse than the person's own mean, or little sleep.
fn readiness_low(state: &PlanState, date: NaiveDate, items: Items) -> Option<Reason> {
    let usual = usual(state, date);
    let answers = ITEMS.iter().zip(items).zip(usual);
    let bad = answers.filter(|((_, answer), usual)| answer.is_some_and(|it| usual.is_bad(it)));
    let bad: Vec<&str> = bad.map(|((name, _), _)| *name).collect();
    let mut reason = Reason::new(ReasonCode::ReadinessLow, Outcome::Repeat);
    if bad.len() >= BAD_ITEMS {
        reason = reason.held(Measure::BadItems, count(bad.len()), count(BAD_ITEMS));
        for item in bad {
            reason = reason.saw(Measure::Item, Value::code(item));
        }
    }
    if let Some(sleep) = items[0].map(u32::from).filter(|sleep| *sleep < SLEEP_MIN) {
        reason = reason.held(Measure::SleepMinutes, sleep, SLEEP_MIN);
    }
    (!reason.evidence.is_empty()).then_some(reason)
}

/// What a person usually answers to one item: how many answers, their sum and the sum of
/// their squares.
#[derive(Clone, Copy, Default)]
struct Usual {
    n: i64,
    sum: i64,
    squares: i64,
}

impl Usual {
    /// Worse than the mean by at least one population standard deviation: with n answers,
    /// sum S and sum of squares Q, S − n·x > 0 and (S − n·x)² ≥ n·Q − S².
    fn is_bad(self, answer: u16) -> bool {
        let below = self.sum - self.n * i64::from(answer);
        self.n >= ENOUGH
            && below > 0
            && below * below >= self.n * self.squares - self.sum * self.sum
    }
}

/// Of the latest answers before a date.
fn usual(state: &PlanState, date: NaiveDate) -> [Usual; ITEMS.len()] {
    let mut usual = [Usual::default(); ITEMS.len()];
    let earlier = state.wellness.iter().rev().filter(|day| day.date < date);
    for day in earlier.take(EARLIER) {
        for (usual, answer) in usual.iter_mut().zip(day.items) {
            let Some(answer) = answer.map(i64::from) else {
                continue;
            };
            usual.n += 1;
            usual.sum += answer;
            usual.squares += answer * answer;
        }
    }
    usual
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
