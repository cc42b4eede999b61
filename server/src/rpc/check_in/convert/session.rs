//! A session on a rung.

use rung_progression::{RedFlag, SessionReport};
use rung_proto::v1;

use super::{
    Prescribed,
    effort::{self, Effort},
    swelling, track,
};
use crate::{
    rpc::field::Fields,
    storage::check_in::{Detail, Reflection, ReportBody, StoredCheckIn},
};

pub(super) fn read(
    f: &mut Fields,
    s: &v1::SessionReport,
    red_flags: Option<Vec<RedFlag>>,
    plan: Option<Prescribed<'_>>,
) -> Option<ReportBody> {
    let sent = Effort::from(s);
    let track = plan.and_then(|plan| track(f, &s.track_id, plan.under));
    let rung = f.scale("rung", s.rung);
    if let (Some(track), Some(rung)) = (track, rung)
        && let Some((_, definition)) = plan.and_then(|plan| plan.under.track(track))
        && definition.rung(rung).is_none()
    {
        let top = definition.ladder.top();
        f.fault(
            "rung",
            format!("is {rung}; the ladder's highest rung is {top}"),
        );
    }
    let symptoms = effort::symptoms(f, &sent);
    let dose_done = f.scale("dose_done", s.dose_done);
    let confidence = f.optional_scale("confidence", s.confidence);
    let fear = f.optional_scale("fear", s.fear);
    let context = f.text("context", &s.context, 0..=64);
    let detail = effort::detail(f, &sent);
    let surprise = match s.surprise {
        None => Some(None),
        Some(surprise) => f.within("surprise", surprise, 0..=100).map(Some),
    };
    let lesson = f.text("lesson", &s.lesson, 0..=2000);
    let (track, rung) = (track?, rung?);
    let (symptoms, detail) = (symptoms?, detail?);
    Some(ReportBody::Session {
        judged: Box::new(SessionReport {
            track,
            rung,
            pain_before: symptoms.pain_before,
            pain_during: symptoms.pain_during,
            pain_after: symptoms.pain_after,
            altered_gait: symptoms.altered_gait,
            swelling: symptoms.swelling,
            red_flags: red_flags?,
            dose_done: dose_done?,
            confidence: confidence?,
            fear: fear?,
            feared_outcome: s.feared_outcome,
            context: Some(context?).filter(|key| !key.is_empty()),
            distance: effort::distance(&detail),
            earlier: plan.and_then(|plan| plan.earlier(track, rung)),
        }),
        detail: Box::new(detail),
        reflection: Reflection {
            surprise: surprise?,
            lesson: lesson?,
        },
    })
}

/// `c` has what stands beside the report.
pub(super) fn reply(
    s: &SessionReport,
    d: &Detail,
    r: &Reflection,
    c: &StoredCheckIn,
) -> v1::SessionReport {
    v1::SessionReport {
        track_id: s.track.to_string(),
        rung: Some(s.rung.get().cast_signed()),
        pain_before: s.pain_before.map(|p| p.get().cast_signed()),
        pain_during: Some(s.pain_during.get().cast_signed()),
        pain_after: Some(s.pain_after.get().cast_signed()),
        altered_gait: Some(s.altered_gait),
        swelling: swelling::reply(s.swelling),
        dose_done: Some(s.dose_done.into()),
        rpe: d.rpe.map(|rpe| rpe.get().cast_signed()),
        confidence: s.confidence.map(|c| c.get().cast_signed()),
        fear: s.fear.map(|fear| fear.get().cast_signed()),
        measurement: effort::measured(d),
        cues_held: d.cues_held.clone(),
        anchors_done: d.anchors_done.clone(),
        sensory_cues: d.sensory_cues.clone(),
        paused_and_resumed_lighter: d.paused_and_resumed_lighter,
        went_well: d.went_well.clone(),
        discomfort_site: d.discomfort_site.clone(),
        discomfort_side: effort::side(d),
        context: s.context.clone().unwrap_or_default(),
        feared_outcome: s.feared_outcome,
        prediction_id: c.prediction_id.map(|id| id.to_string()).unwrap_or_default(),
        surprise: r.surprise.map(u32::cast_signed),
        lesson: r.lesson.clone(),
        prediction_late: c.predicted_late(),
    }
}
