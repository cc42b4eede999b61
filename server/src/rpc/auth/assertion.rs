//! How a system signs in.

use rung_proto::v1;
use tonic::Request;

use super::{Attempt, Auth};
use crate::{
    access::{Scopes, Target, assertion},
    error::Result,
    rpc::{field::Fields, time::timestamp},
};

impl Auth {
    pub(super) async fn exchange(
        &self,
        request: Request<v1::ExchangeAssertionRequest>,
    ) -> Result<v1::ExchangeAssertionResponse> {
        let attempt = Attempt::of(&request)?;
        let request = request.into_inner();
        let mut f = Fields::new();
        let text = Some(request.assertion).filter(|text| !text.is_empty());
        let text = f.required("assertion", text);
        let scopes = Scopes::from_proto(f.at_most("scopes", &request.scopes, 20));
        if scopes.is_none() {
            f.fault("scopes", "holds a value that is no known scope");
        }
        let (text, scopes) = f.finish(text.zip(scopes))?;
        let wanted = Some(scopes).filter(|scopes| !scopes.is_empty());
        let app = &self.0;
        let work = assertion::exchange(
            &app.db,
            &app.ambient,
            &app.tokens,
            &attempt.call,
            &text,
            wanted,
        );
        let (token, scopes) = self
            .attempt(&attempt, Target::Nobody, Box::pin(work))
            .await?;
        Ok(v1::ExchangeAssertionResponse {
            access_token: token.jwt,
            access_token_expires_at: Some(timestamp(token.expires_at)),
            scopes: scopes.to_proto(),
        })
    }
}
