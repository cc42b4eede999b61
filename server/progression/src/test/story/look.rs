//! What a history has come to, and what its latest event left.

use super::{Story, track_id};
use crate::decision::{Decision, Outcome};
use crate::reason::{Evidence, Measure, ReasonCode, Value};
use crate::state::{TrackState, TrackStatus};

impl Story {
    pub(crate) fn track(&self, track: usize) -> &TrackState {
        &self.state.tracks[track]
    }

    pub(crate) fn rung(&self) -> u32 {
        self.track(0).rung.get()
    }

    pub(crate) fn is_active(&self, track: usize) -> bool {
        self.track(track).status == TrackStatus::Active
    }

    pub(crate) fn decisions_on(&self, track: usize) -> Vec<&Decision> {
        self.step
            .iter()
            .filter(|d| d.track == Some(track_id(track)))
            .collect()
    }

    /// The decision of the latest event on a track; there must be exactly one.
    pub(crate) fn decision(&self, track: usize) -> &Decision {
        let found = self.decisions_on(track);
        assert_eq!(
            found.len(),
            1,
            "one decision on track {track}: {:#?}",
            self.step
        );
        found[0]
    }

    /// The latest event left exactly one decision on the first track, with this outcome
    /// and exactly these reasons.
    #[track_caller]
    pub(crate) fn gives(&mut self, outcome: Outcome, codes: &[ReasonCode]) -> &mut Self {
        self.gives_on(0, outcome, codes)
    }

    #[track_caller]
    pub(crate) fn gives_on(
        &mut self,
        track: usize,
        outcome: Outcome,
        codes: &[ReasonCode],
    ) -> &mut Self {
        let found = self.decision(track);
        let reasons: Vec<_> = found.reasons.iter().map(|reason| reason.code).collect();
        assert_eq!(
            (found.outcome, reasons.as_slice()),
            (outcome, codes),
            "{found:#?}"
        );
        self
    }

    /// As [`Self::gives`] for the one decision on the whole plan.
    #[track_caller]
    pub(crate) fn gives_plan(&mut self, outcome: Outcome, codes: &[ReasonCode]) -> &mut Self {
        let found: Vec<_> = self.step.iter().filter(|d| d.track.is_none()).collect();
        assert_eq!(found.len(), 1, "one decision on the plan: {:#?}", self.step);
        let reasons: Vec<_> = found[0].reasons.iter().map(|reason| reason.code).collect();
        assert_eq!(
            (found[0].outcome, reasons.as_slice()),
            (outcome, codes),
            "{:#?}",
            found[0]
        );
        self
    }

    /// The codes of the latest event's reasons on the first track, over all decisions.
    pub(crate) fn codes(&self) -> Vec<ReasonCode> {
        let decisions = self.decisions_on(0).into_iter();
        decisions
            .flat_map(|d| d.reasons.iter().map(|reason| reason.code))
            .collect()
    }

    /// The codes of the latest event's reasons, over all decisions.
    pub(crate) fn codes_of_all(&self) -> Vec<ReasonCode> {
        let reasons = self.step.iter().flat_map(|decision| &decision.reasons);
        reasons.map(|reason| reason.code).collect()
    }

    /// Whether the latest event asked the physio, and whether urgently.
    pub(crate) fn asks(&self) -> Option<bool> {
        self.step
            .iter()
            .filter_map(|d| d.ask)
            .max()
            .map(|ask| ask.urgent)
    }

    /// Which codes asked the physio.
    pub(crate) fn asking(&self) -> Vec<ReasonCode> {
        let reasons = self.step.iter().flat_map(|decision| &decision.reasons);
        reasons
            .filter(|reason| reason.ask.is_some())
            .map(|reason| reason.code)
            .collect()
    }

    /// The observed value and threshold of one measure under a code of the latest event.
    #[track_caller]
    pub(crate) fn evidence(
        &self,
        code: ReasonCode,
        measure: Measure,
    ) -> (Option<Value>, Option<Value>) {
        let found: Vec<&Evidence> = self
            .step
            .iter()
            .flat_map(|decision| &decision.reasons)
            .filter(|reason| reason.code == code)
            .flat_map(|reason| &reason.evidence)
            .filter(|evidence| evidence.measure == measure)
            .collect();
        assert!(
            !found.is_empty(),
            "{code:?} with {measure:?} in {:#?}",
            self.step
        );
        (found[0].observed.clone(), found[0].threshold.clone())
    }

    /// As [`Self::evidence`], of numbers.
    #[track_caller]
    pub(crate) fn numbers(&self, code: ReasonCode, measure: Measure) -> (i64, i64) {
        match self.evidence(code, measure) {
            (Some(Value::Number(observed)), Some(Value::Number(threshold))) => {
                (observed, threshold)
            }
            other => panic!("not numbers: {other:?}"),
        }
    }
}
