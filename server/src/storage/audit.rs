//! The audit trail: one row per access to somebody's data. Append-only; ids, never names.

pub(crate) mod chain;
pub(crate) mod head;
pub(crate) mod verify;

use chrono::{DateTime, Utc};
use rung_progression::{AthleteId, BreakGlassId, ClinicId, PersonId};
use uuid::Uuid;

use super::{Conn, Tx, db::on};
use crate::mutant::{anywhere, off, sql};
use crate::{access::ClinicAccess, clock::Ambient, error::Result};

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Person(PersonId),
    /// A service account, by its id.
    Service(PersonId),
    /// Somebody at the machine itself.
    Operator,
}

impl Who {
    fn kind(self) -> &'static str {
        match self {
            Self::Person(_) => "PERSON",
            Self::Service(_) => "SERVICE",
            Self::Operator => "OPERATOR",
        }
    }

    fn id(self) -> Option<Uuid> {
        match self {
            Self::Person(id) | Self::Service(id) => Some(id.uuid()),
            Self::Operator => None,
        }
    }
}

/// Whether the call was for reading or for writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Read,
    Write,
}

/// What came of it; the text is the reason that the caller was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Allowed,
    Denied(String),
    /// Let through, and failed for another reason.
    Failed(String),
}

/// A row to be.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) clinic: ClinicId,
    pub(crate) id: Uuid,
    pub(crate) at: DateTime<Utc>,
    pub(crate) who: Who,
    /// As what they came: a set of roles as text.
    pub(crate) roles: String,
    /// Such as `rung.v1.PlanService/GetPlan`.
    pub(crate) method: String,
    pub(crate) effect: Effect,
    pub(crate) athlete: Option<AthleteId>,
    /// What else it was about, such as a member, a service account or an invitation.
    pub(crate) object: Option<Uuid>,
    pub(crate) outcome: Outcome,
    /// HL7 `PurposeOfUse`.
    pub(crate) purpose: String,
    pub(crate) break_glass: Option<BreakGlassId>,
    pub(crate) call: Uuid,
    /// Address of the caller.
    pub(crate) network: Option<String>,
}

impl Event {
    /// An act of the operator, such as `rungd admin clinic deactivate`.
    pub(crate) fn by_operator(
        clinic: ClinicId,
        method: &str,
        purpose: &str,
        ambient: &dyn Ambient,
    ) -> Self {
        Self {
            clinic,
            id: ambient.new_id(),
            at: ambient.now(),
            who: Who::Operator,
            roles: String::new(),
            method: method.to_owned(),
            effect: Effect::Write,
            athlete: None,
            object: None,
            outcome: Outcome::Allowed,
            purpose: purpose.to_owned(),
            break_glass: None,
            call: ambient.new_id(),
            network: None,
        }
    }
}

/// Appends a row.
pub(crate) async fn insert(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    const SQL: &str = "INSERT INTO audit_event (clinic_id, id, at, actor_kind, actor_id, roles, method, effect, \
        athlete_id, object_id, outcome, error_reason, purpose, break_glass_id, call_id, network) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    let (outcome, reason) = match &event.outcome {
        Outcome::Allowed => ("ALLOWED", None),
        Outcome::Denied(reason) => ("DENIED", Some(reason)),
        Outcome::Failed(reason) => ("FAILED", Some(reason)),
    };
    on!(&mut **tx, execute sqlx::query(SQL)
        .bind(event.clinic.uuid())
        .bind(event.id)
        .bind(event.at)
        .bind(event.who.kind())
        .bind(event.who.id())
        .bind(&event.roles)
        .bind(&event.method)
        .bind(match event.effect { Effect::Read => "READ", Effect::Write => "WRITE" })
        .bind(event.athlete.map(AthleteId::uuid))
        .bind(event.object)
        .bind(outcome)
        .bind(reason)
        .bind(&event.purpose)
        .bind(event.break_glass.map(BreakGlassId::uuid))
        .bind(event.call)
        .bind(&event.network))?;
    tx.audits();
    Ok(())
}

/// A row as it stands.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow, serde::Serialize)]
pub(crate) struct Row {
    pub(crate) id: Uuid,
    pub(crate) at: DateTime<Utc>,
    pub(crate) actor_kind: String,
    pub(crate) actor_id: Option<Uuid>,
    pub(crate) roles: String,
    pub(crate) method: String,
    pub(crate) effect: String,
    pub(crate) athlete_id: Option<Uuid>,
    pub(crate) object_id: Option<Uuid>,
    pub(crate) outcome: String,
    pub(crate) error_reason: Option<String>,
    pub(crate) purpose: String,
    pub(crate) break_glass_id: Option<Uuid>,
    pub(crate) call_id: Uuid,
    pub(crate) network: Option<String>,
}

/// Which rows of the clinic.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) athlete: Option<AthleteId>,
    pub(crate) actor: Option<Uuid>,
    /// Older than this one.
    pub(crate) before: Option<Uuid>,
}

/// The rows of the clinic before one, with more to say of which, the newest first.
macro_rules! rows {
    ($which:literal) => {
        concat!(
            "SELECT id, at, actor_kind, actor_id, roles, method, effect, athlete_id, object_id, outcome, error_reason, \
             purpose, break_glass_id, call_id, network FROM audit_event WHERE clinic_id = $1 AND id < $2",
            $which,
            " ORDER BY id DESC LIMIT $3"
        )
    };
}

/// Rows of the clinic, the newest first.
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    access: &ClinicAccess,
    filter: Filter,
    limit: i64,
) -> Result<Vec<Row>> {
    page(conn, access.clinic(), filter, limit).await
}

async fn page(
    conn: &mut Conn<'_>,
    clinic: ClinicId,
    filter: Filter,
    limit: i64,
) -> Result<Vec<Row>> {
    // One text for each of what may be asked for: an index serves it.
    const ALL: &str = rows!("");
    const ATHLETE: &str = rows!(" AND athlete_id = $4");
    const ACTOR: &str = rows!(" AND actor_id = $4");
    const BOTH: &str = rows!(" AND athlete_id = $4 AND actor_id = $5");
    let query = match (filter.athlete, filter.actor) {
        (None, None) => ALL,
        (Some(_), None) => ATHLETE,
        (None, Some(_)) => ACTOR,
        (Some(_), Some(_)) => BOTH,
    };
    let of_athlete = filter.athlete.is_some() && off("audit-athlete");
    let query = sql(
        query,
        &[
            anywhere(off("clinic-audit")),
            (of_athlete, " AND athlete_id = $4", " AND $4 = $4"),
        ],
    );
    let before = filter.before.unwrap_or(Uuid::max());
    let named = [filter.athlete.map(AthleteId::uuid), filter.actor];
    let rows = on!(conn, fetch_all {
        let mut query = sqlx::query_as::<_, Row>(query)
            .bind(clinic.uuid())
            .bind(before)
            .bind(limit);
        for id in named.into_iter().flatten() {
            query = query.bind(id);
        }
        query
    })?;
    Ok(rows)
}

/// The reason that was given for the glass that a row came by.
pub(crate) async fn reason(
    conn: &mut Conn<'_>,
    access: &ClinicAccess,
    row: &Row,
) -> Result<Option<String>> {
    const SQL: &str = "SELECT reason FROM break_glass g WHERE clinic_id = $1 AND id = $2 \
        AND EXISTS (SELECT 1 FROM athlete a \
            WHERE a.clinic_id = g.clinic_id AND a.id = g.athlete_id AND a.erased_at IS NULL)";
    let Some(glass) = row.break_glass_id else {
        return Ok(None);
    };
    Ok(on!(conn, fetch_optional sqlx::query_scalar(SQL)
        .bind(access.clinic().uuid())
        .bind(glass))?)
}

/// The place of a row in the clinic's chain, once it is linked.
pub(crate) async fn seq(
    conn: &mut Conn<'_>,
    access: &ClinicAccess,
    row: &Row,
) -> Result<Option<i64>> {
    const SQL: &str = "SELECT seq FROM audit_link WHERE clinic_id = $1 AND event_id = $2";
    Ok(on!(conn, fetch_optional sqlx::query_scalar(SQL)
        .bind(access.clinic().uuid())
        .bind(row.id))?)
}

/// Rows about one athlete, the newest first: what the athlete is shown.
pub(crate) async fn of_athlete(
    conn: &mut Conn<'_>,
    access: &crate::access::AthleteAccess,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Row>> {
    let filter = Filter {
        athlete: Some(access.athlete()),
        before,
        actor: None,
    };
    page(conn, access.clinic(), filter, limit).await
}
