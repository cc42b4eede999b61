//! Who has looked at an athlete's record: for the athlete.

use rung_progression::{AthleteId, PersonId};
use rung_proto::v1;
use tonic::Request;
use uuid::Uuid;

use super::Athletes;
use crate::{
    access::{Roles, Session},
    error::Result,
    rpc::{audit::convert, field::Fields, time::timestamp},
    storage::{audit, break_glass, identity::membership},
};

impl Athletes {
    pub(super) async fn access_log(
        &self,
        request: Request<v1::ListAccessLogRequest>,
    ) -> Result<v1::ListAccessLogResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let athlete: Option<Option<AthleteId>> = f.optional_id("athlete_id", &request.athlete_id);
        let size = f.page_size(request.page_size);
        let Some(athlete) = athlete else {
            return f.finish(None);
        };
        let access = session.athlete_or_self(athlete, "athlete_id").await?;
        let query = format!("ListAccessLog/{}/{}", access.clinic(), access.athlete());
        let token = self.0.pages.open(&query, &request.page_token);
        let (limit, before): (i64, Option<Uuid>) = f.page(size, token)?;
        let mut reader = session.read().await?;
        let conn = &mut reader.conn();
        let mut rows = audit::of_athlete(conn, &access, before, limit + 1).await?;
        let next_page_token = self.0.pages.cut(&query, &mut rows, limit, |row| row.id)?;
        let people = rows.iter().filter_map(|row| row.actor_id);
        let names = membership::names(conn, access.clinic(), people.map(PersonId::from)).await?;
        let mut entries = Vec::with_capacity(rows.len());
        for row in &rows {
            let reason = match row.break_glass_id {
                Some(id) => break_glass::reason(conn, &access, id).await?,
                None => None,
            };
            let actor = row.actor_id.map(PersonId::from);
            let name = actor.and_then(|id| names.get(&id).cloned());
            let roles: Roles = convert::roles(&row.roles)?;
            entries.push(v1::AccessLogEntry {
                id: row.id.to_string(),
                at: Some(timestamp(row.at)),
                actor_id: actor.map(|id| id.to_string()).unwrap_or_default(),
                actor_display_name: name.unwrap_or_default(),
                roles: roles.to_proto(),
                method: row.method.clone(),
                effect: convert::effect(row).into(),
                outcome: convert::outcome(row).into(),
                purpose: row.purpose.clone(),
                reason: reason.unwrap_or_default(),
            });
        }
        Ok(v1::ListAccessLogResponse {
            entries,
            next_page_token,
        })
    }
}
