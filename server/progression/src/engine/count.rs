//! A GREEN morning on a session that nothing keeps from counting (§6 Morning).

use chrono::NaiveDate;

use super::calendar::days_between;
use super::run::Run;
use crate::decision::Outcome;
use crate::ladder::TrackKind;
use crate::policy::Policy;
use crate::reason::{Measure, Reason, ReasonCode};
use crate::state::{Pending, TrackState};

/// One more than any policy lets a track go up in 7 dates.
const ADVANCES_KEPT: usize = 8;

impl Run<'_> {
    /// Counts a session and says what follows. `held` is the reason of another running
    /// track that is RED this morning: it leaves the rung unchanged. Silent: a step up
    /// or the end of the ladder due at the same morning; both wait, `counted` is kept.
    pub(super) fn count(
        &mut self,
        index: usize,
        pending: &Pending,
        held: Option<Reason>,
    ) -> Vec<Reason> {
        let definition = self.definition(index);
        let policy = &definition.policy;
        let needed = policy.successes_to_advance;
        let contexts_needed = match definition.ladder.kind {
            TrackKind::Exposure => policy.contexts_required,
            TrackKind::Running | TrackKind::Strength => 0,
        };
        let track = self.track_mut(index);
        track.counted = track.counted.saturating_add(1);
        if let Some(context) = pending.context
            && !track.contexts.contains(&context)
            && track.contexts.len() < contexts_needed as usize
        {
            track.contexts.push(context);
        }
        let counted = track.counted;
        let contexts = u32::try_from(track.contexts.len()).unwrap_or(u32::MAX);
        let mut reason = Reason::new(ReasonCode::Counted, Outcome::Repeat).held(
            Measure::Counted,
            counted,
            needed,
        );
        if contexts_needed > 0 {
            reason = reason.held(Measure::Contexts, contexts, contexts_needed);
        }
        if let Some(held) = held {
            return vec![held, reason];
        }
        if counted < needed || contexts < contexts_needed {
            return vec![reason];
        }
        self.enough(index, pending.date, reason)
    }

    /// What enough counted sessions lead to.
    fn enough(&mut self, index: usize, date: NaiveDate, counted: Reason) -> Vec<Reason> {
        let definition = self.definition(index);
        let (rung, top) = (self.track(index).rung, definition.ladder.top());
        if rung >= top {
            if self.track(index).done {
                return vec![counted];
            }
            self.track_mut(index).done = true;
            let done = Reason::new(ReasonCode::LadderDone, Outcome::Repeat)
                .held(Measure::Rung, rung, top)
                .ask_if(true);
            return vec![done, counted];
        }
        if let Some(capped) = weekly_cap(&definition.policy, self.track(index), date) {
            return vec![capped, counted];
        }
        let next = rung.up_to(top);
        if definition.rung(next).is_none_or(|next| next.needs_approval) {
            self.track_mut(index).awaiting_approval = true;
            let asks = Reason::new(ReasonCode::NeedsApproval, Outcome::Hold)
                .saw(Measure::TargetRung, next)
                .held(Measure::ApprovalNeeded, true, false)
                .ask_if(true);
            return vec![asks, counted];
        }
        self.advance(index, date);
        vec![Reason {
            outcome: Outcome::Advance,
            ..counted
        }]
    }

    /// One rung up, dated by the session, so that a later answer never helps.
    pub(super) fn advance(&mut self, index: usize, date: NaiveDate) {
        let next = self
            .track(index)
            .rung
            .up_to(self.definition(index).ladder.top());
        self.set_rung(index, next);
        let track = self.track_mut(index);
        track.advances.push(date);
        track.advances.sort_unstable();
        let surplus = track.advances.len().saturating_sub(ADVANCES_KEPT);
        track.advances.drain(..surplus);
    }
}

/// WEEKLY_CAP. Silent: a step up dated after d, which a date that ran backwards over zones
/// can leave. The page counts those within [d − 6, d]; this one is counted too, or 7 dates
/// could hold one too many, against its own invariant 1.
pub(super) fn weekly_cap(policy: &Policy, track: &TrackState, date: NaiveDate) -> Option<Reason> {
    let cap = policy.max_advances_per_7_days;
    let recent = track
        .advances
        .iter()
        .filter(|past| days_between(**past, date) <= 6)
        .count();
    let recent = u32::try_from(recent).unwrap_or(u32::MAX);
    let mut reason = Reason::new(ReasonCode::WeeklyCap, Outcome::Hold);
    if recent >= cap {
        reason = reason.held(Measure::AdvancesIn7Days, recent, cap);
    }
    if let Some(until) = track.no_advance_before.filter(|until| date < *until) {
        reason = reason.held(Measure::SessionDate, date, until);
    }
    (!reason.evidence.is_empty()).then_some(reason)
}
