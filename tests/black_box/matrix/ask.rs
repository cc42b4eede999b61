//! What is sent for each row of the table: the message that succeeds for those who may, with the ids of an object in it.
//!
//! How do I add an RPC? A row in `access.txt`, and an arm here that makes its message. What it needs to be there it makes
//! first, as somebody who may.

use chrono::Datelike as _;
use prost::Message;
use rung_proto::v1;
use rung_tests::{PASSWORD, Result, fail, new_id, now};

use super::{
    answer::Expect,
    people::{self, key_pair},
    table::{Object, Row},
    world::{Record, World, at, ladder, prescription},
};

/// A message, ready to be sent.
pub(super) struct Ask {
    pub(super) message: Vec<u8>,
    /// Another token than the caller's: of a session of theirs that may end.
    pub(super) token: Option<String>,
    pub(super) expect: Vec<Expect>,
}

fn ask(message: &impl Message, expect: Vec<Expect>) -> Ask {
    Ask {
        message: message.encode_to_vec(),
        token: None,
        expect,
    }
}

/// A plan that begins long ago would be paused for want of sessions.
fn today() -> Result<v1::Date> {
    let today = now().date_naive();
    Ok(v1::Date {
        year: today.year(),
        month: i32::try_from(today.month())?,
        day: i32::try_from(today.day())?,
    })
}

fn fresh() -> String {
    new_id().to_string()
}

/// The place of one row in the world.
pub(super) struct Scene<'a> {
    pub(super) world: &'a World,
    pub(super) row: &'a Row,
    pub(super) caller: &'static str,
    pub(super) object: Object,
    /// Whether the answer is meant to be one: what costs a secret to make is made for those alone.
    pub(super) allowed: bool,
}

impl Scene<'_> {
    /// The message of the row for this caller about this object.
    pub(super) async fn ask(&self) -> Result<Ask> {
        let call = self.row.call.as_str();
        let field = self.row.field.as_str();
        match call.split_once('/') {
            Some(("AuthService", rpc)) => self.auth(rpc).await,
            Some(("ClinicService", rpc)) => self.clinic(rpc, field).await,
            Some(("LadderService", rpc)) => self.ladder(rpc).await,
            Some(("AthleteService", rpc)) => self.athlete(rpc, field).await,
            Some(("PlanService", rpc)) => self.plan(rpc, field).await,
            Some(("CheckInService" | "TriageService", rpc)) => Ok(self.check_in(rpc)),
            Some(("AuditService", rpc)) => self.audit(rpc, field),
            Some((_, rpc)) => foreign(call, rpc),
            None => fail(format!("{call} is no RPC")),
        }
    }

    fn record(&self) -> Record {
        self.world.at(self.object)
    }

    /// A person: the caller themself, a colleague, somebody elsewhere, nobody.
    fn person_id(&self) -> Result<String> {
        match self.object {
            // A service account and nobody at all have no person: the admin's stands for it.
            Object::Own => {
                let person = self.world.people.person(self.caller);
                Ok(person.or_else(|_| self.world.people.person("admin"))?.id)
            }
            Object::Same => self.world.people.id(self.world.own.mate),
            Object::Other => self.world.people.id(self.world.other.mate),
            Object::Missing => Ok(self.world.nobody.clone()),
        }
    }

    async fn auth(&self, rpc: &str) -> Result<Ask> {
        let world = self.world;
        let wrong = || fresh();
        // Whose password or code it is does not depend on whose token comes along.
        let person = world
            .people
            .person(self.caller)
            .or_else(|_| world.people.person("bert"))?;
        let named = vec![Expect::is("/person_id", &person.id)];
        Ok(match rpc {
            "Login" => {
                let request = v1::LoginRequest {
                    email: person.email.clone(),
                    password: PASSWORD.to_owned(),
                    clinic_id: self.record().clinic,
                };
                ask(&request, named)
            }
            "RefreshToken" => {
                let refresh_token = if self.allowed {
                    person.login(&world.wire).await?.refresh
                } else {
                    wrong()
                };
                ask(
                    &v1::RefreshTokenRequest { refresh_token },
                    vec![Expect::Token("/tokens/access_token", person.id.clone())],
                )
            }
            "AcceptInvitation" => {
                let email = format!("{}@new.example", fresh());
                let code = if self.allowed {
                    world.invite("admin", &email, v1::Role::Physio, "").await?
                } else {
                    wrong()
                };
                let request = v1::AcceptInvitationRequest {
                    code,
                    password: PASSWORD.to_owned(),
                    display_name: "Newcomer".to_owned(),
                };
                let clinic = &world.own.clinic;
                ask(&request, vec![Expect::is("/membership/clinic_id", clinic)])
            }
            "ExchangeAssertion" => {
                let system = world.people.system("svc")?;
                let mut claims = system.claims();
                if !self.allowed {
                    claims["aud"] = "somebody else".into();
                }
                let request = v1::ExchangeAssertionRequest {
                    assertion: system.sign(&claims)?,
                    scopes: vec![],
                };
                ask(&request, vec![Expect::Token("/access_token", system.id)])
            }
            "WhoAmI" => {
                let id = world.people.id(self.caller).unwrap_or_default();
                ask(&v1::WhoAmIRequest {}, vec![Expect::is("/person_id", &id)])
            }
            "SwitchClinic" => {
                let clinic_id = self.record().clinic;
                let expect = vec![Expect::is("/membership/clinic_id", &clinic_id)];
                ask(&v1::SwitchClinicRequest { clinic_id }, expect)
            }
            "ListSessions" => {
                let sid = self.sid(self.caller).unwrap_or_default();
                ask(
                    &v1::ListSessionsRequest {},
                    vec![Expect::has("/sessions/*/id", &sid)],
                )
            }
            "RevokeSession" => {
                let session_id = match self.object {
                    Object::Own if self.allowed => {
                        sid(&person.login(&world.wire).await?.access)?
                    }
                    Object::Own => sid(&person.access)?,
                    Object::Same => self.sid(world.own.mate)?,
                    Object::Other => self.sid(world.other.mate)?,
                    Object::Missing => world.nobody.clone(),
                };
                ask(&v1::RevokeSessionRequest { session_id }, vec![])
            }
            "Logout" => {
                let token = if self.allowed {
                    Some(person.login(&world.wire).await?.access)
                } else {
                    None
                };
                Ask {
                    token,
                    ..ask(&v1::LogoutRequest {}, vec![])
                }
            }
            "ChangePassword" => {
                // To the same one: whoever signs in after this need not know.
                let request = v1::ChangePasswordRequest {
                    old_password: PASSWORD.to_owned(),
                    new_password: PASSWORD.to_owned(),
                };
                ask(&request, vec![])
            }
            other => return self.second(other, &person).await,
        })
    }

    fn sid(&self, who: &str) -> Result<String> {
        sid(&self.world.people.token(who)?.unwrap_or_default())
    }

    /// Second factors and resets.
    async fn second(&self, rpc: &str, person: &people::Person) -> Result<Ask> {
        let world = self.world;
        let named = vec![Expect::is("/person_id", &person.id)];
        Ok(match rpc {
            "ResetPassword" => {
                let mut code = fresh();
                if self.allowed {
                    let request = v1::ResetCredentialsRequest {
                        request_id: fresh(),
                        person_id: world.people.id(world.own.mate)?,
                    };
                    let answer: v1::ResetCredentialsResponse = world
                        .ask("admin", "ClinicService/ResetCredentials", &request)
                        .await?;
                    code = answer.code;
                }
                let request = v1::ResetPasswordRequest {
                    code,
                    new_password: PASSWORD.to_owned(),
                };
                ask(&request, vec![])
            }
            "EnrollTotp" => {
                let request = v1::EnrollTotpRequest {
                    password: PASSWORD.to_owned(),
                };
                ask(&request, vec![Expect::Holds("/uri", "otpauth://totp/".to_owned())])
            }
            "ConfirmTotp" => {
                let code = if self.allowed {
                    code(&self.enroll().await?)?
                } else {
                    "000000".to_owned()
                };
                let some = vec![Expect::Some("/recovery_codes")];
                ask(&v1::ConfirmTotpRequest { code }, some)
            }
            "DisableTotp" => {
                let code = if self.allowed {
                    self.confirmed(self.caller).await?.1
                } else {
                    "000000".to_owned()
                };
                let request = v1::DisableTotpRequest {
                    password: PASSWORD.to_owned(),
                    code,
                };
                ask(&request, vec![])
            }
            "CompleteSecondFactor" => {
                let (mut challenge, mut word) = (fresh(), "000000".to_owned());
                if self.allowed {
                    // One who calls nowhere else in the table.
                    let (_, recovery) = self.confirmed("bert").await?;
                    word = recovery;
                    let bert = world.people.person("bert")?;
                    let request = v1::LoginRequest {
                        email: bert.email,
                        password: PASSWORD.to_owned(),
                        clinic_id: String::new(),
                    };
                    let answer: v1::LoginResponse =
                        world.ask("anon", "AuthService/Login", &request).await?;
                    challenge = answer.challenge;
                }
                let request = v1::CompleteSecondFactorRequest {
                    challenge,
                    code: word,
                };
                let bert = world.people.id("bert")?;
                ask(&request, vec![Expect::is("/person_id", &bert)])
            }
            _ => {
                drop(named);
                return fail(format!("AuthService/{rpc} has no message"));
            }
        })
    }

    /// A secret for the caller's authenticator.
    async fn enroll(&self) -> Result<String> {
        self.enroll_for(self.caller).await
    }

    async fn enroll_for(&self, who: &str) -> Result<String> {
        let id = self.world.people.id(who)?;
        self.world.without_second_factor(&id).await?;
        let request = v1::EnrollTotpRequest {
            password: PASSWORD.to_owned(),
        };
        let answer: v1::EnrollTotpResponse =
            self.world.ask(who, "AuthService/EnrollTotp", &request).await?;
        Ok(answer.secret)
    }

    /// Turns somebody's second factor on; the secret and a recovery code.
    async fn confirmed(&self, who: &str) -> Result<(String, String)> {
        let secret = self.enroll_for(who).await?;
        let request = v1::ConfirmTotpRequest {
            code: code(&secret)?,
        };
        let answer: v1::ConfirmTotpResponse =
            self.world.ask(who, "AuthService/ConfirmTotp", &request).await?;
        let recovery = answer.recovery_codes.first().cloned().unwrap_or_default();
        Ok((secret, recovery))
    }

    async fn clinic(&self, rpc: &str, field: &str) -> Result<Ask> {
        let world = self.world;
        let record = self.record();
        Ok(match (rpc, field) {
            ("GetClinic", _) => ask(
                &v1::GetClinicRequest {},
                vec![Expect::is("/clinic/id", &record.clinic)],
            ),
            ("UpdateClinic", _) => {
                let read: v1::GetClinicResponse = world
                    .ask("admin", "ClinicService/GetClinic", &v1::GetClinicRequest {})
                    .await?;
                let request = v1::UpdateClinicRequest {
                    request_id: fresh(),
                    etag: read.clinic.unwrap_or_default().etag,
                    name: Some("Harbour Clinic".to_owned()),
                    ..v1::UpdateClinicRequest::default()
                };
                ask(&request, vec![Expect::is("/clinic/id", &record.clinic)])
            }
            ("ListMembers", _) => {
                let request = v1::ListMembersRequest {
                    page_size: 200,
                    ..v1::ListMembersRequest::default()
                };
                let care = world.people.id("care")?;
                ask(&request, vec![Expect::has("/members/*/person_id", &care)])
            }
            ("UpdateMember", _) => {
                let person_id = self.person_id()?;
                let admin = if self.object == Object::Other { "hal" } else { "admin" };
                let request = v1::ListMembersRequest {
                    page_size: 200,
                    ..v1::ListMembersRequest::default()
                };
                let read: v1::ListMembersResponse =
                    world.ask(admin, "ClinicService/ListMembers", &request).await?;
                let member = read.members.into_iter().find(|m| m.person_id == person_id);
                let member = member.unwrap_or_default();
                let request = v1::UpdateMemberRequest {
                    request_id: fresh(),
                    person_id: person_id.clone(),
                    etag: if member.etag.is_empty() { "1".to_owned() } else { member.etag },
                    roles: Some(v1::RoleSet {
                        roles: if member.roles.is_empty() {
                            vec![v1::Role::Physio.into()]
                        } else {
                            member.roles
                        },
                    }),
                    deactivated: None,
                };
                ask(&request, vec![Expect::is("/member/person_id", &person_id)])
            }
            ("ResetCredentials", _) => {
                let request = v1::ResetCredentialsRequest {
                    request_id: fresh(),
                    person_id: self.person_id()?,
                };
                ask(&request, vec![Expect::Some("/code")])
            }
            ("InviteMember", "-") => {
                let request = v1::InviteMemberRequest {
                    request_id: fresh(),
                    email: format!("{}@new.example", fresh()),
                    roles: vec![v1::Role::Physio.into()],
                    athlete_id: String::new(),
                };
                ask(&request, vec![Expect::Some("/code")])
            }
            ("InviteMember", _) => {
                let athlete_id = match self.object {
                    Object::Missing => record.athlete,
                    // An athlete without an account, in the same hands.
                    _ => world.athlete(record.keeper, "Guest").await?,
                };
                let request = v1::InviteMemberRequest {
                    request_id: fresh(),
                    email: format!("{}@new.example", fresh()),
                    roles: vec![v1::Role::Athlete.into()],
                    athlete_id,
                };
                ask(&request, vec![Expect::Some("/code")])
            }
            ("CreateServiceAccount", _) => {
                let request = v1::CreateServiceAccountRequest {
                    request_id: fresh(),
                    display_name: "Watch".to_owned(),
                    scopes: vec![v1::Scope::Checkins.into()],
                    public_key_pem: key_pair()?.1,
                };
                let named = Expect::is("/service_account/display_name", "Watch");
                ask(&request, vec![named, Expect::Some("/service_account/id")])
            }
            ("ListServiceAccounts", _) => {
                let id = world.people.id("svc")?;
                ask(
                    &v1::ListServiceAccountsRequest::default(),
                    vec![Expect::has("/service_accounts/*/id", &id)],
                )
            }
            ("RotateServiceAccountKey", _) => {
                let request = v1::RotateServiceAccountKeyRequest {
                    request_id: fresh(),
                    service_account_id: record.service_account.clone(),
                    public_key_pem: key_pair()?.1,
                    overlap_s: 60,
                };
                let id = Expect::is("/service_account/id", &record.service_account);
                ask(&request, vec![id])
            }
            ("RevokeServiceAccount", _) => {
                let request = v1::RevokeServiceAccountRequest {
                    request_id: fresh(),
                    service_account_id: record.service_account.clone(),
                };
                let id = Expect::is("/service_account/id", &record.service_account);
                ask(&request, vec![id])
            }
            _ => return fail(format!("ClinicService/{rpc} {field} has no message")),
        })
    }

    async fn ladder(&self, rpc: &str) -> Result<Ask> {
        let record = self.record();
        Ok(match rpc {
            "CreateLadder" => {
                let definition = ladder();
                let key = Expect::is("/ladder/definition/key", &definition.key);
                let request = v1::CreateLadderRequest {
                    request_id: fresh(),
                    definition: Some(definition),
                };
                ask(&request, vec![key])
            }
            "LintLadder" => {
                let request = v1::LintLadderRequest {
                    definition: Some(ladder()),
                };
                ask(&request, vec![])
            }
            "PublishLadder" => {
                let draft = match self.object {
                    Object::Missing => v1::Ladder {
                        id: record.ladder,
                        etag: "1".to_owned(),
                        ..v1::Ladder::default()
                    },
                    _ => self.world.draft_ladder(record.keeper).await?,
                };
                let id = Expect::is("/ladder/id", &draft.id);
                let request = v1::PublishLadderRequest {
                    request_id: fresh(),
                    ladder_id: draft.id,
                    etag: draft.etag,
                };
                ask(&request, vec![id])
            }
            "GetLadder" => {
                let id = Expect::is("/ladder/id", &record.ladder);
                let request = v1::GetLadderRequest {
                    ladder_id: record.ladder,
                };
                ask(&request, vec![id])
            }
            "ListLadders" => {
                let request = v1::ListLaddersRequest {
                    page_size: 200,
                    ..v1::ListLaddersRequest::default()
                };
                ask(&request, vec![Expect::has("/ladders/*/id", &record.ladder)])
            }
            _ => return fail(format!("LadderService/{rpc} has no message")),
        })
    }

    async fn athlete(&self, rpc: &str, field: &str) -> Result<Ask> {
        let world = self.world;
        let record = self.record();
        let athlete_id = record.athlete.clone();
        let is = |path: &'static str| vec![Expect::is(path, &athlete_id)];
        Ok(match (rpc, field) {
            ("CreateAthlete", _) => {
                let name = format!("New {}", fresh());
                let request = v1::CreateAthleteRequest {
                    request_id: fresh(),
                    display_name: name.clone(),
                    time_zone: "Europe/Berlin".to_owned(),
                };
                ask(&request, vec![Expect::is("/athlete/display_name", &name)])
            }
            ("GetAthlete", _) => ask(
                &v1::GetAthleteRequest {
                    athlete_id: athlete_id.clone(),
                },
                is("/athlete/id"),
            ),
            ("ListAthletes", _) => {
                let own = Expect::has("/athletes/*/id", &athlete_id);
                let not = Expect::Lacks(world.same.athlete.clone());
                ask(
                    &v1::ListAthletesRequest::default(),
                    vec![own, not, Expect::Empty("/athletes/*")],
                )
            }
            ("ExportAthleteData", _) => ask(
                &v1::ExportAthleteDataRequest {
                    athlete_id: athlete_id.clone(),
                },
                vec![
                    Expect::Holds("/*/line", athlete_id.clone()),
                    Expect::Lacks(world.same.athlete.clone()),
                ],
            ),
            ("AddCareTeamMember" | "TransferLead" | "RemoveCareTeamMember", _) => {
                return self.care_team(rpc, field).await;
            }
            ("InviteSupporter", _) => {
                let request = v1::InviteSupporterRequest {
                    request_id: fresh(),
                    athlete_id,
                    email: format!("{}@family.example", fresh()),
                    parts: vec![v1::ConsentPart::CheckIns.into()],
                    purpose: "Cheers from the side.".to_owned(),
                    valid_until: None,
                };
                ask(&request, vec![Expect::Some("/code")])
            }
            ("GrantConsent", _) => {
                let (athlete, supporter) = self.consent(field);
                let expect = vec![
                    Expect::is("/consent/athlete_id", &athlete),
                    Expect::is("/consent/supporter_id", &supporter),
                ];
                let request = v1::GrantConsentRequest {
                    request_id: fresh(),
                    athlete_id: athlete,
                    supporter_id: supporter,
                    parts: vec![v1::ConsentPart::CheckIns.into()],
                    purpose: "Goes on cheering.".to_owned(),
                    valid_from: None,
                    valid_until: None,
                };
                ask(&request, expect)
            }
            ("WithdrawConsent", _) => {
                let (athlete, supporter) = self.consent(field);
                let expect = vec![
                    Expect::is("/consent/athlete_id", &athlete),
                    Expect::is("/consent/supporter_id", &supporter),
                ];
                let request = v1::WithdrawConsentRequest {
                    request_id: fresh(),
                    athlete_id: athlete,
                    supporter_id: supporter,
                };
                ask(&request, expect)
            }
            ("ListConsents", "-") => {
                let person = world.people.person(self.caller);
                let mine = match person {
                    Ok(person) if person.athlete.is_empty() => {
                        Expect::is("/consents/*/supporter_id", &person.id)
                    }
                    Ok(person) => Expect::is("/consents/*/athlete_id", &person.athlete),
                    Err(_) => Expect::Some("/consents"),
                };
                ask(&v1::ListConsentsRequest::default(), vec![mine])
            }
            ("ListConsents", _) => ask(
                &v1::ListConsentsRequest {
                    athlete_id: athlete_id.clone(),
                    ..v1::ListConsentsRequest::default()
                },
                is("/consents/*/athlete_id"),
            ),
            ("ListAccessLog", _) => {
                // Those who cared for this athlete stand there, and nobody from elsewhere.
                let care = world.people.id("care")?;
                let request = v1::ListAccessLogRequest {
                    athlete_id: athlete_id.clone(),
                    page_size: 200,
                    ..v1::ListAccessLogRequest::default()
                };
                ask(&request, vec![Expect::has("/entries/*/actor_id", &care)])
            }
            ("BreakGlass", _) => {
                let request = v1::BreakGlassRequest {
                    request_id: fresh(),
                    athlete_id: athlete_id.clone(),
                    reason: "Fell at the finish and cannot speak.".to_owned(),
                    minutes: 5,
                };
                ask(&request, is("/athlete_id"))
            }
            ("EraseAthlete", _) => {
                let request = v1::EraseAthleteRequest {
                    request_id: fresh(),
                    athlete_id: athlete_id.clone(),
                    reason: "Asked for it.".to_owned(),
                    hold_until: None,
                };
                ask(&request, is("/athlete_id"))
            }
            _ => return fail(format!("AthleteService/{rpc} {field} has no message")),
        })
    }

    /// The athlete and the supporter: one of them is the object, the other belongs to it.
    fn consent(&self, field: &str) -> (String, String) {
        let record = self.record();
        if field == "supporter_id" {
            return (self.world.own.athlete.clone(), record.supporter);
        }
        match self.object {
            Object::Missing => (record.athlete, self.world.own.supporter.clone()),
            _ => (record.athlete, record.supporter),
        }
    }

    async fn care_team(&self, rpc: &str, field: &str) -> Result<Ask> {
        let world = self.world;
        let record = self.record();
        let (athlete_id, person_id) = if field == "person_id" {
            (world.own.athlete.clone(), self.person_id()?)
        } else {
            (record.athlete.clone(), world.people.id(record.mate)?)
        };
        let request_id = fresh();
        if rpc == "RemoveCareTeamMember" && self.object != Object::Missing {
            // Somebody who is on the team, and does not lead it.
            let at = if field == "person_id" { world.own.clone() } else { record };
            let request = v1::AddCareTeamMemberRequest {
                request_id: fresh(),
                athlete_id: at.athlete.clone(),
                person_id: world.people.id(at.mate)?,
            };
            let _: v1::AddCareTeamMemberResponse = world
                .ask(at.keeper, "AthleteService/AddCareTeamMember", &request)
                .await?;
        }
        Ok(match rpc {
            "AddCareTeamMember" => {
                let expect = vec![
                    Expect::is("/athlete/id", &athlete_id),
                    Expect::has("/athlete/care_team/*/person_id", &person_id),
                ];
                let request = v1::AddCareTeamMemberRequest {
                    request_id,
                    athlete_id,
                    person_id,
                };
                ask(&request, expect)
            }
            "TransferLead" => {
                let expect = vec![
                    Expect::is("/athlete_id", &athlete_id),
                    Expect::is("/care_team/0/person_id", &person_id),
                ];
                let request = v1::TransferLeadRequest {
                    request_id,
                    athlete_id,
                    person_id,
                };
                ask(&request, expect)
            }
            _ => {
                let expect = vec![
                    Expect::is("/athlete_id", &athlete_id),
                    Expect::Lacks(person_id.clone()),
                ];
                let request = v1::RemoveCareTeamMemberRequest {
                    request_id,
                    athlete_id,
                    person_id,
                };
                ask(&request, expect)
            }
        })
    }

    async fn plan(&self, rpc: &str, field: &str) -> Result<Ask> {
        let world = self.world;
        let record = self.record();
        let plan_id = record.plan.clone();
        let is = |path: &'static str| vec![Expect::is(path, &plan_id)];
        let request_id = fresh();
        let reason = "After talking on the phone.".to_owned();
        Ok(match rpc {
            "CreatePlan" => {
                let (athlete_id, ladder_id) = match (field, self.object) {
                    ("ladder_id", _) => (world.own.athlete.clone(), record.ladder),
                    (_, Object::Missing) => (record.athlete, world.own.ladder.clone()),
                    _ => (record.athlete, record.ladder),
                };
                let expect = vec![
                    Expect::is("/plan/athlete_id", &athlete_id),
                    Expect::is("/plan/definition/tracks/*/ladder_id", &ladder_id),
                ];
                let request = v1::CreatePlanRequest {
                    request_id,
                    athlete_id,
                    definition: Some(prescription(&ladder_id)),
                };
                ask(&request, expect)
            }
            "StartPlan" => {
                let request = v1::StartPlanRequest {
                    request_id,
                    etag: world.plan(&record).await?.etag,
                    effective_date: Some(today()?),
                    plan_id: plan_id.clone(),
                };
                ask(&request, is("/plan/id"))
            }
            "GetPlan" => ask(
                &v1::GetPlanRequest {
                    plan_id: plan_id.clone(),
                },
                is("/plan/id"),
            ),
            "MoveTrack" => {
                self.started(&record).await?;
                let request = v1::MoveTrackRequest {
                    request_id,
                    etag: world.plan(&record).await?.etag,
                    plan_id: plan_id.clone(),
                    to: Some(v1::TrackRung {
                        track_id: record.track.clone(),
                        rung: Some(1),
                    }),
                    reason,
                };
                ask(&request, is("/plan/id"))
            }
            "PausePlan" => {
                self.started(&record).await?;
                let request = v1::PausePlanRequest {
                    request_id,
                    etag: world.plan(&record).await?.etag,
                    plan_id: plan_id.clone(),
                    reason,
                };
                ask(&request, is("/plan/id"))
            }
            "ResumePlan" => {
                self.paused(&record).await?;
                let request = v1::ResumePlanRequest {
                    request_id,
                    etag: world.plan(&record).await?.etag,
                    plan_id: plan_id.clone(),
                    rungs: vec![],
                    reason,
                };
                ask(&request, is("/plan/id"))
            }
            "GetToday" => {
                let request = v1::GetTodayRequest {
                    athlete_id: record.athlete,
                    date: None,
                };
                ask(&request, is("/plan_id"))
            }
            "ListDecisions" => ask(
                &v1::ListDecisionsRequest {
                    plan_id: plan_id.clone(),
                    ..v1::ListDecisionsRequest::default()
                },
                is("/decisions/*/plan_id"),
            ),
            _ => return fail(format!("PlanService/{rpc} has no message")),
        })
    }

    /// The plan is in force.
    async fn started(&self, record: &Record) -> Result<()> {
        let plan = self.world.plan(record).await?;
        if plan.state() != v1::PlanState::Draft {
            return Ok(());
        }
        let request = v1::StartPlanRequest {
            request_id: fresh(),
            plan_id: record.plan.clone(),
            etag: plan.etag,
            effective_date: Some(today()?),
        };
        let _: v1::StartPlanResponse = self
            .world
            .ask(record.keeper, "PlanService/StartPlan", &request)
            .await?;
        Ok(())
    }

    /// The plan is in force and paused.
    async fn paused(&self, record: &Record) -> Result<()> {
        self.started(record).await?;
        let plan = self.world.plan(record).await?;
        if plan.state() != v1::PlanState::Active {
            return Ok(());
        }
        let request = v1::PausePlanRequest {
            request_id: fresh(),
            plan_id: record.plan.clone(),
            etag: plan.etag,
            reason: "Fever.".to_owned(),
        };
        let _: v1::PausePlanResponse = self
            .world
            .ask(record.keeper, "PlanService/PausePlan", &request)
            .await?;
        Ok(())
    }

    fn check_in(&self, rpc: &str) -> Ask {
        let record = self.record();
        let athlete_id = record.athlete.clone();
        let is = |path: &'static str| vec![Expect::is(path, &athlete_id)];
        match rpc {
            "SubmitCheckIn" => {
                let request = v1::SubmitCheckInRequest {
                    check_in: Some(v1::CheckIn {
                        id: fresh(),
                        athlete_id: athlete_id.clone(),
                        performed_at: Some(prost_types::Timestamp {
                            seconds: now().timestamp(),
                            nanos: 0,
                        }),
                        no_red_flags: true,
                        note: "Slept well.".to_owned(),
                        report: Some(v1::check_in::Report::Morning(v1::MorningReport {
                            pain: Some(1),
                            stiffness: Some(10),
                            swelling: v1::Swelling::None.into(),
                        })),
                        ..v1::CheckIn::default()
                    }),
                };
                ask(&request, is("/check_in/athlete_id"))
            }
            "ListCheckIns" => {
                let request = v1::ListCheckInsRequest {
                    athlete_id: athlete_id.clone(),
                    ..v1::ListCheckInsRequest::default()
                };
                let mut expect = is("/check_ins/*/athlete_id");
                if self.caller == "supp" {
                    // The consent opens check-ins and no notes.
                    expect.push(Expect::Lacks("Slept well.".to_owned()));
                }
                ask(&request, expect)
            }
            _ => {
                let own = Expect::has("/entries/*/athlete_id", &athlete_id);
                let not = Expect::Lacks(self.world.same.athlete.clone());
                let expect = vec![own, not, Expect::Empty("/entries/*")];
                ask(&v1::ListCaseloadRequest::default(), expect)
            }
        }
    }

    fn audit(&self, rpc: &str, field: &str) -> Result<Ask> {
        let record = self.record();
        Ok(match (rpc, field) {
            ("ListAuditEvents", "athlete_id") => {
                let id = record.athlete;
                let request = v1::ListAuditEventsRequest {
                    athlete_id: id.clone(),
                    ..v1::ListAuditEventsRequest::default()
                };
                let expect = Expect::is("/events/*/athlete_id", &id);
                ask(&request, vec![expect, Expect::Empty("/events/*")])
            }
            ("ListAuditEvents", _) => {
                let id = self.person_id()?;
                let request = v1::ListAuditEventsRequest {
                    actor_id: id.clone(),
                    ..v1::ListAuditEventsRequest::default()
                };
                let expect = Expect::is("/events/*/actor_id", &id);
                ask(&request, vec![expect, Expect::Empty("/events/*")])
            }
            ("VerifyAudit", _) => ask(&v1::VerifyAuditRequest {}, vec![]),
            ("GetAuditHead", _) => {
                let clinic = Expect::is("/head/clinic_id", &record.clinic);
                ask(&v1::GetAuditHeadRequest {}, vec![clinic])
            }
            ("ListBreakGlass", _) => {
                let own = Expect::has("/records/*/athlete_id", &record.athlete);
                ask(&v1::ListBreakGlassRequest::default(), vec![own])
            }
            ("AcknowledgeBreakGlass", _) => {
                let id = record.break_glass;
                let request = v1::AcknowledgeBreakGlassRequest {
                    request_id: fresh(),
                    break_glass_id: id.clone(),
                };
                ask(&request, vec![Expect::is("/record/id", &id)])
            }
            _ => return fail(format!("AuditService/{rpc} {field} has no message")),
        })
    }
}

fn sid(token: &str) -> Result<String> {
    Ok(at(&people::claims(token)?, "/sid"))
}

/// The six digits of this moment (RFC 6238).
fn code(secret: &str) -> Result<String> {
    super::totp::code(secret, now().timestamp())
}

/// Of other contracts.
fn foreign(call: &str, rpc: &str) -> Result<Ask> {
    use tonic_reflection::pb::v1::{ServerReflectionRequest, server_reflection_request};
    Ok(match rpc {
        "Check" | "Watch" => {
            let request = tonic_health::pb::HealthCheckRequest {
                service: "rung.v1.AuthService".to_owned(),
            };
            let path = if rpc == "Check" { "/status" } else { "/0/status" };
            ask(&request, vec![Expect::is(path, "SERVING")])
        }
        "ServerReflectionInfo" => {
            // Both versions are the same on the wire.
            let list = server_reflection_request::MessageRequest::ListServices(String::new());
            let request = ServerReflectionRequest {
                host: String::new(),
                message_request: Some(list),
            };
            let path = "/0/list_services_response/service/*/name";
            ask(&request, vec![Expect::has(path, "rung.v1.AuthService")])
        }
        _ => return fail(format!("{call} has no message")),
    })
}
