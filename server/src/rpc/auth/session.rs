//! Staying signed in, and leaving.

use rung_proto::v1;

use super::{Auth, tokens};
use crate::{
    access::{RefreshSecret, account},
    app::App,
    error::{Error, Result},
    rpc::field::Fields,
};

impl Auth {
    pub(super) async fn refresh(
        &self,
        request: v1::RefreshTokenRequest,
    ) -> Result<v1::RefreshTokenResponse> {
        let mut f = Fields::new();
        let text = Some(request.refresh_token).filter(|text| !text.is_empty());
        let text = f.required("refresh_token", text);
        let old = RefreshSecret::parse(&f.finish(text)?).ok_or(Error::RefreshTokenInvalid)?;
        let App {
            db,
            ambient,
            tokens: ours,
            ..
        } = &*self.0;
        let pair = account::refresh(db, ambient, ours, &old).await?;
        Ok(v1::RefreshTokenResponse {
            tokens: Some(tokens(pair)),
        })
    }
}
