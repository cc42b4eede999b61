//! A clinic with one athlete and one plan, made through the storage functions themselves.

use std::sync::Arc;

use chrono::{DateTime, TimeZone as _, Utc};
use rung_progression::{
    Amendment, AthleteId, ClinicId, EventBody, EventId, MorningReport, PainScore, PersonId,
    PlanDefinition, PlanId, RungIndex, SessionReport, Swelling, TrackDefinition, TrackId,
    plan::{Baseline, EntryConfirmation},
};

use crate::{
    access::{AthleteAccess, CareAccess, ClinicAccess, PlanAccess, Relation, Role},
    clock::{Ambient, SharedAmbient, System, fixed::Fixed},
    error::Result,
    library::Library,
    rpc::{
        apply::{Applied, Happening, apply},
        time::date_in,
    },
    storage::{Db, athlete, plan},
};

/// The instant at which everything in the fixtures happens.
pub(crate) fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 12, 0, 0).unwrap()
}

/// A clock that stands at [`noon`].
pub(crate) fn ambient() -> SharedAmbient {
    Arc::new(Fixed::at(noon()))
}

/// Somebody's place in a clinic of their own.
pub(crate) struct Practice {
    pub(crate) clinic: ClinicId,
    pub(crate) physio: PersonId,
    pub(crate) access: ClinicAccess,
    pub(crate) care: CareAccess,
}

impl Practice {
    pub(crate) fn new() -> Self {
        let clinic = ClinicId::from(System.new_id());
        Self::of(clinic)
    }

    /// Another physiotherapist of the same clinic.
    pub(crate) fn of(clinic: ClinicId) -> Self {
        let physio = PersonId::from(System.new_id());
        Self {
            clinic,
            physio,
            access: ClinicAccess::for_test(clinic, physio, &[Role::Physio]),
            care: CareAccess::for_test(clinic, physio),
        }
    }

    /// Adds an athlete to this physiotherapist's care.
    pub(crate) async fn athlete(&self, db: &Db, name: &'static str) -> AthleteAccess {
        let id = AthleteId::from(System.new_id());
        let access = self.access.clone();
        db.write_in(self.clinic, move |mut tx| {
            let access = access.clone();
            Box::pin(async move {
                athlete::insert(&mut tx, &access, id, name, "Europe/Berlin", noon()).await
            })
        })
        .await
        .unwrap();
        AthleteAccess::for_test(self.clinic, id, self.physio, Relation::Care)
    }
}

/// Prescribes the University of Delaware ladder, as a draft.
pub(crate) async fn plan(db: &Db, athlete: &AthleteAccess) -> PlanAccess {
    let id = PlanId::from(System.new_id());
    let (access, definition) = (athlete.clone(), definition());
    db.write_in(athlete.clinic(), move |mut tx| {
        let (access, definition) = (access.clone(), definition.clone());
        Box::pin(async move { plan::insert(&mut tx, &access, id, &definition, noon()).await })
    })
    .await
    .unwrap();
    PlanAccess::for_test(athlete.clone(), id)
}

/// Lets something happen to a plan, at an instant of its athlete's zone, by the clock of `ambient`.
pub(crate) async fn happens(
    db: &Db,
    access: &PlanAccess,
    ambient: &SharedAmbient,
    at: DateTime<Utc>,
    body: EventBody,
) -> Result<Applied> {
    let (access, ambient) = (access.clone(), ambient.clone());
    db.write_in(access.clinic(), move |mut tx| {
        let (access, ambient, body) = (access.clone(), ambient.clone(), body.clone());
        Box::pin(async move {
            let locked = plan::lock(&mut tx, &access).await?;
            let happening = Happening {
                id: EventId::from(System.new_id()),
                at,
                date: date_in(at, locked.zone()?),
                body,
            };
            apply(&mut tx, &access, &ambient, locked, happening).await
        })
    })
    .await
}

/// A session on the lowest rung of [`definition`], without complaint.
pub(crate) fn session(definition: &PlanDefinition) -> EventBody {
    let track = &definition.tracks[0];
    EventBody::Session(SessionReport {
        track: track.id,
        rung: RungIndex::MIN,
        pain_before: None,
        pain_during: PainScore::MIN,
        pain_after: PainScore::MIN,
        altered_gait: false,
        swelling: Swelling::None,
        red_flags: vec![],
        dose_done: track.rung(RungIndex::MIN).unwrap().dose,
        confidence: Some(8_u32.try_into().unwrap()),
        fear: None,
        feared_outcome: None,
        context: None,
        distance: None,
        earlier: None,
    })
}

/// A morning without complaint.
pub(crate) fn morning() -> EventBody {
    EventBody::Morning(MorningReport {
        pain: PainScore::MIN,
        stiffness: None,
        swelling: Swelling::None,
        red_flags: vec![],
    })
}

/// An amendment to `to`, which becomes the next revision.
pub(crate) fn amends(former: &PlanDefinition, mut to: PlanDefinition) -> EventBody {
    to.revision = former.revision + 1;
    EventBody::Amend(Box::new(Amendment {
        to,
        rungs: vec![],
        reason: "After talking on the phone.".to_owned(),
    }))
}

/// A plan of one track.
pub(crate) fn definition() -> PlanDefinition {
    let library = Library::load().unwrap();
    let (ladder_id, ladder) = library.all().find(|(_, l)| l.key == "udel-knee").unwrap();
    let definition = PlanDefinition {
        revision: 1,
        tracks: vec![TrackDefinition {
            id: TrackId::from(System.new_id()),
            ladder_id,
            policy: ladder.resolved_policy(),
            start_rung: RungIndex::MIN,
            prerequisites: vec![],
            sessions_per_week: ladder.sessions_per_week,
            entry: ladder
                .entry_criteria
                .iter()
                .map(|c| EntryConfirmation {
                    criterion: c.id.clone(),
                    confirmed: true,
                    reason: None,
                })
                .collect(),
            ladder: ladder.clone(),
        }],
        baseline: Baseline {
            pain: 0_u32.try_into().unwrap(),
            stiffness: 0_u32.try_into().unwrap(),
            over_limit_reason: None,
        },
        concurrent: false,
        weekdays: vec![],
        anchors: vec![],
        micro_goals: vec![],
        coping_tools: vec![],
        sites: vec![],
    };
    assert_eq!(definition.validate(), []);
    definition
}
