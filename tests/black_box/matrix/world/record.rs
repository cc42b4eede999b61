//! What belongs to one athlete: the record, its ladder and its plan.

use rung_proto::v1;
use rung_tests::{Result, new_id};

use super::World;
use crate::matrix::people::claims;

/// What belongs to one athlete whom the table speaks of.
#[derive(Clone, Default, Debug)]
pub(crate) struct Record {
    pub(crate) athlete: String,
    pub(crate) plan: String,
    pub(crate) track: String,
    /// A published ladder, made by who prescribes.
    pub(crate) ladder: String,
    /// Who leads the care team.
    pub(crate) keeper: &'static str,
    /// Who runs the clinic.
    pub(crate) admin: &'static str,
    /// Somebody in the clinic with a career of no consequence here.
    pub(crate) mate: &'static str,
    /// A supporter whom nobody but the consents is about.
    pub(crate) supporter: String,
    pub(crate) service_account: String,
    pub(crate) break_glass: String,
    pub(crate) clinic: String,
}

impl World {
    /// A new athlete in somebody's care.
    pub(crate) async fn athlete(&self, keeper: &str, shown: &str) -> Result<String> {
        let request = v1::CreateAthleteRequest {
            request_id: new_id().to_string(),
            display_name: shown.to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
        };
        let answer: v1::CreateAthleteResponse = self
            .ask(keeper, "AthleteService/CreateAthlete", &request)
            .await?;
        Ok(answer.athlete.unwrap_or_default().id)
    }

    /// An athlete with an account, a ladder and a draft of a plan.
    pub(super) async fn record(
        &self,
        admin: &'static str,
        keeper: &'static str,
        mate: &'static str,
        shown: &str,
        name: &str,
    ) -> Result<Record> {
        let athlete = self.athlete(keeper, shown).await?;
        let email = format!("{name}@mail.example");
        let code = self
            .invite(keeper, &email, v1::Role::Athlete, &athlete)
            .await?;
        self.join(name, &email, shown, code).await?;
        let ladder = self.draft_ladder(keeper).await?;
        self.publish(keeper, &ladder).await?;
        let request = v1::CreatePlanRequest {
            request_id: new_id().to_string(),
            athlete_id: athlete.clone(),
            definition: Some(prescription(&ladder.id)),
        };
        let answer: v1::CreatePlanResponse =
            self.ask(keeper, "PlanService/CreatePlan", &request).await?;
        let plan = answer.plan.unwrap_or_default();
        let token = self.people.person(keeper)?.access;
        Ok(Record {
            athlete,
            track: plan
                .tracks
                .first()
                .map(|t| t.track_id.clone())
                .unwrap_or_default(),
            plan: plan.id,
            ladder: ladder.id,
            keeper,
            admin,
            mate,
            clinic: claims(&token)?["cid"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            ..Record::default()
        })
    }

    pub(crate) async fn draft_ladder(&self, by: &str) -> Result<v1::Ladder> {
        let request = v1::CreateLadderRequest {
            request_id: new_id().to_string(),
            definition: Some(ladder()),
        };
        let answer: v1::CreateLadderResponse =
            self.ask(by, "LadderService/CreateLadder", &request).await?;
        Ok(answer.ladder.unwrap_or_default())
    }

    pub(crate) async fn publish(&self, by: &str, ladder: &v1::Ladder) -> Result<v1::Ladder> {
        let request = v1::PublishLadderRequest {
            request_id: new_id().to_string(),
            ladder_id: ladder.id.clone(),
            etag: ladder.etag.clone(),
        };
        let answer: v1::PublishLadderResponse = self
            .ask(by, "LadderService/PublishLadder", &request)
            .await?;
        Ok(answer.ladder.unwrap_or_default())
    }

    /// A ladder as who prescribes it reads it.
    pub(crate) async fn read_ladder(&self, by: &str, id: &str) -> Result<v1::LadderDefinition> {
        let request = v1::GetLadderRequest {
            ladder_id: id.to_owned(),
        };
        let answer: v1::GetLadderResponse =
            self.ask(by, "LadderService/GetLadder", &request).await?;
        Ok(answer
            .ladder
            .unwrap_or_default()
            .definition
            .unwrap_or_default())
    }

    /// The plan as who prescribes it reads it.
    pub(crate) async fn plan(&self, record: &Record) -> Result<v1::Plan> {
        if record.plan == self.nobody {
            return Ok(v1::Plan {
                etag: "1".to_owned(),
                ..v1::Plan::default()
            });
        }
        let request = v1::GetPlanRequest {
            plan_id: record.plan.clone(),
            revision: 0,
        };
        let answer: v1::GetPlanResponse = self
            .ask(record.keeper, "PlanService/GetPlan", &request)
            .await?;
        Ok(answer.plan.unwrap_or_default())
    }
}

/// A ladder under a key of its own.
pub(crate) fn ladder() -> v1::LadderDefinition {
    let rung = |title: &str, dose: i64| v1::Rung {
        title: title.to_owned(),
        dose,
        instruction: format!("Run {dose} m on the flat."),
        needs_approval: dose > 3000,
        ..v1::Rung::default()
    };
    v1::LadderDefinition {
        key: format!("l-{}", new_id().simple()),
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
        rungs: vec![rung("To the crane", 3000), rung("To the lock", 6000)],
        ..v1::LadderDefinition::default()
    }
}

/// A plan on one ladder.
pub(crate) fn prescription(ladder_id: &str) -> v1::PlanDefinition {
    v1::PlanDefinition {
        tracks: vec![v1::TrackPrescription {
            ladder_id: ladder_id.to_owned(),
            ..v1::TrackPrescription::default()
        }],
        baseline: Some(v1::Baseline {
            pain: Some(1),
            stiffness: Some(10),
            over_limit_reason: String::new(),
        }),
        ..v1::PlanDefinition::default()
    }
}
