//! AMEND (§6 Physio): from here on the plan is another revision.

use super::Judged;
use super::physio::{direction, said};
use super::run::Run;
use crate::decision::Outcome;
use crate::event::{Amendment, EarlierRung};
use crate::id::TrackId;
use crate::ladder::Ladder;
use crate::plan::{PlanDefinition, TrackDefinition};
use crate::reason::{Measure, Reason, ReasonCode};
use crate::scale::RungIndex;
use crate::state::{NotBefore, TrackState};

impl PlanDefinition {
    /// A rung as this earlier revision has it, for a session that was done under it and is
    /// reported under `now`; none if this revision has no such rung.
    pub fn earlier_rung(&self, now: &Self, track: TrackId, rung: RungIndex) -> Option<EarlierRung> {
        let (_, there) = self.track(track)?;
        let dose = there.rung(rung)?.dose;
        let here = now.track(track);
        Some(EarlierRung {
            dose,
            rest_days: there.rest_days(rung),
            same: here.is_some_and(|(_, here)| same_criteria(there, rung, here, rung)),
        })
    }
}

/// Whether a session on one rung says the same as a session on the other: the same dose,
/// effort, rest and limits.
fn same_criteria(
    before: &TrackDefinition,
    was: RungIndex,
    after: &TrackDefinition,
    is: RungIndex,
) -> bool {
    let Some((then, now)) = before.rung(was).zip(after.rung(is)) else {
        return false;
    };
    let kind = |track: &TrackDefinition| {
        let ladder = &track.ladder;
        (ladder.kind, ladder.unit, ladder.profile)
    };
    kind(before) == kind(after)
        && before.policy == after.policy
        && (then.dose, then.effort) == (now.dose, now.effort)
        && before.rest_days(was) == after.rest_days(is)
}

/// Whether the rungs of one ladder ask for the same as those of the other; their words may
/// differ.
fn same_rungs(before: &Ladder, after: &Ladder) -> bool {
    let asked = |ladder: &Ladder| -> Vec<_> {
        let rungs = ladder.rungs.iter();
        rungs.map(|rung| (rung.dose, rung.effort)).collect()
    };
    asked(before) == asked(after)
}

impl<'a> Run<'a> {
    pub(super) fn amend(&mut self, amendment: &'a Amendment) -> Judged {
        let former = self.plan;
        let to = &amendment.to;
        let fits = amendment.rungs.iter().all(|setting| {
            let track = to.track(setting.track);
            former.track(setting.track).is_some()
                && track.is_some_and(|(_, track)| track.rung(setting.rung).is_some())
        });
        if to.revision != former.revision.saturating_add(1) || !fits {
            return Judged::Refused;
        }
        let closed = self.positions().filter_map(|index| {
            let track = self.definition(index);
            let gone = to.track(track.id).is_none();
            gone.then(|| (track, self.track(index).rung))
        });
        let closed: Vec<_> = closed.collect();
        let rungs = self.positions().map(|index| self.track(index).rung);
        let rungs: Vec<RungIndex> = rungs.collect();
        let running = self.running_positions();
        let rests = running.filter_map(|index| self.track(index).not_before);
        let rests: Vec<NotBefore> = rests.collect();
        self.align(to);
        // Rest earned on a running track holds on every one, so also on one that is new.
        for rest in rests {
            self.hold_running_until(rest);
        }
        for index in self.positions() {
            let track = self.definition(index);
            let Some((place, before)) = former.track(track.id) else {
                let rung = self.track(index).rung;
                let reason = self.amended(former, amendment, rung, rung);
                self.instruct(index, rung, vec![reason]);
                continue;
            };
            let from = rungs.get(place).copied().unwrap_or(RungIndex::MIN);
            let named = amendment
                .rungs
                .iter()
                .find(|setting| setting.track == track.id);
            let rung = named.map_or(self.track(index).rung, |setting| setting.rung);
            self.carry_over(index, before, from, rung);
            let reason = self.amended(former, amendment, from, rung);
            let reasons = self.unless_paused(reason);
            self.instruct(index, from, reasons);
        }
        for (track, rung) in closed {
            let reason = self.amended(former, amendment, rung, rung);
            self.instruct_closed(track, rung, reason);
        }
        Judged::Fully
    }

    /// Takes a kept track over to its new definition. Its pending session stays, its rest
    /// stays; counting begins again where the rung is not the same one.
    fn carry_over(
        &mut self,
        index: usize,
        before: &TrackDefinition,
        from: RungIndex,
        rung: RungIndex,
    ) {
        let after = self.definition(index);
        let same = from == rung && same_criteria(before, from, after, rung);
        let other_ladder = !same_rungs(&before.ladder, &after.ladder);
        let top = after.ladder.top();
        let track = self.track_mut(index);
        track.rung = rung;
        if other_ladder {
            track.done &= rung == top;
            lower_to(track, rung);
        }
        // There is no step up left that could be approved.
        track.awaiting_approval &= rung < top;
        if !same {
            self.lose_count(index);
            let moved = Reason::new(ReasonCode::Moved, Outcome::Repeat);
            self.block(index, &moved.saw(Measure::Rung, from));
        }
    }

    fn amended(
        &self,
        former: &PlanDefinition,
        amendment: &Amendment,
        from: RungIndex,
        to: RungIndex,
    ) -> Reason {
        let reason = Reason::new(ReasonCode::Amend, direction(from, to))
            .held(Measure::Revision, self.plan.revision, former.revision)
            .held(Measure::Rung, to, from);
        said(reason, &amendment.reason)
    }
}

/// Rungs of the former ladder mean nothing in the new one: what they were held for is
/// taken to be the rung the physio set, or lower.
fn lower_to(track: &mut TrackState, rung: RungIndex) {
    if let Some(last) = &mut track.last {
        last.rung = last.rung.min(rung);
        last.rung_before = last.rung_before.min(rung);
    }
    if let Some(base) = &mut track.layoff_base {
        base.set = base.set.min(rung);
        base.reference = base.reference.min(rung);
    }
}
