//! The clinic and its accounts.

use rung_proto::v1;
use rung_tests::{Result, fail};

use super::{Ask, Scene, ask, fresh};
use crate::matrix::{answer::Expect, fact::Fact, people::key_pair, table::Object};

impl Scene<'_> {
    pub(super) async fn clinic(&self, rpc: &str, field: &str) -> Result<Ask> {
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
                let admin = if self.object == Object::Other {
                    "hal"
                } else {
                    "admin"
                };
                let request = v1::ListMembersRequest {
                    page_size: 200,
                    ..v1::ListMembersRequest::default()
                };
                let read: v1::ListMembersResponse = world
                    .ask(admin, "ClinicService/ListMembers", &request)
                    .await?;
                let member = read.members.into_iter().find(|m| m.person_id == person_id);
                let member = member.unwrap_or_default();
                let request = v1::UpdateMemberRequest {
                    request_id: fresh(),
                    person_id: person_id.clone(),
                    etag: if member.etag.is_empty() {
                        "1".to_owned()
                    } else {
                        member.etag
                    },
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
                let whose = if self.object == Object::Own {
                    self.caller
                } else {
                    record.mate
                };
                ask(&request, vec![Expect::Some("/code")]).then(vec![Fact::Resets(whose)])
            }
            ("InviteMember", "-") => {
                let request = v1::InviteMemberRequest {
                    request_id: fresh(),
                    email: format!("{}@new.example", fresh()),
                    roles: vec![v1::Role::Physio.into()],
                    athlete_id: String::new(),
                };
                let joins = Fact::Joins {
                    clinic: world.own.clinic.clone(),
                    athlete: String::new(),
                };
                ask(&request, vec![Expect::Link("/link", "/code")]).then(vec![joins])
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
                    athlete_id: athlete_id.clone(),
                };
                let joins = Fact::Joins {
                    clinic: world.own.clinic.clone(),
                    athlete: athlete_id,
                };
                ask(&request, vec![Expect::Link("/link", "/code")]).then(vec![joins])
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
}
