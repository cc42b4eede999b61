//! One track: what the state forbids on it, and what a session of it is.

use chrono::{DateTime, NaiveDate, TimeZone, Utc};

use super::civil::date_in;
use super::{ScheduledSession, ScheduledTrack};
use crate::engine::day::{advised, deload};
use crate::id::TrackId;
use crate::plan::TrackDefinition;
use crate::reason::ReasonCode;
use crate::scale::Dose;
use crate::state::{NotBefore, PlanState};
use crate::today::{Advice, TodayTrack};

/// A track of the plan.
pub(super) struct Track<'a> {
    definition: &'a TrackDefinition,
    state: &'a PlanState,
    shown: ScheduledTrack,
    /// The first date by what was earned already; none: nothing was.
    pub(super) rested: Option<NaiveDate>,
    /// The instant before which it is too early, and its date.
    instant: Option<(NaiveDate, DateTime<Utc>)>,
}

impl<'a> Track<'a> {
    pub(super) fn new<Z: TimeZone>(
        definition: &'a TrackDefinition,
        state: &'a PlanState,
        now: &TodayTrack,
        at: DateTime<Utc>,
        zone: &Z,
    ) -> Self {
        let (waits, until) = match &now.advice {
            Advice::Do { .. } => (false, None),
            Advice::Wait { until } => (true, *until),
        };
        let earned = state
            .track(definition.id)
            .and_then(|track| track.not_before);
        let first = |bar: NotBefore| bar.date.max(date_in(bar.at, zone));
        let bars = [earned, until];
        let instant = bars.iter().flatten().map(|bar| bar.at).max();
        let reasons = now.reasons.iter();
        let barring = reasons.filter(|reason| waits && bars_all(reason.code, until));
        Self {
            definition,
            state,
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
        self.shown.sessions_per_week.min(7)
    }

    /// Full days off after a session.
    pub(super) fn rest_days(&self) -> u32 {
        self.shown.rest_days
    }

    /// Its session on a date.
    pub(super) fn session(&self, date: NaiveDate) -> ScheduledSession {
        let rung = self.definition.rung(self.shown.rung);
        let full = rung.map_or(Dose::MIN, |rung| rung.dose);
        let week = deload(&self.definition.policy, self.state, date, date);
        ScheduledSession {
            track: self.id(),
            rung: self.shown.rung,
            dose: advised(self.definition, self.state, full, date),
            deload_week: week.map(|week| week.saturating_add(1)),
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
