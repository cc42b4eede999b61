//! An effort beside the plan.

use rung_progression::{Activity, RedFlag, UnplannedReport};
use rung_proto::v1;

use super::{
    effort::{self, Effort},
    swelling,
};
use crate::{
    rpc::field::Fields,
    storage::check_in::{Detail, ReportBody},
};

pub(super) fn read(
    f: &mut Fields,
    u: &v1::UnplannedReport,
    red_flags: Option<Vec<RedFlag>>,
) -> Option<ReportBody> {
    let sent = Effort::from(u);
    let activity = f.choice("activity", u.activity).map(|said| match said {
        // `Fields::choice` has refused a missing one; were it not so, the one that earns rest is meant.
        v1::Activity::Run | v1::Activity::Unspecified => Activity::Run,
        v1::Activity::Other => Activity::Other,
    });
    let symptoms = effort::symptoms(f, &sent);
    let detail = effort::detail(f, &sent);
    let (symptoms, detail) = (symptoms?, detail?);
    Some(ReportBody::Unplanned {
        judged: Box::new(UnplannedReport {
            activity: activity?,
            pain_before: symptoms.pain_before,
            pain_during: symptoms.pain_during,
            pain_after: symptoms.pain_after,
            altered_gait: symptoms.altered_gait,
            swelling: symptoms.swelling,
            red_flags: red_flags?,
            distance: effort::distance(&detail),
        }),
        detail: Box::new(detail),
    })
}

pub(super) fn reply(u: &UnplannedReport, d: &Detail) -> v1::UnplannedReport {
    let activity = match u.activity {
        Activity::Run => v1::Activity::Run,
        Activity::Other => v1::Activity::Other,
    };
    v1::UnplannedReport {
        activity: activity.into(),
        pain_before: u.pain_before.map(|p| p.get().cast_signed()),
        pain_during: Some(u.pain_during.get().cast_signed()),
        pain_after: Some(u.pain_after.get().cast_signed()),
        altered_gait: Some(u.altered_gait),
        swelling: swelling::reply(u.swelling),
        rpe: d.rpe.map(|rpe| rpe.get().cast_signed()),
        measurement: effort::measured(d),
        cues_held: d.cues_held.clone(),
        anchors_done: d.anchors_done.clone(),
        sensory_cues: d.sensory_cues.clone(),
        paused_and_resumed_lighter: d.paused_and_resumed_lighter,
        went_well: d.went_well.clone(),
        discomfort_site: d.discomfort_site.clone(),
        discomfort_side: effort::side(d),
    }
}
