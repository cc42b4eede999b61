//! All that is stored about one athlete, as an archive.
//!
//! How do I add a record? Its line here, or in `own` when it is for the athlete alone; its name in `archive.rs`, read or
//! for the reader only; its table and columns in `docs/archive.md`, which tests hold against schema and export.

mod own;

use std::collections::BTreeMap;

use rung_progression::{AthleteId, PlanId};
use rung_proto::v1;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Status};

use super::Athletes;
use crate::{
    access::{Answers, AthleteAccess, PlanAccess, Relation, Session},
    archive::{self, Manifest, Pen},
    error::{Error, Result},
    rpc::field::Fields,
    storage::{
        athlete, care_team, check_in, decision,
        plan::{self, revision},
        prediction,
    },
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

/// Where the lines go, and what seals them.
struct Out<'a> {
    pen: Pen,
    lines: &'a Lines,
}

impl Out<'_> {
    async fn line(&mut self, record: &str, body: &impl serde::Serialize) -> Result<()> {
        let line = self.pen.line(record, body)?;
        send(self.lines, line).await
    }
}

async fn send(lines: &Lines, line: String) -> Result<()> {
    lines
        .send(Ok(v1::ExportAthleteDataResponse { line }))
        .await
        .map_err(|_| Error::internal("the reader of an export has gone away"))
}

/// What happens while it is written is left out: each plan is written as it stood when it was read, which its version
/// tells. No connection is held while a line waits for its reader: a few slow readers would keep everybody else waiting.
async fn write(session: &Session, access: &AthleteAccess, lines: &Lines) -> Result<()> {
    let mut out = Out {
        pen: Pen::new(),
        lines,
    };
    let mut reader = session.read().await?;
    let athlete = athlete::get(&mut reader.conn(), access).await?;
    let care_team = care_team::list(&mut reader.conn(), access).await?;
    let plans = plan::list(&mut reader.conn(), access).await?;
    drop(reader);
    let manifest = Manifest::new(access.clinic(), access.athlete(), session.now());
    out.line("manifest", &manifest).await?;
    out.line("athlete", &athlete).await?;
    for member in care_team {
        out.line("care_team_member", &member).await?;
    }
    let mut versions = BTreeMap::new();
    for plan in plans {
        versions.insert(plan.id, plan.version);
        let access = session.plan(plan.id).await?;
        let version = plan.version;
        let revisions = revision::list(&mut session.read().await?.conn(), &access).await?;
        let body = archive::Plan {
            id: plan.id,
            version,
            status: plan.status,
            revisions: vec![],
            state: plan.state,
            goals: plan.goals,
            last_check_in_at: plan.last_check_in_at,
            created_at: plan.created_at,
            created_by: plan.created_by,
        };
        out.line("plan", &body).await?;
        for revision in revisions {
            let amended = revision.amendment.as_ref();
            if amended.is_none_or(|amended| amended.seq <= version) {
                let body = archive::Revised::of(access.plan(), revision);
                out.line("revision", &body).await?;
            }
        }
        events(session, &access, version, &mut out).await?;
        decisions(session, &access, version, &mut out).await?;
    }
    check_ins(session, access, &versions, &mut out).await?;
    // Read later than the check-ins: whatever prediction one of them names is there.
    predictions(session, access, &versions, &mut out).await?;
    // How they sign in, whom they let in, and who has looked, is theirs to know.
    if access.relation() == Relation::Own {
        own::write(session, access, &mut out).await?;
    }
    let seal = out.pen.seal()?;
    send(lines, seal).await
}

async fn events(
    session: &Session,
    access: &PlanAccess,
    version: i64,
    out: &mut Out<'_>,
) -> Result<()> {
    let mut after = 0;
    while after < version {
        let rows = plan::events(&mut session.read().await?.conn(), access, after, CHUNK).await?;
        let Some(last) = rows.last() else {
            break;
        };
        after = last.event.seq.cast_signed();
        for row in rows {
            if row.event.seq.cast_signed() > version {
                break;
            }
            let body = archive::Happened {
                plan_id: access.plan(),
                event: row.event.0,
                recorded_at: row.recorded_at,
                recorded_by: row.recorded_by,
            };
            out.line("event", &body).await?;
        }
    }
    Ok(())
}

async fn decisions(
    session: &Session,
    access: &PlanAccess,
    version: i64,
    out: &mut Out<'_>,
) -> Result<()> {
    let mut after = (0, -1);
    loop {
        let rows =
            decision::list_from(&mut session.read().await?.conn(), access, after, CHUNK).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = (
            last.record.decision.seq.cast_signed(),
            i64::from(last.record.decision.ordinal),
        );
        for row in rows {
            if row.record.decision.seq.cast_signed() > version {
                return Ok(());
            }
            let body = archive::Ruling {
                id: row.id,
                plan_id: access.plan(),
                check_in_id: row.check_in_id,
                decision: row.record.0,
                decided_at: row.decided_at,
            };
            out.line("decision", &body).await?;
        }
    }
}

async fn check_ins(
    session: &Session,
    access: &AthleteAccess,
    versions: &BTreeMap<PlanId, i64>,
    out: &mut Out<'_>,
) -> Result<()> {
    let mut after = None;
    loop {
        let rows =
            check_in::list_from(&mut session.read().await?.conn(), access, after, CHUNK).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = Some((last.recorded_at, last.id.uuid()));
        for row in &rows {
            if versions.get(&row.plan_id).is_some_and(|v| row.seq <= *v) {
                out.line("check_in", row).await?;
            }
        }
    }
}

async fn predictions(
    session: &Session,
    access: &AthleteAccess,
    versions: &BTreeMap<PlanId, i64>,
    out: &mut Out<'_>,
) -> Result<()> {
    let mut after = None;
    loop {
        let rows =
            prediction::list_from(&mut session.read().await?.conn(), access, after, CHUNK).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = Some((last.recorded_at, last.id));
        for row in &rows {
            if versions.contains_key(&row.plan_id) {
                out.line("prediction", row).await?;
            }
        }
    }
}

#[cfg(test)]
#[path = "export_test.rs"]
mod tests;
