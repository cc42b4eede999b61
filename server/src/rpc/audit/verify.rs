//! Checking the clinic's chain, and the signed end of it.

use rung_proto::v1;
use tonic::Request;

use super::Audit;
use crate::{
    access::{AuditAccess, Session},
    error::{Error, Result},
    rpc::time::timestamp,
    storage::audit::{
        head::{self, TYPE},
        verify::{self, Break},
    },
};

impl Audit {
    pub(super) async fn verify(
        &self,
        request: Request<v1::VerifyAuditRequest>,
    ) -> Result<v1::VerifyAuditResponse> {
        let (session, _) = Session::open(&self.0, request)?;
        let access = AuditAccess::of_admin(&session.clinic()?)?;
        let keyring = self.0.tokens.keyring();
        let read = |signature: &str| keyring.read_jws(TYPE, signature);
        let mut reader = session.read().await?;
        let report = verify::verify(&mut reader.conn(), &access, None, &read).await?;
        Ok(v1::VerifyAuditResponse {
            verified: report.verified,
            unchained: report.unchained,
            first_break: report.first_break.as_ref().map(broken),
        })
    }

    pub(super) async fn head(
        &self,
        request: Request<v1::GetAuditHeadRequest>,
    ) -> Result<v1::GetAuditHeadResponse> {
        let (session, _) = Session::open(&self.0, request)?;
        let access = AuditAccess::of_admin(&session.clinic()?)?;
        let newest = head::newest(&mut session.read().await?.conn(), &access).await?;
        let head = newest.ok_or(Error::NotFound("signed head"))?;
        Ok(v1::GetAuditHeadResponse {
            head: Some(v1::AuditHead {
                clinic_id: access.clinic().to_string(),
                seq: head.seq,
                hash: head.hash()?.hex(),
                signed_at: Some(timestamp(head.signed_at)),
                kid: head.kid,
                signature: head.signature,
            }),
        })
    }
}

fn broken(b: &Break) -> v1::AuditBreak {
    v1::AuditBreak {
        seq: b.seq,
        event_id: b.event.map(|id| id.to_string()).unwrap_or_default(),
        what: b.what.to_owned(),
    }
}
