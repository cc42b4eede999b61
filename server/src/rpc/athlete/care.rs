//! Who cares for an athlete.

use rung_progression::{AthleteId, ClinicId, PersonId};
use rung_proto::v1;
use tonic::Request;
use uuid::Uuid;

use super::Athletes;
use crate::{
    access::{AthleteAccountAccess, Role, Session},
    error::{Error, Result},
    mutant::off,
    rpc::{field::Fields, once::once},
    storage::{
        Conn,
        care_team::{self, CareTeamMember},
        identity::membership,
    },
};

impl Athletes {
    pub(super) async fn add_member(
        &self,
        request: Request<v1::AddCareTeamMemberRequest>,
    ) -> Result<v1::AddCareTeamMemberResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let (r, a, p) = (&request.request_id, &request.athlete_id, &request.person_id);
        let (request_id, access, person) = parse(&session, r, a, p).await?;
        let person = colleague(&session, &access, person).await?;
        let at = session.now();
        once(&session, request_id, &request, move |tx| {
            let access = access.clone();
            Box::pin(async move {
                let team = care_team::add(tx, &access, person, at).await?;
                Ok(v1::AddCareTeamMemberResponse {
                    athlete_id: access.athlete().to_string(),
                    care_team: named(tx, access.clinic(), &team).await?,
                })
            })
        })
        .await
    }

    pub(super) async fn remove_member(
        &self,
        request: Request<v1::RemoveCareTeamMemberRequest>,
    ) -> Result<v1::RemoveCareTeamMemberResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let (r, a, p) = (&request.request_id, &request.athlete_id, &request.person_id);
        let (request_id, access, person) = parse(&session, r, a, p).await?;
        once(&session, request_id, &request, move |tx| {
            let access = access.clone();
            Box::pin(async move {
                let team = care_team::remove(tx, &access, person).await?;
                Ok(v1::RemoveCareTeamMemberResponse {
                    athlete_id: access.athlete().to_string(),
                    care_team: named(tx, access.clinic(), &team).await?,
                })
            })
        })
        .await
    }

    pub(super) async fn transfer_lead_to(
        &self,
        request: Request<v1::TransferLeadRequest>,
    ) -> Result<v1::TransferLeadResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let (r, a, p) = (&request.request_id, &request.athlete_id, &request.person_id);
        let (request_id, access, person) = parse(&session, r, a, p).await?;
        let person = colleague(&session, &access, person).await?;
        let at = session.now();
        once(&session, request_id, &request, move |tx| {
            let access = access.clone();
            Box::pin(async move {
                let team = care_team::transfer_lead(tx, &access, person, at).await?;
                Ok(v1::TransferLeadResponse {
                    athlete_id: access.athlete().to_string(),
                    care_team: named(tx, access.clinic(), &team).await?,
                })
            })
        })
        .await
    }
}

/// Reads what the three have in common, and judges the athlete.
async fn parse(
    session: &Session,
    request_id: &str,
    athlete: &str,
    person: &str,
) -> Result<(Uuid, AthleteAccountAccess, PersonId)> {
    let mut f = Fields::new();
    let request_id = f.uuid("request_id", request_id);
    let athlete: Option<AthleteId> = f.id("athlete_id", athlete);
    let person: Option<PersonId> = f.id("person_id", person);
    let ((request_id, athlete), person) = f.finish(request_id.zip(athlete).zip(person))?;
    session.concerns(person.uuid());
    let access = session.athlete_account(athlete).await?;
    Ok((request_id, access, person))
}

/// Somebody who may be put on a care team: a physiotherapist of the clinic. An admin lets others in, not themself.
async fn colleague(
    session: &Session,
    access: &AthleteAccountAccess,
    person: PersonId,
) -> Result<PersonId> {
    if person == access.person() && !access.in_care() && !off("care-self") {
        return Err(Error::RoleRequired);
    }
    let mut reader = session.read().await?;
    let roles = membership::roles(&mut reader.conn(), access.clinic(), person).await?;
    if !roles.is_some_and(|roles| roles.contains(Role::Physio)) && !off("care-colleague") {
        let message = "is no physiotherapist of this clinic";
        return Err(Error::field("person_id", message));
    }
    Ok(person)
}

/// The care team with the names of its people.
pub(super) async fn named(
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
