//! A step up that waits for the physio's word (§6 Physio).

use chrono::NaiveDate;

use super::Judged;
use super::count::weekly_cap;
use super::day;
use super::physio::said;
use super::run::Run;
use crate::decision::Outcome;
use crate::id::TrackId;
use crate::plan::PlanDefinition;
use crate::reason::{Measure, Reason, ReasonCode};
use crate::state::PlanState;

impl PlanDefinition {
    /// What keeps a step up from being approved on a date; empty: it can be.
    pub fn bars_to_approval(
        &self,
        state: &PlanState,
        track: TrackId,
        date: NaiveDate,
    ) -> Vec<Reason> {
        let hold = Outcome::Hold;
        let Some(((_, definition), track)) = self.track(track).zip(state.track(track)) else {
            return vec![Reason::new(ReasonCode::Locked, hold)];
        };
        let policy = &definition.policy;
        let waits = (!track.awaiting_approval).then(|| {
            let next = track.rung.up_to(definition.ladder.top());
            Reason::new(ReasonCode::NeedsApproval, hold)
                .saw(Measure::TargetRung, next)
                .held(Measure::ApprovalNeeded, false, true)
        });
        let low = day::low(state, date, date);
        let bars = [
            state.paused.map(|paused| paused.reason(Outcome::Pause)),
            waits,
            day::ill(state, date, hold),
            low.map(|date| Reason::new(ReasonCode::ReadinessLow, hold).saw(Measure::LowDate, date)),
            day::deload(policy, state, date, date)
                .map(|week| day::deload_reason(policy, week, hold)),
            weekly_cap(policy, track, date),
        ];
        bars.into_iter().flatten().collect()
    }
}

impl Run<'_> {
    /// APPROVE: a step up of exactly one, dated by its own date.
    pub(super) fn approve(&mut self, track: TrackId, why: &str) -> Judged {
        let date = self.event.date;
        let bars = self.plan.bars_to_approval(self.state, track, date);
        let Some((index, _)) = self.plan.track(track).filter(|_| bars.is_empty()) else {
            return Judged::Refused;
        };
        let from = self.track(index).rung;
        self.advance(index, date);
        let to = self.track(index).rung;
        let reason = Reason::new(ReasonCode::Approve, Outcome::Advance);
        let reason = reason.held(Measure::Rung, to, from);
        let reason = if why.is_empty() {
            reason
        } else {
            said(reason, why)
        };
        self.instruct(index, from, vec![reason]);
        Judged::Fully
    }

    /// DECLINE: counting begins again.
    pub(super) fn decline(&mut self, track: TrackId, why: &str) -> Judged {
        let found = self.plan.track(track);
        let Some((index, _)) = found.filter(|(index, _)| self.track(*index).awaiting_approval)
        else {
            return Judged::Refused;
        };
        let rung = self.track(index).rung;
        self.lose_count(index);
        let reason = Reason::new(ReasonCode::Decline, Outcome::Repeat).saw(Measure::Rung, rung);
        self.instruct(index, rung, vec![said(reason, why)]);
        Judged::Fully
    }
}
