//! The events of which every sequence is tried.

use chrono::TimeDelta;
use uuid::Uuid;

use super::small::Small;
use crate::event::{
    Activity, Correction, Event, EventBody, MorningReport, Report, RungSetting, SessionReport,
    Swelling, UnplannedReport, WellnessReport,
};
use crate::id::EventId;
use crate::red_flag::RedFlag;
use crate::scale::{Metres, PainScore, SleepMinutes, StiffnessMinutes};
use crate::state::PlanState;
use crate::test::story::{confidence, date, instant, pain, rung, track_id};

/// How a session was, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Answer {
    Good,
    /// Without an answer about confidence.
    Unsaid,
    /// Without confidence.
    Unsure,
    /// Pain that is AMBER, or RED where there is no AMBER.
    Amber,
    Red,
}

/// One event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letter {
    /// On the current rung of a track.
    Session(usize, Answer),
    /// On the first track, reported a day after it was.
    Late(Answer),
    /// A session of the day before on the first track, reported as good, was so.
    Correct(Answer),
    Morning(Answer),
    /// A morning with a red flag.
    Flag,
    Run(Answer),
    /// Ill or not, slept enough or not.
    Day {
        ill: bool,
        short: bool,
    },
    Nothing,
    /// A physio's, from here on.
    Resume,
    /// The first track to its top, or from there to its bottom.
    Move,
    Approve,
}

/// Every letter without a physio's.
pub(super) const ATHLETE: [Letter; 17] = [
    Letter::Session(0, Answer::Good),
    Letter::Session(0, Answer::Unsaid),
    Letter::Session(0, Answer::Unsure),
    Letter::Session(0, Answer::Amber),
    Letter::Session(0, Answer::Red),
    Letter::Session(1, Answer::Good),
    Letter::Session(1, Answer::Amber),
    Letter::Session(1, Answer::Red),
    Letter::Late(Answer::Red),
    Letter::Correct(Answer::Red),
    Letter::Morning(Answer::Good),
    Letter::Morning(Answer::Amber),
    Letter::Morning(Answer::Red),
    Letter::Run(Answer::Red),
    Letter::Day {
        ill: true,
        short: false,
    },
    Letter::Day {
        ill: false,
        short: true,
    },
    Letter::Nothing,
];

pub(super) const PHYSIO: [Letter; 4] =
    [Letter::Flag, Letter::Resume, Letter::Move, Letter::Approve];

/// A letter and one that is worse by one answer, or says less.
pub(super) const WORSE: [(Letter, Letter); 13] = [
    (
        Letter::Session(0, Answer::Good),
        Letter::Session(0, Answer::Unsaid),
    ),
    (
        Letter::Session(0, Answer::Good),
        Letter::Session(0, Answer::Unsure),
    ),
    (
        Letter::Session(0, Answer::Good),
        Letter::Session(0, Answer::Amber),
    ),
    (
        Letter::Session(0, Answer::Amber),
        Letter::Session(0, Answer::Red),
    ),
    (
        Letter::Session(1, Answer::Good),
        Letter::Session(1, Answer::Amber),
    ),
    (
        Letter::Session(1, Answer::Amber),
        Letter::Session(1, Answer::Red),
    ),
    (Letter::Late(Answer::Good), Letter::Late(Answer::Red)),
    (Letter::Correct(Answer::Good), Letter::Correct(Answer::Red)),
    (
        Letter::Morning(Answer::Good),
        Letter::Morning(Answer::Amber),
    ),
    (Letter::Morning(Answer::Amber), Letter::Morning(Answer::Red)),
    // Silence.
    (Letter::Morning(Answer::Good), Letter::Nothing),
    (Letter::Run(Answer::Good), Letter::Run(Answer::Red)),
    (
        Letter::Day {
            ill: false,
            short: false,
        },
        Letter::Day {
            ill: false,
            short: true,
        },
    ),
];

impl Answer {
    /// Pain during an effort, by the limits of a track.
    fn pain(self, small: &Small, track: usize) -> PainScore {
        match self {
            Self::Good | Self::Unsaid | Self::Unsure => pain(0),
            Self::Amber => pain(small.plan.tracks[track].policy.green_max + 1),
            Self::Red => pain(6),
        }
    }
}

fn session(small: &Small, state: &PlanState, track: usize, answer: Answer) -> SessionReport {
    let current = state.tracks[track].rung;
    let definition = &small.plan.tracks[track];
    SessionReport {
        track: track_id(track),
        rung: current,
        pain_before: None,
        pain_during: answer.pain(small, track),
        pain_after: pain(0),
        altered_gait: false,
        swelling: Swelling::None,
        red_flags: Vec::new(),
        dose_done: definition.ladder.rungs[current.position()].dose,
        confidence: match answer {
            Answer::Unsaid => None,
            Answer::Unsure => Some(confidence(3)),
            _ => Some(confidence(9)),
        },
        fear: None,
        feared_outcome: None,
        context: Some("hill".to_owned()),
        distance: Metres::try_from(5_000_u32).ok(),
        earlier: None,
    }
}

fn morning(answer: Answer) -> MorningReport {
    let points = match answer {
        Answer::Amber => 1,
        Answer::Red => 2,
        _ => 0,
    };
    MorningReport {
        pain: pain(points),
        stiffness: Some(StiffnessMinutes::MIN),
        swelling: Swelling::None,
        red_flags: Vec::new(),
    }
}

impl Letter {
    /// The event of a letter as the one of this number, in a state: sessions are on the rung
    /// that is the current one there.
    pub(super) fn event(self, small: &Small, state: &PlanState, number: u32) -> Event {
        let day = i64::from(number) * small.days;
        let (day, hour, body) = match self {
            Self::Session(track, answer) => (
                day,
                10,
                EventBody::Session(session(small, state, track, answer)),
            ),
            Self::Late(answer) => (
                day - 1,
                9,
                EventBody::Session(session(small, state, 0, answer)),
            ),
            Self::Correct(answer) => {
                let report = |answer| Report::Session(session(small, state, 0, answer));
                let correction = Correction {
                    corrects: EventId::from(Uuid::nil()),
                    was: report(Answer::Good),
                    now: report(answer),
                };
                (day - 1, 10, EventBody::Correction(Box::new(correction)))
            }
            Self::Morning(answer) => (day, 7, EventBody::Morning(morning(answer))),
            Self::Flag => {
                let mut report = morning(Answer::Good);
                report.red_flags = vec![RedFlag::NewLimp];
                (day, 7, EventBody::Morning(report))
            }
            Self::Run(answer) => (day, 11, EventBody::Unplanned(run(small, answer))),
            Self::Day { ill, short } => (day, 6, EventBody::Wellness(wellness(ill, short))),
            Self::Nothing => (day, 12, EventBody::Tick),
            Self::Resume => {
                let tracks = (0..state.tracks.len()).map(track_id);
                let rungs = tracks.map(|track| RungSetting {
                    track,
                    rung: rung(1),
                });
                let (rungs, reason) = (rungs.collect(), "r".to_owned());
                (day, 12, EventBody::Resume { rungs, reason })
            }
            Self::Move => {
                let at_top = state.tracks[0].rung == rung(2);
                let body = EventBody::MoveTo {
                    track: track_id(0),
                    rung: rung(if at_top { 0 } else { 2 }),
                    reason: "r".to_owned(),
                };
                (day, 12, body)
            }
            Self::Approve => {
                let body = EventBody::Approve {
                    track: track_id(0),
                    reason: String::new(),
                };
                (day, 12, body)
            }
        };
        // Events say nothing of how they were reached, so that states can meet.
        Event {
            id: EventId::from(Uuid::nil()),
            seq: 0,
            at: instant(day, hour),
            date: date(0) + TimeDelta::days(day),
            revision: small.plan.revision,
            body,
        }
    }
}

fn run(small: &Small, answer: Answer) -> UnplannedReport {
    UnplannedReport {
        activity: Activity::Run,
        pain_before: None,
        pain_during: answer.pain(small, 0),
        pain_after: pain(0),
        altered_gait: false,
        swelling: Swelling::None,
        red_flags: Vec::new(),
        distance: Metres::try_from(5_000_u32).ok(),
    }
}

fn wellness(ill: bool, short: bool) -> WellnessReport {
    let minutes: u32 = if short { 300 } else { 480 };
    WellnessReport {
        ill,
        red_flags: Vec::new(),
        sleep: SleepMinutes::try_from(minutes).ok(),
        energy: None,
        calm: None,
        mood: None,
        freshness: None,
        fuelling: None,
    }
}

/// The state in which every sequence begins.
pub(super) fn started(small: &Small) -> PlanState {
    let start = Event {
        id: EventId::from(Uuid::nil()),
        seq: 0,
        at: instant(0, 0),
        date: date(0),
        revision: small.plan.revision,
        body: EventBody::Start { effective: date(0) },
    };
    crate::engine::decide(&small.plan, &PlanState::new(&small.plan), &start).state
}
