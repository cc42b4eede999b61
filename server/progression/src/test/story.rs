//! Histories in a few lines: a plan, its state, and one event after the other.
//!
//! Day 0 is a Monday. Sessions are at 10:00 UTC, mornings at 07:00, wellness at 08:00,
//! what is not planned at 18:00, unless an hour is given. What a test does not say is the
//! best answer there is.

mod look;
mod physio;
mod plan;
mod report;
mod value;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

pub(crate) use self::plan::{ladder, needs, plan, track_id};
pub(crate) use self::report::{effort, morning, report_of, wellness};
pub(crate) use self::value::{
    confidence, date, dose, fear, instant, metres, not_before, pain, rung, score, sleep, stiffness,
};
use crate::decision::Decision;
use crate::engine::{Judged, Step, decide};
use crate::event::{Event, EventBody};
use crate::id::EventId;
use crate::ladder::TrackKind;
use crate::plan::PlanDefinition;
use crate::policy::TissueProfile;
use crate::state::PlanState;

/// A history as it goes.
#[derive(Clone)]
pub(crate) struct Story {
    /// The present revision.
    pub(crate) plan: PlanDefinition,
    /// The revisions before it, oldest first.
    pub(crate) former: Vec<PlanDefinition>,
    pub(crate) state: PlanState,
    /// The decisions of the latest event.
    pub(crate) step: Vec<Decision>,
    /// How much of the latest event was judged.
    pub(crate) judged: Judged,
    /// Everything that happened.
    pub(crate) events: Vec<Event>,
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

    /// Tracks of these kinds and the UNSPECIFIED profile, started on day 0.
    pub(crate) fn kinds(kinds: &[TrackKind]) -> Self {
        let kinds = kinds.iter().map(|kind| (*kind, TissueProfile::Unspecified));
        Self::started(plan(&kinds.collect::<Vec<_>>()))
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
            former: Vec::new(),
            state,
            step: Vec::new(),
            judged: Judged::Fully,
            events: Vec::new(),
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
        let event = self.next(date, at, body);
        let Step {
            state,
            decisions,
            judged,
        } = decide(&self.plan, &self.state, &event);
        self.state = state;
        self.step = decisions;
        self.judged = judged;
        if let EventBody::Amend(amendment) = &event.body
            && judged == Judged::Fully
        {
            let former = std::mem::replace(&mut self.plan, amendment.to.clone());
            self.former.push(former);
        }
        self.events.push(event);
        self
    }

    /// The event that would be the next one.
    pub(crate) fn next(&self, date: NaiveDate, at: DateTime<Utc>, body: EventBody) -> Event {
        let seq = self.events.len() as u64 + 1;
        Event {
            id: EventId::from(Uuid::from_u128(u128::from(seq))),
            seq,
            at,
            date,
            revision: self.plan.revision,
            body,
        }
    }

    pub(crate) fn tick(&mut self, day: i64) -> &mut Self {
        self.event(day, 12, EventBody::Tick)
    }
}
