//! `AthleteService`.

mod export;

use std::sync::Arc;

use rung_progression::{AthleteId, ClinicId, PersonId};
use rung_proto::v1::{self, athlete_service_server::AthleteService};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{field::Fields, once::once, time::timestamp};
use crate::{
    access::{AthleteAccess, Role, Session},
    app::App,
    error::{Error, Result},
    storage::{
        Conn,
        athlete::{self, Athlete, CareTeamMember},
        identity::membership,
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
        let name = f.name("display_name", &request.display_name, 1..=100);
        let zone = f.zone("time_zone", &request.time_zone);
        let ((request_id, name), zone) = f.finish(request_id.zip(name).zip(zone))?;
        let access = session.clinic()?;
        let (id, at): (AthleteId, _) = (session.new_id(), session.now());
        once(&session, request_id, &request, move |tx| {
            let (access, name) = (access.clone(), name.clone());
            Box::pin(async move {
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

    async fn add_member(
        &self,
        request: Request<v1::AddCareTeamMemberRequest>,
    ) -> Result<v1::AddCareTeamMemberResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let athlete: Option<AthleteId> = f.id("athlete_id", &request.athlete_id);
        let person: Option<PersonId> = f.id("person_id", &request.person_id);
        let ((request_id, athlete), person) = f.finish(request_id.zip(athlete).zip(person))?;
        let access = session.athlete(athlete).await?;
        let mut reader = session.read().await?;
        let roles = membership::roles(&mut reader.conn(), access.clinic(), person).await?;
        drop(reader);
        if !roles.is_some_and(|roles| roles.contains(Role::Physio)) {
            return Err(Error::field(
                "person_id",
                "is no physiotherapist of this clinic",
            ));
        }
        let at = session.now();
        once(&session, request_id, &request, move |tx| {
            let access = access.clone();
            Box::pin(async move {
                athlete::add_to_care_team(tx, &access, person, at).await?;
                Ok(v1::AddCareTeamMemberResponse {
                    athlete: Some(whole(tx, &access).await?),
                })
            })
        })
        .await
    }
}

/// An athlete with plan and care team.
async fn whole(conn: &mut Conn<'_>, access: &AthleteAccess) -> Result<v1::Athlete> {
    let stored = athlete::get(conn, access).await?;
    let plan = current_plan(conn, access).await?;
    let team = athlete::care_team(conn, access).await?;
    let care_team = named(conn, access.clinic(), &team).await?;
    Ok(reply(&stored, plan, care_team))
}

/// The care team with the names of its people.
async fn named(
    conn: &mut Conn<'_>,
    clinic: ClinicId,
    team: &[CareTeamMember],
) -> Result<Vec<v1::CareTeamMember>> {
    let names = membership::names(conn, clinic, team.iter().map(|m| m.person_id)).await?;
    let member = |m: &CareTeamMember| v1::CareTeamMember {
        person_id: m.person_id.to_string(),
        display_name: names.get(&m.person_id).cloned().unwrap_or_default(),
        lead: m.lead,
    };
    Ok(team.iter().map(member).collect())
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
    type ExportAthleteDataStream = ReceiverStream<Result<v1::ExportAthleteDataResponse, Status>>;

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
        _: Request<v1::RemoveCareTeamMemberRequest>,
    ) -> Result<Response<v1::RemoveCareTeamMemberResponse>, Status> {
        Err(Status::unimplemented("RemoveCareTeamMember"))
    }

    async fn transfer_lead(
        &self,
        _: Request<v1::TransferLeadRequest>,
    ) -> Result<Response<v1::TransferLeadResponse>, Status> {
        Err(Status::unimplemented("TransferLead"))
    }

    async fn invite_supporter(
        &self,
        _: Request<v1::InviteSupporterRequest>,
    ) -> Result<Response<v1::InviteSupporterResponse>, Status> {
        Err(Status::unimplemented("InviteSupporter"))
    }

    async fn grant_consent(
        &self,
        _: Request<v1::GrantConsentRequest>,
    ) -> Result<Response<v1::GrantConsentResponse>, Status> {
        Err(Status::unimplemented("GrantConsent"))
    }

    async fn withdraw_consent(
        &self,
        _: Request<v1::WithdrawConsentRequest>,
    ) -> Result<Response<v1::WithdrawConsentResponse>, Status> {
        Err(Status::unimplemented("WithdrawConsent"))
    }

    async fn list_consents(
        &self,
        _: Request<v1::ListConsentsRequest>,
    ) -> Result<Response<v1::ListConsentsResponse>, Status> {
        Err(Status::unimplemented("ListConsents"))
    }

    async fn erase_athlete(
        &self,
        _: Request<v1::EraseAthleteRequest>,
    ) -> Result<Response<v1::EraseAthleteResponse>, Status> {
        Err(Status::unimplemented("EraseAthlete"))
    }

    async fn list_access_log(
        &self,
        _: Request<v1::ListAccessLogRequest>,
    ) -> Result<Response<v1::ListAccessLogResponse>, Status> {
        Err(Status::unimplemented("ListAccessLog"))
    }

    async fn break_glass(
        &self,
        _: Request<v1::BreakGlassRequest>,
    ) -> Result<Response<v1::BreakGlassResponse>, Status> {
        Err(Status::unimplemented("BreakGlass"))
    }
}
