//! What sessions and unplanned activities are asked alike.

use rung_progression::{Metres, event::Symptoms};
use rung_proto::v1;

use super::swelling;
use crate::{
    rpc::field::Fields,
    storage::check_in::{BodySide, Detail, Measurement},
};

/// The fields that both have, as they were sent.
pub(super) struct Effort<'a> {
    pain_before: Option<i32>,
    pain_during: Option<i32>,
    pain_after: Option<i32>,
    altered_gait: Option<bool>,
    swelling: i32,
    rpe: Option<i32>,
    measurement: Option<&'a v1::Measurement>,
    cues_held: &'a [String],
    anchors_done: &'a [String],
    sensory_cues: &'a [String],
    paused_and_resumed_lighter: bool,
    went_well: &'a str,
    discomfort_site: &'a str,
    discomfort_side: i32,
}

macro_rules! effort {
    ($($message:ty),+) => {$(
        impl<'a> From<&'a $message> for Effort<'a> {
            fn from(sent: &'a $message) -> Self {
                Self {
                    pain_before: sent.pain_before,
                    pain_during: sent.pain_during,
                    pain_after: sent.pain_after,
                    altered_gait: sent.altered_gait,
                    swelling: sent.swelling,
                    rpe: sent.rpe,
                    measurement: sent.measurement.as_ref(),
                    cues_held: &sent.cues_held,
                    anchors_done: &sent.anchors_done,
                    sensory_cues: &sent.sensory_cues,
                    paused_and_resumed_lighter: sent.paused_and_resumed_lighter,
                    went_well: &sent.went_well,
                    discomfort_site: &sent.discomfort_site,
                    discomfort_side: sent.discomfort_side,
                }
            }
        }
    )+};
}

effort!(v1::SessionReport, v1::UnplannedReport);

/// What is judged of it.
pub(super) fn symptoms(f: &mut Fields, e: &Effort<'_>) -> Option<Symptoms> {
    let pain_before = f.optional_scale("pain_before", e.pain_before);
    let pain_during = f.scale("pain_during", e.pain_during);
    let pain_after = f.scale("pain_after", e.pain_after);
    let altered_gait = f.required("altered_gait", e.altered_gait);
    let swelling = swelling::read(f, e.swelling);
    Some(Symptoms {
        pain_before: pain_before?,
        pain_during: pain_during?,
        pain_after: pain_after?,
        altered_gait: altered_gait?,
        swelling: swelling?,
    })
}

/// What is not.
pub(super) fn detail(f: &mut Fields, e: &Effort<'_>) -> Option<Detail> {
    let rpe = f.optional_scale("rpe", e.rpe);
    let measurement = match e.measurement {
        None => Some(None),
        Some(m) => f.part("measurement", |f| measurement(f, m)).map(Some),
    };
    let cues_held = f.texts("cues_held", e.cues_held, 10, 200);
    let anchors_done = f.texts("anchors_done", e.anchors_done, 10, 300);
    let sensory_cues = f.texts("sensory_cues", e.sensory_cues, 10, 200);
    let went_well = f.text("went_well", e.went_well, 0..=2000);
    let discomfort_site = f.text("discomfort_site", e.discomfort_site, 0..=200);
    let side = match e.discomfort_side {
        0 => Some(None),
        code => f.choice("discomfort_side", code).map(|side| match side {
            v1::BodySide::Left => Some(BodySide::Left),
            v1::BodySide::Right => Some(BodySide::Right),
            v1::BodySide::Both => Some(BodySide::Both),
            v1::BodySide::Unspecified => None,
        }),
    };
    Some(Detail {
        rpe: rpe?,
        measurement: measurement?,
        cues_held: cues_held?,
        anchors_done: anchors_done?,
        sensory_cues: sensory_cues?,
        paused_and_resumed_lighter: e.paused_and_resumed_lighter,
        went_well: went_well?,
        discomfort_site: discomfort_site?,
        discomfort_side: side?,
    })
}

/// How far it went, for the rule that watches distances.
pub(super) fn distance(detail: &Detail) -> Option<Metres> {
    let measured = detail.measurement.as_ref()?.distance_m?;
    Metres::try_from(measured).ok()
}

fn measurement(f: &mut Fields, m: &v1::Measurement) -> Option<Measurement> {
    let mut optional = |path: &str, value: Option<i64>, max: i64| match value {
        None => Some(None),
        Some(value) => f.within(path, value, 0..=max).map(Some),
    };
    let distance_m = optional("distance_m", m.distance_m, 1_000_000);
    let duration_s = optional("duration_s", m.duration_s, 604_800);
    let cadence_spm = optional("cadence_spm", m.cadence_spm.map(i64::from), 400);
    let ascent_m = optional("ascent_m", m.ascent_m.map(i64::from), 20_000);
    let source = f.text("source", &m.source, 0..=100);
    Some(Measurement {
        distance_m: distance_m?,
        duration_s: duration_s?,
        cadence_spm: cadence_spm?,
        ascent_m: ascent_m?,
        source: source?,
    })
}

pub(super) fn measured(detail: &Detail) -> Option<v1::Measurement> {
    detail.measurement.as_ref().map(|m| v1::Measurement {
        distance_m: m.distance_m.map(i64::from),
        duration_s: m.duration_s.map(i64::from),
        cadence_spm: m.cadence_spm.map(u32::cast_signed),
        ascent_m: m.ascent_m.map(u32::cast_signed),
        source: m.source.clone(),
    })
}

pub(super) fn side(detail: &Detail) -> i32 {
    i32::from(match detail.discomfort_side {
        None => v1::BodySide::Unspecified,
        Some(BodySide::Left) => v1::BodySide::Left,
        Some(BodySide::Right) => v1::BodySide::Right,
        Some(BodySide::Both) => v1::BodySide::Both,
    })
}
