//! `CheckInService`: what athletes report, stored and decided on in one transaction.

mod convert;
mod submit;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rung_progression::AthleteId;
use rung_proto::v1::{self, check_in_service_server::CheckInService};
use tonic::{Request, Response, Status};
use uuid::Uuid;

pub(crate) use self::convert::{could_be_sent, read};
use super::field::Fields;
use crate::{access::Session, app::App, error::Result, storage::check_in};

/// The service.
pub(crate) struct CheckIns(pub(crate) Arc<App>);

impl CheckIns {
    async fn list(
        &self,
        request: Request<v1::ListCheckInsRequest>,
    ) -> Result<v1::ListCheckInsResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let athlete: Option<Option<AthleteId>> = f.optional_id("athlete_id", &request.athlete_id);
        let size = f.page_size(request.page_size);
        let Some(athlete) = athlete else {
            return f.finish(None);
        };
        let access = session.athlete_or_self(athlete, "athlete_id").await?;
        let query = format!("ListCheckIns/{}/{}", access.clinic(), access.athlete());
        let token = self.0.pages.open(&query, &request.page_token);
        let (limit, before): (i64, Option<(DateTime<Utc>, Uuid)>) = f.page(size, token)?;
        let mut reader = session.read().await?;
        let mut rows = check_in::list(&mut reader.conn(), &access, before, limit + 1).await?;
        let next_page_token = self.0.pages.cut(&query, &mut rows, limit, |row| {
            (row.recorded_at, row.id.uuid())
        })?;
        Ok(v1::ListCheckInsResponse {
            check_ins: rows
                .iter()
                .map(|row| convert::check_in(access.athlete(), row))
                .map(|row| {
                    if access.shows_notes() {
                        row
                    } else {
                        convert::without_notes(row)
                    }
                })
                .collect(),
            next_page_token,
        })
    }
}

#[tonic::async_trait]
impl CheckInService for CheckIns {
    async fn submit_check_in(
        &self,
        request: Request<v1::SubmitCheckInRequest>,
    ) -> Result<Response<v1::SubmitCheckInResponse>, Status> {
        Ok(Response::new(self.submit(request).await?))
    }

    async fn list_check_ins(
        &self,
        request: Request<v1::ListCheckInsRequest>,
    ) -> Result<Response<v1::ListCheckInsResponse>, Status> {
        Ok(Response::new(self.list(request).await?))
    }
}
