//! Swelling against the day before.

use rung_progression::Swelling;
use rung_proto::v1;

use crate::rpc::field::Fields;

pub(super) fn read(f: &mut Fields, swelling: i32) -> Option<Swelling> {
    f.choice("swelling", swelling).map(|said| match said {
        v1::Swelling::None => Swelling::None,
        v1::Swelling::Unchanged => Swelling::Unchanged,
        // `Fields::choice` has refused a missing one; were it not so, the worst is meant.
        v1::Swelling::Increased | v1::Swelling::Unspecified => Swelling::Increased,
    })
}

pub(super) fn reply(swelling: Swelling) -> i32 {
    i32::from(match swelling {
        Swelling::None => v1::Swelling::None,
        Swelling::Unchanged => v1::Swelling::Unchanged,
        Swelling::Increased => v1::Swelling::Increased,
    })
}
