//! Why a session will not count, as far as the session itself shows (§6 Blockers).
//! LAYOFF and LATE join while it waits for its morning.

use super::run::Run;
use super::{day, unlock};
use crate::decision::Outcome;
use crate::event::SessionReport;
use crate::ladder::TrackKind;
use crate::reason::{Measure, Reason, ReasonCode};
use crate::scale::Percent;
use crate::state::TrackStatus;

/// From here on sessions in a row are worth a physio's look.
const IN_A_ROW: u32 = 3;

fn repeat(code: ReasonCode) -> Reason {
    Reason::new(code, Outcome::Repeat)
}

impl Run<'_> {
    /// Judged against the state before the session.
    pub(super) fn blockers(&self, index: usize, report: &SessionReport) -> Vec<Reason> {
        let exposure = self.definition(index).ladder.kind == TrackKind::Exposure;
        let mut found = Vec::new();
        found.extend(self.locked(index));
        found.extend(self.moved(index, report));
        found.extend(self.rest_not_met(index));
        found.extend(self.dose(index, report).into_iter().flatten());
        if !exposure {
            found.extend(self.confidence(index, report));
            found.extend(self.fear(index, report));
        }
        if report.feared_outcome == Some(true) {
            let reason = repeat(ReasonCode::FearedOutcome);
            found.push(
                reason
                    .held(Measure::FearedOutcome, true, false)
                    .ask_if(true),
            );
        }
        found.extend(self.day_blockers(index, self.event.date, self.event.date));
        found
    }

    /// MOVED, where the plan was amended since: the present revision has another rung.
    fn moved(&self, index: usize, report: &SessionReport) -> Option<Reason> {
        let other = report.earlier.is_some_and(|rung| !rung.same);
        let current = self.track(index).rung;
        other.then(|| repeat(ReasonCode::Moved).held(Measure::Rung, report.rung, current))
    }

    fn locked(&self, index: usize) -> Option<Reason> {
        let locked = self.track(index).status == TrackStatus::Locked;
        locked.then(|| {
            unlock::locked(
                self.plan,
                &self.state,
                self.definition(index),
                Outcome::Repeat,
            )
        })
    }

    /// Too early by its date or by its instant.
    fn rest_not_met(&self, index: usize) -> Option<Reason> {
        let rest = self.track(index).not_before?;
        let (date, at) = (self.event.date, self.event.at);
        (date < rest.date || at < rest.at).then(|| {
            let mut reason = repeat(ReasonCode::RestNotMet)
                .held(Measure::SessionDate, date, rest.date)
                .held(Measure::SessionAt, at, rest.at);
            // What it mainly rests on stands first.
            if date >= rest.date {
                reason.evidence.reverse();
            }
            reason
        })
    }

    /// UNDERDONE and OVERDONE. Silent: the dose advised for a session on another rung
    /// than the current one; that rung's own dose is what was advised for it.
    fn dose(&self, index: usize, report: &SessionReport) -> [Option<Reason>; 2] {
        let policy = &self.definition(index).policy;
        let current = self.track(index).rung;
        let completion = self.completion(index, report).get();
        let mut under = repeat(ReasonCode::Underdone);
        let mut over = repeat(ReasonCode::Overdone).ask_if(true);
        if completion < policy.completion_min {
            under = under.held(Measure::Completion, completion, policy.completion_min);
        }
        if completion > policy.completion_max {
            over = over.held(Measure::Completion, completion, policy.completion_max);
        }
        // Indices of two revisions with different rungs cannot be compared.
        let comparable = report.earlier.is_none_or(|rung| rung.same);
        if comparable && report.rung < current {
            under = under.held(Measure::Rung, report.rung, current);
        }
        if comparable && report.rung > current {
            over = over.held(Measure::Rung, report.rung, current);
        }
        [under, over].map(|reason| (!reason.evidence.is_empty()).then_some(reason))
    }

    /// floor(100 × done ÷ advised), at most 1000. A dose of 0, which no valid ladder
    /// has, counts as nothing done.
    fn completion(&self, index: usize, report: &SessionReport) -> Percent {
        let definition = self.definition(index);
        let here = || definition.rung(report.rung).map(|rung| rung.dose);
        let dose = report.earlier.map_or_else(here, |rung| Some(rung.dose));
        let advised = dose.map_or(0, |dose| {
            day::advised(definition, &self.state, dose, self.event.date).get()
        });
        let done = u64::from(report.dose_done.get()).saturating_mul(100);
        let percent = done.checked_div(u64::from(advised)).unwrap_or(0);
        u32::try_from(percent)
            .ok()
            .and_then(|p| Percent::try_from(p).ok())
            .unwrap_or(Percent::MAX)
    }

    /// CONFIDENCE_MISSING or CONFIDENCE_LOW, for any kind of track.
    fn confidence(&self, index: usize, report: &SessionReport) -> Option<Reason> {
        let policy = &self.definition(index).policy;
        let min = policy.confidence_min;
        match report.confidence {
            None => policy.require_confidence.then(|| {
                repeat(ReasonCode::ConfidenceMissing).unanswered(Measure::Confidence, min)
            }),
            Some(confidence) => (confidence.get() < min).then(|| {
                repeat(ReasonCode::ConfidenceLow).held(Measure::Confidence, confidence.get(), min)
            }),
        }
    }

    /// FEAR_HIGH, for any kind of track.
    fn fear(&self, index: usize, report: &SessionReport) -> Option<Reason> {
        let max = self.definition(index).policy.fear_max;
        let fear = report.fear?.get();
        (fear > max).then(|| repeat(ReasonCode::FearHigh).held(Measure::Fear, fear, max))
    }

    /// CONFIDENCE_STUCK (on any kind, from the third session on) and OVERDOING (once).
    pub(super) fn in_a_row(
        &mut self,
        index: usize,
        report: &SessionReport,
        blockers: &[Reason],
    ) -> Vec<Reason> {
        // A missing answer is one of the row also where the policy does not require it.
        let unsure = report.confidence.is_none()
            || self.confidence(index, report).is_some()
            || self.fear(index, report).is_some();
        let too_much = blockers
            .iter()
            .any(|reason| matches!(reason.code, ReasonCode::RestNotMet | ReasonCode::Overdone));
        let track = self.track_mut(index);
        count_on(&mut track.confidence_repeats, unsure);
        count_on(&mut track.overdoing, too_much);
        let asks = |code, repeats: u32| {
            repeat(code)
                .held(Measure::SessionsInARow, repeats, IN_A_ROW)
                .ask_if(true)
        };
        let mut reasons = Vec::new();
        if track.confidence_repeats >= IN_A_ROW {
            reasons.push(asks(ReasonCode::ConfidenceStuck, track.confidence_repeats));
        }
        if track.overdoing == IN_A_ROW {
            reasons.push(asks(ReasonCode::Overdoing, track.overdoing));
        }
        reasons
    }
}

fn count_on(counter: &mut u32, again: bool) {
    *counter = if again { counter.saturating_add(1) } else { 0 };
}
