//! How it responded overnight.

use rung_progression::{MorningReport, RedFlag};
use rung_proto::v1;

use super::swelling;
use crate::{rpc::field::Fields, storage::check_in::ReportBody};

pub(super) fn read(
    f: &mut Fields,
    m: &v1::MorningReport,
    red_flags: Option<Vec<RedFlag>>,
) -> Option<ReportBody> {
    let pain = f.scale("pain", m.pain);
    let stiffness = f.optional_scale("stiffness", m.stiffness);
    let swelling = swelling::read(f, m.swelling);
    Some(ReportBody::Morning {
        judged: MorningReport {
            pain: pain?,
            stiffness: stiffness?,
            swelling: swelling?,
            red_flags: red_flags?,
        },
    })
}

pub(super) fn reply(m: &MorningReport) -> v1::MorningReport {
    v1::MorningReport {
        pain: Some(m.pain.get().cast_signed()),
        stiffness: m.stiffness.map(|s| s.get().cast_signed()),
        swelling: swelling::reply(m.swelling),
    }
}
