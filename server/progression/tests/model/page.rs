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
use rung_progression::{
    Event, EventBody, Outcome, PlanDefinition, ReasonCode, RungIndex, TrackId,
};

pub use self::track::{Facts, Pending, Session, Track};

/// One fired rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fired {
    pub code: ReasonCode,
    pub outcome: Outcome,
    /// Whether the physio has to look, and then whether at once.
    pub ask: Option<bool>,
}

pub fn fired(code: ReasonCode, outcome: Outcome) -> Fired {
    let ask = None;
    Fired { code, outcome, ask }
}

impl Fired {
    pub fn ask(self) -> Self {
        self.ask_if(true)
    }

    pub fn ask_if(self, condition: bool) -> Self {
        let ask = self.ask.max(condition.then_some(false));
        Self { ask, ..self }
    }
}

/// A decision, as far as two implementations have to agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    pub track: Option<TrackId>,
    pub outcome: Outcome,
    pub from: Option<RungIndex>,
    pub to: Option<RungIndex>,
    pub ask: Option<bool>,
    /// Sorted, each once.
    pub codes: Vec<ReasonCode>,
}

/// The answers of one wellness check-in.
#[derive(Clone, Debug)]
pub struct Answers {
    pub date: NaiveDate,
    pub items: [Option<i64>; 6],
    pub low: bool,
}

#[derive(Clone, Debug)]
pub struct Illness {
    pub since: NaiveDate,
    pub asked: bool,
}

#[derive(Clone, Debug)]
pub struct MorningAnswer {
    pub date: NaiveDate,
    pub pain: i64,
    pub stiffness: Option<i64>,
}

#[derive(Clone, Debug)]
pub struct Model {
    pub plan: PlanDefinition,
    pub started: Option<NaiveDate>,
    pub paused: Option<ReasonCode>,
    pub resumed: Option<NaiveDate>,
    pub tracks: Vec<Track>,
    /// The dates of all that was done, planned or not.
    efforts: Vec<NaiveDate>,
    pub ill: Option<Illness>,
    pub well_from: Option<NaiveDate>,
    wellness: Vec<Answers>,
    mornings: Vec<MorningAnswer>,
    distances: Vec<(NaiveDate, i64)>,
    /// The Monday of the last week that has begun.
    week: Option<NaiveDate>,
    decided: Vec<Decided>,
}

impl Model {
    pub fn new(plan: PlanDefinition) -> Self {
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
        }
    }

    /// Applies an event and says what was decided.
    pub fn apply(&mut self, event: &Event) -> Vec<Decided> {
        let begun = self.started.is_some_and(|start| event.date >= start);
        if begun {
            self.settle(event);
        }
        if self.has_new_flag(event) {
            self.red_flag(event);
        } else if begun {
            self.judge(event);
        } else {
            self.before_start(event);
        }
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

    /// "Nothing but red flags is judged; wellness answers are stored."
    fn before_start(&mut self, event: &Event) {
        match &event.body {
            EventBody::Wellness(report) => {
                self.store_wellness(event, report);
            }
            EventBody::Start { .. } => self.physio(event),
            _ => {}
        }
    }

    /// A red flag on a check-in; on a correction, one the old one had not.
    fn has_new_flag(&self, event: &Event) -> bool {
        let old = match &event.body {
            EventBody::Correction(correction) => !correction.was.red_flags().is_empty(),
            _ => false,
        };
        !event.red_flags().is_empty() && !old
    }

    /// RED_FLAG: the plan pauses, nothing else of the check-in is judged.
    fn red_flag(&mut self, event: &Event) {
        self.pause(ReasonCode::RedFlag);
        let mut reasons = vec![Fired {
            code: ReasonCode::RedFlag,
            outcome: Outcome::Pause,
            ask: Some(true),
        }];
        if matches!(event.body, EventBody::Correction(_)) {
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
        let mut codes: Vec<_> = reasons.iter().map(|reason| reason.code).collect();
        codes.sort();
        codes.dedup();
        self.decided.push(Decided {
            track: track.map(|track| self.tracks[track].id),
            outcome: reasons.iter().map(|reason| reason.outcome).min().expect("a reason"),
            from,
            to: track.map(|track| self.rung(track)),
            ask: reasons.iter().filter_map(|reason| reason.ask).max(),
            codes,
        });
    }

    fn index(&self, track: TrackId) -> usize {
        let found = self.tracks.iter().position(|state| state.id == track);
        found.expect("a track of the plan")
    }

    /// The tracks that share rest and REDs.
    fn running(&self) -> Vec<usize> {
        let all = 0..self.plan.tracks.len();
        all.filter(|track| self.plan.tracks[*track].is_running()).collect()
    }
}
