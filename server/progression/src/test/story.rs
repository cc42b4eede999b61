//! Histories in a few lines: a plan, its state, and one event after the other.
//!
//! Day 0 is a Monday. Sessions are at 10:00 UTC, mornings at 07:00, unless an hour is
//! given. What a test does not say is the best answer there is.

mod look;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use crate::decision::Decision;
use crate::engine::{Judged, Step, decide};
use crate::event::{Event, EventBody, MorningReport, RungSetting, SessionReport, Swelling};
use crate::id::{EventId, LadderId, TrackId};
use crate::ladder::{DoseUnit, Ladder, Rung, Source, TrackKind};
use crate::plan::{Baseline, PlanDefinition, Prerequisite, Requirement, TrackDefinition};
use crate::policy::{PolicyEdits, TissueProfile};
use crate::red_flag::RedFlag;
use crate::scale::{Confidence, Dose, Fear, PainScore, RungIndex, StiffnessMinutes};
use crate::state::{NotBefore, PlanState};

pub(crate) fn pain(value: u32) -> PainScore {
    PainScore::try_from(value).expect("a pain score")
}

pub(crate) fn rung(value: u32) -> RungIndex {
    RungIndex::try_from(value).expect("a rung")
}

pub(crate) fn confidence(value: u32) -> Confidence {
    Confidence::try_from(value).expect("a confidence")
}

pub(crate) fn fear(value: u32) -> Fear {
    Fear::try_from(value).expect("a fear")
}

pub(crate) fn dose(value: u32) -> Dose {
    Dose::try_from(value).expect("a dose")
}

pub(crate) fn stiffness(value: u32) -> StiffnessMinutes {
    StiffnessMinutes::try_from(value).expect("minutes")
}

pub(crate) fn date(day: i64) -> NaiveDate {
    let monday = NaiveDate::from_ymd_opt(2026, 3, 2).expect("a date");
    monday + TimeDelta::days(day)
}

pub(crate) fn instant(day: i64, hour: i64) -> DateTime<Utc> {
    date(day).and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::hours(hour)
}

pub(crate) fn not_before(day: u64, at_day: i64, hour: i64) -> NotBefore {
    NotBefore {
        date: date(0) + Days::new(day),
        at: instant(at_day, hour),
    }
}

pub(crate) fn track_id(index: usize) -> TrackId {
    TrackId::from(Uuid::from_u128(100 + index as u128))
}

/// A ladder with these doses.
pub(crate) fn ladder(kind: TrackKind, profile: TissueProfile, doses: &[u32]) -> Ladder {
    let rungs = doses.iter().enumerate().map(|(index, amount)| Rung {
        title: format!("Rung {index}"),
        dose: dose(*amount),
        instruction: "Run easily".to_owned(),
        effort: None,
        terrain: None,
        surface: None,
        cues: Vec::new(),
        rest_days: None,
        needs_approval: false,
    });
    Ladder {
        key: "test".to_owned(),
        version: 1,
        title: "Test".to_owned(),
        summary: "A ladder for tests.".to_owned(),
        source: Source {
            citation: "None".to_owned(),
            url: None,
        },
        profile,
        kind,
        unit: DoseUnit::RunningSeconds,
        sessions_per_week: 3,
        entry_criteria: Vec::new(),
        policy: PolicyEdits::default(),
        rungs: rungs.collect(),
    }
}

/// A plan of ladders with six rungs of 100 to 600, beginning on rung 2. One session a
/// week keeps layoffs out of tests that are not about them.
pub(crate) fn plan(tracks: &[(TrackKind, TissueProfile)]) -> PlanDefinition {
    let tracks = tracks.iter().enumerate().map(|(index, (kind, profile))| {
        let ladder = ladder(*kind, *profile, &[100, 200, 300, 400, 500, 600]);
        TrackDefinition {
            id: track_id(index),
            ladder_id: LadderId::from(Uuid::from_u128(200 + index as u128)),
            policy: ladder.resolved_policy(),
            ladder,
            start_rung: rung(2),
            prerequisites: Vec::new(),
            sessions_per_week: 1,
            entry: Vec::new(),
        }
    });
    PlanDefinition {
        revision: 1,
        tracks: tracks.collect(),
        baseline: Baseline {
            pain: pain(0),
            stiffness: StiffnessMinutes::MIN,
            over_limit_reason: None,
        },
        concurrent: true,
        weekdays: Vec::new(),
        anchors: Vec::new(),
        micro_goals: Vec::new(),
        coping_tools: Vec::new(),
        sites: Vec::new(),
    }
}

pub(crate) fn needs(track: usize, requirement: Requirement) -> Prerequisite {
    Prerequisite {
        track: track_id(track),
        requirement,
    }
}

/// A history as it goes.
#[derive(Clone)]
pub(crate) struct Story {
    pub(crate) plan: PlanDefinition,
    pub(crate) state: PlanState,
    pub(crate) step: Vec<Decision>,
    pub(crate) judged: Judged,
    seq: u64,
}

impl Story {
    /// One running track of a profile, started on day 0.
    pub(crate) fn of(profile: TissueProfile) -> Self {
        Self::started(plan(&[(TrackKind::Running, profile)]))
    }

    /// One running track of the UNSPECIFIED profile (2 / 4, +1 / +2), started on day 0.
    pub(crate) fn new() -> Self {
        Self::of(TissueProfile::Unspecified)
    }

    /// Running tracks of the UNSPECIFIED profile, started on day 0.
    pub(crate) fn running(count: usize) -> Self {
        Self::started(plan(&vec![
            (TrackKind::Running, TissueProfile::Unspecified);
            count
        ]))
    }

    pub(crate) fn started(plan: PlanDefinition) -> Self {
        let mut story = Self::unstarted(plan);
        story.event(0, 0, EventBody::Start { effective: date(0) });
        story
    }

    pub(crate) fn unstarted(plan: PlanDefinition) -> Self {
        let state = PlanState::new(&plan);
        Self {
            plan,
            state,
            step: Vec::new(),
            judged: Judged::Fully,
            seq: 0,
        }
    }

    pub(crate) fn event(&mut self, day: i64, hour: i64, body: EventBody) -> &mut Self {
        self.event_dated(date(day), instant(day, hour), body)
    }

    pub(crate) fn event_dated(
        &mut self,
        date: NaiveDate,
        at: DateTime<Utc>,
        body: EventBody,
    ) -> &mut Self {
        self.seq += 1;
        let id = EventId::from(Uuid::from_u128(u128::from(self.seq)));
        let event = Event {
            id,
            seq: self.seq,
            at,
            date,
            revision: self.plan.revision,
            body,
        };
        let Step {
            state,
            decisions,
            judged,
        } = decide(&self.plan, &self.state, &event);
        self.state = state;
        self.step = decisions;
        self.judged = judged;
        self
    }

    /// The best session on a track's current rung.
    pub(crate) fn report(&self, track: usize) -> SessionReport {
        let current = self.state.tracks[track].rung;
        let done = self.plan.tracks[track]
            .ladder
            .rung(current)
            .expect("a rung")
            .dose;
        SessionReport {
            track: track_id(track),
            rung: current,
            pain_before: Some(PainScore::MIN),
            pain_during: PainScore::MIN,
            pain_after: PainScore::MIN,
            altered_gait: false,
            swelling: Swelling::None,
            red_flags: Vec::new(),
            dose_done: done,
            confidence: Some(confidence(9)),
            fear: None,
            feared_outcome: None,
            context: None,
            distance: None,
            earlier: None,
        }
    }

    pub(crate) fn session_on(
        &mut self,
        track: usize,
        day: i64,
        edit: impl FnOnce(&mut SessionReport),
    ) -> &mut Self {
        // Time may lower the rung before the session is judged.
        let mut settled = self.clone();
        settled.event(day, 10, EventBody::Tick);
        let mut report = settled.report(track);
        edit(&mut report);
        self.event(day, 10, EventBody::Session(report))
    }

    pub(crate) fn session(&mut self, day: i64, edit: impl FnOnce(&mut SessionReport)) -> &mut Self {
        self.session_on(0, day, edit)
    }

    /// A session with this pain during.
    pub(crate) fn pain(&mut self, day: i64, value: u32) -> &mut Self {
        self.session(day, |report| report.pain_during = pain(value))
    }

    pub(crate) fn green(&mut self, day: i64) -> &mut Self {
        self.pain(day, 0)
    }

    pub(crate) fn amber(&mut self, day: i64) -> &mut Self {
        self.pain(day, 4)
    }

    pub(crate) fn red(&mut self, day: i64) -> &mut Self {
        self.pain(day, 5)
    }

    pub(crate) fn morning_with(
        &mut self,
        day: i64,
        edit: impl FnOnce(&mut MorningReport),
    ) -> &mut Self {
        let mut report = MorningReport {
            pain: PainScore::MIN,
            stiffness: Some(StiffnessMinutes::MIN),
            swelling: Swelling::None,
            red_flags: Vec::new(),
        };
        edit(&mut report);
        self.event(day, 7, EventBody::Morning(report))
    }

    pub(crate) fn morning(&mut self, day: i64, value: u32) -> &mut Self {
        self.morning_with(day, |report| report.pain = pain(value))
    }

    /// A GREEN session and its GREEN morning.
    pub(crate) fn counted(&mut self, day: i64) -> &mut Self {
        self.green(day).morning(day + 1, 0)
    }

    pub(crate) fn tick(&mut self, day: i64) -> &mut Self {
        self.event(day, 12, EventBody::Tick)
    }

    pub(crate) fn flag(&mut self, day: i64, flag: RedFlag) -> &mut Self {
        self.morning_with(day, |report| report.red_flags = vec![flag])
    }

    pub(crate) fn pause(&mut self, day: i64) -> &mut Self {
        self.event(
            day,
            12,
            EventBody::Pause {
                reason: "Let us talk first".to_owned(),
            },
        )
    }

    pub(crate) fn resume(&mut self, day: i64, rungs: &[(usize, u32)]) -> &mut Self {
        let rungs = rungs
            .iter()
            .map(|(track, index)| RungSetting {
                track: track_id(*track),
                rung: rung(*index),
            })
            .collect();
        self.event(
            day,
            12,
            EventBody::Resume {
                rungs,
                reason: "Seen in clinic".to_owned(),
            },
        )
    }

    pub(crate) fn move_to(&mut self, day: i64, track: usize, index: u32) -> &mut Self {
        let body = EventBody::MoveTo {
            track: track_id(track),
            rung: rung(index),
            reason: "Feels strong".to_owned(),
        };
        self.event(day, 12, body)
    }
}
