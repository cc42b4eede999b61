//! One client: writes as fast as it is answered, and sends again what was not.

use std::{
    sync::{
        Arc, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use rung_proto::v1::{self, check_in_service_client::CheckInServiceClient};
use tonic::{Code, Request, Status, transport::Channel};
use uuid::Uuid;

use super::ledger::Sent;
use crate::{Result, fail, new_id};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long to wait for a server that is not there.
const AGAIN: Duration = Duration::from_millis(20);
/// One check-in in so many is given up when its answer does not come, as by somebody who uninstalls the client.
const GIVES_UP: u64 = 5;

/// What the clients of a run share.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) stop: AtomicBool,
    pub(super) acknowledged: AtomicU64,
}

/// A client of an athlete's.
pub(super) struct Client {
    pub(super) channel: Channel,
    /// The athlete's access token, which somebody keeps fresh.
    pub(super) token: Arc<RwLock<String>>,
    pub(super) shared: Arc<Shared>,
    /// When its first session is.
    pub(super) begin: DateTime<Utc>,
}

impl Client {
    /// Sessions and mornings, day after day, until it is told to stop; what it has sent.
    pub(super) async fn write(self) -> Result<Vec<Sent>> {
        let mut sent = Vec::new();
        for n in 0_u64.. {
            if self.shared.stop.load(Ordering::Relaxed) {
                break;
            }
            let id = new_id();
            let acknowledged = self.submit(id, n).await?;
            if acknowledged.is_some() {
                self.shared.acknowledged.fetch_add(1, Ordering::Relaxed);
            }
            sent.push(Sent { id, acknowledged });
        }
        Ok(sent)
    }

    /// One report, and what is said to it.
    pub(super) async fn once(&self) -> Result<(), Status> {
        let request = self.request(new_id(), 0);
        let request = request.map_err(|failure| Status::internal(failure.to_string()))?;
        let mut service = CheckInServiceClient::new(self.channel.clone());
        service.submit_check_in(request).await.map(|_| ())
    }

    /// Until it is acknowledged, or given up.
    async fn submit(&self, id: Uuid, n: u64) -> Result<Option<Vec<String>>> {
        loop {
            let mut service = CheckInServiceClient::new(self.channel.clone());
            match service.submit_check_in(self.request(id, n)?).await {
                Ok(answer) => {
                    let decisions = answer.into_inner().decisions.into_iter();
                    return Ok(Some(decisions.map(|decision| decision.id).collect()));
                }
                Err(status) if !is_passing(&status) => {
                    return fail(format!("check-in {id} was refused: {status:?}"));
                }
                Err(_)
                    if self.shared.stop.load(Ordering::Relaxed) || n.is_multiple_of(GIVES_UP) =>
                {
                    return Ok(None);
                }
                Err(_) => tokio::time::sleep(AGAIN).await,
            }
        }
    }

    fn request(&self, id: Uuid, n: u64) -> Result<Request<v1::SubmitCheckInRequest>> {
        let check_in = v1::CheckIn {
            id: id.to_string(),
            no_red_flags: true,
            report: Some(report(n)),
            performed_at: Some(self.performed_at(n)),
            ..v1::CheckIn::default()
        };
        let mut request = Request::new(v1::SubmitCheckInRequest {
            check_in: Some(check_in),
        });
        request.set_timeout(PATIENCE);
        let token = self.token.read().map_err(|_| "a token was lost")?.clone();
        let value = format!("Bearer {token}").parse()?;
        request.metadata_mut().insert("authorization", value);
        Ok(request)
    }

    /// A session in the morning of every other day, and its answer on the day after.
    fn performed_at(&self, n: u64) -> prost_types::Timestamp {
        let days = i64::try_from(n).unwrap_or_default();
        let at = self.begin + TimeDelta::days(days);
        prost_types::Timestamp {
            seconds: at.timestamp(),
            nanos: 0,
        }
    }
}

fn report(n: u64) -> v1::check_in::Report {
    if n % 2 == 1 {
        return v1::check_in::Report::Morning(v1::MorningReport {
            pain: Some(1),
            stiffness: Some(10),
            swelling: v1::Swelling::None.into(),
        });
    }
    v1::check_in::Report::Session(v1::SessionReport {
        rung: Some(0),
        pain_during: Some(1),
        pain_after: Some(1),
        altered_gait: Some(false),
        swelling: v1::Swelling::None.into(),
        dose_done: Some(3000),
        confidence: Some(8),
        ..v1::SessionReport::default()
    })
}

/// What a client sends again after: it says nothing about the check-in.
fn is_passing(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::Unavailable
            | Code::Unknown
            | Code::Cancelled
            | Code::DeadlineExceeded
            | Code::ResourceExhausted
            | Code::Internal
            | Code::Unauthenticated
    )
}
