//! The ladders that a simulation names, each looked up once.

use std::collections::BTreeMap;

use rung_progression::{Ladder, LadderId, PlanDefinition};
use rung_proto::v1;
use uuid::Uuid;

use crate::{
    access::{ClinicAccess, Session},
    error::{Error, Result},
    rpc::{
        ladder,
        plan::{act::TRACKS, convert::TrackRequest, create::Missing},
    },
};

/// What there is under an id.
enum Found {
    Ladder(Box<Ladder>),
    /// Nothing that the clinic can see.
    Nothing,
    Draft,
}

/// Ladders by id.
pub(super) struct Shelf(BTreeMap<LadderId, Found>);

impl Shelf {
    /// Looks up what the definitions name. Ids that do not read are told where they are read.
    pub(super) async fn of(
        session: &Session,
        access: &ClinicAccess,
        definitions: impl Iterator<Item = &v1::PlanDefinition>,
    ) -> Result<Self> {
        let mut found = BTreeMap::new();
        let tracks = definitions.flat_map(|definition| definition.tracks.iter().take(TRACKS));
        for track in tracks {
            let Ok(id) = Uuid::try_parse(&track.ladder_id).map(LadderId::from) else {
                continue;
            };
            if found.contains_key(&id) {
                continue;
            }
            let there = match ladder::published_in_clinic(session, access, id, "").await {
                Ok(ladder) => Found::Ladder(Box::new(ladder)),
                Err(Error::NotFound(_)) => Found::Nothing,
                Err(Error::LadderNotPublished { .. }) => Found::Draft,
                Err(other) => return Err(other),
            };
            found.insert(id, there);
        }
        Ok(Self(found))
    }

    /// Puts the ladders into the tracks; those without one are left out and told. `place` is where the definition stands.
    pub(super) fn equip(
        &self,
        tracks: Vec<TrackRequest>,
        definition: &mut PlanDefinition,
        place: &str,
    ) -> Vec<Missing> {
        let mut missing = Vec::new();
        for (index, track) in tracks.into_iter().enumerate() {
            // An id that does not read was noted; what it would name is missing all the same.
            let found = track.ladder_id.and_then(|id| Some((id, self.0.get(&id)?)));
            let cause = match found {
                Some((id, Found::Ladder(ladder))) => {
                    let track = track.with_ladder(id, Ladder::clone(ladder));
                    definition.tracks.push(track);
                    continue;
                }
                Some((_, Found::Draft)) => Error::LadderNotPublished {
                    field: format!("{place}.tracks[{index}].ladder_id"),
                },
                Some((_, Found::Nothing)) | None => Error::NotFound("ladder"),
            };
            missing.push(Missing { index, cause });
        }
        missing
    }
}
