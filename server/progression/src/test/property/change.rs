//! Random amendments of a plan.

use proptest::prelude::*;

use super::prescription::RUNGS;
use crate::event::{Amendment, RungSetting};
use crate::plan::PlanDefinition;
use crate::state::PlanState;
use crate::test::story::{dose, rung, track_id};

/// What a physio changes.
#[derive(Clone, Debug)]
pub(super) enum How {
    /// The limits of a track.
    Policy { rest_days: u32, successes: u32 },
    /// The ladder of a track: another one with so many rungs of such steps.
    Ladder { rungs: usize, step: u32 },
    /// Words alone.
    Words,
    /// A track closes.
    Remove,
    /// A track like another one opens.
    Add,
}

/// One amendment.
#[derive(Clone, Debug)]
pub(super) struct Change {
    track: usize,
    how: How,
    /// Where the track goes on; none: where it is, as far as the ladder goes.
    rung: Option<u32>,
}

pub(super) fn change() -> impl Strategy<Value = Change> {
    let how = prop_oneof![
        3 => (0_u32..3, 1_u32..3)
            .prop_map(|(rest_days, successes)| How::Policy { rest_days, successes }),
        3 => (2_usize..9, 40_u32..200).prop_map(|(rungs, step)| How::Ladder { rungs, step }),
        2 => Just(How::Words),
        2 => Just(How::Remove),
        2 => Just(How::Add),
    ];
    (0_usize..3, how, prop::option::of(0..RUNGS)).prop_map(|(track, how, rung)| Change {
        track,
        how,
        rung,
    })
}

impl Change {
    /// The amendment of a plan; one that would make no valid plan changes words alone.
    pub(super) fn of(&self, plan: &PlanDefinition, state: &PlanState) -> Amendment {
        let mut to = plan.clone();
        to.revision += 1;
        let words = to.clone();
        let place = self.track % to.tracks.len();
        let mut rungs = Vec::new();
        let id = to.tracks[place].id;
        let track = &mut to.tracks[place];
        match self.how {
            How::Policy {
                rest_days,
                successes,
            } => {
                track.policy.rest_days = rest_days;
                track.policy.successes_to_advance = successes;
            }
            How::Ladder { rungs: count, step } => {
                let first = track.ladder.rungs[0].clone();
                track.ladder.version += 1;
                track.ladder.rungs = (1_u32..)
                    .take(count)
                    .map(|index| crate::ladder::Rung {
                        dose: dose(index * step),
                        ..first.clone()
                    })
                    .collect();
                track.start_rung = track.start_rung.min(track.ladder.top());
            }
            How::Words => to.anchors = vec!["Walk for five minutes first".to_owned()],
            How::Remove => {
                to.tracks.remove(place);
                for track in &mut to.tracks {
                    track.prerequisites.retain(|asked| asked.track != id);
                }
            }
            How::Add => {
                let mut added = track.clone();
                // An id that no track of the plan had before.
                added.id = track_id(10 + to.revision as usize);
                to.tracks.push(added);
            }
        }
        if let (Some(index), Some((_, track))) = (self.rung, to.track(id)) {
            let rung = rung(index).min(track.ladder.top());
            rungs.push(RungSetting { track: id, rung });
        } else if let (Some((_, track)), Some(was)) = (to.track(id), state.track(id)) {
            // A physio names a rung wherever the old one is gone.
            if track.rung(was.rung).is_none() {
                let rung = track.ladder.top();
                rungs.push(RungSetting { track: id, rung });
            }
        }
        let valid = to.validate().is_empty();
        Amendment {
            to: if valid { to } else { words },
            rungs: if valid { rungs } else { Vec::new() },
            reason: "r".to_owned(),
        }
    }
}
