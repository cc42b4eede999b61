//! Two clinics with everybody in them whom the table names, made through the API.

use std::time::{Duration, Instant};

use prost_types::Timestamp;
use rung_proto::v1;
use rung_tests::{
    Backend, Database, PASSWORD, Result, Rungd, Settings, bootstrap, fail, new_id, now,
};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use tonic::Status;

use super::{
    people::{People, Person, System, key_pair},
    table::{Object, Row},
    wire::Wire,
};

/// How long the consent lasts that shall have run out when it is asked for.
const SHORT: Duration = Duration::from_millis(1500);

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

pub(crate) struct World {
    pub(crate) wire: Wire,
    pub(crate) people: People,
    pub(crate) own: Record,
    pub(crate) same: Record,
    pub(crate) other: Record,
    /// An id that nobody has.
    pub(crate) nobody: String,
    runtime: Option<Runtime>,
    // Dropped in this order.
    pub(crate) server: Rungd,
    pub(crate) database: Database,
    _home: tempfile::TempDir,
}

impl World {
    /// A server with two clinics, and nobody in them but who runs them. Outside of any runtime: what it holds is given
    /// back there too.
    pub(crate) fn begin(backend: Backend, settings: &Settings) -> Result<Self> {
        let home = tempfile::Builder::new().prefix("rung-").tempdir()?;
        let database = Database::fresh(backend, home.path().join("data"))?;
        bootstrap(&database, "Harbour Clinic", "ada@harbour.example")?;
        bootstrap(&database, "Hill Clinic", "hal@hill.example")?;
        let server = Rungd::start(&database, settings)?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        let wire = runtime.block_on(Wire::connect(&server.url()))?;
        Ok(Self {
            wire,
            people: People::default(),
            own: Record::default(),
            same: Record::default(),
            other: Record::default(),
            nobody: new_id().to_string(),
            runtime: Some(runtime),
            server,
            database,
            _home: home,
        })
    }

    /// Everybody and everything that the table speaks of.
    pub(crate) async fn fill(&mut self) -> Result<()> {
        self.staff().await?;
        self.own = self
            .record("admin", "care", "mate", "Nils Harbour", "self")
            .await?;
        self.same = self
            .record("admin", "bea", "mate", "Bert Harbour", "bert")
            .await?;
        self.other = self
            .record("hal", "uwe", "max", "Xena Hill", "xena")
            .await?;
        let third = self
            .record("admin", "bea", "mate", "Cleo Harbour", "othr")
            .await?;
        self.supporters(&third).await?;
        self.systems().await?;
        self.glass().await
    }

    /// The world, and what runs on it.
    pub(crate) fn play<T>(mut self, story: impl AsyncFnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let runtime = self.runtime.take().ok_or("played already")?;
        runtime.block_on(async {
            self.fill().await?;
            story(&mut self).await
        })
    }

    /// The record that an object stands for; of the missing one, that of the own with ids that nobody has.
    pub(super) fn at(&self, object: Object) -> Record {
        let nobody = || self.nobody.clone();
        match object {
            Object::Own => self.own.clone(),
            Object::Same => self.same.clone(),
            Object::Other => self.other.clone(),
            Object::Missing => Record {
                athlete: nobody(),
                plan: nobody(),
                ladder: nobody(),
                supporter: nobody(),
                service_account: nobody(),
                break_glass: nobody(),
                clinic: nobody(),
                ..self.own.clone()
            },
        }
    }

    /// A call that has to succeed.
    pub(crate) async fn ask<Req, Res>(&self, who: &str, method: &str, message: &Req) -> Result<Res>
    where
        Req: prost::Message + prost::Name,
        Res: prost::Message + Default,
    {
        match self.try_ask(who, method, message).await? {
            Ok(answer) => Ok(answer),
            Err(status) => fail(format!("{method} as {who}: {status:?}")),
        }
    }

    /// A call that may fail.
    pub(crate) async fn try_ask<Req, Res>(
        &self,
        who: &str,
        method: &str,
        message: &Req,
    ) -> Result<std::result::Result<Res, Status>>
    where
        Req: prost::Message + prost::Name,
        Res: prost::Message + Default,
    {
        let token = self.people.token(who)?;
        Ok(self.wire.ask(method, token.as_deref(), message).await)
    }

    /// Joins with a code under a name of the table.
    pub(crate) async fn join(
        &self,
        name: &str,
        email: &str,
        shown: &str,
        code: String,
    ) -> Result<()> {
        let request = v1::AcceptInvitationRequest {
            code,
            password: PASSWORD.to_owned(),
            display_name: shown.to_owned(),
        };
        let answer: v1::AcceptInvitationResponse = self
            .ask("anon", "AuthService/AcceptInvitation", &request)
            .await?;
        let mut person = Person {
            id: answer.person_id,
            email: email.to_owned(),
            access: String::new(),
            refresh: String::new(),
            athlete: answer.membership.unwrap_or_default().athlete_id,
        };
        person.take(answer.tokens)?;
        self.people.put_person(name, person);
        Ok(())
    }

    async fn staff(&self) -> Result<()> {
        for (name, email) in [
            ("admin", "ada@harbour.example"),
            ("hal", "hal@hill.example"),
        ] {
            let person = Person {
                id: String::new(),
                email: email.to_owned(),
                access: String::new(),
                refresh: String::new(),
                athlete: String::new(),
            };
            let mut person = person.login(&self.wire).await?;
            person.id = super::people::claims(&person.access)?["sub"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            self.people.put_person(name, person);
        }
        for (name, admin, place) in [
            ("care", "admin", "harbour"),
            ("phys", "admin", "harbour"),
            ("glas", "admin", "harbour"),
            ("bea", "admin", "harbour"),
            ("mate", "admin", "harbour"),
            ("uwe", "hal", "hill"),
            ("max", "hal", "hill"),
        ] {
            let email = format!("{name}@{place}.example");
            let code = self.invite(admin, &email, v1::Role::Physio, "").await?;
            self.join(name, &email, &format!("{name} {place}"), code)
                .await?;
        }
        Ok(())
    }

    /// A code for somebody.
    pub(crate) async fn invite(
        &self,
        by: &str,
        email: &str,
        role: v1::Role,
        athlete_id: &str,
    ) -> Result<String> {
        let request = v1::InviteMemberRequest {
            request_id: new_id().to_string(),
            email: email.to_owned(),
            roles: vec![role.into()],
            athlete_id: athlete_id.to_owned(),
        };
        let answer: v1::InviteMemberResponse =
            self.ask(by, "ClinicService/InviteMember", &request).await?;
        Ok(answer.code)
    }

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
    async fn record(
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
            clinic: super::people::claims(&token)?["cid"]
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

    async fn publish(&self, by: &str, ladder: &v1::Ladder) -> Result<()> {
        let request = v1::PublishLadderRequest {
            request_id: new_id().to_string(),
            ladder_id: ladder.id.clone(),
            etag: ladder.etag.clone(),
        };
        let _: v1::PublishLadderResponse = self
            .ask(by, "LadderService/PublishLadder", &request)
            .await?;
        Ok(())
    }

    /// Everybody whom an athlete has asked in.
    async fn supporters(&mut self, third: &Record) -> Result<()> {
        let (own, same, other) = (
            self.own.athlete.clone(),
            self.same.athlete.clone(),
            self.other.athlete.clone(),
        );
        for (name, by, athlete) in [
            ("expd", "self", &own),
            ("supp", "self", &own),
            ("wdrn", "self", &own),
            ("extra", "self", &own),
            ("none", "othr", &third.athlete),
            ("bsup", "bert", &same),
            ("xsup", "xena", &other),
        ] {
            let email = format!("{name}@family.example");
            let request = v1::InviteSupporterRequest {
                request_id: new_id().to_string(),
                athlete_id: athlete.clone(),
                email: email.clone(),
                parts: vec![v1::ConsentPart::CheckIns.into()],
                purpose: "Cheers from the side.".to_owned(),
                valid_until: None,
            };
            let answer: v1::InviteSupporterResponse = self
                .ask(by, "AthleteService/InviteSupporter", &request)
                .await?;
            let shown = if by == "xena" { "xsup Hill" } else { name };
            self.join(name, &email, shown, answer.code).await?;
        }
        self.own.supporter = self.people.id("extra")?;
        self.same.supporter = self.people.id("bsup")?;
        self.other.supporter = self.people.id("xsup")?;

        let until = now() + SHORT;
        let request = v1::GrantConsentRequest {
            request_id: new_id().to_string(),
            athlete_id: own.clone(),
            supporter_id: self.people.id("expd")?,
            parts: vec![v1::ConsentPart::CheckIns.into()],
            purpose: "For a moment.".to_owned(),
            valid_from: None,
            valid_until: Some(Timestamp {
                seconds: until.timestamp(),
                nanos: i32::try_from(until.timestamp_subsec_nanos())?,
            }),
        };
        let _: v1::GrantConsentResponse = self
            .ask("self", "AthleteService/GrantConsent", &request)
            .await?;
        let request = v1::WithdrawConsentRequest {
            request_id: new_id().to_string(),
            athlete_id: own,
            supporter_id: self.people.id("wdrn")?,
        };
        let _: v1::WithdrawConsentResponse = self
            .ask("self", "AthleteService/WithdrawConsent", &request)
            .await?;
        Ok(())
    }

    /// A service account of a clinic, with one scope.
    pub(crate) async fn system(&self, by: &str, shown: &str, scope: v1::Scope) -> Result<System> {
        let (key, public_key_pem) = key_pair()?;
        let request = v1::CreateServiceAccountRequest {
            request_id: new_id().to_string(),
            display_name: shown.to_owned(),
            scopes: vec![scope.into()],
            public_key_pem,
        };
        let answer: v1::CreateServiceAccountResponse = self
            .ask(by, "ClinicService/CreateServiceAccount", &request)
            .await?;
        let account = answer.service_account.unwrap_or_default();
        let kid = account.keys.first().map(|key| key.kid.clone());
        Ok(System::new(account.id, kid.unwrap_or_default(), key))
    }

    async fn systems(&mut self) -> Result<()> {
        let mut ids = Vec::new();
        for (by, shown) in [
            ("admin", "clock"),
            ("admin", "scales"),
            ("hal", "watch on the Hill"),
        ] {
            ids.push(self.system(by, shown, v1::Scope::Checkins).await?.id);
        }
        let mut ids = ids.into_iter();
        for record in [&mut self.own, &mut self.same, &mut self.other] {
            record.service_account = ids.next().unwrap_or_default();
        }
        for (name, scope) in [("svc", v1::Scope::Checkins), ("svc0", v1::Scope::Events)] {
            let mut system = self.system("admin", name, scope).await?;
            system.access = system.exchange(&self.wire).await?;
            self.people.put_system(name, system);
        }
        Ok(())
    }

    /// Glass that is broken: on the own athlete by the one whom the table names, elsewhere by others.
    async fn glass(&mut self) -> Result<()> {
        let records = [
            ("glas", self.own.clone()),
            ("mate", self.same.clone()),
            ("max", self.other.clone()),
        ];
        for (index, (by, record)) in records.into_iter().enumerate() {
            let request = v1::BreakGlassRequest {
                request_id: new_id().to_string(),
                athlete_id: record.athlete.clone(),
                reason: "Fell at the finish and cannot speak.".to_owned(),
                minutes: 60,
            };
            let _: v1::BreakGlassResponse =
                self.ask(by, "AthleteService/BreakGlass", &request).await?;
            let request = v1::ListBreakGlassRequest::default();
            let list: v1::ListBreakGlassResponse = self
                .ask(record.admin, "AuditService/ListBreakGlass", &request)
                .await?;
            let id = list
                .records
                .iter()
                .find(|broken| broken.athlete_id == record.athlete)
                .map(|broken| broken.id.clone())
                .unwrap_or_default();
            [&mut self.own, &mut self.same, &mut self.other][index].break_glass = id;
        }
        Ok(())
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
        };
        let answer: v1::GetPlanResponse = self
            .ask(record.keeper, "PlanService/GetPlan", &request)
            .await?;
        Ok(answer.plan.unwrap_or_default())
    }

    /// Everything stored but what every call leaves behind by its nature: who asked, and how often.
    pub(crate) async fn stored(&self) -> Result<Vec<String>> {
        let bookkeeping = [
            "audit_event",
            "audit_link",
            "audit_chain",
            "audit_head",
            "throttle",
            "access_epoch",
        ];
        self.database.dump(&bookkeeping).await
    }

    /// Takes somebody's second factor away.
    pub(crate) async fn without_second_factor(&self, person: &str) -> Result<()> {
        let of = self.database.id(person);
        for table in ["recovery_code", "second_factor"] {
            let sql = format!("DELETE FROM {table} WHERE person_id = {of}");
            self.database.alter(&sql).await?;
        }
        Ok(())
    }

    /// Puts back what the allowed calls of a row have changed and other rows speak of.
    pub(super) async fn after(&self, row: &Row) -> Result<()> {
        match row.call.as_str() {
            "AthleteService/TransferLead" => {
                for (record, lead) in [(&self.own, "care"), (&self.same, "bea")] {
                    let request = v1::TransferLeadRequest {
                        request_id: new_id().to_string(),
                        athlete_id: record.athlete.clone(),
                        person_id: self.people.id(lead)?,
                    };
                    let _: v1::TransferLeadResponse = self
                        .ask("admin", "AthleteService/TransferLead", &request)
                        .await?;
                }
            }
            "AuthService/ResetPassword" => {
                let person = self.people.person(self.own.mate)?;
                self.forget_attempts().await?;
                let person = person.login(&self.wire).await?;
                self.people.put_person(self.own.mate, person);
            }
            "AuthService/EnrollTotp"
            | "AuthService/ConfirmTotp"
            | "AuthService/DisableTotp"
            | "AuthService/CompleteSecondFactor" => {
                for table in ["recovery_code", "second_factor"] {
                    self.database.alter(&format!("DELETE FROM {table}")).await?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Asks again until it holds, for so many seconds at most; whether it does.
    pub(crate) async fn within(
        &self,
        seconds: u64,
        holds: impl AsyncFn() -> Result<bool>,
    ) -> Result<bool> {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(seconds) {
            if holds().await? {
                return Ok(true);
            }
            tokio::task::yield_now().await;
        }
        Ok(false)
    }

    /// Forgets failed attempts: the table asks more often than anybody may.
    pub(crate) async fn forget_attempts(&self) -> Result<()> {
        self.database.alter("DELETE FROM throttle").await
    }

    /// Words that only the other clinic has: none of them may be told to anybody here.
    pub(crate) fn of_the_other(&self) -> Vec<String> {
        let other = &self.other;
        [
            other.athlete.as_str(),
            &other.plan,
            &other.track,
            &other.ladder,
            &other.supporter,
            &other.service_account,
            &other.break_glass,
            &other.clinic,
            "Xena Hill",
            "uwe hill",
            "hill.example",
        ]
        .into_iter()
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
    }
}

/// A ladder under a key of its own.
pub(crate) fn ladder() -> v1::LadderDefinition {
    let rung = |title: &str, dose: i64| v1::Rung {
        title: title.to_owned(),
        dose,
        instruction: format!("Run {dose} m on the flat."),
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

/// The text at a JSON pointer, or nothing.
pub(crate) fn at(value: &Value, pointer: &str) -> String {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
