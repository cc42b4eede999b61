//! What happened in the clinic.

use rung_progression::AthleteId;
use rung_proto::v1;
use tonic::Request;
use uuid::Uuid;

use super::{Audit, convert};
use crate::{
    access::Session,
    error::Result,
    rpc::{field::Fields, time::timestamp},
    storage::audit::{self, Filter, Row},
};

impl Audit {
    pub(super) async fn list(
        &self,
        request: Request<v1::ListAuditEventsRequest>,
    ) -> Result<v1::ListAuditEventsResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let athlete: Option<Option<AthleteId>> = f.optional_id("athlete_id", &request.athlete_id);
        let actor: Option<Option<Uuid>> = f.optional_id("actor_id", &request.actor_id);
        let size = f.page_size(request.page_size);
        let access = session.clinic()?;
        let clinic = access.clinic();
        let query = format!("ListAuditEvents/{clinic}/{athlete:?}/{actor:?}");
        let token = self.0.pages.open(&query, &request.page_token);
        let whole = athlete.zip(actor).zip(size);
        let (((athlete, actor), limit), before): (_, Option<Uuid>) = f.page(whole, token)?;
        let filter = Filter {
            athlete,
            actor,
            before,
        };
        let mut reader = session.read().await?;
        let conn = &mut reader.conn();
        let mut rows = audit::list(conn, &access, filter, limit + 1).await?;
        let next_page_token = self.0.pages.cut(&query, &mut rows, limit, |row| row.id)?;
        let mut events = Vec::with_capacity(rows.len());
        let subject = session.subject();
        for row in &rows {
            let reason = audit::reason(conn, &access, row).await?;
            // Why somebody broke the glass is about the athlete; that they did is about them.
            if let (Some(_), Some(athlete)) = (&reason, row.athlete_id) {
                subject.is(athlete.into());
            }
            let seq = audit::seq(conn, &access, row).await?;
            events.push(event(row, reason, seq)?);
        }
        Ok(v1::ListAuditEventsResponse {
            events,
            next_page_token,
        })
    }
}

fn event(row: &Row, reason: Option<String>, seq: Option<i64>) -> Result<v1::AuditEvent> {
    let text = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    Ok(v1::AuditEvent {
        id: row.id.to_string(),
        at: Some(timestamp(row.at)),
        actor_id: text(row.actor_id),
        roles: convert::roles(&row.roles)?.to_proto(),
        method: row.method.clone(),
        effect: convert::effect(row).into(),
        athlete_id: text(row.athlete_id),
        outcome: convert::outcome(row).into(),
        error_reason: row.error_reason.clone().unwrap_or_default(),
        purpose: row.purpose.clone(),
        reason: reason.unwrap_or_default(),
        call_id: row.call_id.to_string(),
        network: row.network.clone().unwrap_or_default(),
        seq: seq.unwrap_or_default(),
        object_id: text(row.object_id),
    })
}
