//! What time alone does (§5). Runs before every event and by Tick, while the plan is
//! not paused; decisions by step, then by track.

use chrono::NaiveDate;

use super::calendar::{add_days, days_between, hours_between, is_older};
use super::run::Run;
use crate::decision::Outcome;
use crate::policy::TissueProfile;
use crate::reason::{Measure, Reason, ReasonCode};
use crate::state::Illness;

/// Mornings missing in a row from which an athlete counts as silent.
const SILENT_FROM: u32 = 2;
/// Days after which an illness is worth a physio's look.
const ILLNESS_DAYS: i64 = 7;
/// Days without anything done after which a physio has to look before the next step.
const CLEARANCE_DAYS: u32 = 42;

impl Run<'_> {
    pub(super) fn settle(&mut self) {
        if self.state.paused.is_some() {
            return;
        }
        for index in self.positions() {
            let window = self.definition(index).policy.morning_window_hours;
            let pending = self.track(index).pending.as_ref();
            if pending.is_some_and(|pending| is_older(pending.at, self.event.at, window)) {
                self.close_missing(index, None);
            }
        }
        let due = self.clearance_due();
        let counted_to = due.map_or(self.event.date, |due| due.min(self.event.date));
        self.illness_long(counted_to);
        for index in self.positions() {
            self.layoff(index, counted_to);
        }
        self.needs_clearance(due);
        self.weekly_trend(counted_to);
        self.unlock();
    }

    /// MORNING_MISSING: closes a pending session, not counted; used by time and by the
    /// next session. For BONE_STRESS it holds, and asks at the first of a row; SILENT
    /// asks at the second of a row. Silent: which morning ends the row; one that
    /// answers this track, pending or late.
    /// `next` is the date of the session that came before any morning.
    pub(super) fn close_missing(&mut self, index: usize, next: Option<NaiveDate>) {
        let definition = self.definition(index);
        let bone = definition.ladder.profile == TissueProfile::BoneStress;
        let rung = self.track(index).rung;
        let Some(pending) = self.track_mut(index).pending.take() else {
            return;
        };
        let track = self.track_mut(index);
        track.mornings_missing = track.mornings_missing.saturating_add(1);
        let missing = track.mornings_missing;
        let outcome = if bone { Outcome::Hold } else { Outcome::Repeat };
        let closed = Reason::new(ReasonCode::MorningMissing, outcome).ask_if(bone && missing == 1);
        let closed = match next {
            Some(session) => closed.saw(Measure::SessionDate, session),
            None => closed.held(
                Measure::HoursSinceSession,
                hours_between(pending.at, self.event.at),
                definition.policy.morning_window_hours,
            ),
        };
        let mut reasons = vec![closed];
        if missing == SILENT_FROM {
            reasons.push(
                Reason::new(ReasonCode::Silent, outcome)
                    .held(Measure::MorningsMissing, missing, SILENT_FROM)
                    .ask_if(true),
            );
        }
        reasons.extend(pending.reasons());
        self.decide(index, rung, reasons);
    }

    /// ILLNESS_LONG: an illness is 7 days old, once. Silent: one that gets so old after
    /// NEEDS_CLEARANCE fell due; as with LAYOFF, time is counted to that date.
    fn illness_long(&mut self, counted_to: NaiveDate) {
        let Some(ill) = self.state.ill.filter(|ill| !ill.asked) else {
            return;
        };
        let days = days_between(ill.since, counted_to);
        if days < ILLNESS_DAYS {
            return;
        }
        self.state.ill = Some(Illness { asked: true, ..ill });
        let reason = Reason::new(ReasonCode::IllnessLong, Outcome::Hold)
            .held(Measure::IllDays, days, ILLNESS_DAYS)
            .ask_if(true);
        self.decide_plan(true, vec![reason]);
    }

    /// The date from which NEEDS_CLEARANCE holds: 42 days after the latest of any
    /// session, START and RESUME.
    fn clearance_due(&self) -> Option<NaiveDate> {
        let state = &self.state;
        let latest = state.last_session.max(state.started).max(state.resumed)?;
        Some(add_days(latest, CLEARANCE_DAYS))
    }

    /// NEEDS_CLEARANCE. The pause dates from the day it was due, so that many ticks
    /// equal one.
    fn needs_clearance(&mut self, due: Option<NaiveDate>) {
        let Some(due) = due.filter(|due| self.event.date >= *due) else {
            return;
        };
        self.pause_since(ReasonCode::NeedsClearance, due);
        let days = i64::from(CLEARANCE_DAYS) + days_between(due, self.event.date);
        let reason = Reason::new(ReasonCode::NeedsClearance, Outcome::Pause)
            .held(Measure::DaysWithoutSession, days, CLEARANCE_DAYS)
            .ask_if(true);
        self.decide_plan(true, vec![reason]);
    }
}
