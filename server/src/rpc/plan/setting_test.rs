//! An athlete with a plan on a ladder whose steps need a word, and two physiotherapists who care for them.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rung_progression::{AthleteId, EventBody, PlanId};
use rung_proto::v1;
use tonic::{Response, Status};
use tonic_types::StatusExt as _;

use crate::{
    access::{AthleteAccess, PlanAccess, Relation},
    rpc::{
        apply::Applied,
        front::{Front, Somebody, fresh},
        time::date,
    },
    storage::{
        Db,
        conformance::fixture::{happens, morning, session},
        plan::{self, StoredPlan},
    },
};

pub(super) struct Setting {
    pub(super) front: Front,
    pub(super) pia: Somebody,
    pub(super) bea: Somebody,
    pub(super) athlete: String,
    pub(super) plan: String,
    pub(super) ladder: v1::Ladder,
}

/// A ladder of three rungs, of which each but the lowest needs the physiotherapist's word.
pub(super) fn steep(key: &str) -> v1::LadderDefinition {
    let rung = |title: &str, dose: i64| v1::Rung {
        title: title.to_owned(),
        dose,
        instruction: format!("Run {dose} m on the flat."),
        needs_approval: dose > 1000,
        ..v1::Rung::default()
    };
    v1::LadderDefinition {
        key: key.to_owned(),
        title: "Along the water".to_owned(),
        summary: "Made for Rung's tests.".to_owned(),
        source: Some(v1::Source {
            citation: "Made for Rung's tests.".to_owned(),
            url: String::new(),
        }),
        profile: v1::TissueProfile::Tendon.into(),
        kind: v1::TrackKind::Running.into(),
        unit: v1::DoseUnit::RunningMetres.into(),
        sessions_per_week: 3,
        rungs: vec![
            rung("To the crane", 1000),
            rung("To the lock", 1200),
            rung("To the mole", 1500),
        ],
        ..v1::LadderDefinition::default()
    }
}

/// A plan on one ladder, on which one session is enough.
pub(super) fn prescription(ladder: &v1::Ladder) -> v1::PlanDefinition {
    v1::PlanDefinition {
        tracks: vec![v1::TrackPrescription {
            ladder_id: ladder.id.clone(),
            // A few days between two sessions are no gap.
            sessions_per_week: 1,
            policy: Some(v1::Policy {
                successes_to_advance: Some(1),
                deload_every_weeks: Some(0),
                ..v1::Policy::default()
            }),
            ..v1::TrackPrescription::default()
        }],
        baseline: Some(v1::Baseline {
            pain: Some(0),
            stiffness: Some(0),
            over_limit_reason: String::new(),
        }),
        anchors: vec!["Ten calf raises before".to_owned()],
        micro_goals: vec![v1::MicroGoal {
            what: "Warm up longer".to_owned(),
            target: Some(v1::Target {
                value: 5,
                unit: "minutes".to_owned(),
            }),
            ..v1::MicroGoal::default()
        }],
        ..v1::PlanDefinition::default()
    }
}

impl Setting {
    pub(super) async fn new(db: Db) -> Self {
        let front = Front::open(db).await;
        let ada = front.admin("ada").await;
        let (pia, bea) = (
            front.physio(&ada, "pia").await,
            front.physio(&ada, "bea").await,
        );
        let athlete = front.athlete(&pia, "Nora").await;
        let request = v1::AddCareTeamMemberRequest {
            request_id: fresh(),
            athlete_id: athlete.clone(),
            person_id: bea.id.clone(),
        };
        front
            .athletes()
            .add_care_team_member(pia.asks(request))
            .await
            .unwrap();
        let mut this = Self {
            front,
            pia,
            bea,
            athlete,
            plan: String::new(),
            ladder: v1::Ladder::default(),
        };
        this.ladder = this.publish(steep("along-the-water")).await;
        this.plan = this.prescribe(prescription(&this.ladder)).await;
        this
    }

    /// A published ladder.
    pub(super) async fn publish(&self, definition: v1::LadderDefinition) -> v1::Ladder {
        let request = v1::CreateLadderRequest {
            request_id: fresh(),
            definition: Some(definition),
        };
        let mut ladders = self.front.ladders();
        let draft = ladders.create_ladder(self.pia.asks(request)).await.unwrap();
        let draft = draft.into_inner().ladder.unwrap();
        let request = v1::PublishLadderRequest {
            request_id: fresh(),
            ladder_id: draft.id,
            etag: draft.etag,
        };
        let published = ladders
            .publish_ladder(self.pia.asks(request))
            .await
            .unwrap();
        published.into_inner().ladder.unwrap()
    }

    async fn prescribe(&self, definition: v1::PlanDefinition) -> String {
        let request = v1::CreatePlanRequest {
            request_id: fresh(),
            athlete_id: self.athlete.clone(),
            definition: Some(definition),
        };
        let made = self
            .front
            .plans()
            .create_plan(self.pia.asks(request))
            .await
            .unwrap();
        made.into_inner().plan.unwrap().id
    }

    /// The plan as it is told.
    pub(super) async fn told(&self) -> v1::Plan {
        self.revision(0).await.plan.unwrap()
    }

    pub(super) async fn revision(&self, revision: i32) -> v1::GetPlanResponse {
        let request = v1::GetPlanRequest {
            plan_id: self.plan.clone(),
            revision,
        };
        let told = self.front.plans().get_plan(self.pia.asks(request)).await;
        told.unwrap().into_inner()
    }

    pub(super) fn access(&self) -> PlanAccess {
        let id = |text: &str| text.parse::<uuid::Uuid>().unwrap();
        let athlete = AthleteAccess::for_test(
            id(&self.pia.clinic).into(),
            AthleteId::from(id(&self.athlete)),
            id(&self.pia.id).into(),
            Relation::Care,
        );
        PlanAccess::for_test(athlete, PlanId::from(id(&self.plan)))
    }

    pub(super) async fn stored(&self) -> StoredPlan {
        let access = self.access();
        let mut reader = self.front.app.db.read_in(access.clinic()).await.unwrap();
        plan::get(&mut reader.conn(), &access).await.unwrap()
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.front.app.ambient.now()
    }

    pub(super) fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }

    /// Something that happened so many days ago.
    pub(super) async fn happened(&self, days: i64, body: EventBody) -> Applied {
        let at = self.now() - TimeDelta::days(days);
        let app = &self.front.app;
        happens(&app.db, &self.access(), &app.ambient, at, body)
            .await
            .unwrap()
    }

    /// In force since so many days ago.
    pub(super) async fn started(&self, days: i64) {
        let effective = self.today() - TimeDelta::days(days);
        self.happened(days, EventBody::Start { effective }).await;
    }

    /// A good session so many days ago, and its morning a day later: a step up waits.
    pub(super) async fn waits(&self, days: i64) {
        let definition = self.stored().await.definition;
        self.happened(days, session(&definition)).await;
        self.happened(days - 1, morning()).await;
        assert!(
            self.stored().await.state.tracks[0].awaiting_approval,
            "nothing waits"
        );
    }

    pub(super) async fn track(&self) -> String {
        self.stored().await.definition.tracks[0].id.to_string()
    }

    pub(super) async fn start(
        &self,
        who: &Somebody,
        etag: &str,
    ) -> Result<Response<v1::StartPlanResponse>, Status> {
        let request = v1::StartPlanRequest {
            request_id: fresh(),
            plan_id: self.plan.clone(),
            etag: etag.to_owned(),
            effective_date: Some(date(self.today())),
        };
        self.front.plans().start_plan(who.asks(request)).await
    }

    pub(super) async fn pause(
        &self,
        who: &Somebody,
        etag: &str,
    ) -> Result<Response<v1::PausePlanResponse>, Status> {
        let request = v1::PausePlanRequest {
            request_id: fresh(),
            plan_id: self.plan.clone(),
            etag: etag.to_owned(),
            reason: "Fever.".to_owned(),
        };
        self.front.plans().pause_plan(who.asks(request)).await
    }

    pub(super) async fn resume(
        &self,
        who: &Somebody,
        etag: &str,
    ) -> Result<Response<v1::ResumePlanResponse>, Status> {
        let request = v1::ResumePlanRequest {
            request_id: fresh(),
            plan_id: self.plan.clone(),
            etag: etag.to_owned(),
            rungs: vec![],
            reason: "Well again.".to_owned(),
        };
        self.front.plans().resume_plan(who.asks(request)).await
    }

    pub(super) async fn move_to(
        &self,
        who: &Somebody,
        etag: &str,
        rung: i32,
    ) -> Result<Response<v1::MoveTrackResponse>, Status> {
        let request = v1::MoveTrackRequest {
            request_id: fresh(),
            plan_id: self.plan.clone(),
            etag: etag.to_owned(),
            to: Some(v1::TrackRung {
                track_id: self.track().await,
                rung: Some(rung),
            }),
            reason: "Ran this all winter.".to_owned(),
        };
        self.front.plans().move_track(who.asks(request)).await
    }

    pub(super) async fn approve(
        &self,
        who: &Somebody,
        etag: &str,
    ) -> Result<Response<v1::ApproveAdvanceResponse>, Status> {
        let request = v1::ApproveAdvanceRequest {
            request_id: fresh(),
            plan_id: self.plan.clone(),
            etag: etag.to_owned(),
            track_id: self.track().await,
            reason: String::new(),
        };
        self.front.plans().approve_advance(who.asks(request)).await
    }

    pub(super) async fn decline(
        &self,
        who: &Somebody,
        etag: &str,
    ) -> Result<Response<v1::DeclineAdvanceResponse>, Status> {
        let request = v1::DeclineAdvanceRequest {
            request_id: fresh(),
            plan_id: self.plan.clone(),
            etag: etag.to_owned(),
            track_id: self.track().await,
            reason: "Let us wait for the calf.".to_owned(),
        };
        self.front.plans().decline_advance(who.asks(request)).await
    }

    /// An amendment to `definition`.
    pub(super) fn amendment(
        &self,
        plan: &v1::Plan,
        definition: v1::PlanDefinition,
    ) -> v1::AmendPlanRequest {
        v1::AmendPlanRequest {
            request_id: fresh(),
            plan_id: self.plan.clone(),
            etag: plan.etag.clone(),
            definition: Some(definition),
            rungs: vec![],
            reason: "After talking on the phone.".to_owned(),
            validate_only: false,
        }
    }

    pub(super) async fn amend(
        &self,
        who: &Somebody,
        request: v1::AmendPlanRequest,
    ) -> Result<Response<v1::AmendPlanResponse>, Status> {
        self.front.plans().amend_plan(who.asks(request)).await
    }
}

/// What the metadata of a refusal says.
pub(super) fn metadata(status: &Status, key: &str) -> String {
    let details = status.get_error_details();
    let info = details.error_info();
    info.and_then(|info| info.metadata.get(key).cloned())
        .unwrap_or_default()
}
