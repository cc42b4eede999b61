//! Systems that the clinic lets in.

use chrono::TimeDelta;
use rung_proto::v1;
use tonic::Request;
use uuid::Uuid;

use super::Clinics;
use crate::{
    access::{PublicKey, Scopes, Session},
    error::Result,
    rpc::{field::Fields, once::once, time::timestamp},
    storage::identity::service_account::{self, NewServiceAccount, ServiceAccount},
};

/// The longest that former keys may go on working.
const OVERLAP: std::ops::RangeInclusive<i64> = 0..=604_800;

impl Clinics {
    pub(super) async fn create_account(
        &self,
        request: Request<v1::CreateServiceAccountRequest>,
    ) -> Result<v1::CreateServiceAccountResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let name = f.name("display_name", &request.display_name, 1..=100);
        let scopes = granted(&mut f, &request.scopes);
        let key = f.check(
            "public_key_pem",
            PublicKey::from_pem(&request.public_key_pem),
        );
        let whole = request_id.zip(name).zip(scopes).zip(key);
        let (((request_id, display_name), scopes), key) = f.finish(whole)?;
        let new = NewServiceAccount {
            id: session.new_id(),
            display_name,
            scopes,
            key,
        };
        let (access, at, subject) = (session.clinic()?, session.now(), session.subject());
        once(&session, request_id, &request, move |tx| {
            let (access, new, subject) = (access.clone(), new.clone(), subject.clone());
            subject.concerns(new.id);
            Box::pin(async move {
                service_account::insert(tx, &access, &new, at).await?;
                let made = service_account::get(tx, &access, new.id, at).await?;
                Ok(v1::CreateServiceAccountResponse {
                    service_account: Some(told(made)),
                })
            })
        })
        .await
    }

    pub(super) async fn rotate_account_key(
        &self,
        request: Request<v1::RotateServiceAccountKeyRequest>,
    ) -> Result<v1::RotateServiceAccountKeyResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let id = f.uuid("service_account_id", &request.service_account_id);
        let key = f.check(
            "public_key_pem",
            PublicKey::from_pem(&request.public_key_pem),
        );
        let overlap = f.within("overlap_s", request.overlap_s, OVERLAP);
        let whole = request_id.zip(id).zip(key).zip(overlap);
        let (((request_id, id), key), overlap) = f.finish(whole)?;
        session.concerns(id);
        let (access, at) = (session.clinic()?, session.now());
        let until = at + TimeDelta::seconds(overlap.into());
        once(&session, request_id, &request, move |tx| {
            let (access, key) = (access.clone(), key.clone());
            Box::pin(async move {
                service_account::rotate(tx, &access, id, &key, at, until).await?;
                let changed = service_account::get(tx, &access, id, at).await?;
                Ok(v1::RotateServiceAccountKeyResponse {
                    service_account: Some(told(changed)),
                })
            })
        })
        .await
    }

    pub(super) async fn accounts(
        &self,
        request: Request<v1::ListServiceAccountsRequest>,
    ) -> Result<v1::ListServiceAccountsResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let size = f.page_size(request.page_size);
        let access = session.clinic()?;
        let query = format!("ListServiceAccounts/{}", access.clinic());
        let token = self.0.pages.open(&query, &request.page_token);
        let (limit, before): (i64, Option<Uuid>) = f.page(size, token)?;
        let (mut reader, now) = (session.read().await?, session.now());
        let conn = &mut reader.conn();
        let mut rows = service_account::list(conn, &access, before, limit + 1, now).await?;
        let pages = &self.0.pages;
        let next_page_token = pages.cut(&query, &mut rows, limit, |account| account.id)?;
        Ok(v1::ListServiceAccountsResponse {
            service_accounts: rows.into_iter().map(told).collect(),
            next_page_token,
        })
    }

    pub(super) async fn revoke_account(
        &self,
        request: Request<v1::RevokeServiceAccountRequest>,
    ) -> Result<v1::RevokeServiceAccountResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let id = f.uuid("service_account_id", &request.service_account_id);
        let (request_id, id) = f.finish(request_id.zip(id))?;
        session.concerns(id);
        let (access, at) = (session.clinic()?, session.now());
        once(&session, request_id, &request, move |tx| {
            let access = access.clone();
            Box::pin(async move {
                service_account::revoke(tx, &access, id, at).await?;
                let revoked = service_account::get(tx, &access, id, at).await?;
                Ok(v1::RevokeServiceAccountResponse {
                    service_account: Some(told(revoked)),
                })
            })
        })
        .await
    }
}

fn granted(f: &mut Fields, values: &[i32]) -> Option<Scopes> {
    let taken = f.at_most("scopes", values, 20);
    if taken.len() < values.len() {
        return None;
    }
    let Some(scopes) = Scopes::from_proto(taken) else {
        f.fault("scopes", "holds a value that is no known scope");
        return None;
    };
    if scopes.is_empty() {
        f.fault("scopes", "is missing");
        return None;
    }
    Some(scopes)
}

fn told(account: ServiceAccount) -> v1::ServiceAccount {
    let keys = account.keys.into_iter().map(|key| v1::ServiceAccountKey {
        kid: key.kid,
        algorithm: key.algorithm,
        created_at: Some(timestamp(key.created_at)),
        expires_at: key.expires_at.map(timestamp),
    });
    v1::ServiceAccount {
        id: account.id.to_string(),
        display_name: account.display_name,
        scopes: account.scopes.to_proto(),
        keys: keys.collect(),
        created_at: Some(timestamp(account.created_at)),
        revoked_at: account.revoked_at.map(timestamp),
    }
}

#[cfg(test)]
#[path = "service_account_test.rs"]
mod tests;
