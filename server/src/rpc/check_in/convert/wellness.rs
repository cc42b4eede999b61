//! How the day is.

use rung_progression::{RedFlag, WellnessReport};
use rung_proto::v1;

use crate::{rpc::field::Fields, storage::check_in::ReportBody};

pub(super) fn read(
    f: &mut Fields,
    w: &v1::WellnessReport,
    red_flags: Option<Vec<RedFlag>>,
) -> Option<ReportBody> {
    let ill = f.required("ill", w.ill);
    let sleep = f.optional_scale("sleep", w.sleep);
    let energy = f.optional_scale("energy", w.energy);
    let calm = f.optional_scale("calm", w.calm);
    let mood = f.optional_scale("mood", w.mood);
    let freshness = f.optional_scale("freshness", w.freshness);
    let fuelling = f.optional_scale("fuelling", w.fuelling);
    Some(ReportBody::Wellness {
        judged: WellnessReport {
            ill: ill?,
            red_flags: red_flags?,
            sleep: sleep?,
            energy: energy?,
            calm: calm?,
            mood: mood?,
            freshness: freshness?,
            fuelling: fuelling?,
        },
    })
}

pub(super) fn reply(w: &WellnessReport) -> v1::WellnessReport {
    let score = |score: Option<rung_progression::WellnessScore>| {
        score.map(|score| score.get().cast_signed())
    };
    v1::WellnessReport {
        ill: Some(w.ill),
        sleep: w.sleep.map(|minutes| minutes.get().cast_signed()),
        energy: score(w.energy),
        calm: score(w.calm),
        mood: score(w.mood),
        freshness: score(w.freshness),
        fuelling: score(w.fuelling),
    }
}
