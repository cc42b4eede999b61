//! One event being decided: the state as it changes and the decisions so far.

use chrono::NaiveDate;

use super::{Judged, Step};
use crate::decision::{Decision, ENGINE_VERSION, Outcome};
use crate::event::{Event, EventBody};
use crate::hash::fingerprint;
use crate::plan::{PlanDefinition, TrackDefinition};
use crate::reason::{Measure, Reason, ReasonCode, Value};
use crate::red_flag::RedFlag;
use crate::scale::RungIndex;
use crate::state::{Paused, PlanState, TrackState};

/// A decision before the state after the event is known.
struct Draft {
    /// Position of the track and its rung before; none for the whole plan.
    track: Option<(usize, RungIndex, RungIndex)>,
    automatic: bool,
    reasons: Vec<Reason>,
}

pub(super) struct Run<'a> {
    pub(super) plan: &'a PlanDefinition,
    pub(super) event: &'a Event,
    /// Its tracks stand in the order of the plan's, one each.
    pub(super) state: PlanState,
    before: &'a PlanState,
    drafts: Vec<Draft>,
    /// How many of them settling made.
    settled: usize,
}

impl<'a> Run<'a> {
    pub(super) fn new(plan: &'a PlanDefinition, before: &'a PlanState, event: &'a Event) -> Self {
        let mut state = before.clone();
        // A state of another revision is brought into the plan's order, so that one
        // index finds both the definition and the state of a track.
        state.tracks = plan
            .tracks
            .iter()
            .map(|track| {
                let mut kept = before
                    .track(track.id)
                    .cloned()
                    .unwrap_or_else(|| TrackState::new(track));
                kept.rung = kept.rung.min(track.ladder.top());
                kept
            })
            .collect();
        Self {
            plan,
            event,
            state,
            before,
            drafts: Vec::new(),
            settled: 0,
        }
    }

    /// The definition of the track at a position of the plan.
    pub(super) fn definition(&self, index: usize) -> &'a TrackDefinition {
        &self.plan.tracks[index]
    }

    pub(super) fn track(&self, index: usize) -> &TrackState {
        &self.state.tracks[index]
    }

    pub(super) fn track_mut(&mut self, index: usize) -> &mut TrackState {
        &mut self.state.tracks[index]
    }

    pub(super) fn positions(&self) -> std::ops::Range<usize> {
        0..self.plan.tracks.len()
    }

    pub(super) fn running_positions(&self) -> Vec<usize> {
        self.positions()
            .filter(|index| self.definition(*index).is_running())
            .collect()
    }

    /// Records a decision on a track whose rung was `from` before it.
    pub(super) fn decide(&mut self, index: usize, from: RungIndex, reasons: Vec<Reason>) {
        let to = self.track(index).rung;
        self.drafts.push(Draft {
            track: Some((index, from, to)),
            automatic: true,
            reasons,
        });
    }

    /// What was decided so far is what time alone did.
    pub(super) fn settled(&mut self) {
        self.settled = self.drafts.len();
    }

    /// A reason beside those the event has given on a track, which is one decision; a
    /// decision of its own where it gave none.
    pub(super) fn add_reason(&mut self, index: usize, reason: Reason) {
        let rung = self.track(index).rung;
        let made = self.drafts.iter_mut().skip(self.settled);
        let mut own = made.filter(|draft| draft.track.is_some_and(|(of, ..)| of == index));
        match own.next_back() {
            None => self.decide(index, rung, vec![reason]),
            Some(draft) => {
                if draft.reasons.iter().all(|known| known.code != reason.code) {
                    draft.reasons.push(reason);
                }
            }
        }
    }

    /// Records a physio's decision on a track.
    pub(super) fn instruct(&mut self, index: usize, from: RungIndex, reasons: Vec<Reason>) {
        let to = self.track(index).rung;
        self.drafts.push(Draft {
            track: Some((index, from, to)),
            automatic: false,
            reasons,
        });
    }

    /// Records a decision on the whole plan.
    pub(super) fn decide_plan(&mut self, automatic: bool, reasons: Vec<Reason>) {
        self.drafts.push(Draft {
            track: None,
            automatic,
            reasons,
        });
    }

    /// Sets a rung; a session that waits for its morning was done on another one.
    pub(super) fn set_rung(&mut self, index: usize, rung: RungIndex) {
        let from = self.track(index).rung;
        if from == rung {
            return;
        }
        self.track_mut(index).rung = rung;
        self.lose_count(index);
        // The rung it left, not the one it came to: a second move, or one long layoff in
        // place of two, must leave the same state.
        let moved = Reason::new(ReasonCode::Moved, Outcome::Repeat).saw(Measure::Rung, from);
        self.block(index, moved);
    }

    /// Makes a pending session not count, once per code.
    pub(super) fn block(&mut self, index: usize, reason: Reason) {
        if let Some(pending) = &mut self.track_mut(index).pending
            && pending
                .blockers
                .iter()
                .all(|known| known.code != reason.code)
        {
            pending.blockers.push(reason);
        }
    }

    pub(super) fn lose_count(&mut self, index: usize) {
        let track = self.track_mut(index);
        track.counted = 0;
        track.contexts.clear();
        track.awaiting_approval = false;
    }

    /// Stops the plan. The first cause stays, unless a red flag comes later.
    pub(super) fn pause(&mut self, cause: ReasonCode) {
        self.pause_since(cause, self.event.date);
    }

    pub(super) fn pause_since(&mut self, cause: ReasonCode, since: NaiveDate) {
        let replaces = match self.state.paused {
            None => true,
            Some(paused) => cause == ReasonCode::RedFlag && paused.cause != ReasonCode::RedFlag,
        };
        if replaces {
            self.state.paused = Some(Paused { cause, since });
        }
        for track in &mut self.state.tracks {
            track.awaiting_approval = false;
        }
    }

    /// RED_FLAG: any red flag on any check-in, also while paused or before START.
    /// Nothing else of the check-in is judged.
    pub(super) fn red_flag(&mut self, flags: &[RedFlag]) {
        self.pause(ReasonCode::RedFlag);
        let reason = Reason::new(ReasonCode::RedFlag, Outcome::Pause).urgent();
        let reason = flags.iter().fold(reason, |reason, flag| {
            reason.saw(Measure::RedFlag, Value::Code(flag.code().to_owned()))
        });
        self.decide_plan(true, vec![reason]);
    }

    pub(super) fn finish(mut self, judged: Judged) -> Step {
        // A tick that changed nothing leaves no trace, so that many equal one.
        let idle = self.event.body == EventBody::Tick && self.state == *self.before;
        if !idle {
            self.state.seq = self.state.seq.max(self.event.seq);
        }
        if self.drafts.is_empty() {
            return Step {
                state: self.state,
                decisions: Vec::new(),
                judged,
            };
        }
        let plan_hash = fingerprint(self.plan);
        let state_before = fingerprint(self.before);
        let state_after = fingerprint(&self.state);
        let decisions = (0_u32..)
            .zip(&self.drafts)
            .map(|(ordinal, draft)| {
                let mut reasons = draft.reasons.clone();
                reasons.sort_by_key(|reason| (reason.outcome, reason.code));
                let outcome = reasons.iter().map(|reason| reason.outcome).min();
                let track = draft.track.map(|(index, ..)| index);
                Decision {
                    event: self.event.id,
                    seq: self.event.seq,
                    ordinal,
                    date: self.event.date,
                    track: track.map(|index| self.definition(index).id),
                    automatic: draft.automatic,
                    outcome: outcome.unwrap_or(Outcome::Hold),
                    from_rung: draft.track.map(|(_, from, _)| from),
                    to_rung: draft.track.map(|(_, _, to)| to),
                    not_before: track.and_then(|index| self.track(index).not_before),
                    ask: reasons.iter().filter_map(|reason| reason.ask).max(),
                    reasons,
                    plan_revision: self.plan.revision,
                    ladder_version: track.map(|index| self.definition(index).ladder.version),
                    engine_version: ENGINE_VERSION,
                    plan_hash: plan_hash.clone(),
                    state_before: state_before.clone(),
                    state_after: state_after.clone(),
                }
            })
            .collect();
        Step {
            state: self.state,
            decisions,
            judged,
        }
    }
}
