//! Prescribing.

use rung_progression::{AthleteId, Fault, PlanDefinition, PlanId};
use rung_proto::v1;
use tonic::Request;

use super::{
    Plans,
    convert::{self, TrackRequest},
};
use crate::{
    access::Session,
    error::{Error, Result, Violation},
    rpc::{field::Fields, once::once},
    storage::plan,
};

impl Plans {
    pub(super) async fn create(
        &self,
        request: Request<v1::CreatePlanRequest>,
    ) -> Result<v1::CreatePlanResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let athlete: Option<AthleteId> = f.id("athlete_id", &request.athlete_id);
        let prescribed = f.required("definition", request.definition.as_ref());
        let read = prescribed.and_then(|d| f.part("definition", |f| parts(f, d, &session)));
        let ((request_id, athlete), (tracks, baseline)) =
            f.finish(request_id.zip(athlete).zip(read))?;
        let access = session.athlete(athlete).await?;

        let mut definition = PlanDefinition {
            revision: 1,
            tracks: Vec::with_capacity(tracks.len()),
            baseline,
            concurrent: false,
            weekdays: vec![],
            anchors: vec![],
            micro_goals: vec![],
            coping_tools: vec![],
        };
        if let Some(d) = prescribed {
            definition.concurrent = d.concurrent;
            definition.anchors.clone_from(&d.anchors);
            definition.micro_goals.clone_from(&d.micro_goals);
            definition.coping_tools.clone_from(&d.coping_tools);
        }
        for (index, track) in tracks.into_iter().enumerate() {
            let track = convert::with_ladder(&session, &access, index, track).await?;
            definition.tracks.push(track);
        }
        refuse(definition.validate())?;

        let (id, at): (PlanId, _) = (session.new_id(), session.now());
        once(&session, request_id, &request, move |tx| {
            let (access, definition) = (access.clone(), definition.clone());
            Box::pin(async move {
                let stored = plan::insert(tx, &access, id, &definition, at).await?;
                Ok(v1::CreatePlanResponse {
                    plan: Some(convert::plan(access.athlete(), &stored)),
                })
            })
        })
        .await
    }
}

fn parts(
    f: &mut Fields,
    d: &v1::PlanDefinition,
    session: &Session,
) -> Option<(Vec<TrackRequest>, rung_progression::plan::Baseline)> {
    let tracks: Vec<Option<TrackRequest>> = d
        .tracks
        .iter()
        .enumerate()
        .map(|(i, t)| {
            f.part(&format!("tracks[{i}]"), |f| {
                convert::track(f, t, || session.new_id())
            })
        })
        .collect();
    let baseline = convert::baseline(f, d.baseline.as_ref());
    Some((tracks.into_iter().collect::<Option<_>>()?, baseline?))
}

/// What the physiotherapist can still decide (to start all the same, with a reason) is told apart from what is wrong.
fn refuse(faults: Vec<Fault>) -> Result<()> {
    if faults.is_empty() {
        return Ok(());
    }
    let of_entry = |fault: &Fault| fault.path == "baseline.pain" || fault.path.contains("].entry");
    let only_entry = faults.iter().all(of_entry);
    let violations = faults
        .into_iter()
        .map(|fault| {
            let path = fault.path.replace("].track", "].track_id");
            Violation::new(format!("definition.{path}"), fault.message)
        })
        .collect();
    Err(if only_entry {
        Error::EntryNotMet(violations)
    } else {
        Error::InvalidFields(violations)
    })
}
