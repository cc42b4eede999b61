//! Staying signed in, and leaving.

use rung_progression::SessionId;
use rung_proto::v1;
use tonic::Request;

use super::{Auth, membership, tokens};
use crate::{
    access::{Call, RefreshSecret, Session, account},
    app::App,
    error::{Error, Result},
    rpc::{field::Fields, time::timestamp},
    storage::identity::session,
};

/// Sessions that are listed, at most.
const LISTED: i64 = 200;

impl Auth {
    pub(super) async fn refresh(
        &self,
        request: Request<v1::RefreshTokenRequest>,
    ) -> Result<v1::RefreshTokenResponse> {
        let call = Call::of(request.extensions())?;
        let request = request.into_inner();
        let mut f = Fields::new();
        let text = Some(request.refresh_token).filter(|text| !text.is_empty());
        let text = f.required("refresh_token", text);
        let old = RefreshSecret::parse(&f.finish(text)?).ok_or(Error::RefreshTokenInvalid)?;
        let App {
            db,
            ambient,
            tokens: ours,
            vault,
            ..
        } = &*self.0;
        let pair = account::refresh(db, ambient, ours, vault, &call, &old).await?;
        Ok(v1::RefreshTokenResponse {
            tokens: Some(tokens(pair)),
        })
    }

    pub(super) async fn switch(
        &self,
        request: Request<v1::SwitchClinicRequest>,
    ) -> Result<v1::SwitchClinicResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let clinic = f.id("clinic_id", &request.clinic_id);
        let (token, place) = account::switch(&session, f.finish(clinic)?).await?;
        Ok(v1::SwitchClinicResponse {
            access_token: token.jwt,
            access_token_expires_at: Some(timestamp(token.expires_at)),
            membership: Some(membership(&place)),
        })
    }

    pub(super) async fn leave(
        &self,
        request: Request<v1::LogoutRequest>,
    ) -> Result<v1::LogoutResponse> {
        let (session, _) = Session::open(&self.0, request)?;
        account::end_session(&session, account::own(&session)?).await?;
        Ok(v1::LogoutResponse {})
    }

    pub(super) async fn sessions(
        &self,
        request: Request<v1::ListSessionsRequest>,
    ) -> Result<v1::ListSessionsResponse> {
        let (session, _) = Session::open(&self.0, request)?;
        let (person, own) = (session.caller().person, account::own(&session)?);
        let mut reader = self.0.db.read().await?;
        let rows = session::list(&mut reader.conn(), person, session.now(), LISTED).await?;
        let listed = |row: session::Listed| v1::AccountSession {
            id: row.id.to_string(),
            clinic_id: row.clinic_id.to_string(),
            created_at: Some(timestamp(row.created_at)),
            refreshed_at: Some(timestamp(row.refreshed_at.unwrap_or(row.created_at))),
            expires_at: Some(timestamp(row.expires_at)),
            current: row.id == own.uuid(),
        };
        Ok(v1::ListSessionsResponse {
            sessions: rows.into_iter().map(listed).collect(),
        })
    }

    pub(super) async fn revoke(
        &self,
        request: Request<v1::RevokeSessionRequest>,
    ) -> Result<v1::RevokeSessionResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        account::own(&session)?;
        let mut f = Fields::new();
        let id = f.id("session_id", &request.session_id);
        let id: SessionId = f.finish(id)?;
        session.concerns(id.uuid());
        account::end_session(&session, id).await?;
        Ok(v1::RevokeSessionResponse {})
    }
}
