//! One event being decided: the state as it changes and the decisions so far.

use chrono::NaiveDate;

use crate::decision::{Decision, ENGINE_VERSION, Outcome};
use crate::event::{Event, EventBody};
use crate::plan::{PlanDefinition, TrackDefinition};
use crate::reason::{Measure, Reason, ReasonCode, Value};
use crate::red_flag::RedFlag;
use crate::scale::RungIndex;
use crate::state::{Paused, PlanState, TrackState};

pub(super) struct Run<'a> {
    pub(super) plan: &'a PlanDefinition,
    pub(super) event: &'a Event,
    /// Its tracks stand in the order of the plan's, one each.
    pub(super) state: &'a mut PlanState,
    /// The state before a tick, which may change nothing; of no other event.
    before: Option<PlanState>,
    /// What was decided so far. What rests on the state after the event, or on all of the
    /// reasons, is filled in at the end.
    decisions: Vec<Decision>,
    /// How many of them settling made.
    settled: usize,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        plan: &'a PlanDefinition,
        state: &'a mut PlanState,
        event: &'a Event,
    ) -> Self {
        let is_tick = matches!(event.body, EventBody::Tick);
        let mut run = Self {
            plan,
            event,
            before: is_tick.then(|| state.clone()),
            state,
            decisions: Vec::new(),
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

    pub(super) fn running_positions(&self) -> impl Iterator<Item = usize> + Clone + use<'a> {
        let tracks = self.plan.tracks.iter().enumerate();
        tracks
            .filter(|(_, track)| track.is_running())
            .map(|(index, _)| index)
    }

    /// The tracks by whose limits something beside the plan is graded: the running ones, or
    /// all where there is none.
    pub(super) fn judges(&self) -> impl Iterator<Item = usize> + use<'a> {
        let running = self.running_positions();
        let none = running.clone().next().is_none();
        let all = self.positions().filter(move |_| none);
        running.chain(all)
    }

    /// Records a decision on a track whose rung was `from` before it.
    pub(super) fn decide(&mut self, index: usize, from: RungIndex, reasons: Vec<Reason>) {
        self.draft(index, from, true, reasons);
    }

    fn draft(&mut self, index: usize, from: RungIndex, automatic: bool, reasons: Vec<Reason>) {
        let (definition, to) = (self.definition(index), self.track(index).rung);
        self.push(Some((definition, from, to)), automatic, reasons);
    }

    /// Adds a decision on a track with its rung before and after, or on the whole plan.
    fn push(
        &mut self,
        track: Option<(&TrackDefinition, RungIndex, RungIndex)>,
        automatic: bool,
        reasons: Vec<Reason>,
    ) {
        self.decisions.push(Decision {
            event: self.event.id,
            seq: self.event.seq,
            ordinal: 0,
            date: self.event.date,
            track: track.map(|(track, ..)| track.id),
            automatic,
            outcome: Outcome::Hold,
            from_rung: track.map(|(_, from, _)| from),
            to_rung: track.map(|(_, _, to)| to),
            not_before: None,
            ask: None,
            reasons,
            plan_revision: self.plan.revision,
            ladder_version: track.map(|(track, ..)| track.ladder.version),
            engine_version: ENGINE_VERSION,
        });
    }

    /// What was decided so far is what time alone did.
    pub(super) fn settled(&mut self) {
        self.settled = self.decisions.len();
    }

    /// A reason beside those the event has given on a track, which is one decision; a
    /// decision of its own where it gave none.
    pub(super) fn add_reason(&mut self, index: usize, reason: Reason) {
        let (rung, id) = (self.track(index).rung, self.definition(index).id);
        let made = self.decisions.iter_mut().skip(self.settled);
        let mut own = made.filter(|decision| decision.track == Some(id));
        match own.next_back() {
            None => self.decide(index, rung, vec![reason]),
            Some(decision) => {
                let mut known = decision.reasons.iter();
                if known.all(|known| known.code != reason.code) {
                    decision.reasons.push(reason);
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
        self.push(Some((closed, rung, rung)), false, vec![reason]);
    }

    /// Records a decision on the whole plan.
    pub(super) fn decide_plan(&mut self, automatic: bool, reasons: Vec<Reason>) {
        self.push(None, automatic, reasons);
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

    /// Completes the decisions and returns them.
    pub(super) fn finish(mut self) -> Vec<Decision> {
        // A tick that changed nothing leaves no trace, so that many equal one.
        if self.before.is_none_or(|before| before != *self.state) {
            self.state.seq = self.state.seq.max(self.event.seq);
        }
        for (ordinal, decision) in (0_u32..).zip(&mut self.decisions) {
            complete(self.state, ordinal, decision);
        }
        self.decisions
    }
}

/// What is known of a decision only at the end.
fn complete(state: &PlanState, ordinal: u32, decision: &mut Decision) {
    let reasons = &mut decision.reasons;
    reasons.sort_by_key(|reason| (reason.outcome, reason.code));
    if let Some(first) = reasons.first() {
        decision.outcome = first.outcome;
    }
    decision.ask = reasons.iter().filter_map(|reason| reason.ask).max();
    decision.ordinal = ordinal;
    let track = decision.track.and_then(|id| state.track(id));
    decision.not_before = track.and_then(|track| track.not_before);
}
