//! What is known about one track.

use chrono::{DateTime, NaiveDate, Utc};
use rung_progression::{
    Grade, Outcome, ReasonCode, RungIndex, TrackDefinition, TrackId, TrackStatus,
};

use super::{Fired, Model, fired};

/// What RED_AGAIN and AMBER_THRICE look at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    /// Of every session since the last RESUME, oldest first.
    pub(crate) grades: Vec<Grade>,
    /// Sessions in a row that were not GREEN.
    pub(crate) streak: u32,
    pub(crate) stepped_back: bool,
    /// Whether AMBER_THRICE has asked in this row.
    pub(crate) asked: bool,
}

impl Facts {
    /// Whether one of the last `n` sessions was RED.
    pub(crate) fn red_among(&self, n: usize) -> bool {
        self.grades
            .iter()
            .rev()
            .take(n)
            .any(|grade| *grade == Grade::Red)
    }
}

/// The last session.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) at: DateTime<Utc>,
    pub(crate) date: NaiveDate,
    pub(crate) rung: RungIndex,
    pub(crate) rest_days: u32,
    pub(crate) rung_before: RungIndex,
    /// With what its mornings made worse.
    pub(crate) grade: Grade,
    pub(crate) before: Facts,
    /// False after a RESUME has cleared the grades.
    pub(crate) in_grades: bool,
}

/// A session that waits for its morning: always the last one.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    pub(crate) at: DateTime<Utc>,
    pub(crate) date: NaiveDate,
    pub(crate) blockers: Vec<ReasonCode>,
    pub(crate) context: Option<String>,
}

impl Pending {
    /// Why it will not count.
    pub(crate) fn reasons(&self) -> impl Iterator<Item = Fired> {
        self.blockers
            .iter()
            .map(|code| fired(*code, Outcome::Repeat))
    }
}

/// A rung a physio set.
#[derive(Clone, Debug)]
pub(crate) struct Set {
    pub(crate) date: NaiveDate,
    pub(crate) rung: RungIndex,
    pub(crate) resume: bool,
    /// Whether a session dated before it came since.
    pub(crate) session_since: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Track {
    pub(crate) id: TrackId,
    pub(crate) status: TrackStatus,
    pub(crate) rung: RungIndex,
    pub(crate) done: bool,
    pub(crate) counted: u32,
    pub(crate) contexts: Vec<String>,
    pub(crate) awaiting: bool,
    pub(crate) pending: Option<Pending>,
    pub(crate) not_before: Option<(NaiveDate, DateTime<Utc>)>,
    pub(crate) no_advance_before: Option<NaiveDate>,
    pub(crate) last: Option<Session>,
    pub(crate) now: Facts,
    pub(crate) advances: Vec<NaiveDate>,
    pub(crate) unsure_in_a_row: u32,
    pub(crate) overdone_in_a_row: u32,
    pub(crate) missing_in_a_row: u32,
    /// The latest RESUME or MOVE_TO, until a session that is not dated before it.
    pub(crate) set: Option<Set>,
    /// The highest row of the layoff table that has acted, from 1.
    pub(crate) layoff_level: usize,
}

impl Track {
    pub(crate) fn new(track: &TrackDefinition) -> Self {
        let open = track.prerequisites.is_empty();
        Self {
            id: track.id,
            status: if open {
                TrackStatus::Active
            } else {
                TrackStatus::Locked
            },
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
    pub(crate) fn lose_count(&mut self) {
        self.counted = 0;
        self.contexts.clear();
        self.awaiting = false;
    }

    /// A change of rung; a pending session was done for the former one.
    pub(crate) fn go_to(&mut self, rung: RungIndex) {
        if rung == self.rung {
            return;
        }
        self.rung = rung;
        self.lose_count();
        self.block(ReasonCode::Moved);
    }

    /// Like [`Track::go_to`], but never up.
    pub(crate) fn lower_to(&mut self, rung: RungIndex) {
        self.go_to(rung.min(self.rung));
    }

    /// The pending session no longer counts.
    pub(crate) fn block(&mut self, reason: ReasonCode) {
        if let Some(pending) = &mut self.pending {
            pending.blockers.push(reason);
        }
    }

    pub(crate) fn no_advance_until(&mut self, date: NaiveDate) {
        self.no_advance_before = self.no_advance_before.max(Some(date));
    }
}

impl Model {
    /// A decision about a track whose rung is changed by `change`.
    pub(crate) fn change(
        &mut self,
        track: usize,
        reasons: Vec<Fired>,
        change: impl FnOnce(&mut Track),
    ) {
        let from = self.rung(track);
        change(&mut self.tracks[track]);
        self.decide_from(Some(track), Some(from), reasons);
    }
}
