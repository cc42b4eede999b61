//! What the clinic has chosen.

use rung_proto::v1;
use tonic::Request;

use super::Clinics;
use crate::{
    access::{Roles, Session},
    error::{Error, Result},
    rpc::{field::Fields, once::once, time::timestamp},
    storage::identity::{
        clinic::{self, Change, Clinic},
        member,
    },
};

impl Clinics {
    pub(super) async fn get(
        &self,
        request: Request<v1::GetClinicRequest>,
    ) -> Result<v1::GetClinicResponse> {
        let (session, _) = Session::open(&self.0, request)?;
        let access = session.clinic()?;
        let mut reader = session.read().await?;
        let stored = clinic::get(&mut reader.conn(), &access).await?;
        Ok(v1::GetClinicResponse {
            clinic: Some(told(&stored)?),
        })
    }

    pub(super) async fn update(
        &self,
        request: Request<v1::UpdateClinicRequest>,
    ) -> Result<v1::UpdateClinicResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let etag = f.etag("etag", &request.etag);
        let name = match &request.name {
            Some(name) => f.name("name", name, 1..=100).map(Some),
            None => Some(None),
        };
        let roles = match &request.second_factor_roles {
            Some(set) => roles(&mut f, &set.roles).map(Some),
            None => Some(None),
        };
        let whole = request_id.zip(etag).zip(name).zip(roles);
        let (((request_id, etag), name), second_factor_roles) = f.finish(whole)?;
        let change = Change {
            name,
            shared_care: request.shared_care,
            second_factor_roles,
        };
        let access = session.clinic()?;
        // Whoever asks for a second factor has one: nobody shuts themself out with one call.
        if let Some(asked) = second_factor_roles {
            let mut reader = session.read().await?;
            let caller = member::get(&mut reader.conn(), &access, access.person()).await?;
            let caller = caller.ok_or(Error::RoleRequired)?;
            if !caller.second_factor && !caller.roles.intersection(asked).is_empty() {
                return Err(Error::SecondFactorRequired);
            }
        }
        once(&session, request_id, &request, move |tx| {
            let (access, change) = (access.clone(), change.clone());
            Box::pin(async move {
                let changed = clinic::update(tx, &access, etag, &change).await?;
                Ok(v1::UpdateClinicResponse {
                    clinic: Some(told(&changed)?),
                })
            })
        })
        .await
    }
}

fn roles(f: &mut Fields, values: &[i32]) -> Option<Roles> {
    let roles = Roles::from_proto(f.at_most("second_factor_roles.roles", values, 20));
    if roles.is_none() {
        let message = "holds a value that is no known role";
        f.fault("second_factor_roles.roles", message);
    }
    roles
}

fn told(stored: &Clinic) -> Result<v1::Clinic> {
    Ok(v1::Clinic {
        id: stored.id.to_string(),
        etag: stored.etag.to_string(),
        name: stored.name.clone(),
        shared_care: stored.shared_care,
        second_factor_roles: stored.second_factor_roles()?.to_proto(),
        created_at: Some(timestamp(stored.created_at)),
    })
}
