//! Settle: what time alone does (§5).

use rung_progression::event::Event;
use rung_progression::plan::Requirement;
use rung_progression::policy::LayoffTarget;
use rung_progression::{Outcome, ReasonCode, RungIndex, TissueProfile, TrackStatus};

use chrono::{NaiveDate, TimeDelta};

use super::calendar::{between, minus, monday, plus};
use super::{Model, MorningAnswer, fired};

impl Model {
    pub(crate) fn settle(&mut self, event: &Event) {
        if self.paused.is_some() {
            return;
        }
        self.missing_mornings(event);
        for track in 0..self.tracks.len() {
            self.layoff(track, event.date);
        }
        self.needs_clearance(event.date);
        self.weekly_trend(event.date);
        if self.paused.is_none() {
            self.unlock();
        }
    }

    /// 1. MORNING_MISSING, ILLNESS_LONG.
    fn missing_mornings(&mut self, event: &Event) {
        for track in 0..self.tracks.len() {
            let hours = self.plan.tracks[track].policy.morning_window_hours;
            let window = TimeDelta::hours(i64::from(hours));
            let old = self.tracks[track]
                .pending
                .as_ref()
                .is_some_and(|p| event.at - p.at > window);
            if old {
                self.close_missing(track);
            }
        }
        let today = self.counted_to(event.date);
        if let Some(ill) = &mut self.ill
            && between(ill.since, today) >= 7
            && !ill.asked
        {
            ill.asked = true;
            self.decide(
                None,
                vec![fired(ReasonCode::IllnessLong, Outcome::Hold).ask()],
            );
        }
    }

    /// A pending session to which no morning came, or before another session.
    pub(crate) fn close_missing(&mut self, track: usize) {
        let bone = self.plan.tracks[track].ladder.profile == TissueProfile::BoneStress;
        let state = &mut self.tracks[track];
        let pending = state.pending.take().expect("a pending session");
        state.missing_in_a_row += 1;
        let row = state.missing_in_a_row;
        let outcome = if bone { Outcome::Hold } else { Outcome::Repeat };
        let mut reasons = vec![fired(ReasonCode::MorningMissing, outcome).ask_if(bone && row == 1)];
        reasons.extend(pending.reasons());
        if row == 2 {
            reasons.push(fired(ReasonCode::Silent, outcome).ask());
        }
        self.decide(Some(track), reasons);
    }

    /// 2. LAYOFF.
    fn layoff(&mut self, track: usize, date: NaiveDate) {
        let definition = &self.plan.tracks[track];
        let state = &self.tracks[track];
        let Some(last) = &state.last else { return };
        let base = state
            .set
            .as_ref()
            .map_or(last.date, |set| last.date.max(set.date));
        let spacing = 7_u32
            .div_ceil(definition.sessions_per_week)
            .max(last.rest_days + 1);
        let gap = between(base, self.counted_to(date)) - i64::from(spacing);
        let rows = &definition.policy.layoff;
        let level = rows
            .iter()
            .filter(|row| gap >= i64::from(row.from_gap))
            .count();
        if level <= state.layoff_level {
            return;
        }
        let row = rows[level - 1];
        let target = self.layoff_target(track, row.target, self.layoff_reference(track));
        // Adopted: a row that lowers delays too, however short its gap.
        let delays = row.from_gap >= 3 || row.target != LayoffTarget::Repeat;
        let until = delays.then(|| plus(last.date, 7));
        let lowers = target < state.rung;
        let outcome = if lowers {
            Outcome::StepBack
        } else {
            Outcome::Repeat
        };
        let reasons = vec![fired(ReasonCode::Layoff, outcome).ask_if(row.ask)];
        self.change(track, reasons, |state| {
            state.layoff_level = level;
            state.lose_count();
            state.block(ReasonCode::Layoff);
            state.lower_to(target);
            if let Some(until) = until {
                state.no_advance_until(until);
            }
        });
    }

    /// r: the rung done in the last session; after a RESUME the lower of it and the rung
    /// set; after a MOVE_TO the rung set; of a session from before, the lower.
    fn layoff_reference(&self, track: usize) -> RungIndex {
        let state = &self.tracks[track];
        let last = state.last.as_ref().expect("a session");
        match &state.set {
            None => last.rung,
            Some(set) if set.resume || set.session_since => last.rung.min(set.rung),
            Some(set) => set.rung,
        }
    }

    fn layoff_target(&self, track: usize, target: LayoffTarget, r: RungIndex) -> RungIndex {
        let ladder = &self.plan.tracks[track].ladder;
        let r = r.min(ladder.top());
        match target {
            LayoffTarget::Repeat => self.rung(track),
            LayoffTarget::Bottom => RungIndex::MIN,
            LayoffTarget::DosePercent(percent) => {
                let dose =
                    |rung: RungIndex| u64::from(ladder.rung(rung).expect("a rung").dose.get());
                let fits = |rung: &RungIndex| dose(*rung) * 100 <= dose(r) * u64::from(percent);
                (0..=r.get())
                    .rev()
                    .map(index)
                    .find(fits)
                    .unwrap_or(RungIndex::MIN)
            }
        }
    }

    /// 42 days since the latest of any session, START and RESUME.
    fn clearance_due(&self) -> NaiveDate {
        let marks = self
            .efforts
            .iter()
            .copied()
            .chain(self.started)
            .chain(self.resumed);
        plus(marks.max().expect("a start"), 42)
    }

    /// Adopted: time is counted to where NEEDS_CLEARANCE would have paused the plan, so
    /// that many ticks equal one.
    fn counted_to(&self, date: NaiveDate) -> NaiveDate {
        date.min(self.clearance_due())
    }

    /// "After all tracks."
    fn needs_clearance(&mut self, date: NaiveDate) {
        if date >= self.clearance_due() {
            self.pause(ReasonCode::NeedsClearance);
            self.decide(
                None,
                vec![fired(ReasonCode::NeedsClearance, Outcome::Pause).ask()],
            );
        }
    }

    /// 3. WEEKLY_TREND.
    fn weekly_trend(&mut self, date: NaiveDate) {
        let this = monday(self.counted_to(date));
        if self.week.is_some_and(|week| this <= week) {
            return;
        }
        self.week = Some(this);
        let week = |back: u32| -> Vec<&MorningAnswer> {
            let start = minus(this, 7 * back);
            self.mornings
                .iter()
                .filter(|m| monday(m.date) == start)
                .collect()
        };
        let weeks = [week(3), week(2), week(1)];
        let pain = weeks
            .clone()
            .map(|week| week.iter().map(|m| m.pain).collect::<Vec<_>>());
        let stiffness =
            weeks.map(|week| week.iter().filter_map(|m| m.stiffness).collect::<Vec<_>>());
        if rises(&pain, 1) || rises(&stiffness, 10) {
            self.decide(
                None,
                vec![fired(ReasonCode::WeeklyTrend, Outcome::Hold).ask()],
            );
        }
    }

    /// 4. UNLOCKED.
    pub(crate) fn unlock(&mut self) {
        while let Some(track) = (0..self.tracks.len()).find(|track| self.opens(*track)) {
            self.tracks[track].status = TrackStatus::Active;
            self.decide(
                Some(track),
                vec![fired(ReasonCode::Unlocked, Outcome::Repeat)],
            );
        }
    }

    fn opens(&self, track: usize) -> bool {
        let locked = self.tracks[track].status == TrackStatus::Locked;
        let prerequisites = &self.plan.tracks[track].prerequisites;
        locked
            && prerequisites.iter().all(|needed| {
                let other = &self.tracks[self.index(needed.track)];
                match needed.requirement {
                    Requirement::Done => other.done,
                    Requirement::AtLeast(rung) => {
                        self.plan.concurrent
                            && other.status == TrackStatus::Active
                            && other.rung >= rung
                    }
                }
            })
    }
}

pub(crate) fn index(rung: u32) -> RungIndex {
    RungIndex::try_from(rung).expect("a rung")
}

pub(crate) fn count(answers: &[i64]) -> i64 {
    i64::try_from(answers.len()).expect("small")
}

/// Whether the mean rose by at least half of `unit` twice in a row, with at least two
/// answers each week.
fn rises(weeks: &[Vec<i64>; 3], unit: i64) -> bool {
    let enough = weeks.iter().all(|week| week.len() >= 2);
    let sum = |week: &Vec<i64>| (week.iter().sum::<i64>(), count(week));
    let rise = |from: &Vec<i64>, to: &Vec<i64>| {
        let ((a, n), (b, m)) = (sum(from), sum(to));
        // b ÷ m − a ÷ n ≥ unit ÷ 2
        2 * (b * n - a * m) >= unit * n * m
    };
    enough && rise(&weeks[0], &weeks[1]) && rise(&weeks[1], &weeks[2])
}
