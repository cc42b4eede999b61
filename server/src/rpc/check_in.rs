//! `CheckInService`: what athletes expect and report; reports are stored and decided on in one transaction.
//!
//! How do I add a kind of report? Its message in the contract, its file in `convert/`, its variant in
//! `storage/check_in/report.rs`, its event in the engine; the compiler asks for the rest.

mod accept;
mod convert;
mod predict;
mod submit;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rung_progression::{AthleteId, CheckInId};
use rung_proto::v1::{self, check_in_service_server::CheckInService};
use tonic::{Request, Response, Status};
use uuid::Uuid;

pub(crate) use self::convert::{
    Prescribed, answers, could_be_predicted, could_be_sent, judgement, read,
};
use super::field::Fields;
use crate::{
    access::Session,
    app::App,
    error::{Error, Result},
    storage::check_in,
};

/// The service.
pub(crate) struct CheckIns(pub(crate) Arc<App>);

impl CheckIns {
    async fn get(&self, request: Request<v1::GetCheckInRequest>) -> Result<v1::GetCheckInResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let athlete: Option<Option<AthleteId>> = f.optional_id("athlete_id", &request.athlete_id);
        let id: Option<CheckInId> = f.id("check_in_id", &request.check_in_id);
        let (athlete, id) = f.finish(athlete.zip(id))?;
        let access = session.athlete_or_self(athlete, "athlete_id").await?;
        let mut reader = session.read().await?;
        let stored = check_in::find(&mut reader.conn(), &access, id)
            .await?
            .ok_or(Error::NotFound("check-in"))?;
        let check_in = convert::check_in(access.athlete(), &stored);
        Ok(v1::GetCheckInResponse {
            check_in: Some(if access.shows_notes() {
                check_in
            } else {
                convert::without_notes(check_in)
            }),
            judgement: convert::judgement(stored.judged).into(),
        })
    }

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
    async fn record_prediction(
        &self,
        request: Request<v1::RecordPredictionRequest>,
    ) -> Result<Response<v1::RecordPredictionResponse>, Status> {
        Ok(Response::new(self.predict(request).await?))
    }

    async fn list_predictions(
        &self,
        request: Request<v1::ListPredictionsRequest>,
    ) -> Result<Response<v1::ListPredictionsResponse>, Status> {
        Ok(Response::new(self.predictions(request).await?))
    }

    async fn submit_check_in(
        &self,
        request: Request<v1::SubmitCheckInRequest>,
    ) -> Result<Response<v1::SubmitCheckInResponse>, Status> {
        Ok(Response::new(self.submit(request).await?))
    }

    async fn correct_check_in(
        &self,
        request: Request<v1::CorrectCheckInRequest>,
    ) -> Result<Response<v1::CorrectCheckInResponse>, Status> {
        Ok(Response::new(self.correct(request).await?))
    }

    async fn get_check_in(
        &self,
        request: Request<v1::GetCheckInRequest>,
    ) -> Result<Response<v1::GetCheckInResponse>, Status> {
        Ok(Response::new(self.get(request).await?))
    }

    async fn list_check_ins(
        &self,
        request: Request<v1::ListCheckInsRequest>,
    ) -> Result<Response<v1::ListCheckInsResponse>, Status> {
        Ok(Response::new(self.list(request).await?))
    }
}
