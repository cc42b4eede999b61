//! What if (§9): the rules run over a list of events, stored or made up. The same code
//! path as production, and nothing is kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::decision::{Decision, ENGINE_VERSION, Outcome, Record};
use crate::engine::{Judged, Step, decide_in_place};
use crate::event::{Amendment, Event, EventBody};
use crate::id::TrackId;
use crate::plan::PlanDefinition;
use crate::reason::ReasonCode;
use crate::scale::RungIndex;
use crate::state::PlanState;

/// A plan as it goes from event to event; an AMEND makes it another revision.
#[derive(Clone, Debug)]
pub struct Replay {
    plan: PlanDefinition,
    state: PlanState,
}

impl Replay {
    /// A plan to which nothing has happened.
    pub fn new(plan: PlanDefinition) -> Self {
        let state = PlanState::new(&plan);
        Self { plan, state }
    }

    /// The present revision.
    pub const fn plan(&self) -> &PlanDefinition {
        &self.plan
    }

    /// How the plan stands.
    pub const fn state(&self) -> &PlanState {
        &self.state
    }

    /// Decides on the next event; [`Replay::state`] is the state after it.
    pub fn next(&mut self, event: &Event) -> (Vec<Decision>, Judged) {
        let (decisions, judged) = decide_in_place(&self.plan, &mut self.state, event);
        if let (EventBody::Amend(amendment), Judged::Fully) = (&event.body, judged) {
            self.plan.clone_from(&amendment.to);
        }
        (decisions, judged)
    }
}

/// Every decision and the state after each event.
pub fn simulate(plan: &PlanDefinition, events: &[Event]) -> Vec<Step> {
    let mut replay = Replay::new(plan.clone());
    let steps = events.iter().map(|event| {
        let (decisions, judged) = replay.next(event);
        Step {
            state: replay.state.clone(),
            decisions,
            judged,
        }
    });
    steps.collect()
}

/// Where two runs over the same events part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The event, by its place in the order of acceptance.
    pub seq: u64,
    /// The track; none: the whole plan.
    pub track: Option<TrackId>,
    /// What the first run decided there.
    pub ours: Option<Decision>,
    /// What the second run decided there.
    pub theirs: Option<Decision>,
    /// How much of it each of the two judged, the first run first.
    pub judged: [Judged; 2],
}

/// How two runs over the same events compare.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Events that both runs were given.
    pub events: u64,
    /// Decisions of the first run by outcome, PAUSE first.
    pub ours: [u64; 5],
    /// Decisions of the second run by outcome, PAUSE first.
    pub theirs: [u64; 5],
    /// Events on which the two decided differently: outcome, rung, next session, whether
    /// the physio is asked, or the rules that fired. An act that the second run refuses is
    /// one of them, since the first has decided on it.
    pub differing: u64,
    /// Events that the second run refused and the first did not: acts of a physio that
    /// do not fit where the other plan stands.
    pub refused: u64,
    /// The first of them.
    pub first: Option<Difference>,
    /// Rungs at the end, by track: the first run's and the second's.
    pub rungs: BTreeMap<TrackId, (RungIndex, RungIndex)>,
}

/// The same events over a plan and over what `change` makes of it: another policy, another
/// ladder, with the same tracks. It is asked again for each amendment. A session of the
/// history names its rung, whatever rung the other run is on; so the comparison shows
/// what the other limits would have made of the same reports.
#[derive(Clone, Debug)]
pub struct Contest<F> {
    ours: Replay,
    theirs: Replay,
    change: F,
    comparison: Comparison,
}

impl<F: Fn(&PlanDefinition) -> PlanDefinition> Contest<F> {
    /// Both at the beginning.
    pub fn new(plan: PlanDefinition, change: F) -> Self {
        Self {
            theirs: Replay::new(change(&plan)),
            ours: Replay::new(plan),
            change,
            comparison: Comparison::default(),
        }
    }

    /// Both decide on the next event.
    pub fn next(&mut self, event: &Event) {
        let (ours, our_part) = self.ours.next(event);
        let (theirs, their_part) = match &event.body {
            EventBody::Amend(amendment) => self.theirs.next(&Event {
                body: EventBody::Amend(Box::new(Amendment {
                    to: (self.change)(&amendment.to),
                    ..Amendment::clone(amendment)
                })),
                ..event.clone()
            }),
            _ => self.theirs.next(event),
        };
        let comparison = &mut self.comparison;
        comparison.events += 1;
        count(&mut comparison.ours, &ours);
        count(&mut comparison.theirs, &theirs);
        let judged = [our_part, their_part];
        let refused = their_part == Judged::Refused && our_part != Judged::Refused;
        comparison.refused += u64::from(refused);
        if let Some((mine, other)) = part(&ours, &theirs) {
            comparison.differing += 1;
            let track = mine.or(other).and_then(|decision| decision.track);
            comparison.first.get_or_insert_with(|| Difference {
                seq: event.seq,
                track,
                ours: mine.cloned(),
                theirs: other.cloned(),
                judged,
            });
        }
    }

    /// The present revision of the plan as it is.
    pub const fn plan(&self) -> &PlanDefinition {
        self.ours.plan()
    }

    /// How they compare.
    pub fn finish(mut self) -> Comparison {
        for track in &self.ours.state.tracks {
            if let Some(other) = self.theirs.state.track(track.id) {
                let rungs = (track.rung, other.rung);
                self.comparison.rungs.insert(track.id, rungs);
            }
        }
        self.comparison
    }
}

/// A whole history over a plan and over what `change` makes of it, see [`Contest`].
pub fn compare<'e>(
    plan: &PlanDefinition,
    change: impl Fn(&PlanDefinition) -> PlanDefinition,
    events: impl IntoIterator<Item = &'e Event>,
) -> Comparison {
    let mut contest = Contest::new(plan.clone(), change);
    for event in events {
        contest.next(event);
    }
    contest.finish()
}

fn count(outcomes: &mut [u64; 5], decisions: &[Decision]) {
    for decision in decisions {
        let place = match decision.outcome {
            Outcome::Pause => 0,
            Outcome::StepBack => 1,
            Outcome::Hold => 2,
            Outcome::Repeat => 3,
            Outcome::Advance => 4,
        };
        if let Some(outcome) = outcomes.get_mut(place) {
            *outcome += 1;
        }
    }
}

/// The first pair that says something different to a person.
fn part<'d>(
    ours: &'d [Decision],
    theirs: &'d [Decision],
) -> Option<(Option<&'d Decision>, Option<&'d Decision>)> {
    fn fired(decision: &Decision) -> impl Iterator<Item = ReasonCode> {
        decision.reasons.iter().map(|reason| reason.code)
    }
    let same = |a: &Decision, b: &Decision| {
        (a.track, a.outcome, a.from_rung, a.to_rung) == (b.track, b.outcome, b.from_rung, b.to_rung)
            && (a.not_before, a.ask) == (b.not_before, b.ask)
            && fired(a).eq(fired(b))
    };
    let longest = ours.len().max(theirs.len());
    (0..longest)
        .map(|place| (ours.get(place), theirs.get(place)))
        .find(|pair| match pair {
            (Some(a), Some(b)) => !same(a, b),
            _ => true,
        })
}

/// What came of deciding on a stored history again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Decisions that came out the same, to the last bit.
    pub same: u64,
    /// Decisions of another version of the rules, which these rules do not decide again.
    pub other_version: u64,
    /// The first event on which something differs: a decision, or one of the
    /// fingerprints.
    pub differs: Option<Divergence>,
}

/// A decision that does not come out as it was stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Divergence {
    /// The event, by its place in the order of acceptance.
    pub seq: u64,
    /// What was stored; none: nothing was.
    pub stored: Option<Record>,
    /// What these rules decide; none: nothing.
    pub again: Option<Record>,
}

/// Decides on a stored history again, from the first revision of the plan and all of its
/// events, and compares with the stored decisions, which are given in the order in which
/// they were taken. Also gives how the plan stands at the end.
pub fn verify(
    first: &PlanDefinition,
    events: impl IntoIterator<Item = Event>,
    stored: impl IntoIterator<Item = Record>,
) -> (Verdict, Replay) {
    let mut replay = Replay::new(first.clone());
    let mut stored = stored.into_iter().peekable();
    let mut verdict = Verdict {
        same: 0,
        other_version: 0,
        differs: None,
    };
    let mut former_rules = false;
    for event in events {
        let before = replay.state.clone();
        let former = matches!(event.body, EventBody::Amend(_)).then(|| replay.plan.clone());
        let (decisions, judged) = replay.next(&event);
        let step = Step {
            state: replay.state.clone(),
            decisions,
            judged,
        };
        let plan = former.as_ref().unwrap_or(&replay.plan);
        let of_event = |record: &Record| record.decision.seq <= event.seq;
        let kept: Vec<Record> = std::iter::from_fn(|| stored.next_if(of_event)).collect();
        let other = |record: &Record| record.decision.engine_version != ENGINE_VERSION;
        // Versions follow each other: an event that left no decision lies between those of
        // the decisions around it.
        former_rules = match (kept.last(), stored.peek()) {
            (Some(_), _) => kept.iter().all(other),
            (None, Some(next)) => other(next),
            (None, None) => former_rules,
        };
        if former_rules {
            verdict.other_version += kept.len() as u64;
            continue;
        }
        let again = step.records(plan, &before);
        let longest = kept.len().max(again.len());
        for place in 0..longest {
            let (old, new) = (kept.get(place), again.get(place));
            if old == new {
                verdict.same += 1;
            } else {
                verdict.differs.get_or_insert_with(|| Divergence {
                    seq: event.seq,
                    stored: old.cloned(),
                    again: new.cloned(),
                });
            }
        }
    }
    if let (Some(beyond), None) = (stored.next(), &verdict.differs) {
        verdict.differs = Some(Divergence {
            seq: beyond.decision.seq,
            stored: Some(beyond),
            again: None,
        });
    }
    (verdict, replay)
}
