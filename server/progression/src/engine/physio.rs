//! A physio's instructions (§6 Physio): never automatic, always with a reason.
//!
//! Silent: which decisions they leave. START and PAUSE leave one for the plan, RESUME
//! one per track, MOVE_TO one for its track; the outcome says in which direction the
//! rung went, and PAUSE wins while the plan stands still. They act before START too.

use chrono::NaiveDate;

use super::Judged;
use super::run::Run;
use crate::decision::Outcome;
use crate::event::RungSetting;
use crate::id::TrackId;
use crate::reason::{Measure, Reason, ReasonCode, Value};
use crate::scale::RungIndex;
use crate::state::Facts;

impl Run<'_> {
    /// START on a paused plan does not resume it.
    pub(super) fn start(&mut self, effective: NaiveDate) -> Judged {
        if self.state.started.is_some() {
            return Judged::Refused;
        }
        self.state.started = Some(effective);
        self.state.weeks.roll(effective);
        let outcome = if effective > self.event.date {
            Outcome::Hold
        } else {
            Outcome::Repeat
        };
        let reason = Reason::new(ReasonCode::Start, outcome).held(
            Measure::EventDate,
            self.event.date,
            effective,
        );
        self.decide_plan(false, self.unless_paused(reason));
        Judged::Fully
    }

    pub(super) fn pause_by_physio(&mut self, why: &str) -> Judged {
        let reason = Reason::new(ReasonCode::Pause, Outcome::Pause);
        let reasons = self.unless_paused(said(reason, why));
        self.pause(ReasonCode::Pause);
        self.decide_plan(false, reasons);
        Judged::Fully
    }

    /// RESUME: the only way out of a pause. A track it does not name keeps its rung. Silent: the
    /// runs that only ask (confidence, overdoing, missing mornings); they go on.
    pub(super) fn resume(&mut self, rungs: &[RungSetting], why: &str) -> Judged {
        let fits = rungs
            .iter()
            .all(|setting| self.exists(setting.track, setting.rung));
        if self.state.paused.is_none() || !fits {
            return Judged::Refused;
        }
        self.state.paused = None;
        self.state.resumed = self.state.resumed.max(Some(self.event.date));
        for index in self.positions() {
            let id = self.definition(index).id;
            let from = self.track(index).rung;
            let named = rungs.iter().find(|setting| setting.track == id);
            let rung = named.map_or(from, |setting| setting.rung);
            self.lose_count(index);
            let track = self.track_mut(index);
            track.pending = None;
            track.rung = rung;
            track.now = Facts::default();
            let reference = track.last.as_mut().map_or(rung, |last| {
                last.in_grades = false;
                last.rung.min(rung)
            });
            self.restart_layoff(index, reference);
            let reason = Reason::new(ReasonCode::Resume, direction(from, rung));
            let reason = reason.held(Measure::Rung, rung, from);
            self.instruct(index, from, vec![said(reason, why)]);
        }
        Judged::Fully
    }

    /// MOVE_TO: may skip rungs, does not clear a pause. Silent: a ladder that was done; it stays
    /// done, as it does after any later step back.
    pub(super) fn move_to(&mut self, track: TrackId, rung: RungIndex, why: &str) -> Judged {
        let Some((index, _)) = self.plan.track(track).filter(|_| self.exists(track, rung)) else {
            return Judged::Refused;
        };
        let from = self.track(index).rung;
        self.set_rung(index, rung);
        self.lose_count(index);
        self.restart_layoff(index, rung);
        let reason = Reason::new(ReasonCode::MoveTo, direction(from, rung));
        let reason = said(reason.held(Measure::Rung, rung, from), why);
        let reasons = self.unless_paused(reason);
        self.instruct(index, from, reasons);
        Judged::Fully
    }

    fn exists(&self, track: TrackId, rung: RungIndex) -> bool {
        self.plan
            .track(track)
            .is_some_and(|(_, definition)| definition.rung(rung).is_some())
    }

    /// The reason, with PAUSED beside it while the plan stands still.
    pub(super) fn unless_paused(&self, reason: Reason) -> Vec<Reason> {
        let paused = self
            .state
            .paused
            .map(|paused| paused.reason(Outcome::Pause));
        std::iter::once(reason).chain(paused).collect()
    }
}

pub(super) fn said(reason: Reason, why: &str) -> Reason {
    reason.saw(Measure::PhysioReason, Value::Text(why.to_owned()))
}

pub(super) fn direction(from: RungIndex, to: RungIndex) -> Outcome {
    match to.cmp(&from) {
        std::cmp::Ordering::Less => Outcome::StepBack,
        std::cmp::Ordering::Equal => Outcome::Repeat,
        std::cmp::Ordering::Greater => Outcome::Advance,
    }
}
