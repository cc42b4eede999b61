//! What is known about one track.

use chrono::{DateTime, NaiveDate, Utc};
use rung_progression::{Grade, ReasonCode, RungIndex, TrackDefinition, TrackId, TrackStatus};

use super::{Fired, Model};

/// What RED_AGAIN and AMBER_THRICE look at.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Of every session since the last RESUME, oldest first.
    pub grades: Vec<Grade>,
    /// Sessions in a row that were not GREEN.
    pub streak: u32,
    pub stepped_back: bool,
    /// Whether AMBER_THRICE has asked in this row.
    pub asked: bool,
}

impl Facts {
    /// Whether one of the last `n` sessions was RED.
    pub fn red_among(&self, n: usize) -> bool {
        self.grades.iter().rev().take(n).any(|grade| *grade == Grade::Red)
    }
}

/// The last session.
#[derive(Clone, Debug)]
pub struct Session {
    pub at: DateTime<Utc>,
    pub date: NaiveDate,
    pub rung: RungIndex,
    pub rest_days: u32,
    pub rung_before: RungIndex,
    /// With what its mornings made worse.
    pub grade: Grade,
    pub before: Facts,
    /// False after a RESUME has cleared the grades.
    pub in_grades: bool,
}

/// A session that waits for its morning: always the last one.
#[derive(Clone, Debug)]
pub struct Pending {
    pub at: DateTime<Utc>,
    pub date: NaiveDate,
    pub blockers: Vec<ReasonCode>,
    pub context: Option<String>,
}

/// A rung a physio set.
#[derive(Clone, Debug)]
pub struct Set {
    pub date: NaiveDate,
    pub rung: RungIndex,
    pub resume: bool,
    /// Whether a session dated before it came since.
    pub session_since: bool,
}

#[derive(Clone, Debug)]
pub struct Track {
    pub id: TrackId,
    pub status: TrackStatus,
    pub rung: RungIndex,
    pub done: bool,
    pub counted: u32,
    pub contexts: Vec<String>,
    pub awaiting: bool,
    pub pending: Option<Pending>,
    pub not_before: Option<(NaiveDate, DateTime<Utc>)>,
    pub no_advance_before: Option<NaiveDate>,
    pub last: Option<Session>,
    pub now: Facts,
    pub advances: Vec<NaiveDate>,
    pub unsure_in_a_row: u32,
    pub overdone_in_a_row: u32,
    pub missing_in_a_row: u32,
    /// The latest RESUME or MOVE_TO, until a session that is not dated before it.
    pub set: Option<Set>,
    /// The highest row of the layoff table that has acted, from 1.
    pub layoff_level: usize,
}

impl Track {
    pub fn new(track: &TrackDefinition) -> Self {
        let open = track.prerequisites.is_empty();
        Self {
            id: track.id,
            status: if open { TrackStatus::Active } else { TrackStatus::Locked },
            rung: track.start_rung,
            done: false,
            counted: 0,
            contexts: Vec::new(),
            awaiting: false,
            pending: None,
            not_before: None,
            no_advance_before: None,
            last: None,
            now: Facts::default(),
            advances: Vec::new(),
            unsure_in_a_row: 0,
            overdone_in_a_row: 0,
            missing_in_a_row: 0,
            set: None,
            layoff_level: 0,
        }
    }

    /// `counted` goes back to 0, and with it what hangs on it.
    pub fn lose_count(&mut self) {
        self.counted = 0;
        self.contexts.clear();
        self.awaiting = false;
    }

    /// A change of rung; a pending session was done for the former one.
    pub fn go_to(&mut self, rung: RungIndex) {
        if rung == self.rung {
            return;
        }
        self.rung = rung;
        self.lose_count();
        self.block(ReasonCode::Moved);
    }

    /// Like [`Track::go_to`], but never up.
    pub fn lower_to(&mut self, rung: RungIndex) {
        self.go_to(rung.min(self.rung));
    }

    /// The pending session no longer counts.
    pub fn block(&mut self, reason: ReasonCode) {
        if let Some(pending) = &mut self.pending {
            pending.blockers.push(reason);
        }
    }

    pub fn no_advance_until(&mut self, date: NaiveDate) {
        self.no_advance_before = self.no_advance_before.max(Some(date));
    }
}

impl Model {
    /// A decision about a track whose rung is changed by `change`.
    pub fn change(&mut self, track: usize, reasons: Vec<Fired>, change: impl FnOnce(&mut Track)) {
        let from = self.rung(track);
        change(&mut self.tracks[track]);
        self.decide_from(Some(track), Some(from), reasons);
    }
}
