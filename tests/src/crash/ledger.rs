//! What the server has said, to be held against what it has stored.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

/// A check-in that was sent.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) id: Uuid,
    /// The ids of its decisions, if it was acknowledged.
    pub(super) acknowledged: Option<Vec<String>>,
}

/// What is stored of an athlete.
#[derive(Debug, Default)]
pub(super) struct Stored {
    pub(super) check_ins: Vec<String>,
    pub(super) decisions: BTreeSet<String>,
}

/// How the two compare.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Check-ins that were acknowledged.
    pub acknowledged: usize,
    /// Check-ins of which nobody knows from the answers whether they are stored: the server was killed, and the client
    /// gave up.
    pub unknown: usize,
    /// Those of them that are.
    pub unknown_stored: usize,
    /// Acknowledged, and not there, or without a decision that was told.
    pub lost: Vec<Uuid>,
    /// There more than once.
    pub doubled: Vec<String>,
    /// There, and sent by nobody.
    pub foreign: Vec<String>,
}

impl Verdict {
    /// Whether each acknowledged check-in is there exactly once, and nothing else.
    pub fn holds(&self) -> bool {
        self.lost.is_empty() && self.doubled.is_empty() && self.foreign.is_empty()
    }

    pub(super) fn add(&mut self, sent: &[Sent], stored: &Stored) {
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        for id in &stored.check_ins {
            *times.entry(id).or_default() += 1;
        }
        for one in sent {
            let there = times.remove(one.id.to_string().as_str()).unwrap_or(0);
            if let Some(decisions) = &one.acknowledged {
                self.acknowledged += 1;
                let told = decisions.iter().all(|id| stored.decisions.contains(id));
                if there == 0 || !told {
                    self.lost.push(one.id);
                }
            } else {
                self.unknown += 1;
                self.unknown_stored += usize::from(there > 0);
            }
            if there > 1 {
                self.doubled.push(one.id.to_string());
            }
        }
        self.foreign.extend(times.into_keys().map(str::to_owned));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(n: u128, decisions: Option<&[&str]>) -> Sent {
        Sent {
            id: Uuid::from_u128(n),
            acknowledged: decisions.map(|ids| ids.iter().map(|id| (*id).to_owned()).collect()),
        }
    }

    fn stored(check_ins: &[u128], decisions: &[&str]) -> Stored {
        Stored {
            check_ins: check_ins
                .iter()
                .map(|n| Uuid::from_u128(*n).to_string())
                .collect(),
            decisions: decisions.iter().map(|id| (*id).to_owned()).collect(),
        }
    }

    fn verdict(sent: &[Sent], stored: &Stored) -> Verdict {
        let mut verdict = Verdict::default();
        verdict.add(sent, stored);
        verdict
    }

    #[test]
    fn what_was_acknowledged_is_there_once_and_the_rest_at_most_once() {
        let all = [sent(1, Some(&["a"])), sent(2, None), sent(3, None)];
        let good = verdict(&all, &stored(&[1, 3], &["a", "b"]));
        assert!(good.holds(), "{good:?}");
        assert_eq!(
            (good.acknowledged, good.unknown, good.unknown_stored),
            (1, 2, 1)
        );
        assert_eq!(
            verdict(&all, &stored(&[3], &["a"])).lost,
            [Uuid::from_u128(1)]
        );
        assert_eq!(verdict(&all, &stored(&[1], &[])).lost, [Uuid::from_u128(1)]);
        assert_eq!(verdict(&all, &stored(&[1, 3, 3], &["a"])).doubled.len(), 1);
        assert_eq!(verdict(&all, &stored(&[1, 4], &["a"])).foreign.len(), 1);
    }
}
