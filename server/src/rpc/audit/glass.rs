//! Broken glass, for the admins who are alerted of it.

use rung_progression::{BreakGlassId, PersonId};
use rung_proto::v1;
use tonic::Request;
use uuid::Uuid;

use super::Audit;
use crate::{
    access::Session,
    error::{Error, Result},
    rpc::{field::Fields, once::once, time::timestamp},
    storage::{
        Conn,
        break_glass::{self, BreakGlass},
        identity::membership,
    },
};

impl Audit {
    pub(super) async fn glass(
        &self,
        request: Request<v1::ListBreakGlassRequest>,
    ) -> Result<v1::ListBreakGlassResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let size = f.page_size(request.page_size);
        let access = session.clinic()?;
        let query = format!("ListBreakGlass/{}/{}", access.clinic(), request.unseen);
        let token = self.0.pages.open(&query, &request.page_token);
        let (limit, before): (i64, Option<Uuid>) = f.page(size, token)?;
        let mut reader = session.read().await?;
        let conn = &mut reader.conn();
        let mut rows = break_glass::list(conn, &access, request.unseen, before, limit + 1).await?;
        let next_page_token = self.0.pages.cut(&query, &mut rows, limit, |row| row.id)?;
        let mut records = Vec::with_capacity(rows.len());
        let subject = session.subject();
        for row in rows {
            subject.is(row.athlete_id.into());
            records.push(record(conn, &session, row).await?);
        }
        Ok(v1::ListBreakGlassResponse {
            records,
            next_page_token,
        })
    }

    pub(super) async fn acknowledge(
        &self,
        request: Request<v1::AcknowledgeBreakGlassRequest>,
    ) -> Result<v1::AcknowledgeBreakGlassResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let id: Option<BreakGlassId> = f.id("break_glass_id", &request.break_glass_id);
        let (request_id, id) = f.finish(request_id.zip(id))?;
        session.concerns(id.uuid());
        let (access, at, subject) = (session.clinic()?, session.now(), session.subject());
        let clinic = access.clinic();
        once(&session, request_id, &request, move |tx| {
            let (access, subject) = (access.clone(), subject.clone());
            Box::pin(async move {
                let seen = break_glass::acknowledge(tx, &access, id, at).await?;
                let seen = seen.ok_or(Error::NotFound("broken glass"))?;
                // The reason is about the athlete: the answer goes with their record.
                subject.is(seen.athlete_id.into());
                let name = name(tx, clinic, seen.person_id).await?;
                Ok(v1::AcknowledgeBreakGlassResponse {
                    record: Some(told(seen, name)),
                })
            })
        })
        .await
    }
}

async fn record(
    conn: &mut Conn<'_>,
    session: &Session,
    row: BreakGlass,
) -> Result<v1::BreakGlassRecord> {
    let name = name(conn, session.caller().clinic, row.person_id).await?;
    Ok(told(row, name))
}

async fn name(
    conn: &mut Conn<'_>,
    clinic: rung_progression::ClinicId,
    person: Uuid,
) -> Result<String> {
    let person = PersonId::from(person);
    let mut names = membership::names(conn, clinic, [person]).await?;
    Ok(names.remove(&person).unwrap_or_default())
}

fn told(row: BreakGlass, display_name: String) -> v1::BreakGlassRecord {
    v1::BreakGlassRecord {
        id: row.id.to_string(),
        person_id: row.person_id.to_string(),
        display_name,
        athlete_id: row.athlete_id.to_string(),
        reason: row.reason,
        at: Some(timestamp(row.at)),
        expires_at: Some(timestamp(row.expires_at)),
        acknowledged_at: row.acknowledged_at.map(timestamp),
        acknowledged_by: row
            .acknowledged_by
            .map(|id| id.to_string())
            .unwrap_or_default(),
    }
}
