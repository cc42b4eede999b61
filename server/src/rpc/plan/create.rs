//! Prescribing.

use rung_progression::{AthleteId, Fault, PlanDefinition, PlanId};
use rung_proto::v1;
use tonic::Request;

use super::{
    Plans,
    act::TRACKS,
    content,
    convert::{self, TrackRequest},
};
use crate::{
    access::{AthleteAccess, Session},
    error::{Error, Result, Violation},
    rpc::{
        field::Fields,
        ladder,
        once::{once, repeated},
    },
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
        let prescribed = prescribed.cloned().unwrap_or_default();
        let (tracks, mut definition) = f.part("definition", |f| parts(f, &prescribed, &session));
        let Some(athlete) = athlete else {
            return f.finish(None);
        };
        let access = session.athlete(athlete).await?;
        // What is judged below may have changed since the first call was answered: the ladder, for one.
        if let Some(id) = request_id
            && let Some(answer) = repeated(&session, id, &request).await?
        {
            return Ok(answer);
        }

        let missing = look_up(&session, &access, tracks, None, &mut definition).await?;
        let entry = judge(&mut f, &definition, &missing);
        let request_id = f.finish(request_id)?;
        if let Some(first) = missing.into_iter().next() {
            return Err(first.cause);
        }
        if !entry.is_empty() {
            return Err(Error::EntryNotMet(entry));
        }

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

/// What can be read without a ladder.
pub(crate) fn parts(
    f: &mut Fields,
    d: &v1::PlanDefinition,
    session: &Session,
) -> (Vec<TrackRequest>, PlanDefinition) {
    let tracks = f
        .at_most("tracks", &d.tracks, TRACKS)
        .iter()
        .enumerate()
        .map(|(i, t)| {
            f.part(&format!("tracks[{i}]"), |f| {
                convert::track(f, t, || session.new_id())
            })
        })
        .collect();
    let definition = PlanDefinition {
        revision: 1,
        tracks: vec![],
        baseline: convert::baseline(f, d.baseline.as_ref()),
        concurrent: d.concurrent,
        weekdays: convert::weekdays(f, &d.weekdays),
        anchors: d.anchors.clone(),
        micro_goals: content::goals(f, &d.micro_goals, || session.new_id()),
        coping_tools: content::tools(f, &d.coping_tools),
        sites: content::sites(f, &d.sites),
    };
    (tracks, definition)
}

/// A track whose ladder cannot be prescribed.
pub(crate) struct Missing {
    /// Of the track, in the request.
    pub(crate) index: usize,
    pub(crate) cause: Error,
}

/// Puts the ladders into the tracks; those without one are left out and told. A track of the former revision that keeps
/// its ladder keeps the copy of it.
pub(super) async fn look_up(
    session: &Session,
    access: &AthleteAccess,
    tracks: Vec<TrackRequest>,
    former: Option<&PlanDefinition>,
    definition: &mut PlanDefinition,
) -> Result<Vec<Missing>> {
    let mut missing = Vec::new();
    for (index, track) in tracks.into_iter().enumerate() {
        let field = format!("definition.tracks[{index}].ladder_id");
        let copy = former.and_then(|former| track.copied_from(former));
        let found = match (track.ladder_id, copy) {
            (None, _) => Err(Error::NotFound("ladder")),
            (Some(id), Some(ladder)) => Ok(track.with_ladder(id, ladder)),
            (Some(id), None) => ladder::published(session, access, id, &field)
                .await
                .map(|ladder| track.with_ladder(id, ladder)),
        };
        match found {
            Ok(track) => definition.tracks.push(track),
            Err(
                cause @ (Error::NotFound(_)
                | Error::LadderNotPublished { .. }
                | Error::LadderArchived { .. }),
            ) => missing.push(Missing { index, cause }),
            Err(other) => return Err(other),
        }
    }
    Ok(missing)
}

/// Notes what is wrong with the plan. What the physiotherapist may still decide (to start all the same, with a reason)
/// is given back apart.
pub(super) fn judge(
    f: &mut Fields,
    definition: &PlanDefinition,
    missing: &[Missing],
) -> Vec<Violation> {
    let (open, wrong) = faults(definition, missing);
    f.part("definition", |f| f.faults(wrong));
    if !f.is_clean() {
        f.part("definition", |f| f.faults(open));
        return vec![];
    }
    open.into_iter()
        .map(|fault| Violation::new(format!("definition.{}", fault.path), fault.message))
        .collect()
}

/// What is wrong with a plan, by the places that its tracks have in the request: what the physiotherapist may still decide,
/// and everything else.
pub(crate) fn faults(definition: &PlanDefinition, missing: &[Missing]) -> (Vec<Fault>, Vec<Fault>) {
    let places: Vec<usize> = (0..definition.tracks.len() + missing.len())
        .filter(|place| missing.iter().all(|m| m.index != *place))
        .collect();
    let open = definition.entry_gaps();
    let (open, wrong): (Vec<Fault>, Vec<Fault>) = definition
        .validate()
        .into_iter()
        .partition(|fault| open.contains(fault));
    let wrong = wrong
        .into_iter()
        .map(|fault| in_place(fault, &places))
        // Beside a track that is left out, these speak of a plan that nobody asked for.
        .filter(|fault| {
            missing.is_empty()
                || !(fault.path == "tracks" || fault.path.contains("].prerequisites"))
        })
        .collect();
    let open = open
        .into_iter()
        .map(|fault| in_place(fault, &places))
        .collect();
    (open, wrong)
}

/// The fault with the names of the contract.
pub(super) fn named(mut fault: Fault) -> Fault {
    fault.path = path(&fault.path);
    fault
}

/// What the contract calls a field of the engine.
pub(super) fn path(engine: &str) -> String {
    engine.replace("].track", "].track_id")
}

/// The fault with the index that its track has in the request, and the names of the contract.
fn in_place(fault: Fault, places: &[usize]) -> Fault {
    let mut fault = named(fault);
    let path = fault.path.clone();
    let moved = path.strip_prefix("tracks[").and_then(|rest| {
        let (index, rest) = rest.split_once(']')?;
        let place = places.get(index.parse::<usize>().ok()?)?;
        Some(format!("tracks[{place}]{rest}"))
    });
    fault.path = moved.unwrap_or(path);
    fault
}
