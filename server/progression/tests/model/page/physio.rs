//! What a physio says (§6 Physio).

use std::cmp::Ordering;

use rung_progression::{
    Amendment, Event, EventBody, Outcome, ReasonCode, RungIndex, RungSetting, TrackDefinition,
    TrackId,
};

use super::settle::index;
use super::track::Set;
use super::{Decided, Facts, Fired, Model, Track, fired};

impl Model {
    pub(crate) fn physio(&mut self, event: &Event) {
        match &event.body {
            EventBody::Start { effective } => {
                if self.started.is_none() {
                    self.started = Some(*effective);
                    let begins = event.date >= *effective;
                    let outcome = if begins {
                        Outcome::Repeat
                    } else {
                        Outcome::Hold
                    };
                    self.decide(None, self.unless_paused(fired(ReasonCode::Start, outcome)));
                }
            }
            EventBody::Pause { .. } => {
                let reasons = self.unless_paused(fired(ReasonCode::Pause, Outcome::Pause));
                self.pause(ReasonCode::Pause);
                self.decide(None, reasons);
            }
            EventBody::Resume { rungs, .. } => self.resume(event, rungs),
            EventBody::MoveTo { track, rung, .. } => self.move_to(event, *track, *rung),
            EventBody::Approve { track, .. } => self.approve(event, *track),
            EventBody::Decline { track, .. } => {
                let track = self.index(*track);
                if self.tracks[track].awaiting {
                    self.tracks[track].lose_count();
                    self.decide(
                        Some(track),
                        vec![fired(ReasonCode::Decline, Outcome::Repeat)],
                    );
                }
            }
            EventBody::Amend(amendment) => self.amend(amendment),
            _ => unreachable!("not a physio's"),
        }
    }

    fn resume(&mut self, event: &Event, rungs: &[RungSetting]) {
        if self.paused.is_none() {
            return;
        }
        self.paused = None;
        self.resumed = self.resumed.max(Some(event.date));
        for track in 0..self.tracks.len() {
            let named = rungs.iter().find(|set| set.track == self.tracks[track].id);
            let state = &mut self.tracks[track];
            let from = state.rung;
            state.go_to(named.map_or(from, |set| set.rung));
            state.lose_count();
            state.pending = None;
            state.now = Facts::default();
            if let Some(last) = &mut state.last {
                last.in_grades = false;
            }
            state.layoff_level = 0;
            let rung = state.rung;
            state.set = Some(Set {
                date: event.date,
                rung,
                resume: true,
                session_since: false,
            });
            self.decide_from(
                Some(track),
                Some(from),
                vec![direction(ReasonCode::Resume, from, rung)],
            );
        }
    }

    /// May skip rungs, does not clear a pause.
    fn move_to(&mut self, event: &Event, track: TrackId, rung: RungIndex) {
        let track = self.index(track);
        let reasons = self.unless_paused(direction(ReasonCode::MoveTo, self.rung(track), rung));
        self.change(track, reasons, |state| {
            state.go_to(rung);
            state.lose_count();
            state.layoff_level = 0;
            state.set = Some(Set {
                date: event.date,
                rung,
                resume: false,
                session_since: false,
            });
        });
    }

    /// "APPROVE while it holds, and not paused, ill, low, in a deload week or capped."
    fn approve(&mut self, event: &Event, track: TrackId) {
        let track = self.index(track);
        let date = event.date;
        let refused = !self.tracks[track].awaiting
            || self.paused.is_some()
            || self.is_ill(date)
            || self.is_low(date)
            || self.is_deload(track, date)
            || self.is_capped(track, date);
        if refused {
            return;
        }
        let approved = vec![fired(ReasonCode::Approve, Outcome::Advance)];
        self.change(track, approved, |state| {
            state.go_to(index(state.rung.get() + 1));
            state.advances.push(date);
        });
    }

    /// A new revision: kept tracks go on, new ones begin, removed ones close. Adopted: a
    /// rung is the same if its dose and effort, its rest, the track's policy and what the
    /// ladder loads are; on other rungs the rungs of before are taken to be the one that
    /// the physio set, or lower, and only its top is `done`.
    fn amend(&mut self, amendment: &Amendment) {
        let old = std::mem::replace(&mut self.plan, amendment.to.clone());
        let former = std::mem::take(&mut self.tracks);
        for definition in &amendment.to.tracks {
            let Some((_, was)) = old.track(definition.id) else {
                self.tracks.push(Track::new(definition));
                continue;
            };
            let kept = former.iter().find(|state| state.id == definition.id);
            let mut state = kept.expect("a track of the plan").clone();
            let named = amendment
                .rungs
                .iter()
                .find(|set| set.track == definition.id);
            let from = state.rung;
            // Adopted: where nobody names a rung and the old one is gone, it is the top.
            let rung = named.map_or(from.min(definition.ladder.top()), |set| set.rung);
            if from != rung || !same_criteria(was, definition, rung) {
                state.rung = rung;
                state.lose_count();
                state.block(ReasonCode::Moved);
            }
            // "APPROVE … is an ADVANCE of exactly 1": not from the top.
            state.awaiting &= rung < definition.ladder.top();
            if asked(was) != asked(definition) {
                state.done &= rung == definition.ladder.top();
                if let Some(last) = &mut state.last {
                    last.rung = last.rung.min(rung);
                    last.rung_before = last.rung_before.min(rung);
                }
                if let Some(set) = &mut state.set {
                    set.rung = set.rung.min(rung);
                }
            }
            self.tracks.push(state);
        }
        // "Rest earned on a RUNNING track … holds on every RUNNING track", also a new one,
        // and after the track that earned it is gone.
        let ran = old
            .tracks
            .iter()
            .zip(&former)
            .filter(|(track, _)| track.is_running());
        for (date, at) in ran.filter_map(|(_, state)| state.not_before) {
            self.hold(&self.running(), date, at);
        }
        for (track, definition) in amendment.to.tracks.iter().enumerate() {
            let kept = former.iter().find(|state| state.id == definition.id);
            let to = self.rung(track);
            let from = kept.map_or(to, |state| state.rung);
            let amended = direction(ReasonCode::Amend, from, to);
            let reasons = if kept.is_some() {
                self.unless_paused(amended)
            } else {
                vec![amended]
            };
            self.decide_from(Some(track), Some(from), reasons);
        }
        for state in former
            .iter()
            .filter(|state| amendment.to.track(state.id).is_none())
        {
            self.decided.push(Decided {
                track: Some(state.id),
                outcome: Outcome::Repeat,
                from: Some(state.rung),
                to: Some(state.rung),
                ask: None,
                codes: vec![ReasonCode::Amend],
            });
        }
    }
}

/// What the rungs of a track ask for; a cue is no dose and no criterion.
fn asked(track: &TrackDefinition) -> Vec<impl PartialEq> {
    let rungs = track.ladder.rungs.iter();
    rungs.map(|rung| (rung.dose, rung.effort)).collect()
}

fn same_criteria(was: &TrackDefinition, is: &TrackDefinition, rung: RungIndex) -> bool {
    let loads = |track: &TrackDefinition| {
        let ladder = &track.ladder;
        (ladder.kind, ladder.unit, ladder.profile)
    };
    let rung_of = |track: &TrackDefinition| {
        let found = track.rung(rung).expect("a rung");
        (found.dose, found.effort, track.rest_days(rung))
    };
    loads(was) == loads(is) && was.policy == is.policy && rung_of(was) == rung_of(is)
}

fn direction(code: ReasonCode, from: RungIndex, to: RungIndex) -> Fired {
    let outcome = match to.cmp(&from) {
        Ordering::Less => Outcome::StepBack,
        Ordering::Equal => Outcome::Repeat,
        Ordering::Greater => Outcome::Advance,
    };
    fired(code, outcome)
}
