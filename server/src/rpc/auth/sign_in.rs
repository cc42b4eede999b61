//! Signing in: with a password, or with an invitation.

use rung_proto::v1;

use super::{Auth, membership, tokens};
use crate::{
    access::{InviteCode, Password},
    error::{Error, Result},
    rpc::field::Fields,
};

impl Auth {
    pub(super) async fn sign_in(&self, request: v1::LoginRequest) -> Result<v1::LoginResponse> {
        let mut f = Fields::new();
        let email = f.email("email", &request.email);
        let password = f.check("password", Password::parse(request.password));
        let clinic = f.optional_id("clinic_id", &request.clinic_id);
        let ((email, password), clinic) = f.finish(email.zip(password).zip(clinic))?;
        let signed_in = self.desk().login(&email, &password, clinic).await?;
        Ok(v1::LoginResponse {
            person_id: signed_in.person.to_string(),
            membership: Some(membership(signed_in.place()?)),
            memberships: signed_in.places.iter().map(membership).collect(),
            tokens: Some(tokens(signed_in.pair(&self.0.tokens)?)),
            challenge: String::new(),
        })
    }

    pub(super) async fn join(
        &self,
        request: v1::AcceptInvitationRequest,
    ) -> Result<v1::AcceptInvitationResponse> {
        let mut f = Fields::new();
        let code = Some(request.code).filter(|code| !code.is_empty());
        let code = f.required("code", code);
        let password = f.check("password", Password::parse(request.password));
        let name = f.name("display_name", &request.display_name, 0..=100);
        let ((code, password), name) = f.finish(code.zip(password).zip(name))?;
        let code = InviteCode::parse(&code).ok_or(Error::InvitationInvalid)?;
        let name = Some(name).filter(|name| !name.is_empty());
        let signed_in = self
            .desk()
            .accept(&code, &password, name.as_deref())
            .await?;
        Ok(v1::AcceptInvitationResponse {
            person_id: signed_in.person.to_string(),
            membership: Some(membership(signed_in.place()?)),
            tokens: Some(tokens(signed_in.pair(&self.0.tokens)?)),
            challenge: String::new(),
        })
    }
}
