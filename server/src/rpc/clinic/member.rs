//! The members of the clinic.

use rung_progression::{AthleteId, PersonId};
use rung_proto::v1;
use tonic::Request;
use uuid::Uuid;

use super::Clinics;
use crate::{
    access::{Role, Roles, Session},
    error::Result,
    rpc::{field::Fields, once::once, time::timestamp},
    storage::{
        identity::member::{self, Change, Member},
        relation,
    },
};

impl Clinics {
    pub(super) async fn members(
        &self,
        request: Request<v1::ListMembersRequest>,
    ) -> Result<v1::ListMembersResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let size = f.page_size(request.page_size);
        let access = session.clinic()?;
        // Whether an admin asks is part of the query: it decides which rows there are.
        let admin = access.roles().contains(Role::Admin);
        let query = format!("ListMembers/{}/{admin}", access.clinic());
        let token = self.0.pages.open(&query, &request.page_token);
        let (limit, after): (i64, Option<(String, Uuid)>) = f.page(size, token)?;
        let mut reader = session.read().await?;
        let mut rows = member::list(&mut reader.conn(), &access, after, limit + 1).await?;
        let next_page_token = self.0.pages.cut(&query, &mut rows, limit, |member| {
            (member.display_name.clone(), member.person.uuid())
        })?;
        let (mut members, subject) = (Vec::with_capacity(rows.len()), session.subject());
        for row in rows {
            // Admins keep care teams and erase: they have to know of which record they speak.
            let own = if admin && row.roles.contains(Role::Athlete) {
                let clinic = access.clinic();
                let own = relation::own_athlete(&mut reader.conn(), clinic, row.person).await?;
                if let Some(own) = own {
                    subject.is(own);
                }
                own
            } else {
                None
            };
            members.push(told(row, admin, own));
        }
        Ok(v1::ListMembersResponse {
            members,
            next_page_token,
        })
    }

    pub(super) async fn change_member(
        &self,
        request: Request<v1::UpdateMemberRequest>,
    ) -> Result<v1::UpdateMemberResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let person: Option<PersonId> = f.id("person_id", &request.person_id);
        let etag = f.etag("etag", &request.etag);
        let roles = match &request.roles {
            Some(set) => roles(&mut f, &set.roles).map(Some),
            None => Some(None),
        };
        let whole = request_id.zip(person).zip(etag).zip(roles);
        let (((request_id, person), etag), roles) = f.finish(whole)?;
        session.concerns(person.uuid());
        let change = Change {
            roles,
            active: request.deactivated.map(|deactivated| !deactivated),
        };
        let (access, at) = (session.clinic()?, session.now());
        let subject = session.subject();
        once(&session, request_id, &request, move |tx| {
            let (access, subject) = (access.clone(), subject.clone());
            Box::pin(async move {
                // The answer names them: it goes when their record is erased.
                let own = relation::own_athlete(tx, access.clinic(), person).await?;
                if let Some(own) = own {
                    subject.is(own);
                }
                let changed = member::update(tx, &access, person, etag, change, at).await?;
                Ok(v1::UpdateMemberResponse {
                    member: Some(told(changed, true, own)),
                })
            })
        })
        .await
    }
}

fn roles(f: &mut Fields, values: &[i32]) -> Option<Roles> {
    let Some(roles) = Roles::from_proto(f.at_most("roles", values, 20)) else {
        f.fault("roles", "holds a value that is no known role");
        return None;
    };
    if values.is_empty() {
        f.fault("roles", "is empty; to let nobody in, deactivate them");
        return None;
    }
    Some(roles)
}

fn told(row: Member, admin: bool, own: Option<AthleteId>) -> v1::Member {
    v1::Member {
        person_id: row.person.to_string(),
        display_name: row.display_name,
        email: if admin { row.email } else { String::new() },
        roles: row.roles.to_proto(),
        joined_at: Some(timestamp(row.joined_at)),
        etag: row.etag.to_string(),
        deactivated: !row.active,
        second_factor: admin && row.second_factor,
        athlete_id: own.map(|id| id.to_string()).unwrap_or_default(),
    }
}
