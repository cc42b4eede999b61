//! Signing in: with a password, with an invitation, with a second factor.

use rung_proto::v1;
use tonic::Request;

use super::{Attempt, Auth, membership, tokens};
use crate::{
    access::{
        Challenge, InviteCode, Password, Target,
        account::{Admission, Code, SignedIn},
    },
    error::{Error, Result},
    rpc::field::Fields,
};

impl Auth {
    pub(super) async fn sign_in(
        &self,
        request: Request<v1::LoginRequest>,
    ) -> Result<v1::LoginResponse> {
        let attempt = Attempt::of(&request)?;
        let request = request.into_inner();
        let mut f = Fields::new();
        let email = f.email("email", &request.email);
        let password = f.check("password", Password::parse(request.password));
        let clinic = f.optional_id("clinic_id", &request.clinic_id);
        let ((email, password), clinic) = f.finish(email.zip(password).zip(clinic))?;
        let desk = self.desk(&attempt);
        let work = Box::pin(desk.login(&email, &password, clinic));
        match self
            .attempt(&attempt, Target::Account(&email), work)
            .await?
        {
            Admission::SignedIn(signed_in) => Ok(v1::LoginResponse {
                person_id: signed_in.person.to_string(),
                membership: Some(membership(signed_in.place()?)),
                memberships: signed_in.places.iter().map(membership).collect(),
                tokens: Some(tokens(signed_in.pair(&self.0.tokens)?)),
                ..v1::LoginResponse::default()
            }),
            Admission::Challenged(challenge) => Ok(v1::LoginResponse {
                person_id: challenge.person.to_string(),
                challenge: challenge.text(&self.0.vault),
                ..v1::LoginResponse::default()
            }),
        }
    }

    pub(super) async fn join(
        &self,
        request: Request<v1::AcceptInvitationRequest>,
    ) -> Result<v1::AcceptInvitationResponse> {
        let attempt = Attempt::of(&request)?;
        let request = request.into_inner();
        let mut f = Fields::new();
        let code = Some(request.code).filter(|code| !code.is_empty());
        let code = f.required("code", code);
        let password = f.check("password", Password::parse(request.password));
        let name = f.name("display_name", &request.display_name, 0..=100);
        let ((code, password), name) = f.finish(code.zip(password).zip(name))?;
        let name = Some(name).filter(|name| !name.is_empty());

        let desk = self.desk(&attempt);
        let invited = match InviteCode::parse(&code) {
            Some(code) => desk.invited(&code).await?.zip(Some(code)),
            None => None,
        };
        let Some((email, code)) = invited else {
            let refusal = Box::pin(async { Err(Error::InvitationInvalid) });
            return self.attempt(&attempt, Target::Nobody, refusal).await;
        };
        // An existing account proves itself with its password: here one guesses at it as one does at Login.
        let work = Box::pin(desk.accept(&code, &password, name.as_deref()));
        let target = Target::Account(&email);
        let (admission, place) = self.attempt(&attempt, target, work).await?;
        match admission {
            Admission::SignedIn(signed_in) => Ok(v1::AcceptInvitationResponse {
                person_id: signed_in.person.to_string(),
                membership: Some(membership(&place)),
                tokens: Some(tokens(signed_in.pair(&self.0.tokens)?)),
                challenge: String::new(),
            }),
            Admission::Challenged(challenge) => Ok(v1::AcceptInvitationResponse {
                person_id: challenge.person.to_string(),
                membership: Some(membership(&place)),
                tokens: None,
                challenge: challenge.text(&self.0.vault),
            }),
        }
    }

    pub(super) async fn complete(
        &self,
        request: Request<v1::CompleteSecondFactorRequest>,
    ) -> Result<v1::CompleteSecondFactorResponse> {
        let attempt = Attempt::of(&request)?;
        let request = request.into_inner();
        let mut f = Fields::new();
        let challenge = Some(request.challenge).filter(|text| !text.is_empty());
        let challenge = f.required("challenge", challenge);
        let code = Some(request.code).filter(|text| !text.is_empty());
        let code = f.required("code", code);
        let (challenge, code) = f.finish(challenge.zip(code))?;
        let challenge = Challenge::parse(&challenge, &self.0.vault, self.0.ambient.now());
        let Some(challenge) = challenge else {
            let refusal = Box::pin(async { Err(Error::SecondFactorInvalid) });
            return self.attempt(&attempt, Target::Nobody, refusal).await;
        };
        let desk = self.desk(&attempt);
        let work = Box::pin(async {
            let code = Code::parse(&code).ok_or(Error::SecondFactorInvalid)?;
            desk.complete(&challenge, &code, &self.0.vault).await
        });
        let target = Target::SecondFactor(challenge.person);
        let (signed_in, left): (SignedIn, _) = self.attempt(&attempt, target, work).await?;
        Ok(v1::CompleteSecondFactorResponse {
            person_id: signed_in.person.to_string(),
            membership: Some(membership(signed_in.place()?)),
            memberships: signed_in.places.iter().map(membership).collect(),
            tokens: Some(tokens(signed_in.pair(&self.0.tokens)?)),
            recovery_codes_left: i32::try_from(left).map_err(Error::internal)?,
        })
    }
}
