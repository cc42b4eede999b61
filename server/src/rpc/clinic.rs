//! `ClinicService`: the accounts of a clinic.

mod member;
mod reset;
mod service_account;
mod setting;

use std::sync::Arc;

use rung_progression::AthleteId;
use rung_proto::v1::{self, clinic_service_server::ClinicService};
use tonic::{Request, Response, Status};

use super::{field::Fields, once::once_keeping, time::timestamp};
use crate::{
    access::{Invite, InviteCode, Role, Roles, Session},
    app::App,
    error::Result,
    storage::identity::invitation,
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
        let (link, now) = (self.0.links.join(&code), session.now());
        let (code, subject) = (Arc::new(code), session.subject());
        let keep = |response: &v1::InviteMemberResponse| {
            let without_code = v1::InviteMemberResponse {
                code: String::new(),
                link: String::new(),
                ..response.clone()
            };
            prost::Message::encode_to_vec(&without_code)
        };
        once_keeping(&session, request_id, &request, keep, move |tx| {
            let (invite, code, link) = (invite.clone(), Arc::clone(&code), link.clone());
            subject.concerns(invite.id().uuid());
            Box::pin(async move {
                invitation::insert(tx, &invite, now).await?;
                Ok(v1::InviteMemberResponse {
                    invitation_id: invite.id().to_string(),
                    code: code.reveal(),
                    expires_at: Some(timestamp(invite.expires_at())),
                    link,
                })
            })
        })
        .await
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
    if roles.contains(Role::Supporter) {
        f.fault(
            "roles",
            "holds ROLE_SUPPORTER; athletes invite their supporters",
        );
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
        request: Request<v1::GetClinicRequest>,
    ) -> Result<Response<v1::GetClinicResponse>, Status> {
        Ok(Response::new(self.get(request).await?))
    }

    async fn update_clinic(
        &self,
        request: Request<v1::UpdateClinicRequest>,
    ) -> Result<Response<v1::UpdateClinicResponse>, Status> {
        Ok(Response::new(self.update(request).await?))
    }

    async fn update_member(
        &self,
        request: Request<v1::UpdateMemberRequest>,
    ) -> Result<Response<v1::UpdateMemberResponse>, Status> {
        Ok(Response::new(self.change_member(request).await?))
    }

    async fn reset_credentials(
        &self,
        request: Request<v1::ResetCredentialsRequest>,
    ) -> Result<Response<v1::ResetCredentialsResponse>, Status> {
        Ok(Response::new(self.reset(request).await?))
    }

    async fn create_service_account(
        &self,
        request: Request<v1::CreateServiceAccountRequest>,
    ) -> Result<Response<v1::CreateServiceAccountResponse>, Status> {
        Ok(Response::new(self.create_account(request).await?))
    }

    async fn rotate_service_account_key(
        &self,
        request: Request<v1::RotateServiceAccountKeyRequest>,
    ) -> Result<Response<v1::RotateServiceAccountKeyResponse>, Status> {
        Ok(Response::new(self.rotate_account_key(request).await?))
    }

    async fn list_service_accounts(
        &self,
        request: Request<v1::ListServiceAccountsRequest>,
    ) -> Result<Response<v1::ListServiceAccountsResponse>, Status> {
        Ok(Response::new(self.accounts(request).await?))
    }

    async fn revoke_service_account(
        &self,
        request: Request<v1::RevokeServiceAccountRequest>,
    ) -> Result<Response<v1::RevokeServiceAccountResponse>, Status> {
        Ok(Response::new(self.revoke_account(request).await?))
    }
}

#[cfg(test)]
#[path = "clinic_test.rs"]
mod tests;
