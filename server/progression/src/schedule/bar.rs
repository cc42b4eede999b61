//! One track: what the state forbids on it, and what a session of it is.

use chrono::{DateTime, NaiveDate, TimeZone, Utc};

use super::civil::date_in;
use super::dose::{deload_week, lighter};
use super::{ScheduledSession, ScheduledTrack};
use crate::id::TrackId;
use crate::plan::TrackDefinition;
use crate::reason::ReasonCode;
use crate::scale::Dose;
use crate::state::{NotBefore, PlanState};
use crate::today::{Advice, TodayTrack};

/// A track of the plan.
pub(super) struct Track<'a> {
    definition: &'a TrackDefinition,
    shown: ScheduledTrack,
    /// The first date by what was earned already; none: nothing was.
    pub(super) rested: Option<NaiveDate>,
    /// The instant before which it is too early, and its date.
    instant: Option<(NaiveDate, DateTime<Utc>)>,
    /// What is advised today.
    today: Option<(NaiveDate, Dose)>,
}

impl<'a> Track<'a> {
    pub(super) fn new<Z: TimeZone>(
        definition: &'a TrackDefinition,
        state: &PlanState,
        now: &TodayTrack,
        at: DateTime<Utc>,
        zone: &Z,
    ) -> Self {
        let (until, advised) = match &now.advice {
            Advice::Do { dose, .. } => (None, Some(*dose)),
            Advice::Wait { until } => (*until, None),
        };
        let earned = state
            .track(definition.id)
            .and_then(|track| track.not_before);
        let first = |bar: NotBefore| bar.date.max(date_in(bar.at, zone));
        let bars = [earned, until];
        let instant = bars.iter().flatten().map(|bar| bar.at).max();
        let reasons = now.reasons.iter();
        let barring = reasons.filter(|reason| advised.is_none() && bars_all(reason.code, until));
        Self {
            definition,
            shown: ScheduledTrack {
                track: definition.id,
                title: now.title.clone(),
                kind: now.kind,
                rung: now.rung,
                top: now.top,
                unit: now.unit,
                sessions_per_week: definition.sessions_per_week,
                rest_days: definition.rest_days(now.rung),
                reasons: barring.cloned().collect(),
            },
            rested: bars.into_iter().flatten().map(first).max(),
            instant: instant
                .filter(|instant| *instant > at)
                .map(|instant| (date_in(instant, zone), instant)),
            today: advised.map(|dose| (date_in(at, zone), dose)),
        }
    }

    pub(super) fn id(&self) -> TrackId {
        self.definition.id
    }

    pub(super) fn is_running(&self) -> bool {
        self.definition.is_running()
    }

    /// Whether sessions are laid on it.
    pub(super) fn is_laid(&self) -> bool {
        self.shown.reasons.is_empty()
    }

    /// Sessions a week, at most one a day.
    pub(super) fn wanted(&self) -> u32 {
        self.shown.sessions_per_week
    }

    /// Full days off after a session.
    pub(super) fn rest_days(&self) -> u32 {
        self.shown.rest_days
    }

    /// Its session on a date.
    pub(super) fn session(&self, start: Option<NaiveDate>, date: NaiveDate) -> ScheduledSession {
        let rung = self.definition.rung(self.shown.rung);
        let full = rung.map_or(Dose::MIN, |rung| rung.dose);
        let week = deload_week(&self.definition.policy, start, date);
        let dose = week.map_or(full, |_| lighter(self.definition, full));
        let today = self.today.filter(|(today, _)| *today == date);
        ScheduledSession {
            track: self.id(),
            rung: self.shown.rung,
            dose: today.map_or(dose, |(_, advised)| advised.min(dose)),
            deload_week: week,
            not_before: self
                .instant
                .filter(|(on, _)| *on == date)
                .map(|(_, instant)| instant),
        }
    }

    pub(super) fn shown(self) -> ScheduledTrack {
        self.shown
    }
}

/// Whether a reason keeps a track from training until somebody does something.
fn bars_all(code: ReasonCode, until: Option<NotBefore>) -> bool {
    match code {
        ReasonCode::Paused | ReasonCode::Locked => true,
        ReasonCode::Start | ReasonCode::Illness => until.is_none(),
        _ => false,
    }
}
