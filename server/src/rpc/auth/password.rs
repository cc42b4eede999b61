//! Changing a password, and setting one with an admin's code.

use rung_proto::v1;
use tonic::Request;

use super::{Attempt, Auth};
use crate::{
    access::{InviteCode, Password, Session, Target},
    error::{Error, Result},
    rpc::field::Fields,
};

impl Auth {
    pub(super) async fn change(
        &self,
        request: Request<v1::ChangePasswordRequest>,
    ) -> Result<v1::ChangePasswordResponse> {
        let attempt = Attempt::of(&request)?;
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let old = f.check("old_password", Password::parse(request.old_password));
        let new = f.check("new_password", Password::parse(request.new_password));
        let (old, new) = f.finish(old.zip(new))?;
        let email = self.own_email(&session).await?;
        let desk = self.desk(&attempt);
        let work = Box::pin(desk.change_password(&session, &old, new));
        self.attempt(&attempt, Target::Account(&email), work)
            .await?;
        Ok(v1::ChangePasswordResponse {})
    }

    pub(super) async fn reset(
        &self,
        request: Request<v1::ResetPasswordRequest>,
    ) -> Result<v1::ResetPasswordResponse> {
        let attempt = Attempt::of(&request)?;
        let request = request.into_inner();
        let mut f = Fields::new();
        let code = Some(request.code).filter(|code| !code.is_empty());
        let code = f.required("code", code);
        let new = f.check("new_password", Password::parse(request.new_password));
        let (code, new) = f.finish(code.zip(new))?;
        let desk = self.desk(&attempt);
        // Nothing is hashed for a code that is none, and a code is beyond guessing: only the network is counted.
        let work = Box::pin(async {
            let code = InviteCode::parse(&code).ok_or(Error::ResetCodeInvalid)?;
            desk.reset_password(&code, new).await
        });
        self.attempt(&attempt, Target::Nobody, work).await?;
        Ok(v1::ResetPasswordResponse {})
    }
}
