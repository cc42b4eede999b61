//! Doses that look wrong: a step that wants an explanation, an amount that belongs to
//! another unit.

use crate::fault::Faults;
use crate::ladder::{DoseUnit, Rung};

/// A rung of more than this share of the one below is a jump.
const JUMP_PERCENT: u64 = 130;

/// A step that is no small rise is explained by the rung's note, or is worth a look.
pub(super) fn step(below: &Rung, rung: &Rung, found: &mut Faults) {
    if rung.note.is_some() {
        return;
    }
    let (from, to) = (below.dose, rung.dose);
    let is_jump = u64::from(to.get()) * 100 > u64::from(from.get()) * JUMP_PERCENT;
    let what = if to < from {
        format!("falls from {from} to {to}")
    } else if to == from {
        format!("stays at {to}")
    } else if is_jump {
        format!("rises by more than 30 %, from {from} to {to}")
    } else {
        return;
    };
    found.add("dose", format!("{what}; say why in note"));
}

/// Amounts that nobody runs or lifts in this unit, but somebody does in another.
pub(super) fn size(unit: DoseUnit, rung: &Rung, found: &mut Faults) {
    let (least, most, meant) = match unit {
        DoseUnit::RunningSeconds => (30, 4 * 60 * 60, "seconds, not minutes"),
        DoseUnit::RunningMetres => (50, 45_000, "metres, not kilometres or miles"),
        DoseUnit::Repetitions => (1, 500, "repetitions over all sets"),
        DoseUnit::Ordinal => return,
    };
    let dose = rung.dose.get();
    found.check(
        (least..=most).contains(&dose),
        "dose",
        format!("is {dose}; doses are {meant}"),
    );
}
