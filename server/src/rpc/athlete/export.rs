//! All that is stored about one athlete, one JSON object a line.

use rung_progression::AthleteId;
use rung_proto::v1;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Status};

use super::Athletes;
use crate::{
    access::{Answers, AthleteAccess, PlanAccess, Session},
    error::{Error, Result},
    rpc::field::Fields,
    storage::{athlete, care_team, check_in, decision, plan},
};

/// Rows read at once, and lines that may wait for the reader.
const CHUNK: i64 = 200;
const BUFFER: usize = 64;

type Lines = mpsc::Sender<Result<v1::ExportAthleteDataResponse, Status>>;

impl Athletes {
    pub(super) async fn export(
        &self,
        request: Request<v1::ExportAthleteDataRequest>,
    ) -> Result<Answers<v1::ExportAthleteDataResponse>> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let id: Option<AthleteId> = f.id("athlete_id", &request.athlete_id);
        let id = f.finish(id)?;
        let access = session.athlete(id).await?;
        let (lines, stream) = mpsc::channel(BUFFER);
        let answers = session.stream(ReceiverStream::new(stream), move |session| {
            Box::pin(async move { session.athlete(id).await.map(drop) })
        })?;
        tokio::spawn(async move {
            // A reader that has gone away is no fault of anybody's, and nobody is left to tell.
            if let Err(e) = write(&session, &access, &lines).await
                && !lines.is_closed()
            {
                let _gone = lines.send(Err(e.into())).await;
            }
        });
        Ok(answers)
    }
}

/// No connection is held while a line waits for its reader: a few slow readers would keep everybody else waiting.
async fn write(session: &Session, access: &AthleteAccess, lines: &Lines) -> Result<()> {
    let mut reader = session.read().await?;
    let athlete = athlete::get(&mut reader.conn(), access).await?;
    let care_team = care_team::list(&mut reader.conn(), access).await?;
    let plans = plan::list(&mut reader.conn(), access).await?;
    drop(reader);
    line(lines, "athlete", &athlete).await?;
    for member in care_team {
        line(lines, "care_team_member", &member).await?;
    }
    for plan in plans {
        let body = json!({
            "id": plan.id, "version": plan.version, "status": plan.status,
            "definition": *plan.definition, "state": *plan.state,
            "last_check_in_at": plan.last_check_in_at,
            "created_at": plan.created_at, "created_by": plan.created_by,
        });
        line(lines, "plan", &body).await?;
        let access = session.plan(plan.id).await?;
        events(session, &access, lines).await?;
        decisions(session, &access, lines).await?;
    }
    check_ins(session, access, lines).await
}

async fn events(session: &Session, access: &PlanAccess, lines: &Lines) -> Result<()> {
    let mut after = 0;
    loop {
        let rows = plan::events(&mut session.read().await?.conn(), access, after, CHUNK).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = last.event.seq.cast_signed();
        for row in &rows {
            let body = json!({
                "plan_id": access.plan(), "event": *row.event,
                "recorded_at": row.recorded_at, "recorded_by": row.recorded_by,
            });
            line(lines, "event", &body).await?;
        }
    }
}

async fn decisions(session: &Session, access: &PlanAccess, lines: &Lines) -> Result<()> {
    let mut after = (0, -1);
    loop {
        let rows =
            decision::list_from(&mut session.read().await?.conn(), access, after, CHUNK).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = (
            last.decision.seq.cast_signed(),
            i64::from(last.decision.ordinal),
        );
        for row in &rows {
            let body = json!({
                "id": row.id, "plan_id": access.plan(), "check_in_id": row.check_in_id,
                "decision": *row.decision, "decided_at": row.decided_at,
            });
            line(lines, "decision", &body).await?;
        }
    }
}

async fn check_ins(session: &Session, access: &AthleteAccess, lines: &Lines) -> Result<()> {
    let mut after = None;
    loop {
        let rows =
            check_in::list_from(&mut session.read().await?.conn(), access, after, CHUNK).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = Some((last.recorded_at, last.id.uuid()));
        for row in &rows {
            line(lines, "check_in", row).await?;
        }
    }
}

async fn line<T: serde::Serialize + Sync>(lines: &Lines, record: &str, body: &T) -> Result<()> {
    let mut object = serde_json::to_value(body).map_err(Error::internal)?;
    if let Value::Object(fields) = &mut object {
        fields.insert("record".to_owned(), Value::from(record));
    }
    let line = v1::ExportAthleteDataResponse {
        line: object.to_string(),
    };
    lines
        .send(Ok(line))
        .await
        .map_err(|_| Error::internal("the reader of an export has gone away"))
}
