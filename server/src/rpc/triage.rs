//! `TriageService`.

use std::sync::Arc;

use rung_proto::v1::{self, triage_service_server::TriageService};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{
    apply::tick,
    decision as reply,
    field::Fields,
    plan::convert,
    time::{date_in, timestamp},
};
use crate::{
    access::Session,
    app::App,
    error::Result,
    storage::{
        Reader,
        athlete::{self, Athlete},
        decision, plan,
    },
};

/// The service.
pub(crate) struct Triage(pub(crate) Arc<App>);

impl Triage {
    async fn caseload(
        &self,
        request: Request<v1::ListCaseloadRequest>,
    ) -> Result<v1::ListCaseloadResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let size = f.page_size(request.page_size);
        let access = session.care()?;
        let query = format!("ListCaseload/{}/{}", access.clinic(), access.person());
        let token = self.0.pages.open(&query, &request.page_token);
        let (limit, after): (i64, Option<(String, Uuid)>) = f.page(size, token)?;
        let mut reader = session.read().await?;
        let mut rows = athlete::list_in_care(&mut reader.conn(), &access, after, limit + 1).await?;
        let next_page_token = self.0.pages.cut(&query, &mut rows, limit, |row| {
            (row.display_name.clone(), row.id.uuid())
        })?;
        let mut entries = Vec::with_capacity(rows.len());
        for row in &rows {
            entries.push(entry(&session, &mut reader, row).await?);
        }
        Ok(v1::ListCaseloadResponse {
            entries,
            next_page_token,
        })
    }
}

/// One athlete at a glance, as of now: what time alone has decided is part of it.
async fn entry(
    session: &Session,
    reader: &mut Reader,
    athlete: &Athlete,
) -> Result<v1::CaseloadEntry> {
    let access = session.athlete_on(&mut reader.conn(), athlete.id).await?;
    let blank = v1::CaseloadEntry {
        athlete_id: athlete.id.to_string(),
        display_name: athlete.display_name.clone(),
        ..Default::default()
    };
    let Some(stored) = plan::current(&mut reader.conn(), &access).await? else {
        return Ok(blank);
    };
    let now = session.now();
    let (state, ticked) = tick(&stored, now, date_in(now, athlete.zone()?));
    let tracks = reply::names(&stored.definition);
    let voice = reply::PHYSIO.naming(&tracks);
    let decisions = if ticked.is_empty() {
        let access = session.plan_on(&mut reader.conn(), stored.id).await?;
        let latest = decision::latest(&mut reader.conn(), &access).await?;
        latest
            .iter()
            .map(|d| reply::stored(&voice, stored.id, d))
            .collect()
    } else {
        ticked
            .iter()
            .map(|d| reply::preview(&voice, stored.id, d))
            .collect()
    };
    Ok(v1::CaseloadEntry {
        plan_id: stored.id.to_string(),
        plan_state: convert::state(plan::Status::of(&state)).into(),
        tracks: convert::tracks(&stored.definition, &state),
        decisions,
        last_check_in_at: stored.last_check_in_at.map(timestamp),
        ..blank
    })
}

#[tonic::async_trait]
impl TriageService for Triage {
    async fn list_caseload(
        &self,
        request: Request<v1::ListCaseloadRequest>,
    ) -> Result<Response<v1::ListCaseloadResponse>, Status> {
        Ok(Response::new(self.caseload(request).await?))
    }
}
