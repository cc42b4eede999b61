//! `ClinicService`: the accounts of a clinic.

use std::sync::Arc;

use rung_progression::AthleteId;
use rung_proto::v1::{self, clinic_service_server::ClinicService};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{field::Fields, once::once_keeping, time::timestamp};
use crate::{
    access::{Invite, InviteCode, Role, Roles, Session},
    app::App,
    error::Result,
    storage::identity::{
        invitation,
        membership::{self, Member},
    },
};

/// The service.
pub(crate) struct Clinics(pub(crate) Arc<App>);

/// Who is to be invited as what.
enum Invited {
    Staff(Roles),
    Athlete(AthleteId),
}

impl Clinics {
    async fn invite(
        &self,
        request: Request<v1::InviteMemberRequest>,
    ) -> Result<v1::InviteMemberResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let email = f.email("email", &request.email);
        let invited = invited(&mut f, &request);
        let ((request_id, email), invited) = f.finish(request_id.zip(email).zip(invited))?;
        let (invite, code) = draft(&session, email, invited).await?;
        let (code, now) = (Arc::new(code), session.now());
        let keep = |response: &v1::InviteMemberResponse| {
            let without_code = v1::InviteMemberResponse {
                code: String::new(),
                ..response.clone()
            };
            prost::Message::encode_to_vec(&without_code)
        };
        once_keeping(&session, request_id, &request, keep, move |tx| {
            let (invite, code) = (invite.clone(), Arc::clone(&code));
            Box::pin(async move {
                invitation::insert(tx, &invite, now).await?;
                Ok(v1::InviteMemberResponse {
                    invitation_id: invite.id().to_string(),
                    code: code.reveal(),
                    expires_at: Some(timestamp(invite.expires_at())),
                    link: String::new(),
                })
            })
        })
        .await
    }

    async fn members(
        &self,
        request: Request<v1::ListMembersRequest>,
    ) -> Result<v1::ListMembersResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let size = f.page_size(request.page_size);
        let access = session.clinic()?;
        // Whether an admin asks is part of the query: it decides which rows there are.
        let admin = access.roles().contains(Role::Admin);
        let query = format!("ListMembers/{}/{admin}", access.clinic());
        let token = self.0.pages.open(&query, &request.page_token);
        let (limit, after): (i64, Option<(String, Uuid)>) = f.page(size, token)?;
        let mut reader = session.read().await?;
        let mut rows = membership::list(&mut reader.conn(), &access, after, limit + 1).await?;
        let next_page_token = self.0.pages.cut(&query, &mut rows, limit, |member| {
            (member.display_name.clone(), member.person.uuid())
        })?;
        Ok(v1::ListMembersResponse {
            members: rows.into_iter().map(|row| member(row, admin)).collect(),
            next_page_token,
        })
    }
}

/// Reads roles and athlete, which have to fit each other.
fn invited(f: &mut Fields, request: &v1::InviteMemberRequest) -> Option<Invited> {
    let athlete: Option<Option<AthleteId>> = f.optional_id("athlete_id", &request.athlete_id);
    let Some(roles) = Roles::from_proto(&request.roles) else {
        f.fault("roles", "holds a value that is no known role");
        return None;
    };
    if roles.is_empty() {
        f.fault("roles", "is missing");
        return None;
    }
    if !roles.contains(Role::Athlete) {
        if !request.athlete_id.is_empty() {
            f.fault("athlete_id", "is only for an invitation with ROLE_ATHLETE");
            return None;
        }
        return Some(Invited::Staff(roles));
    }
    if roles != Role::Athlete.into() {
        f.fault("roles", "holds ROLE_ATHLETE and others; it stands alone");
        return None;
    }
    if request.athlete_id.is_empty() {
        f.fault(
            "athlete_id",
            "is missing; it names the record of the athlete to be invited",
        );
    }
    athlete?.map(Invited::Athlete)
}

/// Judges whether the caller may invite them, and writes the invitation.
async fn draft(session: &Session, email: String, invited: Invited) -> Result<(Invite, InviteCode)> {
    let ambient = session.app().ambient.as_ref();
    match invited {
        Invited::Staff(roles) => Invite::staff(&session.clinic()?, email, roles, ambient),
        Invited::Athlete(id) => {
            let access = session.athlete_account(id).await?;
            Ok(Invite::athlete(&access, email, ambient))
        }
    }
}

fn member(row: Member, admin: bool) -> v1::Member {
    v1::Member {
        person_id: row.person.to_string(),
        display_name: row.display_name,
        email: if admin { row.email } else { String::new() },
        roles: row.roles.to_proto(),
        joined_at: Some(timestamp(row.joined_at)),
        ..v1::Member::default()
    }
}

#[tonic::async_trait]
impl ClinicService for Clinics {
    async fn invite_member(
        &self,
        request: Request<v1::InviteMemberRequest>,
    ) -> Result<Response<v1::InviteMemberResponse>, Status> {
        Ok(Response::new(self.invite(request).await?))
    }

    async fn list_members(
        &self,
        request: Request<v1::ListMembersRequest>,
    ) -> Result<Response<v1::ListMembersResponse>, Status> {
        Ok(Response::new(self.members(request).await?))
    }

    async fn get_clinic(
        &self,
        _: Request<v1::GetClinicRequest>,
    ) -> Result<Response<v1::GetClinicResponse>, Status> {
        Err(Status::unimplemented("GetClinic"))
    }

    async fn update_clinic(
        &self,
        _: Request<v1::UpdateClinicRequest>,
    ) -> Result<Response<v1::UpdateClinicResponse>, Status> {
        Err(Status::unimplemented("UpdateClinic"))
    }

    async fn update_member(
        &self,
        _: Request<v1::UpdateMemberRequest>,
    ) -> Result<Response<v1::UpdateMemberResponse>, Status> {
        Err(Status::unimplemented("UpdateMember"))
    }

    async fn reset_credentials(
        &self,
        _: Request<v1::ResetCredentialsRequest>,
    ) -> Result<Response<v1::ResetCredentialsResponse>, Status> {
        Err(Status::unimplemented("ResetCredentials"))
    }

    async fn create_service_account(
        &self,
        _: Request<v1::CreateServiceAccountRequest>,
    ) -> Result<Response<v1::CreateServiceAccountResponse>, Status> {
        Err(Status::unimplemented("CreateServiceAccount"))
    }

    async fn rotate_service_account_key(
        &self,
        _: Request<v1::RotateServiceAccountKeyRequest>,
    ) -> Result<Response<v1::RotateServiceAccountKeyResponse>, Status> {
        Err(Status::unimplemented("RotateServiceAccountKey"))
    }

    async fn list_service_accounts(
        &self,
        _: Request<v1::ListServiceAccountsRequest>,
    ) -> Result<Response<v1::ListServiceAccountsResponse>, Status> {
        Err(Status::unimplemented("ListServiceAccounts"))
    }

    async fn revoke_service_account(
        &self,
        _: Request<v1::RevokeServiceAccountRequest>,
    ) -> Result<Response<v1::RevokeServiceAccountResponse>, Status> {
        Err(Status::unimplemented("RevokeServiceAccount"))
    }
}

#[cfg(test)]
#[path = "clinic_test.rs"]
mod tests;
