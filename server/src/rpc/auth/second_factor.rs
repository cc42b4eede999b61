//! One's own second factor: offered, confirmed, turned off.

use rung_proto::v1;
use tonic::Request;

use super::{Attempt, Auth};
use crate::{
    access::{Password, RecoveryCode, Session, Target, account::Code},
    error::{Error, Result},
    rpc::field::Fields,
};

impl Auth {
    pub(super) async fn enroll(
        &self,
        request: Request<v1::EnrollTotpRequest>,
    ) -> Result<v1::EnrollTotpResponse> {
        let attempt = Attempt::of(&request)?;
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let password = f.check("password", Password::parse(request.password));
        let password = f.finish(password)?;
        let email = self.own_email(&session).await?;
        let desk = self.desk(&attempt);
        let work = Box::pin(desk.enroll(&session, &password, &self.0.vault));
        let offer = self
            .attempt(&attempt, Target::Account(&email), work)
            .await?;
        Ok(v1::EnrollTotpResponse {
            secret: offer.secret.reveal(),
            uri: offer.secret.uri(&offer.email),
        })
    }

    pub(super) async fn confirm(
        &self,
        request: Request<v1::ConfirmTotpRequest>,
    ) -> Result<v1::ConfirmTotpResponse> {
        let attempt = Attempt::of(&request)?;
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let code = f.required("code", Some(request.code).filter(|code| !code.is_empty()));
        let code = f.finish(code)?;
        let (desk, person) = (self.desk(&attempt), session.caller().person);
        let work = Box::pin(async {
            let code = Code::parse(&code).ok_or(Error::SecondFactorInvalid)?;
            desk.confirm(&session, &code, &self.0.vault).await
        });
        let target = Target::SecondFactor(person);
        let codes = self.attempt(&attempt, target, work).await?;
        Ok(v1::ConfirmTotpResponse {
            recovery_codes: codes.iter().map(RecoveryCode::reveal).collect(),
        })
    }

    pub(super) async fn disable(
        &self,
        request: Request<v1::DisableTotpRequest>,
    ) -> Result<v1::DisableTotpResponse> {
        let attempt = Attempt::of(&request)?;
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let password = f.check("password", Password::parse(request.password));
        let code = f.required("code", Some(request.code).filter(|code| !code.is_empty()));
        let (password, code) = f.finish(password.zip(code))?;
        let email = self.own_email(&session).await?;
        let (desk, person) = (self.desk(&attempt), session.caller().person);
        // Two secrets, each with its own counters.
        let known = Box::pin(desk.check_for_disabling(&session, &password));
        self.attempt(&attempt, Target::Account(&email), known)
            .await?;
        let work = Box::pin(async {
            let code = Code::parse(&code).ok_or(Error::SecondFactorInvalid)?;
            desk.disable(&session, &code, &self.0.vault).await
        });
        self.attempt(&attempt, Target::SecondFactor(person), work)
            .await?;
        Ok(v1::DisableTotpResponse {})
    }
}

#[cfg(test)]
#[path = "second_factor_test.rs"]
mod tests;
