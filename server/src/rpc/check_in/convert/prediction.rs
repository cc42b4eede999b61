//! What an athlete expects of a session.

use chrono::{DateTime, Utc};
use rung_progression::{AthleteId, Fear, PainScore, PlanDefinition, PlanId, RungIndex, TrackId};
use rung_proto::v1;
use uuid::Uuid;

use super::{said_at, track};
use crate::{
    rpc::{field::Fields, time::timestamp},
    storage::{check_in::ReportBody, prediction::StoredPrediction},
};

/// A prediction as it was sent, parsed.
pub(crate) struct Read {
    pub(crate) id: Uuid,
    pub(crate) track: TrackId,
    pub(crate) rung: RungIndex,
    pub(crate) made_at: DateTime<Utc>,
    pub(crate) feared_outcome: String,
    pub(crate) likelihood: u32,
    pub(crate) expected_fear: Fear,
    pub(crate) expected_pain: PainScore,
}

/// Reads a prediction, held against the plan, where there is one.
pub(crate) fn read_prediction(
    f: &mut Fields,
    p: &v1::Prediction,
    now: DateTime<Utc>,
    plan: Option<&PlanDefinition>,
) -> Option<Read> {
    let id = f.uuid("id", &p.id);
    let track = plan.and_then(|plan| track(f, &p.track_id, plan));
    let rung: Option<RungIndex> = f.scale("rung", p.rung);
    if let (Some(track), Some(rung)) = (track, rung)
        && let Some((_, definition)) = plan.and_then(|plan| plan.track(track))
        && definition.rung(rung).is_none()
    {
        let top = definition.ladder.top();
        f.fault(
            "rung",
            format!("is {rung}; the ladder's highest rung is {top}"),
        );
    }
    let made_at = said_at(f, "made_at", p.made_at.as_ref(), now);
    let feared_outcome = f.text("feared_outcome", &p.feared_outcome, 1..=1000);
    let likelihood = f
        .required("likelihood", p.likelihood)
        .and_then(|likelihood| f.within("likelihood", likelihood, 0..=100));
    let expected_fear = f.scale("expected_fear", p.expected_fear);
    let expected_pain = f.scale("expected_pain", p.expected_pain);
    Some(Read {
        id: id?,
        track: track?,
        rung: rung?,
        made_at: made_at?,
        feared_outcome: feared_outcome?,
        likelihood: likelihood?,
        expected_fear: expected_fear?,
        expected_pain: expected_pain?,
    })
}

/// Refuses a stored prediction that no client could have sent, when it was recorded, for a plan like `plan`.
pub(crate) fn could_be_predicted(
    f: &mut Fields,
    athlete: AthleteId,
    stored: &StoredPrediction,
    plan: &PlanDefinition,
) {
    let sent = prediction(athlete, stored);
    let read = read_prediction(f, &sent, stored.recorded_at, Some(plan));
    let Some(read) = read.filter(|_| f.is_clean()) else {
        return;
    };
    if read.made_at != stored.made_at || read.feared_outcome != stored.feared_outcome {
        f.fault("id", "names a prediction that would be stored otherwise");
    }
}

/// A prediction as it is stored.
pub(crate) fn prediction(athlete: AthleteId, p: &StoredPrediction) -> v1::Prediction {
    v1::Prediction {
        id: p.id.to_string(),
        athlete_id: athlete.to_string(),
        plan_id: p.plan_id.to_string(),
        revision: p.revision.cast_signed(),
        track_id: p.track_id.to_string(),
        rung: Some(p.rung.get().cast_signed()),
        made_at: Some(timestamp(p.made_at)),
        feared_outcome: p.feared_outcome.clone(),
        likelihood: Some(p.likelihood.cast_signed()),
        expected_fear: Some(p.expected_fear.get().cast_signed()),
        expected_pain: Some(p.expected_pain.get().cast_signed()),
        recorded_at: Some(timestamp(p.recorded_at)),
        entered_by: p.entered_by.to_string(),
        check_in_id: p.check_in_id.map(|id| id.to_string()).unwrap_or_default(),
        late: p.is_late(),
        notes_withheld: false,
    }
}

/// A prediction without what the athlete wrote in their own words.
pub(crate) fn prediction_without_notes(mut p: v1::Prediction) -> v1::Prediction {
    p.notes_withheld = true;
    p.feared_outcome.clear();
    p
}

/// Why a session cannot answer a prediction; nothing if it can. Plan and revision are those of the session: in another
/// one the same index may be another rung.
pub(crate) fn answers(
    prediction: Option<&StoredPrediction>,
    plan: PlanId,
    revision: u32,
    body: &ReportBody,
) -> Option<&'static str> {
    let ReportBody::Session { judged, .. } = body else {
        return None;
    };
    let Some(prediction) = prediction else {
        return Some("is no prediction of the athlete");
    };
    if (prediction.plan_id, prediction.track_id) != (plan, judged.track) {
        return Some("is a prediction of another track");
    }
    if prediction.revision == revision && prediction.rung != judged.rung {
        return Some("is a prediction of another rung");
    }
    None
}
