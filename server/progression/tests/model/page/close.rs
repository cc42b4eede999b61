//! A GREEN morning of a GREEN session: it counts, or says why not (§6 Morning).

use chrono::NaiveDate;
use rung_progression::{Event, Outcome, ReasonCode, TrackKind};

use super::calendar::{dates, minus};
use super::settle::index;
use super::{Fired, Model, Pending, fired};

impl Model {
    /// The pending session's blockers, with those that are judged again when it closes,
    /// "for every date from the session's to the morning's".
    fn blocked_at_close(&self, track: usize, pending: &Pending, morning: NaiveDate) -> Vec<Fired> {
        let any = |fires: &dyn Fn(NaiveDate) -> bool| dates(pending.date, morning).any(fires);
        let mut codes = pending.blockers.clone();
        let again = [
            (any(&|date| self.is_ill(date)), ReasonCode::Illness),
            (any(&|date| self.is_low(date)), ReasonCode::ReadinessLow),
            (
                any(&|date| self.is_deload(track, date)),
                ReasonCode::DeloadWeek,
            ),
        ];
        codes.extend(
            again
                .into_iter()
                .filter(|(fires, _)| *fires)
                .map(|(_, code)| code),
        );
        codes
            .into_iter()
            .map(|code| fired(code, Outcome::Repeat))
            .collect()
    }

    /// `red` are the tracks that are RED this morning.
    pub(crate) fn close_green(&mut self, track: usize, event: &Event, red: &[usize]) {
        self.tracks[track].missing_in_a_row = 0;
        let pending = self.tracks[track]
            .pending
            .take()
            .expect("a pending session");
        let mut reasons = self.blocked_at_close(track, &pending, event.date);
        if self.paused.is_some() {
            reasons.push(fired(ReasonCode::Paused, Outcome::Repeat));
        }
        if !reasons.is_empty() {
            return self.decide(Some(track), reasons);
        }
        let definition = &self.plan.tracks[track];
        let state = &mut self.tracks[track];
        state.counted += 1;
        if let Some(context) = pending.context
            && definition.ladder.kind == TrackKind::Exposure
            && !state.contexts.contains(&context)
        {
            state.contexts.push(context);
        }
        let running = |track: usize| self.plan.tracks[track].is_running();
        if running(track) && red.iter().any(|red| running(*red)) {
            // Adopted: a step up or the end of the ladder waits on a morning on which
            // another RUNNING track is RED.
            let held = fired(ReasonCode::OtherTrackRed, Outcome::Hold);
            return self.decide(
                Some(track),
                vec![held, fired(ReasonCode::Counted, Outcome::Repeat)],
            );
        }
        self.counted(track, pending.date);
    }

    /// What a counted session of this date leads to.
    fn counted(&mut self, track: usize, date: NaiveDate) {
        let definition = &self.plan.tracks[track];
        let (state, policy) = (&self.tracks[track], &definition.policy);
        let contexts = definition.ladder.kind != TrackKind::Exposure
            || state.contexts.len() >= usize::try_from(policy.contexts_required).expect("small");
        let at_top = state.rung >= definition.ladder.top();
        let enough = state.counted >= policy.successes_to_advance && contexts;
        let again = || fired(ReasonCode::Counted, Outcome::Repeat);
        if !enough || (at_top && state.done) {
            self.decide(Some(track), vec![again()]);
        } else if at_top {
            self.tracks[track].done = true;
            let done = fired(ReasonCode::LadderDone, Outcome::Repeat).ask();
            self.decide(Some(track), vec![done, again()]);
        } else if self.is_capped(track, date) {
            self.decide(
                Some(track),
                vec![fired(ReasonCode::WeeklyCap, Outcome::Hold), again()],
            );
        } else if definition
            .rung(index(state.rung.get() + 1))
            .expect("a rung")
            .needs_approval
        {
            self.tracks[track].awaiting = true;
            let asks = fired(ReasonCode::NeedsApproval, Outcome::Hold).ask();
            self.decide(Some(track), vec![asks, again()]);
        } else {
            let advances = vec![fired(ReasonCode::Counted, Outcome::Advance)];
            self.change(track, advances, |state| {
                state.go_to(index(state.rung.get() + 1));
                state.advances.push(date);
            });
        }
    }

    /// As many advances within [d − 6, d] as a week may have, or before `no_advance_before`.
    /// Adopted: those dated after d, which a date that ran back over zones leaves, count.
    pub(crate) fn is_capped(&self, track: usize, d: NaiveDate) -> bool {
        let (state, policy) = (&self.tracks[track], &self.plan.tracks[track].policy);
        let spent = state
            .advances
            .iter()
            .filter(|date| **date >= minus(d, 6))
            .count();
        spent >= usize::try_from(policy.max_advances_per_7_days).expect("small")
            || state.no_advance_before.is_some_and(|until| d < until)
    }
}
