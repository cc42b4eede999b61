//! `AthleteService`.

mod access_log;
mod care;
mod consent;
mod erase;
mod export;
mod glass;
mod supporter;

use std::sync::Arc;

use rung_progression::AthleteId;
use rung_proto::v1::{self, athlete_service_server::AthleteService};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use self::care::named;
use super::{field::Fields, once::once, time::timestamp};
use crate::{
    access::{Answers, AthleteAccess, Session},
    app::App,
    error::Result,
    storage::{
        Conn,
        athlete::{self, Athlete},
        care_team::{self, CareTeamMember},
        plan,
    },
};

/// The service.
pub(crate) struct Athletes(pub(crate) Arc<App>);

impl Athletes {
    async fn create(
        &self,
        request: Request<v1::CreateAthleteRequest>,
    ) -> Result<v1::CreateAthleteResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let described = described(&mut f, &request.display_name, &request.time_zone);
        let (request_id, (name, zone)) = f.finish(request_id.zip(described))?;
        let access = session.clinic()?;
        let (id, at): (AthleteId, _) = (session.new_id(), session.now());
        let subject = session.subject();
        once(&session, request_id, &request, move |tx| {
            let (access, name, subject) = (access.clone(), name.clone(), subject.clone());
            Box::pin(async move {
                subject.is(id);
                let stored = athlete::insert(tx, &access, id, &name, zone.name(), at).await?;
                let lead = CareTeamMember {
                    person_id: access.person(),
                    lead: true,
                    added_at: at,
                };
                let care_team = named(tx, access.clinic(), &[lead]).await?;
                Ok(v1::CreateAthleteResponse {
                    athlete: Some(reply(&stored, String::new(), care_team)),
                })
            })
        })
        .await
    }

    async fn get(&self, request: Request<v1::GetAthleteRequest>) -> Result<v1::GetAthleteResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let id: Option<AthleteId> = f.id("athlete_id", &request.athlete_id);
        let access = session.athlete(f.finish(id)?).await?;
        let mut reader = session.read().await?;
        Ok(v1::GetAthleteResponse {
            athlete: Some(whole(&mut reader.conn(), &access).await?),
        })
    }

    async fn list(
        &self,
        request: Request<v1::ListAthletesRequest>,
    ) -> Result<v1::ListAthletesResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let size = f.page_size(request.page_size);
        let access = session.care()?;
        let query = format!("ListAthletes/{}/{}", access.clinic(), access.person());
        let token = self.0.pages.open(&query, &request.page_token);
        let (limit, after): (i64, Option<(String, Uuid)>) = f.page(size, token)?;
        let mut reader = session.read().await?;
        let mut rows = athlete::list_in_care(&mut reader.conn(), &access, after, limit + 1).await?;
        let next_page_token = self.0.pages.cut(&query, &mut rows, limit, |row| {
            (row.display_name.clone(), row.id.uuid())
        })?;
        let mut athletes = Vec::with_capacity(rows.len());
        for row in &rows {
            let access = session.athlete_on(&mut reader.conn(), row.id).await?;
            let plan = current_plan(&mut reader.conn(), &access).await?;
            athletes.push(reply(row, plan, vec![]));
        }
        Ok(v1::ListAthletesResponse {
            athletes,
            next_page_token,
        })
    }
}

/// What an athlete is called, and where they live.
pub(crate) fn described(
    f: &mut Fields,
    display_name: &str,
    time_zone: &str,
) -> Option<(String, chrono_tz::Tz)> {
    let name = f.name("display_name", display_name, 1..=100);
    let zone = f.zone("time_zone", time_zone);
    name.zip(zone)
}

/// An athlete with plan and care team.
async fn whole(conn: &mut Conn<'_>, access: &AthleteAccess) -> Result<v1::Athlete> {
    let stored = athlete::get(conn, access).await?;
    let plan = current_plan(conn, access).await?;
    let team = care_team::list(conn, access).await?;
    let care_team = named(conn, access.clinic(), &team).await?;
    Ok(reply(&stored, plan, care_team))
}

async fn current_plan(conn: &mut Conn<'_>, access: &AthleteAccess) -> Result<String> {
    let plan = plan::current(conn, access).await?;
    Ok(plan.map(|plan| plan.id.to_string()).unwrap_or_default())
}

fn reply(a: &Athlete, plan_id: String, care_team: Vec<v1::CareTeamMember>) -> v1::Athlete {
    v1::Athlete {
        id: a.id.to_string(),
        etag: a.etag.to_string(),
        display_name: a.display_name.clone(),
        time_zone: a.time_zone.clone(),
        plan_id,
        has_account: a.person_id.is_some(),
        care_team,
        created_at: Some(timestamp(a.created_at)),
    }
}

#[tonic::async_trait]
impl AthleteService for Athletes {
    type ExportAthleteDataStream = Answers<v1::ExportAthleteDataResponse>;

    async fn create_athlete(
        &self,
        request: Request<v1::CreateAthleteRequest>,
    ) -> Result<Response<v1::CreateAthleteResponse>, Status> {
        Ok(Response::new(self.create(request).await?))
    }

    async fn get_athlete(
        &self,
        request: Request<v1::GetAthleteRequest>,
    ) -> Result<Response<v1::GetAthleteResponse>, Status> {
        Ok(Response::new(self.get(request).await?))
    }

    async fn list_athletes(
        &self,
        request: Request<v1::ListAthletesRequest>,
    ) -> Result<Response<v1::ListAthletesResponse>, Status> {
        Ok(Response::new(self.list(request).await?))
    }

    async fn add_care_team_member(
        &self,
        request: Request<v1::AddCareTeamMemberRequest>,
    ) -> Result<Response<v1::AddCareTeamMemberResponse>, Status> {
        Ok(Response::new(self.add_member(request).await?))
    }

    async fn export_athlete_data(
        &self,
        request: Request<v1::ExportAthleteDataRequest>,
    ) -> Result<Response<Self::ExportAthleteDataStream>, Status> {
        Ok(Response::new(self.export(request).await?))
    }

    async fn remove_care_team_member(
        &self,
        request: Request<v1::RemoveCareTeamMemberRequest>,
    ) -> Result<Response<v1::RemoveCareTeamMemberResponse>, Status> {
        Ok(Response::new(self.remove_member(request).await?))
    }

    async fn transfer_lead(
        &self,
        request: Request<v1::TransferLeadRequest>,
    ) -> Result<Response<v1::TransferLeadResponse>, Status> {
        Ok(Response::new(self.transfer_lead_to(request).await?))
    }

    async fn invite_supporter(
        &self,
        request: Request<v1::InviteSupporterRequest>,
    ) -> Result<Response<v1::InviteSupporterResponse>, Status> {
        Ok(Response::new(self.invite(request).await?))
    }

    async fn grant_consent(
        &self,
        request: Request<v1::GrantConsentRequest>,
    ) -> Result<Response<v1::GrantConsentResponse>, Status> {
        Ok(Response::new(self.grant(request).await?))
    }

    async fn withdraw_consent(
        &self,
        request: Request<v1::WithdrawConsentRequest>,
    ) -> Result<Response<v1::WithdrawConsentResponse>, Status> {
        Ok(Response::new(self.withdraw(request).await?))
    }

    async fn list_consents(
        &self,
        request: Request<v1::ListConsentsRequest>,
    ) -> Result<Response<v1::ListConsentsResponse>, Status> {
        Ok(Response::new(self.consents(request).await?))
    }

    async fn erase_athlete(
        &self,
        request: Request<v1::EraseAthleteRequest>,
    ) -> Result<Response<v1::EraseAthleteResponse>, Status> {
        Ok(Response::new(self.erase(request).await?))
    }

    async fn list_access_log(
        &self,
        request: Request<v1::ListAccessLogRequest>,
    ) -> Result<Response<v1::ListAccessLogResponse>, Status> {
        Ok(Response::new(self.access_log(request).await?))
    }

    async fn break_glass(
        &self,
        request: Request<v1::BreakGlassRequest>,
    ) -> Result<Response<v1::BreakGlassResponse>, Status> {
        Ok(Response::new(self.break_the_glass(request).await?))
    }
}
