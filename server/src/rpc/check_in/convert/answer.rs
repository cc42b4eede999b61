//! A stored check-in, as it is answered.

use rung_progression::{AthleteId, PlanDefinition, TrackKind};
use rung_proto::v1::{self, check_in::Report};

use super::{flag_out, morning, session, unplanned, wellness};
use crate::{
    rpc::time::{date, timestamp},
    storage::check_in::{Judgement, ReportBody, StoredCheckIn},
};

/// A check-in as it is stored.
pub(crate) fn check_in(athlete: AthleteId, c: &StoredCheckIn) -> v1::CheckIn {
    let report = match &c.report.body {
        ReportBody::Session {
            judged,
            detail,
            reflection,
        } => Report::Session(session::reply(judged, detail, reflection, c)),
        ReportBody::Unplanned { judged, detail } => {
            Report::Unplanned(unplanned::reply(judged, detail))
        }
        ReportBody::Morning { judged } => Report::Morning(morning::reply(judged)),
        ReportBody::Wellness { judged } => Report::Wellness(wellness::reply(judged)),
    };
    let judged = c.report.body.judged();
    let red_flags = judged.red_flags();
    let id = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    v1::CheckIn {
        id: c.id.to_string(),
        athlete_id: athlete.to_string(),
        plan_id: c.plan_id.to_string(),
        performed_at: Some(timestamp(c.performed_at)),
        time_zone: c.time_zone.clone(),
        red_flags: red_flags
            .iter()
            .map(|flag| flag_out(*flag).into())
            .collect(),
        no_red_flags: red_flags.is_empty(),
        note: c.report.note.clone(),
        report: Some(report),
        recorded_at: Some(timestamp(c.recorded_at)),
        date: Some(date(c.civil_date)),
        entered_by: c.entered_by.to_string(),
        seq: c.seq,
        notes_withheld: false,
        revision: c.revision.cast_signed(),
        corrects_id: id(c.corrects_id),
        corrected_by: id(c.corrected_by),
    }
}

/// A check-in without what the athlete wrote in their own words.
pub(crate) fn without_notes(mut c: v1::CheckIn) -> v1::CheckIn {
    c.notes_withheld = true;
    c.note.clear();
    match &mut c.report {
        Some(Report::Session(session)) => {
            session.cues_held.clear();
            session.anchors_done.clear();
            session.sensory_cues.clear();
            session.went_well.clear();
            session.discomfort_site.clear();
            session.context.clear();
            session.lesson.clear();
            if let Some(measurement) = &mut session.measurement {
                measurement.source.clear();
            }
        }
        Some(Report::Unplanned(unplanned)) => {
            unplanned.cues_held.clear();
            unplanned.anchors_done.clear();
            unplanned.sensory_cues.clear();
            unplanned.went_well.clear();
            unplanned.discomfort_site.clear();
            if let Some(measurement) = &mut unplanned.measurement {
                measurement.source.clear();
            }
        }
        Some(Report::Morning(_) | Report::Wellness(_)) | None => {}
    }
    c
}

/// How far it was judged.
pub(crate) fn judgement(j: Judgement) -> v1::Judgement {
    match j {
        Judgement::Fully => v1::Judgement::Full,
        Judgement::RedFlagsOnly => v1::Judgement::RedFlagsOnly,
    }
}

/// What is asked of a session on an EXPOSURE track, or after a prediction, and was not said.
pub(crate) fn asked(c: &StoredCheckIn, plan: &PlanDefinition) -> Vec<String> {
    let ReportBody::Session { judged, .. } = &c.report.body else {
        return vec![];
    };
    let track = plan.track(judged.track);
    let exposure = track.is_some_and(|(_, track)| track.ladder.kind == TrackKind::Exposure);
    let predicted = c.prediction_id.is_some();
    let open = [
        ("fear", (exposure || predicted) && judged.fear.is_none()),
        (
            "feared_outcome",
            predicted && !c.predicted_late() && judged.feared_outcome.is_none(),
        ),
        ("context", exposure && judged.context.is_none()),
    ];
    let open = open.into_iter().filter(|(_, open)| *open);
    open.map(|(field, _)| field.to_owned()).collect()
}
