//! What an athlete should do today, or why not and until when.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::decision::Decision;
use crate::id::TrackId;
use crate::ladder::{DoseUnit, Rung, TrackKind};
use crate::plan::PlanDefinition;
use crate::reason::Reason;
use crate::scale::{Dose, RungIndex};
use crate::state::{NotBefore, PlanState};

/// What is to be done on one track.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Advice {
    /// A session may be done.
    Do {
        /// The dose advised for this day; never above the rung's.
        dose: Dose,
        /// How it is done, how hard, where, with which cues.
        rung: Box<Rung>,
    },
    /// Not today.
    Wait {
        /// When it may go on, as far as time alone decides.
        until: Option<NotBefore>,
    },
}

/// One track on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodayTrack {
    /// The track.
    pub track: TrackId,
    /// The title of its ladder.
    pub title: String,
    /// What it trains.
    pub kind: TrackKind,
    /// Its current rung.
    pub rung: RungIndex,
    /// The highest rung of its ladder.
    pub top: RungIndex,
    /// The unit of its doses.
    pub unit: DoseUnit,
    /// Sessions that counted on this rung.
    pub counted: u32,
    /// How many are needed.
    pub needed: u32,
    /// What is to be done.
    pub advice: Advice,
    /// Why; never empty.
    pub reasons: Vec<Reason>,
}

/// A check-in that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Owed {
    /// How the morning after a session is.
    Morning {
        /// The session's track.
        track: TrackId,
        /// The session's date.
        session: NaiveDate,
        /// From when it can answer.
        from: NotBefore,
        /// Until when it can answer.
        until: DateTime<Utc>,
    },
}

/// One day of an athlete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Today {
    /// The civil date asked for.
    pub date: NaiveDate,
    /// In the order of the plan.
    pub tracks: Vec<TodayTrack>,
    /// Check-ins that are due, in the order of the plan.
    pub owed: Vec<Owed>,
    /// Fixed rituals of the plan.
    pub anchors: Vec<String>,
    /// Small targets of the plan.
    pub micro_goals: Vec<String>,
    /// What time alone has decided and the sweeper has not stored yet.
    pub preview: Vec<Decision>,
}

/// What an athlete should do at an instant of a civil date.
pub fn today(
    plan: &PlanDefinition,
    _state: &PlanState,
    _at: DateTime<Utc>,
    date: NaiveDate,
) -> Today {
    Today {
        date,
        tracks: Vec::new(),
        owed: Vec::new(),
        anchors: plan.anchors.clone(),
        micro_goals: plan.micro_goals.clone(),
        preview: Vec::new(),
    }
}
