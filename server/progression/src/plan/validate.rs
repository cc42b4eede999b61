//! What a plan must fulfil before it may start.

use std::collections::BTreeSet;

use super::{PlanDefinition, Requirement, TrackDefinition};
use crate::fault::{Fault, Faults};

impl PlanDefinition {
    /// Those of [`PlanDefinition::validate`]'s faults that a physio may still overrule with a reason: a baseline over the
    /// green limit, an entry criterion that is not confirmed.
    pub fn entry_gaps(&self) -> Vec<Fault> {
        let mut faults = Faults::new();
        for (index, track) in self.tracks.iter().enumerate() {
            let mut part = Faults::new();
            entry_gaps(track, &mut part);
            faults.under(&format!("tracks[{index}]"), part.list);
        }
        self.baseline_gap(&mut faults);
        faults.list
    }

    /// Everything that is wrong, all at once, with paths like
    /// `tracks[1].policy.green_max`. Of a plan with too many tracks or prerequisites nothing
    /// else is said: judging how they depend on each other costs more with each.
    pub fn validate(&self) -> Vec<Fault> {
        let mut faults = Faults::new();
        faults.count("tracks", self.tracks.len(), 1, 8);
        for (index, track) in self.tracks.iter().enumerate() {
            let path = format!("tracks[{index}].prerequisites");
            faults.count(&path, track.prerequisites.len(), 0, 8);
        }
        if !faults.list.is_empty() {
            return faults.list;
        }
        faults.check(
            self.revision >= 1,
            "revision",
            "is 0; the first revision is 1",
        );
        for (index, track) in self.tracks.iter().enumerate() {
            faults.under(&format!("tracks[{index}]"), self.track_faults(index, track));
        }
        self.one_running_track_at_a_time(&mut faults);
        self.baseline_gap(&mut faults);
        if let Some(reason) = &self.baseline.over_limit_reason {
            faults.text("baseline.over_limit_reason", reason, 1000);
        }
        let days: BTreeSet<u32> = self
            .weekdays
            .iter()
            .map(chrono::Weekday::num_days_from_monday)
            .collect();
        faults.check(
            days.len() == self.weekdays.len(),
            "weekdays",
            "names a day twice",
        );
        self.content_faults(&mut faults);
        faults.list
    }

    fn track_faults(&self, index: usize, track: &TrackDefinition) -> Vec<Fault> {
        let mut faults = Faults::new();
        let earlier = self.tracks.get(..index).unwrap_or_default();
        faults.check(
            earlier.iter().all(|other| other.id != track.id),
            "id",
            "is the id of another track of this plan",
        );
        faults.under("ladder", track.ladder.validate());
        faults.under("policy", track.policy.validate());
        faults.check(
            track.ladder.rung(track.start_rung).is_some(),
            "start_rung",
            format!(
                "is {}; the ladder's highest rung is {}",
                track.start_rung,
                track.ladder.top()
            ),
        );
        faults.within("sessions_per_week", track.sessions_per_week, 1, 7);
        self.prerequisite_faults(track, &mut faults);
        entry_faults(track, &mut faults);
        faults.list
    }

    fn prerequisite_faults(&self, track: &TrackDefinition, faults: &mut Faults) {
        for (index, prerequisite) in track.prerequisites.iter().enumerate() {
            let path = format!("prerequisites[{index}]");
            let Some((_, other)) = self.track(prerequisite.track) else {
                faults.add(&format!("{path}.track"), "is no track of this plan");
                continue;
            };
            if let Requirement::AtLeast(rung) = prerequisite.requirement {
                faults.check(
                    self.concurrent,
                    &format!("{path}.requirement"),
                    "asks for a rung of a track in progress; the plan is not concurrent",
                );
                faults.check(
                    other.ladder.rung(rung).is_some(),
                    &format!("{path}.requirement"),
                    format!(
                        "is rung {rung}; that ladder's highest is {}",
                        other.ladder.top()
                    ),
                );
            }
        }
        // A circle would keep every track in it closed for ever.
        faults.check(
            !self.needs(track, track, false),
            "prerequisites",
            "lead back to this track, so that it can never open",
        );
    }

    /// Whether `track` waits, directly or through others, for `target`.
    fn needs(&self, track: &TrackDefinition, target: &TrackDefinition, done_only: bool) -> bool {
        let mut open = vec![track];
        let mut seen = BTreeSet::new();
        while let Some(next) = open.pop() {
            for prerequisite in &next.prerequisites {
                if done_only && prerequisite.requirement != Requirement::Done {
                    continue;
                }
                if prerequisite.track == target.id {
                    return true;
                }
                if let Some((_, other)) = self.track(prerequisite.track)
                    && seen.insert(other.id)
                {
                    open.push(other);
                }
            }
        }
        false
    }

    /// "So that one is in progress at a time": of every two running tracks one must
    /// wait until the other is done. Read strictly, because two tracks that wait for
    /// the same third one would otherwise open together.
    fn one_running_track_at_a_time(&self, faults: &mut Faults) {
        if self.concurrent {
            return;
        }
        let running: Vec<_> = self
            .tracks
            .iter()
            .enumerate()
            .filter(|(_, track)| track.is_running())
            .collect();
        for (position, (index, track)) in running.iter().enumerate() {
            let together = running.iter().take(position).find(|(_, other)| {
                !self.needs(track, other, true) && !self.needs(other, track, true)
            });
            if let Some((other, _)) = together {
                faults.add(
                    &format!("tracks[{index}].prerequisites"),
                    format!(
                        "let this running track be in progress beside tracks[{other}]; one of \
                         them must wait until the other is done, or the plan be concurrent"
                    ),
                );
            }
        }
    }

    fn baseline_gap(&self, faults: &mut Faults) {
        let pain = self.baseline.pain.get();
        let lowest = self.tracks.iter().map(|track| track.policy.green_max).min();
        if let (None, Some(limit)) = (&self.baseline.over_limit_reason, lowest)
            && pain > limit
        {
            faults.add(
                "baseline.pain",
                format!(
                    "is {pain}, over the green limit of {limit}; the plan starts so only with a \
                     reason in over_limit_reason"
                ),
            );
        }
    }
}

/// What is left open about the ladder's criteria.
fn entry_gaps(track: &TrackDefinition, faults: &mut Faults) {
    for criterion in &track.ladder.entry_criteria {
        let answer = track
            .entry
            .iter()
            .position(|entry| entry.criterion == criterion.id);
        let Some(index) = answer else {
            faults.add(
                "entry",
                format!(
                    "says nothing about \"{}\"; confirm it or give a reason",
                    criterion.id
                ),
            );
            continue;
        };
        let open = track
            .entry
            .get(index)
            .is_some_and(|entry| !entry.confirmed && entry.reason.is_none());
        faults.check(
            !open,
            &format!("entry[{index}].reason"),
            format!(
                "\"{}\" is not confirmed; starting so needs a reason",
                criterion.id
            ),
        );
    }
}

fn entry_faults(track: &TrackDefinition, faults: &mut Faults) {
    entry_gaps(track, faults);
    let mut seen = BTreeSet::new();
    for (index, entry) in track.entry.iter().enumerate() {
        let path = format!("entry[{index}]");
        faults.check(
            track
                .ladder
                .entry_criteria
                .iter()
                .any(|criterion| criterion.id == entry.criterion),
            &format!("{path}.criterion"),
            format!(
                "\"{}\" is no entry criterion of the ladder",
                entry.criterion
            ),
        );
        faults.check(
            seen.insert(&entry.criterion),
            &format!("{path}.criterion"),
            format!("\"{}\" is answered twice", entry.criterion),
        );
        if let Some(reason) = &entry.reason {
            faults.text(&format!("{path}.reason"), reason, 1000);
        }
    }
}
