//! The page of rules once more, written from its words alone and as plainly as they
//! allow: whole histories are kept in growing lists, everything is computed when it is
//! asked for. Slow and simple on purpose; it shares only the types with the engine.
//!
//! "Adopted:" marks a place where the page does not say enough and the engine's
//! reading was taken over.

mod calendar;
mod close;
mod correction;
mod grade;
mod late;
mod morning;
mod physio;
mod rest;
mod session;
mod settle;
mod track;
mod unplanned;
mod wellness;

use chrono::NaiveDate;
use rung_progression::{Event, EventBody, Outcome, PlanDefinition, ReasonCode, RungIndex, TrackId};

pub(crate) use self::track::{Facts, Pending, Session, Track};

/// One fired rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fired {
    pub(crate) code: ReasonCode,
    pub(crate) outcome: Outcome,
    /// Whether the physio has to look, and then whether at once.
    pub(crate) ask: Option<bool>,
}

pub(crate) fn fired(code: ReasonCode, outcome: Outcome) -> Fired {
    let ask = None;
    Fired { code, outcome, ask }
}

impl Fired {
    pub(crate) fn ask(self) -> Self {
        self.ask_if(true)
    }

    pub(crate) fn ask_if(self, condition: bool) -> Self {
        let ask = self.ask.max(condition.then_some(false));
        Self { ask, ..self }
    }
}

/// A decision, as far as two implementations have to agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decided {
    pub(crate) track: Option<TrackId>,
    pub(crate) outcome: Outcome,
    pub(crate) from: Option<RungIndex>,
    pub(crate) to: Option<RungIndex>,
    pub(crate) ask: Option<bool>,
    /// Sorted, each once.
    pub(crate) codes: Vec<ReasonCode>,
}

/// The answers of one wellness check-in.
#[derive(Clone, Debug)]
pub(crate) struct Answers {
    pub(crate) date: NaiveDate,
    pub(crate) items: [Option<i64>; 6],
    pub(crate) low: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Illness {
    pub(crate) since: NaiveDate,
    pub(crate) asked: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct MorningAnswer {
    pub(crate) date: NaiveDate,
    pub(crate) pain: i64,
    pub(crate) stiffness: Option<i64>,
}

#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) plan: PlanDefinition,
    pub(crate) started: Option<NaiveDate>,
    pub(crate) paused: Option<ReasonCode>,
    pub(crate) resumed: Option<NaiveDate>,
    pub(crate) tracks: Vec<Track>,
    /// The dates of all that was done, planned or not.
    efforts: Vec<NaiveDate>,
    pub(crate) ill: Option<Illness>,
    pub(crate) well_from: Option<NaiveDate>,
    wellness: Vec<Answers>,
    mornings: Vec<MorningAnswer>,
    distances: Vec<(NaiveDate, i64)>,
    /// The Monday of the last week that has begun.
    week: Option<NaiveDate>,
    decided: Vec<Decided>,
    /// How many decisions settling made.
    settled: usize,
}

/// A red flag on a check-in; on a correction, one the old one had not. Adopted: one flag
/// instead of another is a new one.
fn has_new_flag(event: &Event) -> bool {
    let old = match &event.body {
        EventBody::Correction(correction) => correction.was.red_flags(),
        _ => &[],
    };
    event.red_flags().iter().any(|flag| !old.contains(flag))
}

impl Model {
    pub(crate) fn new(plan: PlanDefinition) -> Self {
        Self {
            tracks: plan.tracks.iter().map(Track::new).collect(),
            plan,
            started: None,
            paused: None,
            resumed: None,
            efforts: Vec::new(),
            ill: None,
            well_from: None,
            wellness: Vec::new(),
            mornings: Vec::new(),
            distances: Vec::new(),
            week: None,
            decided: Vec::new(),
            settled: 0,
        }
    }

    /// Applies an event and says what was decided.
    pub(crate) fn apply(&mut self, event: &Event) -> Vec<Decided> {
        let begun = self.started.is_some_and(|start| event.date >= start);
        if begun {
            self.settle(event);
        }
        self.settled = self.decided.len();
        if has_new_flag(event) {
            self.red_flag(event, begun);
        } else if begun || !event.is_check_in() {
            self.judge(event);
        } else {
            self.before_start(event);
        }
        let begun = self.started.is_some_and(|start| event.date >= start);
        if begun && self.paused.is_none() {
            self.unlock();
        }
        std::mem::take(&mut self.decided)
    }

    fn judge(&mut self, event: &Event) {
        match &event.body {
            EventBody::Session(report) => self.session(event, report),
            EventBody::Unplanned(report) => self.unplanned(event, report),
            EventBody::Morning(report) => self.morning(event, report),
            EventBody::Wellness(report) => self.wellness(event, report),
            EventBody::Correction(correction) => self.correction(event, correction),
            EventBody::Tick => {}
            _ => self.physio(event),
        }
    }

    /// "Nothing but red flags is judged; wellness answers are stored." Adopted: what a
    /// physio says holds before START too.
    fn before_start(&mut self, event: &Event) {
        if let EventBody::Wellness(report) = &event.body {
            self.store_wellness(event, report);
        }
    }

    /// RED_FLAG: the plan pauses, nothing else of the check-in is judged.
    fn red_flag(&mut self, event: &Event, begun: bool) {
        self.pause(ReasonCode::RedFlag);
        let mut reasons = vec![Fired {
            code: ReasonCode::RedFlag,
            outcome: Outcome::Pause,
            ask: Some(true),
        }];
        if begun && matches!(event.body, EventBody::Correction(_)) {
            reasons.push(fired(ReasonCode::Corrected, Outcome::Hold).ask());
        }
        self.decide(None, reasons);
    }

    /// The plan stands still. The cause is the first one, unless a red flag came later.
    fn pause(&mut self, cause: ReasonCode) {
        if self.paused.is_none() || cause == ReasonCode::RedFlag {
            self.paused = Some(cause);
        }
        for track in &mut self.tracks {
            track.awaiting = false;
        }
    }

    /// The track's rung now, for a decision that may change it.
    fn rung(&self, track: usize) -> RungIndex {
        self.tracks[track].rung
    }

    /// A decision that leaves the rung where it is.
    fn decide(&mut self, track: Option<usize>, reasons: Vec<Fired>) {
        let from = track.map(|track| self.rung(track));
        self.decide_from(track, from, reasons);
    }

    /// A decision; the rung it leads to is the one the track has by now.
    fn decide_from(&mut self, track: Option<usize>, from: Option<RungIndex>, reasons: Vec<Fired>) {
        let outcome = reasons.iter().map(|reason| reason.outcome).min();
        let ask = reasons.iter().filter_map(|reason| reason.ask).max();
        let mut codes: Vec<_> = reasons.into_iter().map(|reason| reason.code).collect();
        codes.sort();
        codes.dedup();
        self.decided.push(Decided {
            track: track.map(|track| self.tracks[track].id),
            outcome: outcome.expect("a reason"),
            from,
            to: track.map(|track| self.rung(track)),
            ask,
            codes,
        });
    }

    /// Adopted: reasons that an event gives on one track are one decision.
    fn decide_beside(&mut self, track: usize, reason: Fired) {
        let id = self.tracks[track].id;
        let own = self.decided[self.settled..].iter_mut().rev();
        let Some(own) = own.into_iter().find(|decided| decided.track == Some(id)) else {
            return self.decide(Some(track), vec![reason]);
        };
        own.outcome = own.outcome.min(reason.outcome);
        own.ask = own.ask.max(reason.ask);
        own.codes.push(reason.code);
        own.codes.sort();
        own.codes.dedup();
    }

    /// Adopted: what a physio says while the plan stands still is a PAUSE.
    fn unless_paused(&self, reason: Fired) -> Vec<Fired> {
        let paused = self
            .paused
            .map(|_| fired(ReasonCode::Paused, Outcome::Pause));
        std::iter::once(reason).chain(paused).collect()
    }

    fn index(&self, track: TrackId) -> usize {
        let found = self.tracks.iter().position(|state| state.id == track);
        found.expect("a track of the plan")
    }

    /// The tracks that share rest and REDs.
    fn running(&self) -> Vec<usize> {
        let all = 0..self.plan.tracks.len();
        all.filter(|track| self.plan.tracks[*track].is_running())
            .collect()
    }
}
