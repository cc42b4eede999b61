//! Grades of sessions and mornings.

use rung_progression::event::Symptoms;
use rung_progression::{Grade, MorningReport, PainScore, Policy, Swelling};

use super::Model;

fn band(policy: &Policy, pain: PainScore) -> Grade {
    match pain.get() {
        pain if pain <= policy.green_max => Grade::Green,
        pain if pain <= policy.amber_max => Grade::Amber,
        _ => Grade::Red,
    }
}

impl Model {
    fn swelling(&self, track: usize, swelling: Swelling) -> Grade {
        let red = self.plan.tracks[track].ladder.profile.swelling_is_red();
        match swelling {
            Swelling::Increased if red => Grade::Red,
            Swelling::Increased => Grade::Amber,
            Swelling::None | Swelling::Unchanged => Grade::Green,
        }
    }

    /// "The worst of: …"
    pub(crate) fn session_grade(&self, track: usize, symptoms: Symptoms) -> Grade {
        let policy = &self.plan.tracks[track].policy;
        let before = symptoms
            .pain_before
            .map_or(Grade::Green, |pain| band(policy, pain));
        let gait = if symptoms.altered_gait {
            Grade::Red
        } else {
            Grade::Green
        };
        let all = [
            band(policy, symptoms.pain_during),
            band(policy, symptoms.pain_after),
            before.min(Grade::Amber),
            gait,
            self.swelling(track, symptoms.swelling),
        ];
        all.into_iter().max().expect("five")
    }

    pub(crate) fn morning_grade(&self, track: usize, report: &MorningReport) -> Grade {
        let policy = &self.plan.tracks[track].policy;
        let delta = report
            .pain
            .get()
            .saturating_sub(self.plan.baseline.pain.get());
        let pain = if delta >= policy.morning_red_points {
            Grade::Red
        } else if policy
            .morning_amber_points
            .is_some_and(|points| delta >= points)
        {
            Grade::Amber
        } else {
            Grade::Green
        };
        let limit = self.plan.baseline.stiffness.get() + policy.stiffness_amber_minutes;
        let stiff = report
            .stiffness
            .is_some_and(|minutes| minutes.get() >= limit);
        let stiffness = if stiff { Grade::Amber } else { Grade::Green };
        pain.max(stiffness)
            .max(self.swelling(track, report.swelling))
    }

    /// "An unplanned activity takes the worst grade over the RUNNING tracks."
    pub(crate) fn unplanned_grade(&self, symptoms: Symptoms) -> Grade {
        let grades = self
            .judges()
            .into_iter()
            .map(|track| self.session_grade(track, symptoms));
        grades.max().expect("a track")
    }

    /// Whose limits say what no track was done for. Adopted: all tracks' in a plan
    /// without a RUNNING one.
    pub(crate) fn judges(&self) -> Vec<usize> {
        let running = self.running();
        if running.is_empty() {
            (0..self.tracks.len()).collect()
        } else {
            running
        }
    }
}
