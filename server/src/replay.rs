//! Histories decided on again, and held against what is stored.

use rung_progression::{
    Event, EventBody, PlanDefinition,
    simulation::{Verdict, verify},
};

use crate::{
    access::PlanAccess,
    error::{Error, Result},
    storage::{
        Conn, decision,
        plan::{self, revision},
    },
};

/// Rows that are read at once.
const CHUNK: i64 = 500;

/// What came of it.
pub(crate) struct Replayed {
    /// Events that were decided on.
    pub(crate) events: u64,
    pub(crate) verdict: Verdict,
    /// Whether the plan stands where its events lead, and its revisions are what its amendments say.
    pub(crate) holds: bool,
}

impl Replayed {
    /// Whether nothing is otherwise than it is stored.
    pub(crate) fn is_whole(&self) -> bool {
        self.holds && self.verdict.differs.is_none()
    }
}

/// Decides on everything that happened to a plan again. What happens meanwhile is left out.
pub(crate) async fn plan(conn: &mut Conn<'_>, access: &PlanAccess) -> Result<Replayed> {
    let stored = plan::get(conn, access).await?;
    let revisions = revision::list(conn, access).await?;
    let first = revisions
        .first()
        .ok_or_else(|| Error::internal("a plan has no first revision"))?;
    let mut events = Vec::new();
    loop {
        let after = events.len().try_into().map_err(Error::internal)?;
        let rows = plan::events(conn, access, after, CHUNK).await?;
        let rows = rows.into_iter().map(|row| row.event.0);
        let before = events.len();
        events.extend(rows.filter(|event| event.seq.cast_signed() <= stored.version));
        if events.len() == before {
            break;
        }
    }
    let mut records = Vec::new();
    let mut after = (0, -1);
    loop {
        let rows = decision::list_from(conn, access, after, CHUNK).await?;
        let Some(last) = rows.last() else {
            break;
        };
        let last = &last.record.decision;
        after = (last.seq.cast_signed(), i64::from(last.ordinal));
        let rows = rows.into_iter().map(|row| row.record.0);
        records.extend(rows.filter(|record| record.decision.seq.cast_signed() <= stored.version));
    }
    let count = events.len() as u64;
    let amended: Vec<_> = events.iter().filter_map(amended).cloned().collect();
    let (verdict, replay) = verify(&first.definition, events, records);
    let later = revisions
        .iter()
        .skip(1)
        .map(|revision| &revision.definition);
    let holds = *replay.state() == stored.state
        && *replay.plan() == stored.definition
        && count == stored.version.cast_unsigned()
        && later.eq(&amended);
    Ok(Replayed {
        events: count,
        verdict,
        holds,
    })
}

fn amended(event: &Event) -> Option<&PlanDefinition> {
    match &event.body {
        EventBody::Amend(amendment) => Some(&amendment.to),
        _ => None,
    }
}
