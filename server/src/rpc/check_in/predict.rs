//! What an athlete expects is recorded before the session.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use prost::Message as _;
use rung_progression::AthleteId;
use rung_proto::v1;
use sha2::{Digest as _, Sha256};
use tonic::Request;
use uuid::Uuid;

use super::{CheckIns, convert};
use crate::{
    access::{AthleteAccess, PlanAccess, Session},
    clock::SharedAmbient,
    error::{Error, Result},
    rpc::field::Fields,
    storage::{
        Tx, plan,
        prediction::{self, StoredPrediction},
    },
};

impl CheckIns {
    pub(super) async fn predict(
        &self,
        request: Request<v1::RecordPredictionRequest>,
    ) -> Result<v1::RecordPredictionResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let sent = request.prediction.unwrap_or_default();
        let mut f = Fields::under("prediction");
        let athlete: Option<Option<AthleteId>> = f.optional_id("athlete_id", &sent.athlete_id);
        let Some(athlete) = athlete else {
            // Whose it is cannot be said, hence not under which plan: the rest is judged by itself.
            convert::read_prediction(&mut f, &sent, session.now(), None);
            return f.finish(None);
        };
        let access = session
            .athlete_or_self(athlete, "prediction.athlete_id")
            .await?;
        let fingerprint = fingerprint(&sent, &access);
        let mut reader = session.read().await?;
        let conn = &mut reader.conn();
        if let Some(id) = Fields::new().uuid("id", &sent.id)
            && let Some(stored) = prediction::find(conn, &access, id).await?
        {
            return again(&access, stored, &fingerprint);
        }
        let current = plan::current(conn, &access).await?;
        let definition = current.as_ref().map(|plan| &plan.definition);
        let read = convert::read_prediction(&mut f, &sent, session.now(), definition);
        let Some(current) = current else {
            return f.finish(Some(())).and(Err(Error::NoPlan));
        };
        f.finish(read.map(drop))?;
        let plan = session.plan_on(conn, current.id).await?;
        drop(reader);

        let ambient = session.app().ambient.clone();
        let sent = Arc::new((sent, fingerprint));
        session
            .write(move |mut tx| {
                let (plan, ambient, sent) = (plan.clone(), ambient.clone(), Arc::clone(&sent));
                Box::pin(async move { record(&mut tx, &plan, &ambient, &sent.0, &sent.1).await })
            })
            .await
    }

    pub(super) async fn predictions(
        &self,
        request: Request<v1::ListPredictionsRequest>,
    ) -> Result<v1::ListPredictionsResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let athlete: Option<Option<AthleteId>> = f.optional_id("athlete_id", &request.athlete_id);
        let size = f.page_size(request.page_size);
        let Some(athlete) = athlete else {
            return f.finish(None);
        };
        let access = session.athlete_or_self(athlete, "athlete_id").await?;
        let query = format!("ListPredictions/{}/{}", access.clinic(), access.athlete());
        let token = self.0.pages.open(&query, &request.page_token);
        let (limit, before): (i64, Option<(DateTime<Utc>, Uuid)>) = f.page(size, token)?;
        let mut reader = session.read().await?;
        let mut rows = prediction::list(&mut reader.conn(), &access, before, limit + 1).await?;
        let next_page_token = self
            .0
            .pages
            .cut(&query, &mut rows, limit, |row| (row.recorded_at, row.id))?;
        let rows = rows
            .iter()
            .map(|row| convert::prediction(access.athlete(), row));
        Ok(v1::ListPredictionsResponse {
            predictions: if access.shows_notes() {
                rows.collect()
            } else {
                rows.map(convert::prediction_without_notes).collect()
            },
            next_page_token,
        })
    }
}

/// Locks the plan, makes sure that nobody was faster, and stores.
async fn record(
    tx: &mut Tx<'_>,
    access: &PlanAccess,
    ambient: &SharedAmbient,
    sent: &v1::Prediction,
    fingerprint: &[u8],
) -> Result<v1::RecordPredictionResponse> {
    let locked = plan::lock(tx, access).await?;
    let now = ambient.now();
    // Read against the plan as it is under the lock: it may have changed since.
    let mut f = Fields::under("prediction");
    let read = convert::read_prediction(&mut f, sent, now, Some(&locked.definition));
    let read = f.finish(read)?;
    if let Some(stored) = prediction::find(tx, access.athlete(), read.id).await? {
        return again(access.athlete(), stored, fingerprint);
    }
    let new = StoredPrediction {
        id: read.id,
        plan_id: access.plan(),
        revision: locked.definition.revision,
        track_id: read.track,
        rung: read.rung,
        fingerprint: fingerprint.to_vec(),
        made_at: read.made_at,
        recorded_at: now,
        entered_by: access.person(),
        feared_outcome: read.feared_outcome,
        likelihood: read.likelihood,
        expected_fear: read.expected_fear,
        expected_pain: read.expected_pain,
        check_in_id: None,
        performed_at: None,
    };
    prediction::insert(tx, access, &new).await?;
    Ok(v1::RecordPredictionResponse {
        prediction: Some(convert::prediction(access.athlete().athlete(), &new)),
    })
}

/// What the first call was answered, if this one says the same: without what became of it.
fn again(
    access: &AthleteAccess,
    stored: StoredPrediction,
    fingerprint: &[u8],
) -> Result<v1::RecordPredictionResponse> {
    if stored.fingerprint != fingerprint {
        return Err(Error::PredictionIdReused);
    }
    let first = StoredPrediction {
        check_in_id: None,
        performed_at: None,
        ..stored
    };
    Ok(v1::RecordPredictionResponse {
        prediction: Some(convert::prediction(access.athlete(), &first)),
    })
}

/// SHA-256 of what the client says, without what only the server says: naming oneself is the same prediction.
fn fingerprint(sent: &v1::Prediction, access: &AthleteAccess) -> Vec<u8> {
    let said = v1::Prediction {
        id: sent.id.to_lowercase(),
        athlete_id: access.athlete().to_string(),
        plan_id: String::new(),
        revision: 0,
        recorded_at: None,
        entered_by: String::new(),
        check_in_id: String::new(),
        late: false,
        notes_withheld: false,
        ..sent.clone()
    };
    Sha256::digest(said.encode_to_vec()).to_vec()
}

#[cfg(test)]
#[path = "predict_test.rs"]
mod tests;
