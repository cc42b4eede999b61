//! One event being decided: the state as it changes and the decisions so far.

use chrono::NaiveDate;

use super::{Judged, Step};
use crate::decision::{Decision, ENGINE_VERSION, Outcome};
use crate::event::{Event, EventBody};
use crate::id::TrackId;
use crate::plan::{PlanDefinition, TrackDefinition};
use crate::reason::{Measure, Reason, ReasonCode, Value};
use crate::red_flag::RedFlag;
use crate::scale::RungIndex;
use crate::state::{Paused, PlanState, TrackState};

/// A decision before the state after the event is known.
struct Draft {
    /// The track with the version of its ladder, its rung before and its rung after;
    /// none for the whole plan.
    track: Option<(TrackId, u32, RungIndex, RungIndex)>,
    automatic: bool,
    revision: u32,
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
        let mut run = Self {
            plan,
            event,
            state: before.clone(),
            before,
            drafts: Vec::new(),
            settled: 0,
        };
        run.align(plan);
        run
    }

    /// Brings the tracks of the state into the plan's order, so that one index finds both
    /// the definition and the state of a track.
    pub(super) fn align(&mut self, plan: &'a PlanDefinition) {
        self.plan = plan;
        let tracks = &mut self.state.tracks;
        let (asked, held) = (plan.tracks.len(), tracks.len());
        let mut pairs = plan.tracks.iter().zip(&*tracks);
        if asked != held || pairs.any(|(track, state)| track.id != state.id) {
            let mut kept = std::mem::take(tracks);
            tracks.extend(plan.tracks.iter().map(|track| {
                let place = kept.iter().position(|state| state.id == track.id);
                place.map_or_else(|| TrackState::new(track), |place| kept.swap_remove(place))
            }));
        }
        for (track, state) in plan.tracks.iter().zip(tracks) {
            state.rung = state.rung.min(track.ladder.top());
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
        self.draft(index, from, true, reasons);
    }

    fn draft(&mut self, index: usize, from: RungIndex, automatic: bool, reasons: Vec<Reason>) {
        let definition = self.definition(index);
        let to = self.track(index).rung;
        self.drafts.push(Draft {
            track: Some((definition.id, definition.ladder.version, from, to)),
            automatic,
            revision: self.plan.revision,
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
        let (rung, id) = (self.track(index).rung, self.definition(index).id);
        let made = self.drafts.iter_mut().skip(self.settled);
        let mut own = made.filter(|draft| draft.track.is_some_and(|(of, ..)| of == id));
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
        self.draft(index, from, false, reasons);
    }

    /// Records a physio's decision on a track that the plan no longer has.
    pub(super) fn instruct_closed(
        &mut self,
        closed: &TrackDefinition,
        rung: RungIndex,
        reason: Reason,
    ) {
        self.drafts.push(Draft {
            track: Some((closed.id, closed.ladder.version, rung, rung)),
            automatic: false,
            revision: self.plan.revision,
            reasons: vec![reason],
        });
    }

    /// Records a decision on the whole plan.
    pub(super) fn decide_plan(&mut self, automatic: bool, reasons: Vec<Reason>) {
        self.drafts.push(Draft {
            track: None,
            automatic,
            revision: self.plan.revision,
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
        self.block(index, &moved);
    }

    /// Makes a pending session not count, once per code.
    pub(super) fn block(&mut self, index: usize, reason: &Reason) {
        if let Some(pending) = &mut self.track_mut(index).pending {
            pending.block(reason);
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
    pub(super) fn red_flag(&mut self, flags: &[RedFlag], beside: Option<Reason>) {
        self.pause(ReasonCode::RedFlag);
        let reason = Reason::new(ReasonCode::RedFlag, Outcome::Pause).urgent();
        let reason = flags.iter().fold(reason, |reason, flag| {
            reason.saw(Measure::RedFlag, Value::code(flag.code()))
        });
        let reasons = std::iter::once(reason).chain(beside);
        self.decide_plan(true, reasons.collect());
    }

    pub(super) fn finish(mut self, judged: Judged) -> Step {
        // A tick that changed nothing leaves no trace, so that many equal one.
        let idle = matches!(self.event.body, EventBody::Tick) && self.state == *self.before;
        if !idle {
            self.state.seq = self.state.seq.max(self.event.seq);
        }
        let (state, event) = (self.state, self.event);
        let decisions = (0_u32..)
            .zip(self.drafts)
            .map(|(ordinal, draft)| decision(&state, event, ordinal, draft))
            .collect();
        Step {
            state,
            decisions,
            judged,
        }
    }
}

fn decision(state: &PlanState, event: &Event, ordinal: u32, draft: Draft) -> Decision {
    let mut reasons = draft.reasons;
    reasons.sort_by_key(|reason| (reason.outcome, reason.code));
    let outcome = reasons.first().map(|reason| reason.outcome);
    let track = draft.track.map(|(id, ..)| id);
    Decision {
        event: event.id,
        seq: event.seq,
        ordinal,
        date: event.date,
        track,
        automatic: draft.automatic,
        outcome: outcome.unwrap_or(Outcome::Hold),
        from_rung: draft.track.map(|(_, _, from, _)| from),
        to_rung: draft.track.map(|(_, _, _, to)| to),
        not_before: track
            .and_then(|id| state.track(id))
            .and_then(|track| track.not_before),
        ask: reasons.iter().filter_map(|reason| reason.ask).max(),
        reasons,
        plan_revision: draft.revision,
        ladder_version: draft.track.map(|(_, version, ..)| version),
        engine_version: ENGINE_VERSION,
    }
}
